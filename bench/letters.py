"""How long a surat perintah takes, beside the same words set by ReportLab directly."""

from io import BytesIO
from typing import Any

from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from bench.measure import Result, compare
from portal.letters import pdf
from tests.letters.samples import ORDER


def measure() -> list[Result]:
    """One letter of one page."""
    figures = compare(lambda: pdf.render("surat_perintah", ORDER), lambda: _platypus(ORDER))
    return [Result("render_surat_perintah", *figures, "ms", 1, "ReportLab 5.1 platypus")]


def _platypus(content: dict[str, Any]) -> bytes:
    style = getSampleStyleSheet()["BodyText"]
    story: list[Any] = []
    for text in _texts(content):
        story += [Paragraph(text, style), Spacer(1, 4)]
    target = BytesIO()
    SimpleDocTemplate(target).build(story)
    return target.getvalue()


def _texts(value: Any) -> list[str]:
    """Every text of a letter's content, in its order."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value
    return [text for part in parts for text in _texts(part)]
