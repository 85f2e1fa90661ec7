"""What a telephone exports is read back, in every dialect that telephones here write."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.casework.chat_lines import Said
from portal.channels import chat_export
from portal.indonesia.dates import WIB

NOW = datetime(2026, 11, 26, 5, tzinfo=UTC)
NNBSP, LRM = "\u202f", "\u200e"

# How a telephone writes the beginning of a message: time → text before the name.
DIALECTS: dict[str, Callable[[datetime], str]] = {
    "android_id": lambda t: f"{t:%d/%m/%y %H.%M} - ",
    "android_id_long": lambda t: f"{t:%d/%m/%Y} {t:%H.%M} - ",
    "android_en_gb": lambda t: f"{t:%d/%m/%Y}, {t:%H:%M} - ",
    "android_en_us": lambda t: f"{t.month}/{t.day}/{t:%y}, {int(f'{t:%I}')}:{t:%M}{NNBSP}{t:%p} - ",
    "android_12h_small": lambda t: f"{t:%d/%m/%y}, {int(f'{t:%I}')}:{t:%M} {f'{t:%p}'.lower()} - ",
    "iphone_id": lambda t: f"[{t:%d/%m/%y} {t:%H.%M.%S}] ",
    "iphone_id_marked": lambda t: f"{LRM}[{t:%d/%m/%y}, {t:%H.%M.%S}] ",
    "iphone_en_us": lambda t: (
        f"[{t.month}/{t.day}/{t:%y}, {int(f'{t:%I}')}:{t:%M}:{t:%S}{NNBSP}{t:%p}] "
    ),
    "iso": lambda t: f"{t:%Y-%m-%d}, {t:%H:%M} - ",
    "android_ms": lambda t: (
        f"{t.day}/{t.month}/{t:%Y}, {int(f'{t:%I}')}:{t:%M} {'PTG' if t.hour > 11 else 'PG'} - "
    ),
    "android_fr": lambda t: f"{t:%d/%m/%Y} à {t:%H:%M} - ",
    "android_hu": lambda t: f"{t:%Y. %m. %d.} {t:%H:%M} - ",
}


def at(day: int, hour: int = 14, minute: int = 5, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WIB).astimezone(UTC)


def read(*lines: str, order: str | None = None) -> chat_export.Export:
    return chat_export.parse("\n".join(lines), NOW, order)


typed = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")),
    min_size=1,
    max_size=30,
)
names = st.sampled_from(["Wati", "Bu RT Sukun", "+62 812-0000-001", "O'Neill 💐", "Kantor"])
texts = st.lists(typed.map(lambda line: f"x{line}"), min_size=1, max_size=4).map("\n".join)
moments = st.integers(0, 400 * 24 * 60).map(lambda n: at(25) - timedelta(minutes=n))
chats = st.lists(st.tuples(moments, names, texts), min_size=1, max_size=25)


@settings(max_examples=60)
@given(chat=chats, dialect=st.sampled_from(sorted(DIALECTS)), ends=st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_is_read_again(
    chat: list[tuple[datetime, str, str]], dialect: str, ends: str
) -> None:
    chat = sorted(chat, key=lambda one: one[0])
    begin = DIALECTS[dialect]
    text = "\n".join(f"{begin(t.astimezone(WIB))}{name}: {said}" for t, name, said in chat)
    export = chat_export.parse(text.replace("\n", ends), NOW)
    wanted = {"android_en_us": "mdy", "iphone_en_us": "mdy"}.get(dialect, "dmy")
    wanted = "ymd" if dialect in ("iso", "android_hu") else wanted
    assert wanted in export.orders
    again = chat_export.parse(text, NOW, wanted).said
    assert [(one.at, one.sender, one.text) for one in again] == chat


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_whatever_comes_nothing_fails_and_nothing_is_lost(text: str) -> None:
    export = chat_export.parse(f"25/11/26 14.05 - Wati: mulai\n{text}", NOW)
    assert export.said[0].text.startswith("mulai")
    chat_export.parse(text, NOW)


def test_the_order_of_the_date_is_read_out_of_the_whole_file() -> None:
    american = read("11/9/26, 2:05 PM - Wati: a", "11/25/26, 2:05 PM - Wati: b")
    assert american.orders == ("mdy",) and american.said[0].at == at(9)
    ours = read("09/11/26 14.05 - Wati: a", "25/11/26 14.05 - Wati: b")
    assert ours.orders == ("dmy",) and ours.said[0].at == at(9)


def test_time_that_would_jump_back_speaks_against_an_order() -> None:
    export = read("01/05/26 10.00 - Wati: a", "02/05/26 10.00 - Wati: b", "01/06/26 9.00 - Wati: c")
    assert export.orders == ("dmy",)


def test_dates_to_come_speak_against_an_order() -> None:
    export = read("10/12/26, 9:00 AM - Wati: a")
    assert export.orders == ("mdy",) and export.said[0].at == at(12, 9, 0, month=10)


def test_what_may_be_either_is_asked_and_ours_comes_first() -> None:
    export = read("05/06/26 10.00 - Wati: a")
    assert export.orders == ("dmy", "mdy")
    assert export.said[0].at == at(5, 10, 0, month=6)
    assert read("05/06/26 10.00 - Wati: a", order="mdy").said[0].at == at(6, 10, 0, month=5)


def test_noon_and_midnight_of_a_clock_of_twelve() -> None:
    export = read("25/11/26, 12:05 AM - Wati: a", "25/11/26, 12:05 PM - Wati: b")
    assert [one.at for one in export.said] == [at(25, 0), at(25, 12)]


@pytest.mark.parametrize(
    ("text", "kind", "file"),
    [
        ("IMG-20261125-WA0001.jpg (file terlampir)", "image", "IMG-20261125-WA0001.jpg"),
        (f"{LRM}PTT-20261125-WA0002.opus (file attached)", "audio", "PTT-20261125-WA0002.opus"),
        ("STK-20261125-WA0003.webp (file attached)", "sticker", "STK-20261125-WA0003.webp"),
        (
            f"{LRM}<attached: 00000011-PHOTO-2026-11-25.jpg>",
            "image",
            "00000011-PHOTO-2026-11-25.jpg",
        ),
        (
            f"visum.pdf • {LRM}7 halaman {LRM}<terlampir: 0012-visum.pdf>",
            "document",
            "0012-visum.pdf",
        ),
        ("Budi.vcf (file terlampir)", "contacts", "Budi.vcf"),
        ("../../etc/passwd (file attached)", "document", "../../etc/passwd"),
    ],
)
def test_files_are_named(text: str, kind: str, file: str) -> None:
    (one,) = read(f"25/11/26 14.05 - Wati: {text}").said
    assert (one.kind, one.file, one.omitted) == (kind, file, False)


def test_a_caption_stays_with_its_file() -> None:
    (one,) = read("25/11/26 14.05 - Wati: IMG-1.jpg (file terlampir)", "ini lukanya").said
    assert (one.file, one.text) == ("IMG-1.jpg", "ini lukanya")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<Media tidak disertakan>", "document"),
        ("<Media omitted>", "document"),
        (f"{LRM}image omitted", "image"),
        (f"{LRM}stiker tidak disertakan", "sticker"),
        ("null", "unsupported"),
    ],
)
def test_files_that_were_left_out_are_told(text: str, kind: str) -> None:
    (one,) = read(f"25/11/26 14.05 - Wati: {text}").said
    assert (one.kind, one.omitted, one.text) == (kind, True, "")


@pytest.mark.parametrize(
    "text",
    [
        "Pesan ini telah dihapus",
        "Pesan ini dihapus.",
        "Anda menghapus pesan ini",
        f"{LRM}This message was deleted.",
        "You deleted this message",
    ],
)
def test_what_was_deleted_is_told(text: str) -> None:
    (one,) = read(f"25/11/26 14.05 - Wati: {text}").said
    assert one.deleted and one.text == ""


@pytest.mark.parametrize("mark", ["<Pesan ini diedit>", f"{LRM}<This message was edited>"])
def test_what_was_edited_is_told(mark: str) -> None:
    (one,) = read(f"25/11/26 14.05 - Wati: jam tujuh {mark}").said
    assert one.edited and one.text == "jam tujuh"


SPOKEN = "Pesan dan panggilan terenkripsi secara end-to-end. Hanya orang di chat ini: baca."


@pytest.mark.parametrize(
    "line",
    [
        f"25/11/26 14.05 - {SPOKEN}",
        f"{LRM}[25/11/26 14.05.00] Wati: {LRM}{SPOKEN}",
        "25/11/26 14.05 - Wati mengganti nomor telepon ke nomor baru. Ketuk untuk kirim pesan",
        '25/11/26 14.05 - Budi membuat grup "RT 3: warga"',
        "[25/11/26 14.05.00] RT 3: \u200eBudi membuat grup ini",
    ],
)
def test_what_the_chat_says_itself_belongs_to_nobody(line: str) -> None:
    (one,) = read(line).said
    assert (one.kind, one.sender) == ("system", "")


def test_somebody_may_speak_of_groups_and_codes() -> None:
    (one,) = read("25/11/26 14.05 - Wati: dia membuat grup dan pesan sementara").said
    assert one == Said(at(25), "Wati", "dia membuat grup dan pesan sementara")


def test_a_name_that_is_in_no_contacts_has_no_tilde() -> None:
    assert read(f"[25/11/26 14.05.00] ~{NNBSP}Wati: halo").senders == ("Wati",)


def test_an_unknown_locale_is_shown_line_by_line() -> None:
    export = read("2026年11月25日 14:05 - 花子: こんにちは", "2026年11月25日 14:06 - 花子: 助けて")
    assert export.said == () and export.orders == ()
    assert [number for number, _text in export.odd] == [1, 2]


def test_a_line_that_only_looks_like_a_beginning_is_kept_and_shown() -> None:
    export = read(
        "judul buatan sendiri",
        "25/11/26 14.05 - Wati: catatan saya",
        "45/13/26 14.05 - Tono: kamu pulang",
        "selesai",
    )
    (one,) = export.said
    assert one.text == "catatan saya\n45/13/26 14.05 - Tono: kamu pulang\nselesai"
    assert [number for number, _text in export.odd] == [1, 3]


@pytest.mark.parametrize(
    ("text", "kind", "file"),
    [
        ("<Medien ausgeschlossen>", "document", ""),
        ("<Multimedia omitido>", "document", ""),
        ("<Mídia oculta>", "document", ""),
        (f"{LRM}Bild weggelassen", "image", ""),
        (f"{LRM}image absente", "image", ""),
        (f"surat.pdf \u2022 {LRM}3 pages {LRM}document omitted", "document", "surat.pdf"),
        (f"surat.pdf \u2022 {LRM}3 halaman {LRM}dokumen tidak disertakan", "document", "surat.pdf"),
        ("IMG-1.jpg (Datei angehängt)", "image", "IMG-1.jpg"),
        (f"{LRM}<adjunto: 01-PHOTO.jpg>", "image", "01-PHOTO.jpg"),
        (f"{LRM}<pièce jointe : 01-AUDIO.opus>", "audio", "01-AUDIO.opus"),
        ("beli susu \u2022 gula", "text", ""),
    ],
)
def test_files_are_told_in_other_languages_too(text: str, kind: str, file: str) -> None:
    (one,) = read(f"25/11/26 14.05 - Wati: {text}").said
    assert (one.kind, one.file) == (kind, file)


@pytest.mark.parametrize(
    "text",
    [
        *("Diese Nachricht wurde gelöscht.", "Pesan ini dihapus oleh admin Budi"),
        *("This message was deleted by admin Budi.", "Mensagem apagada"),
    ],
)
def test_what_was_deleted_is_marked_in_other_languages_and_groups_too(text: str) -> None:
    (one,) = read(f"25/11/26 14.05 - Wati: {text}").said
    assert one.deleted and not one.text


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        (f"Keluarga: {LRM}Wati menambahkan Anda", ""),
        (f"Keluarga: {LRM}Budi left", ""),
        ("Wati: saya keluar rumah", "Wati"),
        ("Wati: he added me", "Wati"),
    ],
)
def test_in_a_group_the_chat_speaks_by_itself_where_a_mark_says_so(line: str, sender: str) -> None:
    (one,) = read(f"[25/11/26 14.05.33] {line}").said
    assert one.sender == sender


def test_dates_of_another_era_are_shown_line_by_line() -> None:
    export = read("25/11/2569 14:05 - Wati: halo")
    assert export.said == () and export.odd == ((1, "25/11/2569 14:05 - Wati: halo"),)
