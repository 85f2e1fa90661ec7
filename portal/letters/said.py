"""What the office set about its letters: kop, numbers, clauses, for each kind and for all."""

from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import LetterKind, Setting
from portal.letters.kinds import KINDS, Kind

# What a letter says until the office says otherwise: the row of `setting` with the same key.
GENERAL = {
    "kop_logo": "",
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
    "letter_paper": "A4",
    "letter_city": "Malang",
    "letter_sifat": "Rahasia",
    "letter_number_pattern": "{klasifikasi}/{nomor}/{unit}/{tahun}",
    "letter_unit_code": "35.73.000",
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
}
# Of each kind: part of the key (`letter_<part>_<kind>`) → what it says until the office changes it.
OF_A_KIND: dict[str, Callable[[Kind], str]] = {
    "classification": lambda kind: kind.classification,
    "start": lambda kind: "1",
    "opening": lambda kind: kind.opening,
    "closing": lambda kind: kind.closing,
    "copies": lambda kind: "",
    "names": lambda kind: kind.names,
}


def key_of(part: str, kind: LetterKind) -> str:
    """The key of the setting `part` (of `OF_A_KIND`) of a kind."""
    return f"letter_{part}_{kind.value}"


DEFAULTS: dict[str, str] = GENERAL | {
    key_of(part, kind): usual(facts)
    for kind, facts in KINDS.items()
    for part, usual in OF_A_KIND.items()
}

Said = Mapping[str, str]


def texts(
    session: Session, kind: LetterKind | None = None, but: Said | None = None
) -> dict[str, str]:
    """Every key of `DEFAULTS` with the office's own value, or the default where it has none.

    Given a `kind`, its own parts stand under their short names as well (`closing`, `names`, …).
    `but`: values that count instead, as a preview of settings tries them.
    """
    rows = session.scalars(select(Setting).where(Setting.key.in_(DEFAULTS)))
    said = DEFAULTS | {row.key: row.value for row in rows} | dict(but or {})
    return said | ({part: said[key_of(part, kind)] for part in OF_A_KIND} if kind else {})


def lines(text: str) -> list[str]:
    """The lines of `text` that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
