"""What the formulir penerimaan pengaduan says: a report as it was taken in, in the order in which
the blank form asks (`formulir_pendaftaran.html`)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from models import (
    Attachment,
    Consent,
    LetterKind,
    Officer,
    Person,
    Report,
    SafeContact,
    Suspect,
    Victim,
)
from portal.access.permissions import INTAKE
from portal.indonesia.dates import date_as_known, is_child, local_date, moment, short_date
from portal.letters import forms, office
from portal.letters.entry import About, Entry
from portal.letters.forms import YES_NO, Names, Row, asked, listed, present, told
from portal.letters.gaps import Gap
from portal.letters.office import UNKNOWN, Labels, region
from portal.letters.said import lines, texts
from portal.wording import _, speaking

KIND = LetterKind.formulir_penerimaan
CARDS = {"dilampirkan": "dilampirkan", "menyusul": "menyusul", "tidak_ada": "tidak ada"}
# The word itself stays where it is asked for: paper is copied.
CODE_WORD = "disepakati, tidak dicetak"


def content(session: Session, report: Report, actor: Officer) -> dict[str, Any]:
    """The form's content but for number and date, which `register.issue` adds."""
    said, labels = texts(session, KIND), Labels(session)
    names = Names.of(report, said)
    takes = forms.hand(session, report, actor, report.entered_by, report.owner)
    teller = report.reporter
    with speaking("id"):
        return office.common(said) | {
            "title": "Formulir penerimaan pengaduan",
            "opening": said["opening"],
            "intake": _intake(report, takes, labels),
            "reporter": _reporter(report, names, labels),
            "contact": _contact(teller.person if teller else None, names, labels),
            "victims": [_victim(one, names, labels) for one in report.victims],
            "danger": YES_NO[report.danger_now],
            "incident": _incident(report, labels),
            "narrative": report.narrative or "",
            "after": _after(report, labels),
            "suspects": [_suspect(one, names, labels) for one in report.suspects],
            "attachments": _attachments(report.attachments, names, labels),
            "consents": _consents(report.victims, names, labels),
            "processing": YES_NO[report.consents_to_processing],
            "bases": _bases(report.victims, labels),
            "withheld": _withheld(report.victims),
            "closing": said["closing"],
            "copy_to": lines(said["copies"]),
            "signatory": forms.signatory(takes),
            "left": forms.side("Pelapor", name=names.signs(teller.person if teller else None)),
            "right": forms.side("Petugas penerima", takes),
        }


def missing(session: Session, report: Report, actor: Officer) -> list[Gap]:
    """What the form lacks: a report that says nothing and names nobody is no complaint yet."""
    if (report.narrative or "").strip() or report.victims:
        return forms.erased(report)
    empty = Gap(_("Kronologi dan korban belum dicatat."), "report", "edit", report.id)
    return forms.erased(report) or [empty]


# --- the parts, in their order -----------------------------------------------------------------


def _intake(report: Report, takes: Officer, labels: Labels) -> list[Row]:
    forwarded, accepted = report.forwarded_at, report.forward_accepted_at
    return present(
        ["Nomor laporan", report.number],
        ["Diterima", moment(report.received_at)],
        ["Cara laporan datang", labels("channel", report.channel.value)],
        told("Jenis panggilan", listed(labels, "call_kind", filter(None, [report.call_kind]))),
        told("Lembaga perujuk", report.referring_institution),
        told("Surat perujuk", report.referring_letter),
        ["Petugas penerima", takes.name],
        told("Diteruskan ke UPT PPA", moment(forwarded) if forwarded else ""),
        told("Diterima UPT PPA", moment(accepted) if accepted else ""),
    )


def _reporter(report: Report, names: Names, labels: Labels) -> list[Row]:
    teller = report.reporter
    if teller is None:
        return [asked("Nama", "")]
    person = teller.person
    open_ = names.opens(person)
    card = report.identity_card
    return present(
        ["Nama", names(person)],
        asked("Hubungan dengan korban", labels("reporter_relation", teller.relation)),
        told("NIK", person.nik if open_ else ""),
        asked("Alamat", _address(person)) if open_ else None,
        asked("Kartu identitas", CARDS[card.value] if card else ""),
        told("Alasan", report.identity_card_reason),
    )


def _address(person: Person) -> str:
    return ", ".join(part for part in (person.address, region(person.region)) if part)


def _contact(person: Person | None, names: Names, labels: Labels) -> list[Row]:
    """How the reporter may be reached; an address or a name only where theirs may stand."""
    safe = person.safe_contact if person else None
    if person is None or safe is None:
        return [asked("Hubungi lewat", "")]
    open_ = names.opens(person)
    return present(
        asked("Hubungi lewat", labels("contact_channel", safe.channel)),
        asked("Nomor telepon atau alamat", safe.address or person.phone) if open_ else None,
        asked("Hari yang aman", listed(labels, "hari", safe.days)),
        asked("Jam yang aman", _hours(safe)),
        ["Telepon dipakai bersama", YES_NO[safe.shared_phone]],
        asked("Siapa yang boleh menjawab", safe.who_may_answer) if open_ else None,
        told("Kata sandi", CODE_WORD if safe.code_word else ""),
        ["Surat boleh ke rumah", YES_NO[safe.letter_allowed]],
        ["Petugas boleh ke rumah", YES_NO[safe.visit_allowed]],
        told("Catatan", safe.notes if open_ else ""),
    )


def _hours(safe: SafeContact) -> str:
    since, until = safe.from_time, safe.until_time
    parts = (f"dari {since:%H.%M}" if since else "", f"sampai {until:%H.%M}" if until else "")
    known = " ".join(part for part in parts if part)
    return f"{known} WIB" if known else ""


