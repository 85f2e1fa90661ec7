"""The harmed of the cases of a month as figures, and these cases a row each: no name in either."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session

from models import Case, Person, Region, Report, Victim
from portal import labels
from portal.casework import consents
from portal.casework.tallies import crossed, of_codes
from portal.indonesia.dates import age_group, is_child, local_date
from portal.letters.laporan_bulanan import Tally
from portal.letters.office import Labels, day

AT_ONCE = 500
DISTRICT = len("35.73.01")
UNKNOWN, OUTSIDE = "tidak_diketahui", "luar_kota"
AGES = {"anak": "Anak (0-17 tahun)", "dewasa": "Dewasa (18+)", UNKNOWN: "Usia tidak diketahui"}
SHORT = {"laki_laki": "L", "perempuan": "P"}
SEXES = {"laki_laki": "Laki-laki", "perempuan": "Perempuan", UNKNOWN: "Tidak diketahui"}
BOTH: dict[Any, str] = {
    ("anak", "laki_laki"): "Anak laki-laki",
    ("anak", "perempuan"): "Anak perempuan",
    ("dewasa", "laki_laki"): "Laki-laki dewasa",
    ("dewasa", "perempuan"): "Perempuan dewasa",
    UNKNOWN: "Tidak diketahui",
}
COUNTED = {"kasus": "Kasus", "korban": "Korban"}


class Harmed:
    """The victims of the cases for which `opened` holds, and these cases.

    `tallies` are the tables of the report, `cases` the rows of its annexe.
    """

    def __init__(self, session: Session, opened: ColumnElement[bool], said: Labels) -> None:
        self.said = said
        self.people: Counter[Any] = Counter()
        self.groups: Counter[Any] = Counter()
        self.kinds: Counter[Any] = Counter()
        self.places: Counter[Any] = Counter()
        self.known: dict[int, list[tuple[int | None, str]]] = defaultdict(list)
        self.districts = dict(session.execute(_districts()).all()) | {
            OUTSIDE: "Di luar Kota Malang",
            UNKNOWN: "Tidak diketahui",
        }
        for row in _victims(session, opened):
            self._count(row)
        self.cases = [self._case(row) for row in _cases(session, opened)]
        self.tallies = self._tallies(_silent(session, opened))

    def _count(self, row: Any) -> None:
        group, sex = _age(row.age_at_incident), row.sex if row.sex in SEXES else UNKNOWN
        who = (group, sex) if (group, sex) in BOTH else UNKNOWN
        self.people[group, sex] += 1
        self.groups[age_group(row.age_at_incident), sex] += 1
        self.places[_district(row), "korban"] += 1
        self.known[row.case_id].append((row.age_at_incident, row.sex))
        for kind in row.own or row.violence_kinds or [UNKNOWN]:
            self.kinds[kind, who] += 1

    def _case(self, row: Any) -> list[str]:
        self.places[_district(row), "kasus"] += 1
        known = self.known.get(row.id, [])
        ages = dict.fromkeys(self._years(age) for age, _sex in known)
        sexes = dict.fromkeys(SHORT.get(sex, "?") for _age, sex in known)
        kinds = (self.said("bentuk_kekerasan", kind) for kind in row.violence_kinds)
        return [
            day(local_date(row.opened_at)),
            self.said("channel", row.channel.value if row.channel else None),
            "; ".join(kind.removeprefix("Kekerasan ").lower() for kind in kinds) or "-",
            self.districts.get(_district(row), "-"),
            ", ".join(ages) or "-",
            ", ".join(sexes) or "-",
            labels.label(row.status).partition(",")[0],
        ]

    def _years(self, age: int | None) -> str:
        """The group of an age as narrow columns show it: `18–24`."""
        if age is None:
            return "?"
        label = self.said("age_group", age_group(age))
        return label.replace(" tahun ke atas", "+").replace(" tahun", "")

    def _tallies(self, silent: int) -> list[Tally]:
        kinds = of_codes(self.said, "bentuk_kekerasan", self.kinds)
        groups = of_codes(self.said, "age_group", self.groups)
        unit, by_age = "korban dari kasus yang dibuka bulan ini", "Usia saat kejadian"
        kinds_unit = "bentuk; seorang korban dapat mengalami lebih dari satu"
        places_unit = "kasus yang dibuka bulan ini, dan korbannya"
        left_out = [f"{silent} korban tidak dihitung karena tidak menyetujuinya."] if silent else []
        return [
            crossed("Korban anak dan dewasa", unit, by_age, AGES, SEXES, self.people, left_out),
            crossed("Korban menurut kelompok usia", unit, by_age, groups, SEXES, self.groups),
            crossed("Bentuk kekerasan", kinds_unit, "Bentuk", kinds, BOTH, self.kinds),
            crossed(
                "Wilayah kejadian",
                places_unit,
                "Kecamatan",
                self.districts,
                COUNTED,
                self.places,
                summed=False,
            ),
        ]


def _victims(session: Session, opened: ColumnElement[bool]) -> Iterator[Any]:
    """Those who may be counted, a few hundred at a time."""
    wanted = (
        select(
            *(Victim.case_id, Victim.age_at_incident, Person.sex),
            *(Victim.violence_kinds.label("own"), Case.violence_kinds),
            *(Case.region_code, Case.outside_city),
        )
        .join(Person, Victim.person_id == Person.id)
        .join(Case, Victim.case_id == Case.id)
        .where(opened, consents.counted_condition())
        .order_by(Victim.id)
    )
    yield from session.execute(wanted, execution_options={"yield_per": AT_ONCE})


def _silent(session: Session, opened: ColumnElement[bool]) -> int:
    """How many said no to statistics."""
    joined = select(func.count(Victim.id)).join(Case, Victim.case_id == Case.id)
    return session.scalar(joined.where(opened, not_(consents.counted_condition()))) or 0


def _cases(session: Session, opened: ColumnElement[bool]) -> Iterator[Any]:
    channel = (
        select(Report.channel)
        .where(Report.case_id == Case.id)
        .order_by(Report.received_at, Report.id)
        .limit(1)
        .scalar_subquery()
    )
    wanted = (
        select(
            *(Case.id, Case.opened_at, channel.label("channel"), Case.status),
            *(Case.violence_kinds, Case.region_code, Case.outside_city),
        )
        .where(opened)
        .order_by(Case.opened_at, Case.id)
    )
    yield from session.execute(wanted, execution_options={"yield_per": AT_ONCE})


def _districts() -> Any:
    districts = select(Region.code, Region.name).where(Region.level == "kecamatan")
    return districts.order_by(Region.code)


def _age(years: int | None) -> str:
    if years is None:
        return UNKNOWN
    return "anak" if is_child(years) else "dewasa"


def _district(row: Any) -> str:
    """The kecamatan a case happened in: its own code, or that of the kelurahan's."""
    if row.outside_city:
        return OUTSIDE
    code = row.region_code or ""
    return code[:DISTRICT] if len(code) >= DISTRICT else UNKNOWN
