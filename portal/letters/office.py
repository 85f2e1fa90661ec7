"""What letters take from the office's settings and lists: kop, texts, who signs, labels."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Case, CodeItem, LetterKind, Officer, Role, Setting, Victim
from portal.access import gate
from portal.indonesia.dates import is_child
from portal.indonesia.names import initials
from portal.letters import LetterError
from portal.wording import _

# What a letter says until the office says otherwise: the row of `setting` with the same key.
DEFAULTS = {
    "kop_government": "Pemerintah Kota Malang",
    "kop_office": (
        "Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, "
        "Pengendalian Penduduk dan Keluarga Berencana"
    ),
    "kop_unit": "UPT Perlindungan Perempuan dan Anak",
    "kop_address": "Jalan Raya Ki Ageng Gribig Nomor 5 Malang 65139",
    "kop_contact": (
        "Telepon (0341) 717744, Laman sosdp3ap2kb.malangkota.go.id, Pos-el sos.p3ap2kb@gmail.com"
    ),
    "letter_city": "Malang",
    "letter_sifat": "Rahasia",
    "letter_number_pattern": "{klasifikasi}/{nomor}/{unit}/{tahun}",
    "letter_unit_code": "35.73.000",
    "letter_classification_surat_perintah": "800.1.11.1",
    "letter_classification_nota_terminasi": "400.2.3",
    "letter_classification_nota_akhir": "400.2.4",
    "letter_start_surat_perintah": "1",
    "letter_start_nota_terminasi": "1",
    "letter_start_nota_akhir": "1",
    "letter_signatory_surat_perintah": "",
    "letter_signatory_nota_terminasi": "",
    "letter_signatory_nota_akhir": "",
    "letter_considering": (
        "bahwa untuk melindungi korban dan menindaklanjuti pengaduan kekerasan terhadap "
        "perempuan dan anak yang telah diverifikasi, perlu menugaskan petugas untuk melakukan "
        "penjangkauan"
    ),
    "letter_basis": (
        "Undang-Undang Nomor 23 Tahun 2004 tentang Penghapusan Kekerasan dalam Rumah Tangga\n"
        "Undang-Undang Nomor 35 Tahun 2014 tentang Perubahan atas Undang-Undang Nomor 23 Tahun "
        "2002 tentang Perlindungan Anak\n"
        "Undang-Undang Nomor 12 Tahun 2022 tentang Tindak Pidana Kekerasan Seksual\n"
        "Peraturan Menteri Pemberdayaan Perempuan dan Perlindungan Anak Nomor 4 Tahun 2018 "
        "tentang Pedoman Pembentukan Unit Pelaksana Teknis Daerah Perlindungan Perempuan dan Anak"
    ),
    "letter_closing_surat_perintah": (
        "Surat perintah ini dilaksanakan dengan penuh tanggung jawab dan dengan menjaga "
        "kerahasiaan korban."
    ),
    "letter_closing_nota_terminasi": (
        "Demikian nota dinas ini disampaikan, atas perhatian Bapak/Ibu diucapkan terima kasih."
    ),
    "letter_closing_nota_akhir": (
        "Demikian laporan hasil monitoring ini disampaikan, atas perhatian Bapak/Ibu diucapkan "
        "terima kasih."
    ),
    "letter_opening_nota_terminasi": (
        "Dengan hormat, bersama ini dilaporkan terminasi penanganan kasus kekerasan terhadap "
        "perempuan dan/atau anak, dengan uraian sebagai berikut."
    ),
    "letter_opening_nota_akhir": (
        "Dengan hormat, bersama ini dilaporkan hasil monitoring setelah terminasi dan penutupan "
        "kasus kekerasan terhadap perempuan dan/atau anak, dengan uraian sebagai berikut."
    ),
    "letter_copies_surat_perintah": "",
    "letter_copies_nota": "",
    "letter_names_nota": "lengkap",
}


Said = Mapping[str, str]


def texts(session: Session) -> dict[str, str]:
    """Every key of `DEFAULTS` with the office's own value, or the default where it has none."""
    rows = session.scalars(select(Setting).where(Setting.key.in_(DEFAULTS)))
    return DEFAULTS | {row.key: row.value for row in rows}


