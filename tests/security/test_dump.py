"""A stolen database and a stolen folder of files tell no name, no number and no sentence.

Everything goes in through the front door, as people and officers type it; then every byte of the
database (on SQLite with its write-ahead log, on PostgreSQL with every table) and of the folder is
searched, also for what a sentence looks like in other encodings.
"""

import base64
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import inspect, select
from sqlalchemy.engine import make_url

from models import Base, Case, Job, PartnerInstitution, Report
from portal import jobs
from portal.protection import files
from tests.protection import samples
from tests.public.visitor import Visitor, file, receipt
from tests.screens.acts.answers import case_answers, page_of
from tests.screens.generated.conftest import house
from tests.screens.generated.desk import FormReader
from tests.support import chats
from tests.support.databases import both_engines

__all__ = ["house"]

# What nobody may find: (part of) what was typed. Invented, and in no other text of the portal.
TOLD = {
    "reporter": "Zubaedah Krisnantika",
    "victim": "Kenangawati Puspitaloka",
    "suspect": "Gondoroso Wirasabrang",
    "alias": "Jumbrit",
    "nik": "3573015407140091",
    "kk": "3573010203040507",
    "phone": "+6281298765430",
    "email": "zubaedah.k@contoh-surel.example",
    "narrative": "ia dikurung di gudang penggilingan padi sejak maghrib",
    "place": "belakang kandang angsa dekat jembatan gantung",
    "wishes": "dipindahkan ke tempat bulik di seberang sungai",
    "code_word": "tengkleng gosong",
    "card_reason": "kartunya disembunyikan di bawah tikar",
    "filename": "memar-lengan-kiri.jpg",
    "message": "tolong jangan menelepon sesudah dia pulang melaut",
    "unsent": "aku mengetik ini sambil bersembunyi di lumbung",
    "complainer": "Rembugiyati",
    "complaint": "loketnya dijaga orang yang mengenal suamiku",
    "answer": "petugas loket sudah kami tukar sejak kemarin",
    "caller": "Sontoloyowati",
    "called": "suara gamelan pecah dari balik dinding bambu",
    "referrer": "Puskesmas Tlogobiru Wetan",
    "task": "menjemput korban lewat pintu samping mushala",
    "basis": "nota lisan dari lurah Tlogobiru bernomor rahasia",
    "assessment": "luka bakar lama di punggung tangan kanan",
    "plan": "menitipkan anak pada eyang putrinya di lereng",
    "note": "berkasnya pernah kubaca waktu rapat di pendapa",
    "nip": "198704122010012033",
    "officer_email": "joko.prasetyo.pribadi@contoh-surel.example",
    "partner": "Suster Immaculata Brotodiningrat",
    "partner_phone": "+623417719023",
    "searched": "Pangestuningtyas",
    "username": "mbakyuningrum",
    "chatter": "Dhawuhrini Sekarlangit",
    "chat": "bojoku nggawa gaman saka pawon mburi omah",
    "chat_phone": "+6285798761234",
}


# --- everything through the front door ----------------------------------------------------------


def _told_by_the_public(visitor: Visitor) -> None:
    visitor.report(
        kontak={"channel": "whatsapp", "phone": TOLD["phone"], "shared_phone": "ya"},
        keamanan={"days": ["senin"], "code_word": TOLD["code_word"]},
        pelapor={"relation": "tetangga", "name": TOLD["reporter"], "nik": TOLD["nik"]},
        korban={"name": TOLD["victim"], "sex": "perempuan", "age": "12"},
        kejadian={"narrative": TOLD["narrative"]},
        **{"waktu-tempat": {"place": TOLD["place"]}},
        terlapor={"name": TOLD["suspect"], "relation": "orang_tua"},
        harapan={"wishes": TOLD["wishes"]},
        berkas={
            "card": "menyusul",
            "card_reason": TOLD["card_reason"],
            "other_files": file(samples.picture("JPEG"), TOLD["filename"]),
        },
    )
    number, code = receipt(visitor.send())
    visitor.fill("/lacak", nomor=number, kode=code)
    visitor.fill("/lacak/laporan", text=TOLD["message"])
    visitor.fill(
        "/pengaduan-layanan",
        body=TOLD["complaint"],
        name=TOLD["complainer"],
        contact=TOLD["email"],
    )


