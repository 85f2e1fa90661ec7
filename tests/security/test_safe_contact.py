"""Nobody is reached around the agreement: by the office's pages, its acts, or its code."""

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from models import (
    AuditEntry,
    CaseStatus,
    ContactAttempt,
    ContactState,
    Monitoring,
    Report,
    Risk,
    SafeContact,
)
from portal.casework import cases, reports
from portal.casework.contact_words import DAY_CODES
from portal.indonesia import dates
from portal.letters import register
from tests.screens.acts.answers import again, case_answers, page_of
from tests.screens.acts.test_bulk import chosen, done
from tests.screens.generated import conftest as desks
from tests.screens.generated.conftest import House
from tests.support.browser import DESKTOP, PHONE
from tests.support.looks import overflow, violations

house = desks.house
REASON = "Tetangga mendengar teriakan; nyawa terancam sekarang."
NUMBER, WORD = "0812-0000-777", "kue lapis"


def agree(house: House, person: Any, **columns: Any) -> None:
    """What `person` agreed to, with a number and a code word of their own."""
    facts = {"address": "+628120000777", "code_word": WORD, "days": [], "channel": "whatsapp"}
    person.safe_contact = SafeContact(**facts | columns)
    house.session.commit()


@pytest.fixture
def report(house: House) -> Report:
    """A report Sari has taken; Wati agreed to WhatsApp on a phone that others use."""
    report = house.office.taken(safe_contact=None)
    agree(house, report.reporter.person, shared_phone=True)
    return report


def ask(house: House, row: Any, person: Any, channel: str, username: str, **more: Any) -> Any:
    """Fill in "Hubungi" for somebody in `row`."""
    address = f"/admin/contact_attempt/hubungi/?{row.__tablename__}={row.id}"
    return house.desk(username).fill(address, person=person.id, channel=channel, **more)


def attempts(house: House) -> list[ContactAttempt]:
    house.session.rollback()
    return list(house.session.scalars(select(ContactAttempt).order_by(ContactAttempt.id)))


def events(house: House, event: str) -> int:
    return len(house.session.scalars(select(AuditEntry).where(AuditEntry.event == event)).all())


# --- Hubungi --------------------------------------------------------------------------------------


def test_number_and_code_word_come_after_the_rule_and_not_before(
    house: House, report: Report
) -> None:
    person, desk = report.reporter.person, house.desk("petugas")
    for address in (
        f"/admin/report/details/?id={report.id}",
        f"/admin/contact_attempt/hubungi/?report={report.id}",
    ):
        page = desk.get(address).text
        assert "Hubungi" in page and NUMBER not in page and WORD not in page
    answer = ask(house, report, person, "whatsapp", "petugas", canned="waktu")
    assert answer.status_code == 303
    page = desk.get(answer.location).text
    assert NUMBER in page and WORD in page and "kapan ada waktu" in page
    assert "nama dan foto akun pengirim" in page  # what WhatsApp itself shows
    (attempt,) = attempts(house)
    assert (attempt.state, attempt.outcome) == (ContactState.permitted, None)


def test_the_number_closes_with_the_outcome_and_to_everybody_else(
    house: House, report: Report
) -> None:
    address = ask(house, report, report.reporter.person, "whatsapp", "petugas").location
    assert NUMBER not in house.desk("supervisor").get(address).text
    key = attempts(house)[0].id
    form = {"outcome": "terkirim", "note": "Dibalas singkat"}
    save = f"/admin/contact_attempt/hasil/?id={key}"
    assert house.desk("petugas").post(save, {}).status_code == 422
    assert house.desk("petugas").post(save, form).status_code == 303
    page = house.desk("petugas").get(address).text
    assert NUMBER not in page and WORD not in page and "Dibalas singkat" in page
    assert house.desk("petugas").post(save, form | {"note": "lain"}).status_code == 303
    assert attempts(house)[0].note == "Dibalas singkat"


def test_outside_the_agreement_it_is_refused_kept_and_nothing_is_lost(
    house: House, report: Report
) -> None:
    text = "Halo, ini saya yang kemarin."
    answer = ask(house, report, report.reporter.person, "telepon", "petugas", text=text)
    assert answer.status_code == 409
    for part in ("disepakati: WhatsApp", "Tuliskan alasannya", text):
        assert part in answer.text
    assert NUMBER not in answer.text and WORD not in answer.text
    (attempt,) = attempts(house)
    assert (attempt.state, attempt.obstacles) == (ContactState.refused, ["other_channel"])
    assert events(house, "contact_refused") == 1


