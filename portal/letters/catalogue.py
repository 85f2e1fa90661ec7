"""Every kind of letter the office issues, each from the module that assembles its data."""

from models import LetterKind
from portal.letters import (
    berita_acara,
    formulir_identifikasi,
    formulir_penerimaan,
    laporan_bulanan,
    nota_terminasi,
    surat_perintah,
    surat_persetujuan,
    surat_rujukan,
    surat_undangan,
)
from portal.letters.entry import Entry

CATALOGUE: dict[LetterKind, Entry] = {
    entry.kind: entry
    for entry in (
        surat_perintah.ENTRY,
        berita_acara.ENTRY,
        formulir_penerimaan.ENTRY,
        formulir_identifikasi.ENTRY,
        surat_persetujuan.ENTRY,
        surat_rujukan.ENTRY,
        surat_undangan.ENTRY,
        nota_terminasi.ENTRY,
        nota_terminasi.FINAL,
        laporan_bulanan.ENTRY,
    )
}
