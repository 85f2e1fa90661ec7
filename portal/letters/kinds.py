"""Which letters the office writes, and how each usually is; the office changes it by settings."""

from dataclasses import dataclass

from models import LetterKind

FULL, INITIALS = "lengkap", "inisial"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of letter as it is until the office says otherwise.

    `classification` is the filing code in its number (each kind has its own, so that a printed
    number stands once), `names` how victims are named in it (initials where the letter leaves
    the house). `pen`: it is always signed by hand, since people outside the office sign as well.
    """

    classification: str
    names: str = FULL
    opening: str = ""
    closing: str = ""
    pen: bool = False


KINDS: dict[LetterKind, Kind] = {
    LetterKind.surat_perintah: Kind(
        "800.1.11.1",
        closing=(
            "Surat perintah ini dilaksanakan dengan penuh tanggung jawab dan dengan menjaga "
            "kerahasiaan korban."
        ),
    ),
    LetterKind.berita_acara: Kind(
        "400.2.5",
        closing=(
            "Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana "
            "mestinya."
        ),
        pen=True,
    ),
    LetterKind.formulir_penerimaan: Kind(
        "400.2.6", closing="Isian ini benar sejauh yang diketahui pelapor.", pen=True
    ),
    LetterKind.formulir_identifikasi: Kind(
        "400.2.7", closing="Demikian hasil identifikasi ini dicatat dengan sebenarnya.", pen=True
    ),
    LetterKind.surat_persetujuan: Kind(
        "400.2.8",
        closing=(
            "Persetujuan ini diberikan dengan sadar dan tanpa paksaan, setelah isinya dijelaskan. "
            "Persetujuan dapat ditarik kembali kapan saja tanpa mengurangi hak atas layanan."
        ),
        pen=True,
    ),
    LetterKind.surat_rujukan: Kind(
        "400.2.9",
        INITIALS,
        opening="Bersama ini kami rujuk korban berikut untuk memperoleh layanan dari Saudara.",
        closing=(
            "Mohon kerahasiaan korban dijaga dan hasil layanan disampaikan kepada kami. Atas kerja "
            "sama Saudara diucapkan terima kasih."
        ),
    ),
    LetterKind.surat_undangan: Kind(
        "400.2.10",
        INITIALS,
        opening="Bersama ini kami mengharapkan kehadiran Saudara pada",
        closing="Demikian, atas perhatian dan kehadiran Saudara diucapkan terima kasih.",
    ),
    LetterKind.nota_terminasi: Kind(
        "400.2.3",
        opening=(
            "Dengan hormat, bersama ini dilaporkan terminasi penanganan kasus kekerasan terhadap "
            "perempuan dan/atau anak, dengan uraian sebagai berikut."
        ),
        closing=(
            "Demikian nota dinas ini disampaikan, atas perhatian Bapak/Ibu diucapkan terima kasih."
        ),
    ),
    LetterKind.nota_akhir: Kind(
        "400.2.4",
        opening=(
            "Dengan hormat, bersama ini dilaporkan hasil monitoring setelah terminasi dan "
            "penutupan kasus kekerasan terhadap perempuan dan/atau anak, dengan uraian sebagai "
            "berikut."
        ),
        closing=(
            "Demikian laporan hasil monitoring ini disampaikan, atas perhatian Bapak/Ibu "
            "diucapkan terima kasih."
        ),
    ),
    LetterKind.laporan_bulanan: Kind(
        "400.2.11",
        opening=(
            "Dengan hormat, bersama ini disampaikan laporan bulanan pelayanan perlindungan "
            "perempuan dan anak, dengan uraian sebagai berikut."
        ),
        closing=(
            "Demikian laporan ini disampaikan, atas perhatian Bapak/Ibu diucapkan terima kasih."
        ),
    ),
}