def _victim(victim: Victim, names: Names, labels: Labels) -> list[Row]:
    person = victim.person
    return present(
        ["Nama", names(person)],
        asked("Jenis kelamin", labels("sex", person.sex)),
        *(_identity(person) if names.opens(person) else ()),
        asked("Usia", forms.age(victim)),
        *_circumstances(person, labels),
        *_guardian(victim, names, labels),
        told("Bentuk kekerasan", listed(labels, "bentuk_kekerasan", victim.violence_kinds)),
        asked("Keadaan sekarang", victim.condition),
        told("Harapan", victim.wishes),
    )


def _identity(person: Person) -> list[Row | None]:
    born = short_date(person.birth_date) if person.birth_date else None
    return [
        told("NIK", person.nik),
        told("Nomor kartu keluarga", person.kk),
        told("Tempat, tanggal lahir", ", ".join(one for one in (person.birth_place, born) if one)),
        told("Telepon", person.phone),
        asked("Alamat", _address(person)),
    ]


def _circumstances(person: Person, labels: Labels) -> list[Row | None]:
    def of(name: str, code: str | None) -> str:
        return labels(name, code) if code else ""

    children = "" if person.children is None else str(person.children)
    return [
        told("Pendidikan", of("pendidikan", person.education)),
        told("Pekerjaan", of("pekerjaan", person.occupation)),
        told("Status perkawinan", of("status_perkawinan", person.marital_status)),
        told("Disabilitas", listed(labels, "disabilitas", person.disabilities)),
        told("Kewarganegaraan", of("kewarganegaraan", person.citizenship)),
        told("Jumlah anak", children),
    ]


def _guardian(victim: Victim, names: Names, labels: Labels) -> list[Row | None]:
    """Of a child it is asked; of anybody else told where there is one."""
    person, years = victim.person, victim.age_at_incident
    if person.guardian is None and not (years is not None and is_child(years)):
        return []
    relation = person.guardian_relation
    phone = person.guardian.phone if person.guardian and names.opens(person) else ""
    return [
        asked("Wali", names(person.guardian)),
        told("Hubungan wali", labels("hubungan_wali", relation) if relation else ""),
        told("Telepon wali", phone),
    ]


def _incident(report: Report, labels: Labels) -> list[Row]:
    day = date_as_known(report.incident_date, report.incident_precision)
    return present(
        asked("Bentuk kekerasan", listed(labels, "bentuk_kekerasan", report.violence_kinds)),
        ["Tempat kejadian", office.place(report, labels)],
        told("Alamat atau nama tempat", report.place),
        ["Tanggal, bulan, atau tahun", day],
        asked("Waktu dalam sehari", labels("time_of_day", report.incident_time)),
    )


def _after(report: Report, labels: Labels) -> list[Row]:
    needs = [need for victim in report.victims for need in victim.needs or ()]
    reported = listed(labels, "previously_reported", report.previously_reported)
    return [
        asked("Pernah dilaporkan ke", reported),
        asked("Harapan korban", report.wishes),
        asked("Yang dibutuhkan sekarang", listed(labels, "kebutuhan", needs)),
    ]


def _suspect(suspect: Suspect, names: Names, labels: Labels) -> list[Row]:
    person = suspect.person
    open_ = person is not None and names.opens(person)
    years = person.estimated_age if person else None
    return present(
        asked("Nama", names(person) if person else ""),
        told("Ciri-ciri", suspect.description),
        asked("Hubungan dengan korban", labels("hubungan_pelaku", suspect.relation)),
        told("Perkiraan usia", f"{years} tahun" if years is not None else ""),
        told("Jenis kelamin", labels("sex", person.sex) if person else ""),
        ["Serumah dengan korban", YES_NO[suspect.same_household]],
        told("Alamat", _address(person) if person and open_ else ""),
    )


def _attachments(given: Sequence[Attachment], names: Names, labels: Labels) -> list[Row]:
    """Names of files often name somebody: they stand where those may be told."""
    telling = names.unnamed is None and names.full
    return [
        [
            f"{place}.",
            labels("attachment_kind", one.kind),
            one.filename if telling else "-",
            short_date(local_date(one.created_at)),
        ]
        for place, one in enumerate(given, 1)
    ]


# --- consent ------------------------------------------------------------------------------------


def _consents(victims: Sequence[Victim], names: Names, labels: Labels) -> list[Row]:
    return [
        [
            names(victim.person),
            labels("consent_giver", one.given_by),
            YES_NO[one.for_services],
            _shared_with(one.for_sharing, [str(partner) for partner in one.partners]),
            YES_NO[one.for_statistics],
        ]
        for victim in victims
        for one in _standing([victim])
        if one.given_on
    ]


def _standing(victims: Sequence[Victim]) -> list[Consent]:
    return [one for victim in victims for one in victim.consents if one.withdrawn_at is None]


def _bases(victims: Sequence[Victim], labels: Labels) -> str:
    """On which law the office relies where nobody was asked."""
    unasked = [one.legal_basis for one in _standing(victims) if one.given_on is None]
    return listed(labels, "legal_basis", filter(None, unasked))


def _shared_with(agreed: bool, partners: list[str]) -> str:
    return "\n".join(partners) or UNKNOWN if agreed else "tidak"


def _withheld(victims: Sequence[Victim]) -> str:
    return "\n".join(one.withhold for one in _standing(victims) if one.withhold)


def _about(report: Report) -> About:
    return About(report.case, report)


ENTRY = Entry(KIND, Report, content, missing, _about, INTAKE)