def _left_half_way(visitor: Visitor) -> None:
    visitor.report(kejadian={"narrative": TOLD["unsent"]})


def _written_by_officers(house_: "house") -> None:
    desk, session = house_.desk("petugas"), house_.session
    session.rollback()
    report = session.scalars(select(Report).order_by(Report.id)).first()
    assert report
    assert desk.fill(page_of(report, "take")).status_code == 303
    session.rollback()
    person = report.victims[0].person_id
    desk.fill(f"/admin/person/edit/?id={person}", alias=TOLD["alias"], kk=TOLD["kk"])
    session.rollback()
    found = {"risk": "sedang", "note": TOLD["note"], "version_id": report.version_id}
    answer = desk.post(page_of(report, "identify"), found)
    assert answer.status_code == 303
    session.rollback()
    quick = "/admin/report/new/?kanal=rujukan"
    desk.fill(
        quick, narrative=TOLD["called"], reporter_name=TOLD["caller"],
        referring_institution=TOLD["referrer"], referring_letter=TOLD["referrer"],
    )  # fmt: skip
    desk.fill("/admin/service_complaint/edit/?id=1", answer=TOLD["answer"])
    desk.post("/admin/person/cari/", {"search": TOLD["searched"]})
    session.rollback()


def _acted_on(house_: "house") -> None:
    house_.session.rollback()
    case = house_.session.scalars(select(Case)).one()
    for act, username in (
        ("approve", "supervisor"),
        ("start_outreach", "penjangkau"),
        ("report_outreach", "penjangkau"),
    ):
        answers = case_answers(house_, act)
        typed = {
            key: TOLD[key] for key in ("task", "basis", "assessment", "plan") if key in answers
        }
        answer = house_.desk(username).fill(page_of(case, act), **answers | typed)
        assert answer.status_code == 303, (act, answer.text)
        house_.session.rollback()
        house_.desk(username).get(f"/admin/case/details/?id={case.id}")


def _kept_by_the_admin(house_: "house") -> None:
    desk, cast = house_.desk("admin"), house_.cast
    partner = house_.session.scalars(select(PartnerInstitution)).first()
    assert partner
    officer = {"nip": TOLD["nip"], "email": TOLD["officer_email"]}
    institution = {"contact_name": TOLD["partner"], "phone": TOLD["partner_phone"]}
    for address, facts in (
        (f"/admin/officer/edit/?id={cast.joko.id}", officer),
        (f"/admin/partner_institution/edit/?id={partner.id}", institution),
    ):
        form = FormReader(desk.get(address).text).filled(**facts)
        assert desk.send(address, form).status_code in (302, 303)


@pytest.fixture
def filled(house: "house") -> "house":
    """An office in which everything of `TOLD` was typed somewhere."""
    _told_by_the_public(Visitor(house.app.test_client()))
    _left_half_way(Visitor(house.app.test_client()))
    _written_by_officers(house)
    _acted_on(house)
    _kept_by_the_admin(house)
    now = datetime.now(UTC)
    chats.write(house.session, TOLD["chat_phone"], TOLD["chatter"], TOLD["chat"], now)
    house.session.commit()
    stranger = house.app.test_client()
    token = re.findall(r'name="csrf_token" value="([^"]+)"', stranger.get("/masuk").text)[0]
    facts = {"csrf_token": token, "username": TOLD["username"], "password": TOLD["unsent"]}
    stranger.post("/masuk", data=facts)
    jobs.work_off(house.app)
    house.session.rollback()
    return house


# --- stolen -----------------------------------------------------------------------------------


def _stolen(house_: "house") -> Iterator[tuple[str, bytes]]:
    url = house_.session.get_bind().engine.url
    yield from (
        _sqlite(Path(str(url.database)))
        if url.drivername == "sqlite"
        else _postgresql(url.render_as_string(hide_password=False))
    )
    for path in files._folders[0].rglob("*"):
        yield "a file", (path.read_bytes() if path.is_file() else b"") + path.name.encode()