def lines(text: str) -> list[str]:
    """The lines of `text` that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def points(items: list[str]) -> list[str]:
    """The points of an enumeration: each ends with a semicolon, the last with a full stop."""
    bare = [item.rstrip(" .;,") for item in items]
    return [f"{item};" for item in bare[:-1]] + [f"{item}." for item in bare[-1:]]


def letterhead(said: Said) -> dict[str, str]:
    """The kop, from `texts`."""
    return {part: said[f"kop_{part}"] for part in LETTERHEAD}


LETTERHEAD = ("government", "office", "unit", "address", "contact")


def common(said: Said) -> dict[str, Any]:
    """What every letter carries."""
    return {
        "letterhead": letterhead(said),
        "classification": said["letter_sifat"],
        "place": said["letter_city"],
    }


# --- people ---------------------------------------------------------------------------------


def officer(row: Officer) -> dict[str, Any]:
    """An officer as letters name them; what is unknown is an empty text."""
    return {
        "id": row.id,
        "name": row.name,
        "rank": row.rank or "",
        "nip": row.nip or "",
        "position": row.position or "",
    }


def head(session: Session, case: Case) -> Officer | None:
    """The head of the office: the active officer of that role who has been there longest.

    None where the only one must not meet `case`.
    """
    heads = select(Officer).where(Officer.role == Role.pimpinan, Officer.active)
    kept = gate.kept_out(session, case)
    known = session.scalars(heads.order_by(Officer.id))
    return next((one for one in known if one.id not in kept), None)


def signatory(
    session: Session, said: Said, kind: LetterKind, case: Case, otherwise: Officer
) -> Officer:
    """Who signs letters of `kind`: the user name in the settings, or `otherwise` if it is empty.

    Raises LetterError where the settings name nobody who is active, or somebody who must not
    meet `case`.
    """
    username = said[f"letter_signatory_{kind.value}"].strip()
    if not username:
        return otherwise
    named = session.scalar(select(Officer).where(Officer.username == username, Officer.active))
    if named is None:
        raise LetterError(
            _("Pengaturan penandatangan menyebut “%(who)s”, yang tidak aktif.", who=username)
        )
    if named.id in gate.kept_out(session, case):
        raise LetterError(
            _("%(name)s dikecualikan dan tidak dapat menandatangani.", name=named.name)
        )
    return named


def victim_name(victim: Victim, said: Said) -> str:
    """Name or alias, or initials where the office wants no more."""
    name = victim.person.name or victim.person.alias
    if not name:
        return "nama tidak diketahui"
    return initials(name) or name if said["letter_names_nota"].strip() == "inisial" else name


def age(victim: Victim) -> str:
    """Age at the incident: `9 tahun (anak)`."""
    years = victim.age_at_incident
    if years is None:
        return "tidak diketahui"
    return f"{years} tahun (anak)" if is_child(years) else f"{years} tahun"


# --- lists ----------------------------------------------------------------------------------


class Labels:
    """Indonesian labels of the code lists, read once a letter: `labels("sex", "perempuan")`."""

    def __init__(self, session: Session) -> None:
        self._labels = {(row.list_name, row.code): row.label for row in _items(session)}

    def __call__(self, list_name: str, code: str | None) -> str:
        """The label; `-` for nothing, the code itself where no list has it."""
        return self._labels.get((list_name, code), code) if code else "-"

    def all(self, list_name: str, codes: list[str] | None) -> str:
        """Several labels, `; ` between them; `-` for none."""
        return "; ".join(self(list_name, code) for code in codes or []) or "-"


def _items(session: Session) -> list[CodeItem]:
    return list(session.scalars(select(CodeItem).order_by(CodeItem.position, CodeItem.id)))


def day(value: date | None) -> str:
    """`24/11/2026` for tables, `-` for none."""
    return f"{value:%d/%m}/{value.year:04d}" if value else "-"
