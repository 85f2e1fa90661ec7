"""Letters about invented people, whole and valid, for tests of how they look and read."""

from copy import deepcopy
from typing import Any

LETTERHEAD = {
    "government": "Pemerintah Kota Malang",
    "office": "Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk"
    " dan Keluarga Berencana",
    "unit": "UPT Perlindungan Perempuan dan Anak",
    "address": "Jalan Raya Ki Ageng Gribig Nomor 5 Malang 65139",
    "contact": "Telepon (0341) 717744, Laman sosdp3ap2kb.malangkota.go.id,"
    " Pos-el sos.p3ap2kb@gmail.com",
}
HEAD = {
    "name": "Dra. Endah Prameswari, M.Si.",
    "rank": "Pembina Utama Muda (IV/c)",
    "nip": "19700101 199503 2 001",
    "position": "Kepala Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak,"
    " Pengendalian Penduduk dan Keluarga Berencana Kota Malang",
}
OFFICERS = [
    {
        "name": "Dewi Lestari, S.Psi.",
        "rank": "Penata Muda (III/a)",
        "nip": "19900202 201503 2 002",
        "position": "Petugas Penjangkauan UPT PPA",
    },
    {"name": "Agus Wijaya", "rank": "", "nip": "", "position": "Pekerja Sosial"},
]


ORDER: dict[str, Any] = {
    "letterhead": LETTERHEAD,
    "classification": "Rahasia",
    "number": "800.1.11.1/12/35.73.403/2026",
    "dated": "2026-11-24",
    "place": "Malang",
    "considering": [
        "bahwa Dinas menerima pengaduan kekerasan terhadap perempuan dan/atau anak yang"
        " dicatat sebagai kasus Nomor K-2026-0012;",
        "bahwa hasil identifikasi dan verifikasi menyatakan korban perlu dijangkau;",
    ],
    "basis": [
        "Undang-Undang Nomor 23 Tahun 2004 tentang Penghapusan Kekerasan Dalam Rumah Tangga;",
        "Undang-Undang Nomor 12 Tahun 2022 tentang Tindak Pidana Kekerasan Seksual;",
    ],
    "officers": OFFICERS,
    "tasks": [
        "Melakukan penjangkauan dan asesmen awal kepada korban dalam kasus Nomor K-2026-0012;",
        "Melaksanakan tugas di titik temu aman: ruang konseling Puskesmas Contoh;",
        "Melaksanakan tugas pada tanggal 24 November 2026 sampai dengan 26 November 2026;",
    ],
    "closing": "Surat perintah ini dilaksanakan dengan penuh tanggung jawab dengan"
    " mengutamakan keselamatan dan kerahasiaan korban.",
    "signatory": HEAD,
    "copy_to": ["Kepala UPT Perlindungan Perempuan dan Anak Kota Malang", "Arsip"],
}


def surat_perintah(**changes: Any) -> dict[str, Any]:
    """A complete surat perintah."""
    return deepcopy(ORDER) | changes


