"""An officer uploads what a telephone exported: the inbox shows it, each message once."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from models import (
    Alias,
    AuditEntry,
    Channel,
    ChannelDelivery,
    Conversation,
    Direction,
    Message,
    MessageMark,
    TalkState,
)
from portal import jobs
from portal.casework import conversations, correspondents
from portal.casework.conversations import Incoming
from portal.casework.correspondents import KnownAs
from portal.channels import chat_files
from tests.channels.mailroom import mail
from tests.protection import samples
from tests.screens.generated.conftest import House, house
from tests.support.databases import both_engines

__all__ = ["house"]  # the fixture

UPLOAD, CHECK = "/admin/impor/", "/admin/impor/periksa/"
PHONE = "0812-3456-7890"
ID = [
    "25/10/26 14.05 - Pesan dan panggilan terenkripsi secara end-to-end. Ketuk untuk info.",
    "25/10/26 14.05 - Wati: Tolong saya",
    "25/10/26 14.05 - Wati: Tolong saya",
    "25/10/26 14.07 - Kantor Pengaduan: Apakah aman untuk menjawab?",
    "25/10/26 14.09 - Wati: ya",
    "di dapur",
]
LATER = [
    "25/10/26 15.00 - Wati: IMG-1.jpg (file terlampir)",
    "ini lukanya",
    "25/10/26 15.01 - Wati: <Media tidak disertakan>",
]


def upload(house: House, text: str | bytes, name: str = "Chat WhatsApp dengan Wati.txt") -> object:
    data = text if isinstance(text, bytes) else text.encode()
    return house.desk("petugas").post(UPLOAD, data={"file": (io.BytesIO(data), name)})


def zipped(lines: list[str], **files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("_chat.txt", "\n".join(lines))
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def bring(house: House, given: list[str] | bytes, **more: str) -> str:
    """Upload, say who is who, import, let the worker do it; the page that was shown before."""
    answer = upload(house, given if isinstance(given, bytes) else "\n".join(given))
    assert answer.status_code == 303 and answer.location.endswith(CHECK), answer.text
    desk = house.desk("petugas")
    page = desk.get(CHECK).text
    said = {"other": "0", "office": "1", "phone": PHONE, "order": "dmy", "import": "1"} | more
    done = desk.post(CHECK, data=said)
    assert done.status_code == 303, done.text
    jobs.work_off(house.app)
    house.session.rollback()
    house.session.expire_all()
    return page


def figures(page: str) -> dict[str, str]:
    """The figures of the page before an import."""
    pairs = dict(re.findall(r"<dt[^>]*>([^<]+)</dt>\s*<dd[^>]*>([^<]+)</dd>", page))
    return {name: pairs[name].strip() for name in ("Baru", "Sudah ada", "Pesan")}


def messages(house: House, direction: str | None = None) -> list[Message]:
    wanted = select(Message).order_by(Message.at, Message.id)
    wanted = wanted.filter_by(direction=direction) if direction else wanted
    return list(house.session.scalars(wanted))


def marks(house: House) -> list[str]:
    return list(house.session.scalars(select(MessageMark.kind).order_by(MessageMark.id)))


def talk(house: House) -> Conversation:
    return house.session.scalars(select(Conversation)).one()


@both_engines
def test_a_chat_stands_in_the_inbox_as_it_was_said(house: House) -> None:
    page = bring(house, ID)
    assert "25 Oktober 2026" in page and "Wati" in page
    said = [(one.direction.value, one.body) for one in messages(house)]
    assert said == [
        ("internal", ID[0].partition(" - ")[2]),
        ("masuk", "Tolong saya"),
        ("masuk", "Tolong saya"),
        ("keluar", "Apakah aman untuk menjawab?"),
        ("masuk", "ya\ndi dapur"),
    ]
    (out,) = messages(house, "keluar")
    assert out.author.id == house.cast.sari.id and out.sending is None
    assert json.loads(out.details)["written_on_phone"] is True
    one = talk(house)
    assert one.owner.id == house.cast.sari.id and one.waiting_since is not None
    assert house.session.scalars(select(Alias)).one().value == "+6281234567890"
    delivery = house.session.scalars(select(ChannelDelivery)).one()
    assert delivery.body == "\n".join(ID).encode() and delivery.trouble is None
    shown = house.desk("petugas").get(f"/admin/conversation/details/?id={one.id}").text
    assert "Ditulis di telepon kantor" in shown and "terlambat diterima" not in shown


def test_a_longer_export_brings_only_what_is_new(house: House) -> None:
    bring(house, ID)
    upload(house, "\n".join(ID + LATER))
    asked = {"other": "0", "office": "1", "phone": PHONE, "order": "dmy"}
    page = house.desk("petugas").post(CHECK, data=asked).text
    assert figures(page) == {"Baru": "2", "Sudah ada": "5", "Pesan": "7"}
    bring(house, ID + LATER)
    assert [one.body for one in messages(house)][5:] == ["ini lukanya", ""]
    bring(house, ID + LATER)
    bring(house, ID)
    assert len(messages(house)) == 7


def test_what_was_answered_on_the_telephone_waits_for_nobody(house: House) -> None:
    bring(house, ID[:4])
    assert talk(house).waiting_since is None and talk(house).state is TalkState.waiting


def test_edited_and_deleted_since_are_marked_and_not_said_twice(house: House) -> None:
    bring(house, ID)
    edited = ID[:-1]
    edited[2] = "25/10/26 14.05 - Wati: Pesan ini telah dihapus"
    edited[4] = "25/10/26 14.09 - Wati: ya, besok <Pesan ini diedit>"
    bring(house, edited)
    assert len(messages(house)) == 5 and sorted(marks(house)) == ["edit", "revoke"]
    bodies = [one.body for one in messages(house, "masuk")]
    assert bodies == ["Tolong saya", "Tolong saya", "ya\ndi dapur"]  # what was said stays
    bring(house, edited + LATER)
    assert len(messages(house)) == 7 and len(marks(house)) == 2


def test_files_come_with_their_messages_and_late_ones_join_them(house: House) -> None:
    bring(house, ID + LATER)
    assert [len(one.remote_files) for one in messages(house)][5:] == [1, 1]
    bring(house, zipped(ID + LATER, IMG__jpg=b"", **{"IMG-1__jpg": samples.picture("JPEG")}))
    photo = next(one for one in messages(house) if one.body == "ini lukanya")
    assert len(messages(house)) == 7 and photo.kind == "image"
    (file,) = photo.attachments
    assert file.filename == "IMG-1.jpg" and photo.remote_files == []


def test_what_came_by_the_interface_already_is_not_said_again(house: House) -> None:
    session = house.session
    line = datetime(2026, 10, 25, 7, 5, 41, tzinfo=UTC)
    somebody = correspondents.meet(session, [KnownAs(correspondents.PHONE, PHONE)], line)
    here = conversations.with_somebody(session, somebody, Channel.whatsapp, line)
    conversations.take_in(session, here, Incoming("Tolong saya", line, external_id="wamid.1"), line)
    session.commit()
    bring(house, ID)
    assert talk(house).id == here.id
    assert [one.body for one in messages(house, "masuk")].count("Tolong saya") == 2


def test_two_chats_of_one_name_are_kept_apart_until_somebody_says_otherwise(house: House) -> None:
    bring(house, ID, phone="")
    other = ["26/10/26 08.00 - Wati: saya Wati yang lain", "26/10/26 08.01 - Kantor: halo"]
    upload(house, "\n".join(other))
    said = {"other": "0", "office": "1", "phone": "", "order": "dmy", "import": "1"}
    refused = house.desk("petugas").post(CHECK, data=said)
    assert refused.status_code == 422 and "sudah dipakai percakapan lain" in refused.text
    done = house.desk("petugas").post(CHECK, data=said | {"title": "Wati Sukun"})
    assert done.status_code == 303
    assert house.session.scalar(select(func.count(Conversation.id))) == 2
    assert house.session.query(AuditEntry).filter_by(event="refused").count() == 1


def test_dates_that_may_be_either_are_asked_about(house: House) -> None:
    upload(house, "05/06/26 10.00 - Wati: a")
    page = house.desk("petugas").get(CHECK).text
    assert "lebih dari satu cara" in page and "5 Juni 2026" in page
    again = house.desk("petugas").post(CHECK, data={"other": "0", "office": "", "order": "mdy"})
    assert "6 Mei 2026" in again.text
    house.desk("petugas").post(
        CHECK, data={"other": "0", "office": "", "order": "mdy", "import": "1"}
    )
    jobs.work_off(house.app)
    house.session.rollback()
    assert messages(house)[0].at.month == 5


def test_an_unknown_locale_shows_the_lines_and_imports_nothing(house: House) -> None:
    upload(house, "2026年11月25日 14:05 - 花子: 助けて\n2026年11月25日 14:06 - 花子: はい")
    page = house.desk("petugas").get(CHECK).text
    assert "Tidak ada pesan yang dikenali" in page and "助けて" in page
    assert 'name="import"' not in page


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "kosong.txt", "kosong"),
        (b"PK\x03\x04rusak", "chat.zip", "rusak"),
        (b"\x89PNG\r\n\0\0", "foto.txt", "bukan ekspor"),
        (samples.archive(("a.txt", b"a"), ("b.txt", b"b")), "chat.zip", "tidak ada satu berkas"),
        (samples.archive(("_chat.txt", b"0" * 30_000_000)), "bom.zip", "terlalu besar"),
    ],
)
def test_what_is_no_export_is_refused_beside_its_field(
    house: House, data: bytes, name: str, sentence: str
) -> None:
    answer = upload(house, data, name)
    assert answer.status_code == 422 and sentence in answer.text


def test_names_inside_an_archive_are_labels() -> None:
    evil = samples.archive(("../../_chat.txt", b"x"), ("..\\..\\etc/passwd", b"y"))
    assert dict(chat_files.opened(evil, 10).files) == {"passwd": b"y"}


def test_a_mail_as_a_file_goes_the_way_of_those_in_the_mailbox(house: House) -> None:
    raw = bytes(mail("Tolong", Message_ID="<berkas@uji.test>"))
    assert upload(house, raw, "surat.eml").status_code == 303
    assert upload(house, raw, "surat.eml").status_code == 303
    jobs.work_off(house.app)
    house.session.rollback()
    (one,) = messages(house)
    assert one.direction is Direction.masuk and one.body == "Tolong"
    assert json.loads(one.details)["brought_by_hand"] is True


def test_only_those_who_work_on_cases_may_import(house: House) -> None:
    for name in ("pimpinan", "admin", "auditor"):
        assert house.desk(name).get(UPLOAD).status_code == 403
