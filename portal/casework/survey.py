"""The satisfaction survey (PermenPANRB 14/2017): nine elements, each from 1 to 4, and their index.

It waits at `/lacak` when the work is over and is sent to nobody. An answer keeps the month, the
channel of the report and the scores; of the report is kept only that it was asked, by the year.
Nothing leads from one to the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CaseStatus, Report, ReportStatus, SurveyAnswer
from portal.access import scope
from portal.indonesia import dates
from portal.wording import lazy as _l

BEST, SKIPPED = 4, 0
STEP = 25  # an index of 1 to 4 as one of 25 to 100
FEWEST = 5  # answers, below which the figure of an element would be about persons
FEW = 30  # answers, below which an index says little
PLACES = Decimal("0.01")
# Mutu pelayanan by the lowest value it begins with (appendix of the regulation).
BOUNDS = (
    (Decimal("88.31"), "A"),
    (Decimal("76.61"), "B"),
    (Decimal("65.00"), "C"),
    (Decimal("25.00"), "D"),
)
QUALITY = {
    "A": _l("Sangat baik"),
    "B": _l("Baik"),
    "C": _l("Kurang baik"),
    "D": _l("Tidak baik"),
}
OVER_CASE = frozenset({CaseStatus.closed, CaseStatus.rejected, CaseStatus.referred})
OVER_REPORT = frozenset({ReportStatus.referred, ReportStatus.information})


@dataclass(frozen=True, slots=True)
class Element:
    """One of the nine: its code, its name in the regulation, what is asked, the four answers."""

    code: str
    name: Any
    question: Any
    answers: tuple[Any, Any, Any, Any]


ELEMENTS: tuple[Element, ...] = (
    Element(
        "persyaratan",
        _l("Persyaratan"),
        _l("Apakah syarat layanan kami sesuai dengan yang Anda butuhkan?"),
        (_l("Tidak sesuai"), _l("Kurang sesuai"), _l("Sesuai"), _l("Sangat sesuai")),
    ),
    Element(
        "prosedur",
        _l("Sistem, mekanisme, dan prosedur"),
        _l("Apakah langkah layanan kami mudah diikuti?"),
        (_l("Tidak mudah"), _l("Kurang mudah"), _l("Mudah"), _l("Sangat mudah")),
    ),
    Element(
        "waktu",
        _l("Waktu penyelesaian"),
        _l("Apakah kami cepat membantu?"),
        (_l("Tidak cepat"), _l("Kurang cepat"), _l("Cepat"), _l("Sangat cepat")),
    ),
    Element(
        "biaya",
        _l("Biaya/tarif"),
        _l("Apakah Anda harus membayar? Layanan kami tidak dipungut biaya."),
        (_l("Sangat mahal"), _l("Cukup mahal"), _l("Murah"), _l("Gratis")),
    ),
    Element(
        "produk",
        _l("Produk spesifikasi jenis pelayanan"),
        _l("Apakah bantuan yang diterima sesuai dengan yang dijanjikan?"),
        (_l("Tidak sesuai"), _l("Kurang sesuai"), _l("Sesuai"), _l("Sangat sesuai")),
    ),
    Element(
        "kompetensi",
        _l("Kompetensi pelaksana"),
        _l("Apakah petugas kami mampu membantu?"),
        (_l("Tidak mampu"), _l("Kurang mampu"), _l("Mampu"), _l("Sangat mampu")),
    ),
    Element(
        "perilaku",
        _l("Perilaku pelaksana"),
        _l("Apakah petugas kami sopan dan ramah?"),
        (
            _l("Tidak sopan dan ramah"),
            _l("Kurang sopan dan ramah"),
            _l("Sopan dan ramah"),
            _l("Sangat sopan dan ramah"),
        ),
    ),
    Element(
        "pengaduan",
        _l("Penanganan pengaduan, saran, dan masukan"),
        _l("Apakah keluhan tentang layanan kami ditangani?"),
        (
            _l("Tidak ada"),
            _l("Ada, tetapi tidak berfungsi"),
            _l("Berfungsi, kurang maksimal"),
            _l("Dikelola dengan baik"),
        ),
    ),
    Element(
        "sarana",
        _l("Sarana dan prasarana"),
        _l("Bagaimana tempat dan sarana layanan kami, termasuk halaman ini?"),
        (_l("Buruk"), _l("Cukup"), _l("Baik"), _l("Sangat baik")),
    ),
)

# --- asking ---------------------------------------------------------------------------------------


def is_asked(report: Report) -> bool:
    """Whether this report's work is over and nobody was asked yet."""
    over = report.status in OVER_REPORT
    if report.case is not None:
        over = report.case.status in OVER_CASE
    return over and report.surveyed_at is None and report.erased_at is None


