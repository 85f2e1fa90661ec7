"""What a surat rujukan says: which service a partner is asked for, and the least about for whom.

The partner learns initials, sex and whether it is a child, and whom to ask at the office; what the
victim asked to keep back takes all of that but the initials. No story, no address, no number: the
victim is reached through the office. Nothing without consent or a recorded legal basis.
"""

from sqlalchemy.orm import Session

from models import LetterKind, Officer, Referral, ReferralState, Role, Victim
from portal.indonesia.dates import is_child, long_date
from portal.letters import LetterError, naming, office, sharing
from portal.letters.entry import About, Content, Entry
from portal.letters.gaps import Gap
from portal.letters.kinds import INITIALS
from portal.letters.office import Labels
from portal.letters.said import Said, lines, texts
from portal.letters.signatories import Signer, signer, today, unsigned
from portal.wording import _, speaking

KIND = LetterKind.surat_rujukan
ISSUERS = frozenset({Role.supervisor, Role.konselor, Role.pendamping})
OPEN = (ReferralState.diajukan, ReferralState.diterima)


def content(session: Session, referral: Referral, actor: Officer) -> Content:
    """The letter but for number and date, which `register.issue` adds.

    Raises LetterError where nothing may be shared, or nobody active signs.
    """
    if why := sharing.refusal(referral):
        raise LetterError(why)
    said, labels = texts(session, KIND), Labels(session)
    service = labels("jenis_pelayanan", referral.service)
    with speaking("id"):
        return office.common(said) | {
            "subject": f"Rujukan Layanan {service}",
            "enclosure": "1 (satu) lembar balasan",
            "addressee": office.partner(referral.partner),
            "opening": said["opening"],
            "victim": _victim(referral, labels, said),
            "request": [
                ["Layanan", service],
                ["Tujuan rujukan", referral.purpose or "-"],
                ["Dasar", _ground(referral, labels)],
                ["Kasus", f"Nomor {referral.case.number}"],
                ["Narahubung", _contact(referral.officer)],
            ],
            "closing": said["closing"],
            "signatory": signing(session, referral, actor).printed(),
            "copy_to": lines(said["copies"]),
        }


def signing(session: Session, referral: Referral, actor: Officer) -> Signer:
    """Who signs: who the list names today, else the head, else whoever issues it."""
    head = office.head(session, referral.case)
    return signer(session, KIND, referral.case, head or actor, today(session))


def _victim(referral: Referral, labels: Labels, said: Said) -> list[list[str]]:
    victim = referral.victim
    if sharing.withheld(victim):
        return [["Nama", office.victim_name(victim, {**said, "names": INITIALS})]]
    sex = labels("sex", victim.person.sex)
    return [
        ["Nama", office.victim_name(victim, said)],
        ["Jenis kelamin", sex],
        ["Kelompok usia", _age_group(victim)],
    ]


def _age_group(victim: Victim) -> str:
    years = victim.age_at_incident
    if years is None:
        return "tidak diketahui"
    return "Anak (di bawah 18 tahun)" if is_child(years) else "Dewasa"


def _ground(referral: Referral, labels: Labels) -> str:
    consent = referral.consent
    if referral.legal_basis or consent is None or consent.given_on is None:
        basis = referral.legal_basis or (consent.legal_basis if consent else None)
        return labels("legal_basis", basis)
    return f"Persetujuan tanggal {long_date(consent.given_on)}"


def _contact(officer: Officer) -> str:
    return ", ".join(part for part in (officer.name, officer.position) if part)


def missing(session: Session, referral: Referral, actor: Officer) -> list[Gap]:
    """What stands in the way of the letter, a sentence each, nobody named."""
    here = ("referral", "edit", referral.id)
    named = naming.identifies(referral.purpose, naming.people_of(referral.case))
    absent = {
        Gap(_("Rujukan ini sudah ditolak atau selesai."), *here): referral.state not in OPEN,
        Gap(_("Tujuan rujukan belum ditulis."), *here): not (referral.purpose or "").strip(),
        Gap(
            _("Tujuan rujukan menyebut nama, nomor, atau alamat. Tuliskan tanpa itu."), *here
        ): named,
        Gap(
            _("Lembaga ini tidak aktif lagi."),
            *("partner_institution", "edit", referral.partner_id),
        ): not referral.partner.active,
    }
    gaps = [gap for gap, is_absent in absent.items() if is_absent]
    if why := sharing.refusal(referral):
        gaps.insert(0, Gap(why, *here))
    return gaps + unsigned(lambda: signing(session, referral, actor))


ENTRY = Entry(KIND, Referral, content, missing, lambda one: About(one.case), ISSUERS)
