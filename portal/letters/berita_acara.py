"""What a berita acara penjangkauan says: who met whom where on which order, and what was found."""

from typing import Any

from sqlalchemy.orm import Session

from models import LetterKind, LetterState, Officer, Order, Outreach, OutreachState
from portal.access.permissions import FIELD, SUPERVISORS
from portal.indonesia.dates import date_in_words, long_date, short_date
from portal.letters import LetterError, forms, office
from portal.letters.entry import About, Entry
from portal.letters.forms import YES_NO, Row, asked
from portal.letters.gaps import Gap
from portal.letters.office import Labels
from portal.letters.said import Said, lines, texts
from portal.wording import _, speaking

KIND = LetterKind.berita_acara
WITNESS = "Saksi/pihak yang dikunjungi"


def content(session: Session, visit: Outreach, actor: Officer) -> dict[str, Any]:
    """The letter's content but for number and date, which `register.issue` adds.

    Raises LetterError while `visit` is not reported, or where its order has no letter.
    """
    if missing(session, visit, actor):
        raise LetterError(_("Penjangkauan ini belum lengkap."))
    said, labels, case = texts(session, KIND), Labels(session), visit.case
    went = _went(visit)
    with speaking("id"):
        signs = forms.hand(session, case, actor, *went)
        return office.common(said) | {
            "title": "Berita acara penjangkauan",
            "opening": said["opening"],
            "lead": _lead(visit),
            "officers": [office.officer(one) for one in went],
            "ground": _ground(visit),
            "victims": _victims(visit, said),
            "assessment": visit.assessment,
            "needs": _needs(visit, labels),
            "plan": visit.plan or "",
            "closing": said["closing"],
            "copy_to": lines(said["copies"]),
            "signatory": forms.signatory(signs),
            "left": _other_side(went, signs),
            "right": forms.side("Petugas penjangkau", signs),
        }


def missing(session: Session, visit: Outreach, actor: Officer) -> list[Gap]:
    """What the berita acara lacks: a reported visit, its day, and a valid order."""
    case = visit.case
    reported = visit.state is OutreachState.reported
    absent = {
        Gap(_("Hasil penjangkauan belum dilaporkan."), "case", "view", case.id): not reported,
        Gap(_("Tanggal penjangkauan belum dicatat."), "outreach", "view", visit.id): reported
        and visit.visited_on is None,
        Gap(_("Surat perintah yang berlaku belum ada."), "case", "view", case.id): not _in_force(
            visit.order
        ),
    }
    return forms.erased(case) or [gap for gap, is_absent in absent.items() if is_absent]


def _in_force(order: Order) -> bool:
    return order.letter is not None and order.letter.state is LetterState.valid


def _went(visit: Outreach) -> list[Officer]:
    """Who reported comes first, then the others of the order."""
    sent = [one.officer for one in visit.order.assignments]
    return list(dict.fromkeys([*filter(None, [visit.officer]), *sent]))


def _lead(visit: Outreach) -> str:
    day = visit.visited_on
    if day is None:
        return ""
    place = " ".join((visit.place or visit.order.place).split())
    return (
        f"Pada hari ini, {date_in_words(day)} ({short_date(day)}), bertempat di {place}, "
        "kami yang bertugas:"
    )


def _ground(visit: Outreach) -> str:
    letter = visit.order.letter
    on = f"{letter.printed} tanggal {long_date(letter.dated)}" if letter else "-"
    return (
        f"berdasarkan Surat Perintah Nomor {on} telah melaksanakan penjangkauan korban dalam "
        f"kasus Nomor {visit.case.number}, dengan hasil sebagai berikut."
    )


def _victims(visit: Outreach, said: Said) -> list[Row]:
    names = [office.victim_name(one, said) for one in visit.case.victims]
    return [
        asked("Nama", forms.counted(names)),
        ["Ditemui", YES_NO[visit.victim_met]],
    ]


def _needs(visit: Outreach, labels: Labels) -> list[Row]:
    needs = [labels("kebutuhan", one) for one in dict.fromkeys(visit.needs or ())]
    return [
        asked("Tingkat risiko", labels("risk", visit.risk.value) if visit.risk else ""),
        ["Kebutuhan", forms.counted(needs) or "tidak ada yang dicatat"],
    ]


def _other_side(went: list[Officer], signs: Officer) -> dict[str, Any]:
    """Who went along signs beside; who went alone has a witness sign."""
    along = next((one for one in went if one is not signs), None)
    return forms.side("Petugas yang menyertai" if along else WITNESS, along)


def _about(visit: Outreach) -> About:
    return About(visit.case)


ENTRY = Entry(KIND, Outreach, content, missing, _about, SUPERVISORS | FIELD)
