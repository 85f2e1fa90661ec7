"""The letters that are measured."""

from typing import Any

from tests.letters import samples

ADDRESS = "https://ruangaman.example.go.id/verifikasi/K7Q2M9XW4D"

Content = dict[str, Any]


def order() -> Content:
    """A surat perintah of one page."""
    whole = samples.surat_perintah(verification=ADDRESS, signed="elektronik", copy_to=["Arsip"])
    short = {name: whole[name][:1] for name in ("considering", "officers", "tasks")}
    return whole | short


def nota() -> Content:
    """A nota of two pages."""
    row = ["1.", "01/09/2026", "Rehabilitasi sosial", "Melati Puspa", "Rina Kartika, M.Psi."]
    rows = [[*row, "Sesi konseling berjalan baik; korban mampu mengenali tanda bahaya."]] * 7
    return samples.nota_terminasi(services=rows, verification=ADDRESS, signed="elektronik")


# Name → template and content.
LETTERS = {
    "order": lambda: ("surat_perintah", order()),
    "nota": lambda: ("nota_terminasi", nota()),
    "laporan": lambda: ("laporan_bulanan", samples.laporan(1400)),
}