def asks(session: Session, report_id: int) -> bool:
    """As `is_asked`, by key."""
    report = session.scalar(select(Report).where(Report.id == report_id))
    return report is not None and is_asked(report)


def read(given: Mapping[str, str]) -> list[int]:
    """The nine scores of a form: 1 to 4, 0 where nothing (or nonsense) was chosen."""
    possible = {str(score): score for score in range(1, BEST + 1)}
    return [possible.get(given.get(one.code, ""), SKIPPED) for one in ELEMENTS]


def answer(session: Session, report_id: int, scores: Sequence[int], now: datetime) -> bool:
    """Keep an opinion once, with nothing that leads back; False when it was given before."""
    locked = select(Report).where(Report.id == report_id).with_for_update()
    report = session.scalar(locked.execution_options(populate_existing=True))
    if report is None or not is_asked(report):
        return False
    day = dates.local_date(now)
    report.surveyed_at = dates.start_of_day_utc(date(day.year, 1, 1))
    session.add(
        SurveyAnswer(
            year=day.year, month=day.month, channel=report.channel.value, scores=list(scores)
        )
    )
    session.flush()
    return True


# --- the index ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """What was said of one element: how many answered, the mean (1 to 4), its index and mutu.

    Without a mean where too few have answered.
    """

    name: Any
    answers: int
    mean: Decimal | None = None
    index: Decimal | None = None
    quality: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """The index of a period (Indeks Kepuasan Masyarakat); none where an element has none."""

    answers: int
    figures: tuple[Figure, ...]
    value: Decimal | None = None
    quality: str = ""

    @property
    def few(self) -> bool:
        """Whether so few have answered that the index says little."""
        return self.answers < FEW


def index(session: Session, year: int, months: range) -> Index:
    """The index of the answers of these months of `year`."""
    wanted = select(SurveyAnswer.scores).where(
        SurveyAnswer.year == year, SurveyAnswer.month.in_(list(months))
    )
    with scope.system(session):
        return of_scores(session.scalars(wanted).all())


def of_scores(rows: Sequence[Sequence[int]]) -> Index:
    """The mean of each element, weighed alike (1/9 each), times 25."""
    columns = [[row[at] for row in rows if row[at] != SKIPPED] for at in range(len(ELEMENTS))]
    figures = tuple(_figure(one.name, given) for one, given in zip(ELEMENTS, columns, strict=True))
    if any(len(given) < FEWEST for given in columns):
        return Index(len(rows), figures)
    means = [Decimal(sum(given)) / len(given) for given in columns]
    value = _rounded(sum(means, Decimal()) / len(means) * STEP)
    return Index(len(rows), figures, value, quality(value))


def _figure(name: Any, given: Sequence[int]) -> Figure:
    if len(given) < FEWEST:
        return Figure(name, len(given))
    mean = Decimal(sum(given)) / len(given)
    converted = _rounded(mean * STEP)
    return Figure(name, len(given), _rounded(mean), converted, quality(converted))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_UP)


def quality(value: Decimal) -> str:
    """Mutu pelayanan of an index from 25 to 100: A, B, C or D."""
    return next((letter for lowest, letter in BOUNDS if value >= lowest), "D")


def years(session: Session) -> list[int]:
    """The years with answers, the newest first."""
    with scope.system(session):
        found = session.scalars(select(SurveyAnswer.year).distinct())
        return sorted(found, reverse=True)
