"""What must hold before a generated form is stored, beyond what each field and the tables say.

By table: functions of the row as it would be, the officer, and whether it is new,
which answer with sentences by field.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import inspect, select

import models as m
from portal import labels
from portal.access import gate, scope
from portal.casework import (
    consents,
    duties,
    handing_over,
    holds,
    invitations,
    retention,
    timing,
)
from portal.casework.people import age_at
from portal.casework.services import intervention_faults, referral_faults
from portal.db import db
from portal.indonesia import dates, nik
from portal.letters import setting_rules, signatory_rules
from portal.screens import invitation_acts, sight, titles
from portal.wording import _

Faults = dict[str, str]
Rule = Callable[[Any, m.Officer | None, bool], Faults]


class Faulty(Exception):
    """A row that may not be stored; `faults` say why, by field ("" for the whole form)."""

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self.faults = faults


def check(row: Any, officer: m.Officer | None, created: bool) -> None:
    """Raises Faulty where a rule of the row's table is broken."""
    if _is_erased(row):
        raise Faulty({"": _("Data ini sudah dihapus sesuai masa simpannya.")})
    for rule in RULES.get(type(row), ()):
        if faults := rule(row, officer, created):
            raise Faulty(faults)


def _is_erased(row: Any) -> bool:
    """Whether the row, or what it would belong to, is only a skeleton: nothing is added to it."""
    owners = (row, *(getattr(row, name, None) for name in ("case", "report", "person")))
    return any(getattr(one, "erased_at", None) is not None for one in owners)


CLOSED = {*labels.LISTS.values(), "identification_outcome", "daftar_kode"}


def _known_to_the_rules(row: m.CodeItem, officer: m.Officer | None, created: bool) -> Faults:
    """Codes on which rules depend are labelled here, not invented or switched off."""
    if row.list_name not in CLOSED:
        return {}
    if created:
        return {"list_name": _("Daftar ini dipakai aturan portal: kodenya tidak dapat ditambah.")}
    if not row.active:
        return {"active": _("Kode ini dipakai aturan portal dan tidak dapat dinonaktifkan.")}
    return {}


def _of_that_case(row: Any, officer: m.Officer | None, created: bool) -> Faults:
    if row.case is None and row.report is None:
        return {"case": _("Pilih kasusnya.")}
    return {}


def _aged(row: m.Victim, officer: m.Officer | None, created: bool) -> Faults:
    set_age(row, row.case or row.report)
    return {}


def set_age(victim: m.Victim, holder: m.Case | m.Report | None) -> None:
    """Age at the date of the incident (SIMFONI), where nobody wrote it and it can be known."""
    if victim.age_at_incident is None and holder is not None:
        victim.age_at_incident = age_at(victim.person, holder.incident_date, dates.today())


def _grounded(row: m.Consent, officer: m.Officer | None, created: bool) -> Faults:
    if row.given_on is None and not row.legal_basis:
        return {"given_on": _("Isi tanggal persetujuan, atau dasar hukum tanpa persetujuan.")}
    return {}


def _not_taken_back(row: m.Consent, officer: m.Officer | None, created: bool) -> Faults:
    """What was withdrawn never comes to hold again by an edit (UU 27/2022 art. 9)."""
    again = [consents.FLAGS[one] for one in row.withdrawn or () if one in consents.held(row)]
    told = _("Ini sudah dicabut. Bila setuju lagi, catat persetujuan baru.")
    return {again[0]: told} if again else {}


def _unrestricted(row: m.Referral, officer: m.Officer | None, created: bool) -> Faults:
    """Whoever asked for a halt is not passed on (UU 27/2022 art. 41)."""
    if row.state in consents.OPEN_REFERRALS and holds.restricted(db.session(), row.victim.person):
        return {"victim": _("Pemrosesan data korban ini sedang dibatasi atas permohonannya.")}
    return {}


def _readable(row: m.Setting, officer: m.Officer | None, created: bool) -> Faults:
    """Hours, channels and limits of the clock, and what letters say, make sense or are not kept."""
    of_letters = setting_rules.faults(db.session(), {row.key: row.value or ""})
    fault = timing.faults(row.key, row.value) or of_letters.get(row.key)
    return {"value": fault} if fault else {}


def _held(row: m.LegalHold, officer: m.Officer | None, created: bool) -> Faults:
    return holds.faults(row)