def test_with_a_written_reason_it_is_done_audited_and_seen_on_the_report(
    house: House, report: Report
) -> None:
    person = report.reporter.person
    answer = ask(house, report, person, "telepon", "petugas", reason=REASON)
    assert answer.status_code == 303
    (attempt,) = attempts(house)
    assert (attempt.state, attempt.override_reason) == (ContactState.overridden, REASON)
    assert events(house, "contact_overridden") == 1
    assert REASON in house.desk("petugas").get(f"/admin/report/details/?id={report.id}").text


def test_a_text_that_names_the_matter_is_refused_on_a_shared_phone(
    house: House, report: Report
) -> None:
    person, text = report.reporter.person, "Laporan k4su5 Ibu sudah di dinas"
    answer = ask(house, report, person, "whatsapp", "petugas", text=text)
    assert answer.status_code == 409 and text in answer.text
    assert attempts(house)[0].obstacles == ["text_office", "text_matter"]
    person.safe_contact.shared_phone = False
    house.session.commit()
    assert ask(house, report, person, "whatsapp", "petugas", text=text).status_code == 303


def test_who_is_not_in_the_matter_cannot_be_reached_through_it(
    house: House, report: Report
) -> None:
    other = house.office.taken().reporter.person
    house.session.commit()
    answer = ask(house, report, other, "whatsapp", "petugas", reason=REASON)
    assert (answer.status_code, attempts(house)) == (422, [])


def test_nobody_reaches_through_a_report_they_do_not_meet(house: House, report: Report) -> None:
    ask(house, report, report.reporter.person, "whatsapp", "petugas")
    key = attempts(house)[0].id
    for username, address, code in (
        ("petugas2", f"/admin/contact_attempt/hubungi/?report={report.id}", 404),
        ("petugas2", f"/admin/contact_attempt/details/?id={key}", 404),
        ("konselor", f"/admin/contact_attempt/details/?id={key}", 404),
        ("pimpinan", f"/admin/contact_attempt/hubungi/?report={report.id}", 403),
        ("auditor", "/admin/contact_attempt/", 403),
        ("petugas", "/admin/contact_attempt/hubungi/", 404),
        ("petugas", "/admin/contact_attempt/hubungi/?report=%00", 400),
        ("petugas", "/admin/contact_attempt/export/csv/", 404),
    ):
        assert house.desk(username).get(address).status_code == code, (username, address)
    answer = house.desk("petugas2").post(f"/admin/contact_attempt/hasil/?id={key}", {})
    assert answer.status_code == 404


def test_the_person_leads_to_hubungi_and_the_number_carries_its_warning(
    house: House, report: Report
) -> None:
    person, desk = report.reporter.person, house.desk("petugas")
    person.phone = "+6281234567890"
    house.session.commit()
    page = desk.get(f"/admin/person/details/?id={person.id}").text
    assert f"/admin/contact_attempt/hubungi/?person={person.id}" in page
    for shown in (page, desk.get("/admin/person/").text):
        assert "Jangan langsung dihubungi" in shown
        assert "0812-xxxx-x890" in shown and "3456" not in shown
    assert "0812-3456-7890" in desk.get(f"/admin/person/edit/?id={person.id}").text
    page = desk.get(f"/admin/contact_attempt/hubungi/?person={person.id}").text
    assert "Boleh sekarang" in page and "Tidak sekarang" in page


def test_a_case_shows_attempts_from_before_it_was_one(house: House, report: Report) -> None:
    ask(house, report, report.reporter.person, "telepon", "petugas", reason=REASON)
    report, sari = again(house, report), house.cast.sari
    found = reports.Identification(risk=Risk.sedang)
    case = reports.identify(house.session, report, sari, house.office.tick(), found)
    house.session.commit()
    assert REASON in house.desk("supervisor").get(f"/admin/case/details/?id={case.id}").text


def test_the_record_of_the_agreement_shows_neither_number_nor_code_word(
    house: House, report: Report
) -> None:
    key = report.reporter.person.safe_contact.id
    page = house.desk("petugas").get(f"/admin/safe_contact/details/?id={key}").text
    assert NUMBER not in page and WORD not in page and "tampil di halaman Hubungi" in page


# --- orders ---------------------------------------------------------------------------------------

AT_HOME = {"safe_meeting_point": None, "place": "Rumah korban"}


def test_an_order_to_a_closed_home_needs_a_reason_beside_the_field(house: House) -> None:
    case = house.office.case()
    answers = case_answers(house, "approve") | AT_HOME
    answer = house.desk("supervisor").fill(page_of(case, "approve"), **answers)
    assert answer.status_code == 422
    assert "Cara menghubungi yang aman belum ditanyakan. Tuliskan alasannya" in answer.text
    assert answers["task"] in answer.text and "Rumah korban" in answer.text
    assert again(house, case).status is CaseStatus.identified
    answers["contact_reason"] = REASON
    assert house.desk("supervisor").fill(page_of(case, "approve"), **answers).status_code == 303
    assert again(house, case).status is CaseStatus.approved
    assert REASON in house.desk("konselor").get(f"/admin/case/details/?id={case.id}").text