def _sqlite(database: Path) -> Iterator[tuple[str, bytes]]:
    for end in ("", "-wal", "-shm"):
        part = Path(f"{database}{end}")
        if part.exists():
            yield f"the database{end}", part.read_bytes()


def _postgresql(url: str) -> Iterator[tuple[str, bytes]]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        for table in Base.metadata.tables:
            copy = f'COPY "{table}" TO STDOUT'
            with connection.cursor() as cursor, cursor.copy(copy) as rows:
                dumped = b"".join(bytes(row) for row in rows)
            yield f"table {table}", dumped
            for sealed in re.findall(rb"\\\\x([0-9a-f]+)", dumped):
                yield f"bytes of {table}", bytes.fromhex(sealed.decode())


def _disguises(secret: str) -> Iterator[bytes]:
    """What a sentence may look like: in other encodings and cases, in base64 wherever it starts."""
    for text in {secret, secret.upper(), secret.lower(), secret.encode("unicode_escape").decode()}:
        for encoded in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")):
            yield encoded
            yield encoded.hex().encode()
            yield encoded.hex().upper().encode()
            for offset in range(3):
                inner = base64.b64encode(b"\0" * offset + encoded)
                yield inner[4 if offset else 0 : -4]
        yield quote(text).encode()


def _needles() -> dict[bytes, str]:
    """Each told thing as a whole, and each of its longer words by itself."""
    words = {
        word: key
        for key, text in TOLD.items()
        for word in (text, *re.findall(r"\w{8,}", text))
        if word not in COMMON
    }
    return {form: key for word, key in words.items() for form in _disguises(word) if len(form) > 6}


# Words of the sentences above that the portal itself uses.
COMMON = {"disembunyikan", "penggilingan", "menelepon", "petugas", "dipindahkan", "Puskesmas"}
COMMON |= {"bersembunyi", "mengetik", "punggung", "berkasnya", "bernomor", "belakang", "jembatan"}
COMMON |= {"seberang", "menjemput", "menitipkan", "sesudah", "kandang", "dikurung", "mengenal"}
COMMON |= {"prasetyo", "zubaedah"}


def _found(stolen: list[tuple[str, bytes]], needles: dict[bytes, str]) -> set[tuple[str, str]]:
    together = b"\n".join(content for _, content in stolen)
    hits = {needle: told for needle, told in needles.items() if needle in together}
    return {(where, told) for n, told in hits.items() for where, content in stolen if n in content}


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: text.encode(),
        lambda text: text.upper().encode("utf-16-be"),
        lambda text: f"\\\\x{text.encode().hex()}".encode(),
        lambda text: base64.b64encode(b"xy" + text.encode() + b"z"),
        lambda text: quote(text).encode(),
        lambda text: text.split()[-1].encode(),
    ],
)
def test_the_search_sees_through_disguises(disguise: Callable[[str], bytes]) -> None:
    found = _found([("here", b"\0..." + disguise(TOLD["victim"]) + b"...")], _needles())
    assert found == {("here", "victim")}


@both_engines
def test_a_dump_tells_nothing(filled: "house") -> None:
    stolen = list(_stolen(filled))
    assert _found(stolen, _needles()) == set()
    assert not any(name == "a file" and b"%PDF" in content for name, content in stolen)
    assert not any(name == "a file" and b"\xff\xd8\xff" in content[:40] for name, content in stolen)
    case = filled.session.scalars(select(Case)).one()
    assert _found(stolen, {case.number.encode(): "number"}), "this search can find something"


def test_the_search_finds_a_number_in_an_id_of_whatsapp() -> None:
    found = _found([("here", chats.wamid(TOLD["chat_phone"]).encode())], _needles())
    assert found == {("here", "chat_phone")}


def test_everything_told_did_arrive(filled: "house") -> None:
    """Or the search above would find nothing for the wrong reason."""
    filled.session.expire_all()
    opened = " ".join(
        str(value)
        for mapper in Base.registry.mappers
        for row in filled.session.scalars(select(mapper.class_))
        for value in inspect(row).dict.values()
    )
    opened += " ".join(str(job.payload) for job in filled.session.scalars(select(Job)))
    never_stored = {"searched", "username"}
    missing = {key for key, text in TOLD.items() if text not in opened and key not in never_stored}
    assert missing == set()
