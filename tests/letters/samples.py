"""Letters about invented people, whole and valid, for tests of how they look and read."""

from copy import deepcopy
from typing import Any

from models import LetterKind
from portal.letters import specimens

LETTERHEAD = {
    "government": "Pemerintah Kota Malang",
    "office": "Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk"
    " dan Keluarga Berencana",
    "unit": "UPT Perlindungan Perempuan dan Anak",
    "address": "Jalan Raya Ki Ageng Gribig Nomor 5 Malang 65139",
    "contact": "Telepon (0341) 717744, Laman sosdp3ap2kb.malangkota.go.id,"
    " Pos-el sos.p3ap2kb@gmail.com",
}
NAMED = {"letterhead": LETTERHEAD, "classification": "Rahasia", "dated": "2026-11-24"}


def _sample(kind: LetterKind, number: str, **more: Any) -> dict[str, Any]:
    """The specimen of a kind, as a letter of this office."""
    return specimens.words(kind) | NAMED | {"number": number} | more


ORDER = _sample(LetterKind.surat_perintah, "800.1.11.1/12/35.73.403/2026", place="Malang")
HEAD = ORDER["signatory"]


def surat_perintah(**changes: Any) -> dict[str, Any]:
    """A complete surat perintah."""
    return deepcopy(ORDER) | changes


NOTA = _sample(LetterKind.nota_terminasi, "400.2.4.1/7/35.73.403/2026")


def nota_terminasi(**changes: Any) -> dict[str, Any]:
    """A complete nota dinas about the end of a case."""
    return deepcopy(NOTA) | changes


def nota_akhir(**changes: Any) -> dict[str, Any]:
    """The same nota in its final form, with what the monitoring found."""
    number, dated = "400.2.4.2/3/35.73.403/2027", "2027-02-25"
    return deepcopy(_sample(LetterKind.nota_akhir, number, dated=dated) | changes)


def laporan(count: int, **changes: Any) -> dict[str, Any]:
    """A monthly report with a table of so many cases."""
    kinds = ("Fisik", "Psikis; penelantaran rumah tangga", "Seksual", "Fisik; psikis; seksual")
    rows = [
        [
            f"{n}.",
            f"K-2026-{n:04}",
            f"{1 + n % 28:02}/10/2026",
            "Anak perempuan" if n % 3 else "Perempuan dewasa",
            kinds[n % 4],
            "Dalam penjangkauan oleh petugas" if n % 2 else "Terminasi; dalam pemantauan konselor",
        ]
        for n in range(1, count + 1)
    ]
    table = {
        "heads": ["No.", "Nomor kasus", "Diterima", "Korban", "Bentuk kekerasan", "Keadaan"],
        "widths": ["7%", "15%", "13%", "18%", "22%", "25%"],
        "rows": rows,
        "centred": [0, 2],
    }
    summary = {
        "heads": ["Bentuk kekerasan", "Laki-laki", "Perempuan", "Jumlah"],
        "widths": ["46%", "18%", "18%", "18%"],
        "rows": [[kind, "2", "11", "13"] for kind in kinds],
        "centred": [1, 2, 3],
    }
    written = deepcopy(
        {name: NOTA[name] for name in ("letterhead", "classification", "signatory", "copy_to")}
    )
    return (
        written
        | {
            "number": "400.2.12/10/35.73.403/2026",
            "dated": "2026-11-02",
            "place": "Malang",
            "title": "Laporan bulanan",
            "subtitle": "Bulan Oktober 2026",
            "sections": [
                {
                    "heading": "A. Ringkasan",
                    "paragraphs": [f"Selama bulan ini diterima {count} pengaduan."],
                    "table": summary,
                },
                {"heading": "B. Daftar kasus", "paragraphs": [], "table": table},
                {"heading": "C. Catatan", "paragraphs": ["Tidak ada."], "table": None},
            ],
            "closing": "Demikian laporan ini disampaikan.",
        }
        | changes
    )


REFERRAL = _sample(LetterKind.surat_rujukan, "400.2.9/3/35.73.403/2026", place="Malang")


def surat_rujukan(**changes: Any) -> dict[str, Any]:
    """A complete surat rujukan."""
    return deepcopy(REFERRAL) | changes


INVITATION: dict[str, Any] = {
    **{name: REFERRAL[name] for name in ("letterhead", "classification", "dated", "place")},
    "number": "400.2.10/5/35.73.403/2026",
    "subject": "Undangan",
    "enclosure": "-",
    "addressee": ["Yth. Melati Puspa", "di tempat"],
    "opening": "Bersama ini kami mengharapkan kehadiran Saudara pada",
    "event": [
        ["Hari, tanggal", "Selasa, 1 Desember 2026"],
        ["Pukul", "09.00 WIB"],
        ["Tempat", "Ruang pertemuan lantai 2"],
        ["Acara", "Pertemuan"],
        ["Yang dibawa", "Kartu identitas"],
    ],
    "closing": "Demikian, atas perhatian dan kehadiran Saudara diucapkan terima kasih.",
    "signatory": HEAD,
    "copy_to": [],
}


def surat_undangan(**changes: Any) -> dict[str, Any]:
    """A complete undangan."""
    return deepcopy(INVITATION) | changes