def test_of_several_orders_each_home_is_asked_by_itself(house: House) -> None:
    closed, opened = house.office.case(), house.office.case()
    agree(house, opened.victims[0].person, visit_allowed=True)
    page = chosen(house, "supervisor", "case", "approve", [closed, opened]).text
    answers = case_answers(house, "approve") | AT_HOME
    result = done(house, "supervisor", "case", "approve", page, **answers).text
    assert "Berhasil: 1" in result and "Tidak berhasil: 1" in result
    assert [again(house, one).status for one in (closed, opened)] == [
        CaseStatus.identified,
        CaseStatus.approved,
    ]


def closed_now() -> dict[str, Any]:
    """An agreement whose day is not today."""
    tomorrow = dates.today() + timedelta(days=1)
    return {"channel": "kunjungan", "visit_allowed": True, "days": [DAY_CODES[tomorrow.weekday()]]}


def test_nobody_sets_out_for_a_home_outside_its_hours_without_a_reason(house: House) -> None:
    case = house.office.case()
    agree(house, case.victims[0].person, **closed_now())
    plan = replace(house.office.plan(), safe_meeting_point=False)
    cases.approve(house.session, case, house.cast.budi, house.office.tick(), plan)
    house.session.commit()
    address, desk = page_of(case, "start_outreach"), house.desk("penjangkau")
    answer = desk.fill(address)
    assert (answer.status_code, "di luar waktu yang aman" in answer.text) == (422, True)
    assert again(house, case).status is CaseStatus.approved
    assert desk.fill(address, contact_reason=REASON).status_code == 303
    assert again(house, case).status is CaseStatus.outreach
    assert [one.override_reason for one in attempts(house)] == [REASON]


def test_who_sets_out_for_a_safe_meeting_point_is_asked_nothing(house: House) -> None:
    case = house.office.case(CaseStatus.approved)
    agree(house, case.victims[0].person, **closed_now())
    desk = house.desk("penjangkau")
    page = desk.get(page_of(case, "start_outreach")).text
    assert "contact_reason" not in page
    assert desk.fill(page_of(case, "start_outreach")).status_code == 303


# --- monitoring -----------------------------------------------------------------------------------

SEEN = {"wellbeing": "membaik", "safety": "aman", "notes": "Catatan rekaan"}


@pytest.fixture
def due(house: House) -> Monitoring:
    """A contact of the monitoring that is due."""
    with register.untried():
        case = house.office.case(CaseStatus.monitoring)
    return min(case.monitorings, key=lambda one: one.sequence)


@pytest.mark.parametrize("method", ["telepon", "whatsapp", "kunjungan_rumah", "daring", "lainnya"])
def test_a_contact_that_was_not_agreed_is_written_down_with_its_reason(
    house: House, due: Monitoring, method: str
) -> None:
    answers = SEEN | {"done_on": dates.today(), "method": method}
    answer = house.desk("konselor").fill(page_of(due, "record"), **answers)
    assert (answer.status_code, SEEN["notes"] in answer.text) == (422, True)
    answers["contact_reason"] = REASON
    assert house.desk("konselor").fill(page_of(due, "record"), **answers).status_code == 303
    assert [one.override_reason for one in attempts(house)] == [REASON]


def test_a_call_that_the_gate_let_through_needs_no_second_reason(
    house: House, due: Monitoring
) -> None:
    person = due.victim.person
    assert ask(house, due, person, "telepon", "konselor", reason=REASON).status_code == 303
    answers = SEEN | {"done_on": dates.today(), "method": "telepon"}
    assert house.desk("konselor").fill(page_of(due, "record"), **answers).status_code == 303


def test_a_closed_window_closes_the_day(house: House, due: Monitoring) -> None:
    agree(house, due.victim.person, **closed_now() | {"channel": "telepon"})
    answers = SEEN | {"done_on": dates.today(), "method": "telepon"}
    answer = house.desk("konselor").fill(page_of(due, "record"), **answers)
    assert (answer.status_code, "di luar waktu yang aman" in answer.text) == (422, True)


# --- the code -------------------------------------------------------------------------------------

