"""The Form Pendaftaran Laporan Pengaduan, blank: for the counter and for a power cut.

It asks what the form on the website asks, with the same lists, so that it can be typed in later.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CodeItem
from portal.letters import office, press, said

TEMPLATE = "formulir_pendaftaran"
LISTS = (
    "channel",
    "reporter_relation",
    "contact_channel",
    "hari",
    "sex",
    "pendidikan",
    "pekerjaan",
    "agama",
    "status_perkawinan",
    "disabilitas",
    "kewarganegaraan",
    "hubungan_wali",
    "bentuk_kekerasan",
    "tempat_kejadian",
    "time_of_day",
    "previously_reported",
    "kebutuhan",
    "hubungan_pelaku",
    "consent_giver",
)


def content(session: Session) -> dict[str, Any]:
    """What the form prints: the kop and, for each of `LISTS`, the labels to tick."""
    choices: dict[str, list[str]] = {name: [] for name in LISTS}
    items = select(CodeItem).where(CodeItem.list_name.in_(LISTS), CodeItem.active)
    for item in session.scalars(items.order_by(CodeItem.position, CodeItem.id)):
        choices[item.list_name].append(item.label)
    return office.common(said.texts(session)) | {
        "classification": "Rahasia setelah diisi",
        "choices": choices,
    }


def render(session: Session) -> bytes:
    """The blank form as a PDF; LetterError if it cannot be made."""
    return press.render(TEMPLATE, content(session))