def _years(row: m.RetentionClass, officer: m.Officer | None, created: bool) -> Faults:
    """Records of the class are dated, and announced, anew."""
    retention.undate(db.session(), row.code)
    return {}


def _only_one(row: m.SafeContact, officer: m.Officer | None, created: bool) -> Faults:
    """Everybody is reached in one way; a second one would push the first aside."""
    wanted = select(m.SafeContact.id).where(m.SafeContact.person_id == row.person.id)
    if created and db.session.scalar(wanted) is not None:
        return {"person": _("Kontak aman orang ini sudah ada; ubahlah yang ada.")}
    return {}


def _window(row: m.SafeContact, officer: m.Officer | None, created: bool) -> Faults:
    if (row.from_time is None) != (row.until_time is None):
        return {"until_time": _("Isi kedua jamnya, atau kosongkan keduanya.")}
    return {}


def _service(row: m.Intervention, officer: m.Officer | None, created: bool) -> Faults:
    return intervention_faults(row, gate.kept_out(db.session(), row.case))


def _named_for_good(row: m.Intervention, officer: m.Officer | None, created: bool) -> Faults:
    """Whoever gives a service meets the case as long as it lasts: not to be had by an emergency
    access, which is over in some hours."""
    state = inspect(row)
    revived = m.InterventionState.cancelled in (state.attrs.state.history.deleted or ())
    named = row.officer is not None and (state.attrs.officer.history.has_changes() or revived)
    if officer is None or not named or scope.keeps(db.session(), officer, row.case):
        return {}
    return {"officer": _("Dengan akses darurat tidak ada petugas yang dapat ditunjuk.")}


RULES: dict[type[Any], tuple[Rule, ...]] = {
    m.CodeItem: (_known_to_the_rules,),
    m.Victim: (_of_that_case, _aged),
    m.Suspect: (_of_that_case,),
    m.Consent: (_grounded, _not_taken_back),
    m.SafeContact: (_only_one, _window),
    m.Intervention: (_service, _named_for_good),
    m.Referral: (lambda row, officer, created: referral_faults(row), _unrestricted),
    m.Invitation: (invitation_acts.faults,),
    m.LegalHold: (_held,),
    m.Setting: (_readable,),
    m.Duty: (lambda row, officer, created: duties.faults(db.session(), row),),
    m.Signatory: (lambda row, officer, created: signatory_rules.faults(db.session(), row),),
    m.HandOver: (lambda row, officer, created: handing_over.faults(row, officer),),
    m.RetentionClass: (_years,),
}


# --- odd, but allowed -------------------------------------------------------------------------


def warnings(row: Any) -> list[str]:
    """What somebody should look at again; it never stands in the way."""
    people = [row] if isinstance(row, m.Person) else PEOPLE_OF.get(type(row), _none)(row)
    minded = invitations.cautions(row) if isinstance(row, m.Invitation) else []
    return [*_of_rights(row), *consents.warnings(row), *minded] + [
        f"{titles.of(person)}: {sentence}"
        for person in people
        if person is not None and person.nik and sight.seen(m.Person, ["nik"])
        for sentence in nik.warnings(person.nik, person.birth_date, person.sex)
    ]


def _of_rights(row: Any) -> list[str]:
    """An erased row, or one whose person asked for a halt."""
    if getattr(row, "erased_at", None) is not None:
        when = dates.long_date(dates.local_date(row.erased_at))
        return [_("Data pribadi di sini sudah dihapus pada %(day)s.", day=when)]
    person = row if isinstance(row, m.Person) else getattr(row, "person", None)
    if isinstance(person, m.Person) and holds.restricted(db.session(), person):
        return [_("Pemrosesan data orang ini sedang dibatasi atas permohonannya.")]
    due = isinstance(row, m.Case | m.Report) and row.retain_until is not None
    if due and holds.blocking(db.session(), row):
        return [_("Tidak akan dihapus: ada penahanan atau permohonan yang belum selesai.")]
    return []


def _none(row: Any) -> list[m.Person | None]:
    return []


def _everybody(row: Any) -> list[m.Person | None]:
    return [one.person for one in (*row.victims, *row.suspects)]


PEOPLE_OF: dict[type[Any], Callable[[Any], list[m.Person | None]]] = {
    m.Victim: lambda row: [row.person],
    m.Suspect: lambda row: [row.person],
    m.Reporter: lambda row: [row.person],
    m.Case: _everybody,
    m.Report: _everybody,
}