ROOT = Path(__file__).parents[2]
GATES = {"permit", "permit_order", "permit_departure", "permit_made", "settle"}
# function that leads out of the office → it asks the gate; new channels add theirs.
OUTGOING = {
    "portal/casework/cases.py": "approve",
    "portal/casework/outreach.py": "start_outreach",
    "portal/casework/monitoring.py": "record",
    "portal/screens/contact_page.py": "_try",
    "portal/casework/answering.py": "reply",
}
# These speak to the world. An answer reaches its transport through `sendings.work` alone, which
# asks once more; the rest fetches, probes, or tells officers that something waits.
WORLD = {"portal/meta.py", "portal/post.py"}
TRANSPORTS = {"portal/channels/mail_out.py", "portal/channels/whatsapp_out.py"}
# A letter goes to the signing service of its signatory and returns signed; of a time stamp the
# authority learns a fingerprint. Neither reaches a person; `answers` reads what they say.
SIGNING = {
    *("portal/letters/remote_signer.py", "portal/letters/timestamps.py"),
    "portal/letters/answers.py",
}
FETCHING = {
    *("portal/channels/mailbox.py", "portal/channels/whatsapp_media.py", "portal/health.py"),
    "portal/channels/mail.py",
}
SENDING = {
    "smtplib",
    "http.client",
    "urllib.request",
    "requests",
    "httpx",
    "aiohttp",
    "email.message",
}
SECRETS = {"code_word", "address"}
# Where number, address and code word of an agreement are stored, edited or told by the rule.
KNOW = {"portal/casework/contact_told.py", "portal/casework/record.py"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def calls(node: ast.AST) -> set[str]:
    found = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    return {one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in found}


@pytest.mark.parametrize(("path", "name"), OUTGOING.items())
def test_every_way_out_asks_the_gate(path: str, name: str) -> None:
    defined = [
        one
        for one in ast.walk(tree(ROOT / path))
        if isinstance(one, ast.FunctionDef) and one.name == name
    ]
    assert defined and all(calls(one) & GATES for one in defined)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return found


def test_few_modules_can_speak_to_the_world() -> None:
    for path in ROOT.glob("portal/**/*.py"):
        known = named(path) in WORLD | TRANSPORTS | FETCHING | SIGNING
        speaks = imported(path) & (SENDING | {"portal.meta", "portal.post"})
        assert known or not speaks, f"{path} sends around portal.casework.sendings"


def test_an_answer_leaves_through_the_second_question_alone() -> None:
    """Who sends is named once, in the table of the jobs, and `sendings` asks before it calls it."""
    users = {
        named(path)
        for path in ROOT.glob("portal/**/*.py")
        if imported(path) & {"portal.channels.mail_out", "portal.channels.whatsapp_out"}
    }
    assert users <= {"portal/jobs.py", "portal/work.py"}
    asked = [
        one
        for one in ast.walk(tree(ROOT / "portal/casework/sendings.py"))
        if isinstance(one, ast.FunctionDef) and one.name in ("work", "_refusal")
    ]
    assert {"_refusal"} <= calls(asked[0]) | calls(asked[1])
    assert "hindrances" in calls(asked[0]) | calls(asked[1])


def test_only_the_rule_reads_number_and_code_word_of_an_agreement() -> None:
    for path in ROOT.glob("portal/**/*.py"):
        read = {
            node.attr
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute)
            and node.attr in SECRETS
            and isinstance(node.value, ast.Name | ast.Attribute)
            and "contact" in ast.unparse(node.value)
        }
        assert not read or str(path.relative_to(ROOT)) in KNOW, path
    for page in ROOT.glob("portal/templates/**/*.html"):
        assert "code_word" not in page.read_text(), page


# --- looks ----------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.xdist_group("screens_browser")
def test_hubungi_is_accessible_and_fits_desk_and_phone(
    house: House, report: Report, page: Page, address: str
) -> None:
    desk = house.desk("petugas")
    person = report.reporter.person
    for cookie in desk.client._cookies.values():
        page.context.add_cookies(
            [{"name": cookie.decoded_key, "value": cookie.value, "url": address}]
        )
    opened = ask(house, report, person, "whatsapp", "petugas", canned="waktu").location
    for path in (f"/admin/contact_attempt/hubungi/?report={report.id}", opened):
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            page.goto(path)
            assert (violations(page), overflow(page)) == ([], 0), (path, size)


def test_two_of_one_name_are_told_apart_by_their_part(house: House) -> None:
    """The one who told and the one who was harmed need not be reached alike."""
    case = house.office.case()
    for person in (case.victims[0].person, case.reports[0].reporter.person):
        person.name = "Aisyah Rekaan"
    house.session.commit()
    page = house.desk("supervisor").get(f"/admin/case/details/?id={case.id}").text
    assert "Aisyah Rekaan (korban)" in page and "Aisyah Rekaan (pelapor)" in page