NOTA: dict[str, Any] = {
    "letterhead": LETTERHEAD,
    "classification": "Rahasia",
    "number": "400.2.4.1/7/35.73.403/2026",
    "dated": "2026-11-24",
    "addressee": HEAD["position"],
    "copy_to": ["Kepala UPT Perlindungan Perempuan dan Anak Kota Malang"],
    "enclosure": "-",
    "subject": "Terminasi Kasus Nomor K-2026-0012",
    "opening": "Bersama ini dilaporkan pengakhiran (terminasi) penanganan kasus kekerasan"
    " terhadap perempuan dan anak dengan uraian sebagai berikut.",
    "facts": [
        ["Nomor kasus", "K-2026-0012"],
        ["Pengaduan", "24 Agustus 2026 melalui laman"],
        ["Waktu kejadian", "Agustus 2026"],
        ["Tempat kejadian", "Rumah tangga, Kelurahan Sawojajar"],
        ["Surat perintah", "800.1.11.1/12/35.73.403/2026 tanggal 24 Agustus 2026"],
        ["Konselor", "Rina Kartika, M.Psi."],
    ],
    "victims": [
        ["1.", "Melati Puspa", "Perempuan", "31 tahun", "Fisik; psikis"],
        ["2.", "Kenanga Puspa", "Perempuan", "9 tahun (anak)", "Psikis"],
    ],
    "summary": "Korban melaporkan kekerasan berulang oleh suami sejak awal tahun.\n"
    "Setelah pendampingan, korban tinggal di rumah orang tuanya dan merasa aman.",
    "services": [
        [
            "1.",
            "26/08/2026",
            "Penjangkauan korban",
            "Semua korban",
            "Dewi Lestari, S.Psi.",
            "Korban ditemui dalam keadaan aman.",
        ],
        [
            "2.",
            "01/09/2026",
            "Rehabilitasi sosial",
            "Melati Puspa",
            "Rina Kartika, M.Psi.",
            "Enam sesi konseling selesai; korban mampu mengenali tanda bahaya.",
        ],
        [
            "3.",
            "10/09/2026",
            "Bantuan hukum",
            "Melati Puspa",
            "WCC Dian Mutiara",
            "Rujukan diterima; korban didampingi mengajukan gugatan cerai.",
        ],
    ],
    "reason": "Tujuan layanan tercapai.",
    "agreement": "Korban menyetujui terminasi.",
    "counsellor": "Rina Kartika, M.Psi.",
    "plan": [
        ["1.", "Melati Puspa", "28/12/2026", "25/01/2027", "24/02/2027"],
        ["2.", "Kenanga Puspa", "28/12/2026", "25/01/2027", "24/02/2027"],
    ],
    "closing": "Demikian nota dinas ini disampaikan. Atas perhatian dan petunjuk Bapak/Ibu"
    " disampaikan terima kasih.",
    "signatory": {
        "name": "Budi Santosa, S.Sos.",
        "rank": "Penata Tingkat I (III/d)",
        "nip": "19800303 200501 1 003",
        "position": "Kepala UPT Perlindungan Perempuan dan Anak",
    },
}


def nota_terminasi(**changes: Any) -> dict[str, Any]:
    """A complete nota dinas about the end of a case."""
    return deepcopy(NOTA) | changes


def nota_akhir(**changes: Any) -> dict[str, Any]:
    """The same nota in its final form, with what the monitoring found."""
    visits = [
        ["1", "28/12/2026", "28/12/2026", "Kunjungan", "Membaik", "Aman", "Tidak ada", "Tidak"],
        ["2", "25/01/2027", "26/01/2027", "Telepon", "Baik", "Aman", "Sekolah anak", "Tidak"],
        ["3", "24/02/2027", "-", "-", "-", "-", "Dikecualikan: pindah ke luar kota", "-"],
    ]
    return (
        nota_terminasi()
        | {
            "number": "400.2.4.2/3/35.73.403/2027",
            "dated": "2027-02-25",
            "subject": "Hasil Monitoring dan Penutupan Kasus Nomor K-2026-0012",
            "termination_number": "400.2.4.1/7/35.73.403/2026",
            "termination_dated": "2026-11-24",
            "results": [
                {"name": "Melati Puspa", "visits": visits},
                {"name": "Kenanga Puspa", "visits": visits},
            ],
            "conclusion": "Seluruh pemantauan telah selesai dan kasus dinyatakan selesai.",
        }
        | changes
    )


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


REFERRAL: dict[str, Any] = {
    "letterhead": LETTERHEAD,
    "classification": "Rahasia",
    "number": "400.2.9/3/35.73.403/2026",
    "dated": "2026-11-24",
    "place": "Malang",
    "subject": "Rujukan Layanan Kesehatan",
    "enclosure": "1 (satu) lembar balasan",
    "addressee": ["Yth. Direktur RSUD Contoh", "Jalan Contoh Nomor 1", "Malang"],
    "opening": "Bersama ini kami rujuk korban berikut untuk memperoleh layanan dari Saudara.",
    "victim": [
        ["Nama", "M.P."],
        ["Jenis kelamin", "Perempuan"],
        ["Kelompok usia", "Dewasa"],
    ],
    "request": [
        ["Layanan", "Kesehatan"],
        ["Tujuan rujukan", "Pemeriksaan kesehatan dan keterangan dokter."],
        ["Dasar", "Persetujuan tanggal 1 September 2026"],
        ["Kasus", "Nomor K-2026-0012"],
        ["Narahubung", "Rina Kartika, M.Psi., Konselor"],
    ],
    "closing": "Mohon kerahasiaan korban dijaga dan hasil layanan disampaikan kepada kami. Atas"
    " kerja sama Saudara diucapkan terima kasih.",
    "signatory": HEAD,
    "copy_to": ["Arsip"],
}


def surat_rujukan(**changes: Any) -> dict[str, Any]:
    """A complete surat rujukan."""
    return deepcopy(REFERRAL) | changes
