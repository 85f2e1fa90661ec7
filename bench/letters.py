"""How long letters take and how much memory, beside WeasyPrint and ReportLab on the same content.

Times are processor time, but for the letters of a second. Warm, the others get what is best for
them: their fonts and style sheets are read before the clock starts. Neither makes PDF/A.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from itertools import repeat
from typing import Any
from xml.sax.saxutils import escape

import weasyprint
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table
from weasyprint.text.fonts import FontConfiguration

from bench.letter_samples import LETTERS, Content, nota, order
from bench.measure import Result, compare
from portal.letters import pdf, press, setting
from portal.letters.text import FONTS
from tests.letters import samples

PROCESSES, MANY = 2, 100
WEASY, RAW = "WeasyPrint 70", "ReportLab 5.1"
PAPER = "@page { size: A4; margin: 1.3cm 2cm 1.7cm 2.5cm }"
FACES = (("Regular", ""), ("Bold", "font-weight: bold"), ("Italic", "font-style: italic"))


def measure() -> list[Result]:
    """Single letters cold and warm, the long report, many at once."""
    return [
        *_warm("surat_perintah", order(), 1),
        *_warm("nota_terminasi", nota(), 2),
        _report(),
        _memory(),
        _cold(),
        _throughput(),
    ]


def _warm(template: str, content: Content, pages: int) -> list[Result]:
    peers = {WEASY: _by_weasyprint(template, content), RAW: _raw(content)}
    return [
        Result(f"render_{template}", *_cpu(template, content, peer), "ms", pages, name)
        for name, peer in peers.items()
    ]


def _cpu(template: str, content: Content, peer: Callable[[], object]) -> tuple[float, float]:
    return compare(lambda: pdf.render(template, content), peer, time.process_time)


def _report() -> Result:
    content = samples.laporan(1000)
    figures = _cpu("laporan_bulanan", content, _raw(content))
    return Result("render_laporan", *figures, "ms", 1000, RAW)


# --- the others --------------------------------------------------------------------------------


def _for_weasyprint(template: str, content: Content) -> tuple[str, str]:
    """The same markup and the same style, but for what only one of them knows."""
    html = re.sub(r"</?pdf:[^>]*>", "", pdf.markup(template, content))
    style = html.split("<style>")[2].split("</style>")[0]
    bare = re.sub(r"<style>.*</style>", "", html, flags=re.DOTALL)
    faces = (
        f"@font-face {{ font-family: naskah; {how}; src: url(LiberationSans-{name}.ttf) }}"
        for name, how in FACES
    )
    return bare.replace("images/", f"{pdf.IMAGES}/"), "".join(faces) + PAPER + style


def _by_weasyprint(template: str, content: Content) -> Callable[[], object]:
    html, style = _for_weasyprint(template, content)
    fonts = FontConfiguration()
    sheet = weasyprint.CSS(string=style, base_url=f"{FONTS}/", font_config=fonts)
    return lambda: weasyprint.HTML(string=html).write_pdf(stylesheets=[sheet], font_config=fonts)


@cache
def _styles() -> tuple[ParagraphStyle, ParagraphStyle]:
    setting.register()
    text = ParagraphStyle("text", fontName=setting.REGULAR, fontSize=11, leading=14.3)
    return text, ParagraphStyle("cell", text, fontSize=9.5, leading=11.6)


def _raw(content: Content) -> Callable[[], object]:
    """Every text a paragraph, every list of rows a table, as ReportLab's guide has it."""

    def build() -> bytes:
        target = BytesIO()
        SimpleDocTemplate(target, pagesize=A4).build(list(_story(content)))
        return target.getvalue()

    return build


def _story(value: Any) -> list[Flowable]:
    if isinstance(value, str):
        return [Paragraph(escape(value), _styles()[0]), Spacer(1, 6)]
    if isinstance(value, list) and value and isinstance(value[0], list):
        rows = [[Paragraph(escape(text), _styles()[1]) for text in row] for row in value]
        return [Table(rows, repeatRows=1, style=[("GRID", (0, 0), (-1, -1), 0.6, "black")])]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [flowable for part in parts for flowable in _story(part)]


# --- in processes of their own -----------------------------------------------------------------

OURS = """
import sys
from bench import letter_samples
from portal.letters import pdf
pdf.render(*letter_samples.LETTERS[sys.argv[1]]())
"""
WEASYPRINT = """
import sys, weasyprint
weasyprint.HTML(string=sys.stdin.read(), base_url=sys.argv[1]).write_pdf()
"""
# Not `ru_maxrss`: that one begins with what the measuring process itself takes.
TOLD = """
import time
from pathlib import Path
told = Path("/proc/self/status").read_text()
print(time.process_time() * 1000, int(told.split("VmHWM:")[1].split()[0]) / 1024)
"""


def _alone(code: str, argument: str, typed: str = "") -> tuple[float, float]:
    """Processor milliseconds and megabytes of a process that runs `code`, from its start."""
    command = [sys.executable, "-c", code + TOLD, argument]
    done = subprocess.run(command, input=typed, capture_output=True, text=True, check=True)
    took, used = map(float, done.stdout.split())
    return round(took), round(used, 1)


def _memory() -> Result:
    used = _alone(OURS, "laporan")[1]
    return Result("memory_laporan", used, round(used / 150, 3), "MB", 1400, "the mark of 150 MB")


def _cold() -> Result:
    """From the start of a process to its first letter."""
    html, sheet = _for_weasyprint(*LETTERS["order"]())
    page = html.replace("</head>", f"<style>{sheet}</style></head>")
    mine, theirs = _alone(OURS, "order")[0], _alone(WEASYPRINT, f"{FONTS}/", page)[0]
    return Result("cold_surat_perintah", mine, round(mine / theirs, 3), "ms", 1, WEASY)


def _throughput() -> Result:
    """Letters a second from two processes, asked by four threads."""
    content = order()
    press.start(PROCESSES)
    with ThreadPoolExecutor(4) as asking:
        work = list(asking.map(press.render, repeat("surat_perintah", 8), repeat(content)))
        begun = time.perf_counter()
        work = list(asking.map(press.render, repeat("surat_perintah", MANY), repeat(content)))
        taken = time.perf_counter() - begun
    press.start(0)
    reached = round(len(work) / taken, 1)
    return Result("letters_per_second", reached, round(50 / reached, 3), "/s", 1, "the mark of 50")
