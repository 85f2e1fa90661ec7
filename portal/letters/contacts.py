"""The contacts after termination as rows of tables: the plan, and later the results."""

from collections.abc import Iterable, Sequence
from datetime import date

from models import Monitoring, MonitoringState, Victim
from portal.indonesia.terbilang import terbilang
from portal.letters.gaps import Gap
from portal.letters.office import Labels, day, victim_name
from portal.letters.said import Said
from portal.wording import _

# A victim, which of the three contacts, and when it is due.
Plan = Iterable[tuple[Victim, int, date]]

CONTACTS = 3
RECURRED = {True: "Ya", False: "Tidak", None: "-"}
NOT_AGAIN = "Tidak ada kekerasan berulang yang tercatat."


def plan_rows(plan: Plan, said: Said) -> list[list[str]]:
    """Rows `[no., victim, first, second, third date]`."""
    dates: dict[Victim, dict[int, date]] = {}
    for victim, sequence, due in plan:
        dates.setdefault(victim, {})[sequence] = due
    return [
        [f"{number}.", victim_name(victim, said), *(day(due.get(n + 1)) for n in range(CONTACTS))]
        for number, (victim, due) in enumerate(dates.items(), 1)
    ]


def result_rows(
    contacts: Sequence[Monitoring], labels: Labels, said: Said
) -> list[dict[str, object]]:
    """For each victim `{"name", "visits"}`; a visit is `[no., due, done, method, wellbeing,
    safety, needs and notes or the reason of an excuse, recurrence]`."""
    return [
        {
            "name": victim_name(victim, said),
            "visits": [_visit(one, labels) for one in _of(victim, contacts)],
        }
        for victim in _victims(contacts)
    ]


def _of(victim: Victim, contacts: Sequence[Monitoring]) -> list[Monitoring]:
    return sorted((one for one in contacts if one.victim is victim), key=lambda one: one.sequence)


def _visit(one: Monitoring, labels: Labels) -> list[str]:
    due = [str(one.sequence), day(one.due_on)]
    if one.state is not MonitoringState.done:
        return [*due, "-", "-", "-", "-", _excuse(one), "-"]
    return [
        *due,
        day(one.done_on),
        labels("monitoring_method", one.method),
        labels("wellbeing", one.wellbeing),
        labels("safety", one.safety.value if one.safety else None),
        "\n".join(part for part in (one.needs, one.notes) if part) or "-",
        RECURRED[one.recurrence],
    ]


def _excuse(one: Monitoring) -> str:
    if one.state is MonitoringState.excused:
        return f"Dikecualikan: {one.excuse_reason}"
    return "Dibatalkan" if one.state is MonitoringState.cancelled else "Belum dilaksanakan"


def conclusion(contacts: Sequence[Monitoring], case_number: str) -> str:
    """What the results add up to, a paragraph a line."""
    done = [one for one in contacts if one.state is MonitoringState.done]
    excused = sum(one.state is MonitoringState.excused for one in contacts)
    again = sum(one.recurrence is True for one in done)
    found = f"Kekerasan berulang tercatat pada {_count(again)} kontak." if again else NOT_AGAIN
    return (
        f"{_counted(len(contacts), len(done), excused)} {found}\n"
        f"Dengan demikian kasus Nomor {case_number} dinyatakan selesai."
    )


def _counted(planned: int, done: int, excused: int) -> str:
    if not excused and done == planned:
        return f"Seluruh {_count(planned)} kontak pemantauan dilaksanakan."
    return (
        f"Dari {_count(planned)} kontak pemantauan, {_count(done)} dilaksanakan dan "
        f"{_count(excused)} dikecualikan dengan alasan."
    )


def _count(number: int) -> str:
    return f"{number} ({terbilang(number)})"


def missing(contacts: Sequence[Monitoring]) -> list[Gap]:
    """A sentence for each contact that is neither done nor excused; nobody's name in it."""
    if not contacts:
        return [Gap(_("Jadwal monitoring belum ada."))]
    places = {victim: place for place, victim in enumerate(_victims(contacts), 1)}
    return [
        Gap(
            _(
                "Hasil monitoring ke-%(n)s untuk korban ke-%(victim)s belum ada.",
                n=one.sequence,
                victim=places[one.victim],
            ),
            *("monitoring", "view", one.id),
        )
        for one in contacts
        if one.state is MonitoringState.scheduled
    ]


def _victims(contacts: Sequence[Monitoring]) -> list[Victim]:
    return list(dict.fromkeys(one.victim for one in contacts))
