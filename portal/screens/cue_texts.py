"""What columns and fields of urgent words are called, and their help."""

from typing import Any

from portal.wording import lazy as _l

LABELS: dict[str, Any] = {
    "urgent": _l("Mendesak"),
    "pattern": _l("Kata"),
    "category": _l("Golongan"),
    "Cue.language": _l("Bahasa"),
    "hits": _l("Ditemukan"),
    "accepted": _l("Benar mendesak"),
    "rejected": _l("Bukan mendesak"),
}
HELPS: dict[str, Any] = {
    "pattern": _l(
        "“*” di awal atau akhir kata berarti huruf apa saja (*bunuh*), “...” berarti paling banyak "
        "tiga kata di antaranya (anak* ... sendirian). Ejaan lama, huruf berulang, dan angka "
        "pengganti huruf dikenali sendiri."
    ),
}
