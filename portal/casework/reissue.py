"""A lost receipt code is replaced: after the identity was checked, by a safe way, and on record.

Whoever asks may be the one the reporter fears. So an officer says how the identity was checked,
the new code is told to somebody who is present or by a way that the agreement on safe contact
allows (no written reason overrules it here), the old code and every visit opened with it end at
once, and it can be done a few times a day only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, object_session

from models import CaseEvent, ContactAttempt, Officer, Person, Report, Role
from portal.access import scope
from portal.casework import contact, receipts
from portal.casework.contact_words import CHANNELS
from portal.casework.lifecycle import Refused, lock
from portal.protection import audit
from portal.wording import _
from portal.wording import lazy as _l

EVENT = "code_reissued"
WHO = frozenset({Role.petugas, Role.supervisor, Role.konselor})
DAY, MOST_A_REPORT, MOST_AN_OFFICER = timedelta(hours=24), 3, 10
PRESENT = "hadir"
WAYS: Mapping[str, Any] = {
    PRESENT: _l("orangnya hadir di depan saya"),
    **{code: CHANNELS[code] for code in ("telepon", "whatsapp", "sms", "email")},
}


@dataclass(frozen=True, slots=True)
class Proof:
    """One way of checking who asks: what it is called, and the ways of telling it goes with."""

    label: Any
    ways: frozenset[str]
    needs_code_word: bool = False


PROOFS: dict[str, Proof] = {
    "kartu": Proof(
        _l("Bertatap muka, kartu identitas cocok dengan data pelapor"), frozenset({PRESENT})
    ),
    "kata_sandi": Proof(
        _l("Kata sandi percakapan disebut dengan benar"), frozenset(WAYS), needs_code_word=True
    ),
    "telepon_balik": Proof(
        _l("Ditelepon kembali ke nomor yang disepakati, lalu ditanya isi laporannya"),
        frozenset({"telepon"}),
    ),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """How the identity was checked, what was asked, and how the code will be told."""

    proof: str
    way: str
    note: str


@dataclass(frozen=True, slots=True)
class Issued:
    """The new code, shown now and stored nowhere; the permitted attempt to tell it, if any."""

    code: str
    attempt: ContactAttempt | None = None


def obstacles(report: Report, officer: Officer, now: datetime) -> list[str]:
    """Why this officer may not issue a new code for this report now, as sentences."""
    if not officer.active or officer.role not in WHO:
        return [_("Peran Anda tidak dapat melakukan tindakan ini.")]
    if report.erased_at is not None:
        return [_("Data ini sudah dihapus sesuai masa simpannya.")]
    if report.reporter is None:
        return [_("Pelapor tidak tercatat, sehingga identitasnya tidak dapat diperiksa.")]
    session = object_session(report)
    if session is None:
        return []
    a_report = _issued(session, now, CaseEvent.report_id == report.id)
    an_officer = _issued(session, now, CaseEvent.actor_id == officer.id)
    if a_report >= MOST_A_REPORT or an_officer >= MOST_AN_OFFICER:
        return [_("Terlalu sering dalam 24 jam terakhir. Coba lagi besok, atau minta supervisor.")]
    return []


def _issued(session: Session, now: datetime, which: Any) -> int:
    wanted = select(func.count()).where(CaseEvent.kind == EVENT, CaseEvent.at > now - DAY, which)
    with scope.system(session):
        return session.scalar(wanted) or 0


def faults(report: Report, claim: Claim) -> dict[str, str]:
    """What is wrong with a claim, by field."""
    proof = PROOFS[claim.proof]
    if claim.way not in proof.ways:
        return {"way": _("Cara memberitahukan ini tidak cocok dengan cara pemeriksaannya.")}
    agreed = _person(report).safe_contact
    if proof.needs_code_word and (agreed is None or not agreed.code_word):
        return {"proof": _("Kata sandi percakapan belum disepakati dengan pelapor ini.")}
    return {}


def issue(
    session: Session, report: Report, officer: Officer, claim: Claim, token: str, now: datetime
) -> Issued:
    """Replace the code of `report`; the same `token` again (a second click) gives the same code.

    Raises Refused, and contact.NotPermitted where the way was not agreed. The caller commits.
    """
    lock(session, report)
    code = receipts.code_for(token)
    if receipts.opens(report.receipt_hash, code):
        return Issued(code)
    if stops := [*obstacles(report, officer, now), *faults(report, claim).values()]:
        raise Refused(*stops)
    attempt = None
    if claim.way != PRESENT:
        attempt = contact.permit(session, _person(report), claim.way, officer, now, about=report)
    report.receipt_hash = receipts.code_hash(code)
    told = f"{PROOFS[claim.proof].label}. {claim.note}"
    session.add(CaseEvent(report=report, kind=EVENT, actor=officer, at=now, note=told))
    audit.record(session, EVENT, officer, report, proof=claim.proof, way=claim.way)
    session.flush()
    return Issued(code, attempt)


def _person(report: Report) -> Person:
    if report.reporter is None:
        raise Refused(_("Pelapor tidak tercatat, sehingga identitasnya tidak dapat diperiksa."))
    return report.reporter.person
