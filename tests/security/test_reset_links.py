"""Links with which officers set their passwords: once, for a day, handed over by an admin."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Decision, Notice, Officer, OfficerLink, Role
from portal.access import links, sign_in
from portal.casework import roles
from tests.security.front_door import Clock, Someone
from tests.support.at_once import at_once_each
from tests.support.cast import PASSWORD, Cast
from tests.support.databases import both_engines

NEW = "empat ekor kucing hitam"
LINK = re.compile(r'value="http://localhost:8000(/masuk/tautan/[\w-]{43})"')
FORM = "/masuk/tautan"


@pytest.fixture
def admin(app: Flask, cast: Cast, clock: Clock) -> Someone:
    admin = Someone(app, clock).sign_in("admin")
    admin.make_sure()
    return admin


def issue(admin: Someone, officer: Officer) -> str:
    address = f"/admin/officer/tautan/?id={officer.id}"
    found = LINK.search(admin.post(address, address).text)
    assert found
    return found[1]


def choose(visitor: Someone, link: str, password: str = NEW):
    """Open the link and set a password."""
    assert visitor.get(link).location == FORM
    return visitor.post(FORM, FORM, password=password, again=password)


def test_an_officer_gets_in_with_a_link_and_a_password_of_their_own(
    app: Flask, admin: Someone, cast: Cast, session: Session, clock: Clock
) -> None:
    elsewhere, visitor = Someone(app, clock).sign_in(), Someone(app, clock)
    assert choose(visitor, issue(admin, cast.maya)).location == "/masuk"
    assert not visitor.is_in() and not elsewhere.is_in()
    assert "tidak cocok" in visitor.password("konselor", PASSWORD).text
    assert visitor.password("konselor", NEW).location == "/admin/"
    session.rollback()
    events = list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))
    order = ["link_issued", "link_used", "session_ended", "password_set"]
    assert [one for one in events if one in order] == order


def test_the_second_step_stays(app: Flask, admin: Someone, cast: Cast, clock: Clock) -> None:
    officer = Someone(app, clock).sign_in()
    officer.make_sure()
    officer.enrol_app()
    visitor = Someone(app, clock)
    choose(visitor, issue(admin, cast.maya))
    assert visitor.password("konselor", NEW).location == "/masuk/langkah-kedua"


def test_whoever_was_signed_in_here_is_out_after_it(
    app: Flask, admin: Someone, cast: Cast, clock: Clock
) -> None:
    link, stolen = issue(admin, cast.maya), admin.cookie()
    choose(admin, link)
    thief = Someone(app, clock)
    thief.client.set_cookie("sesi", stolen)
    assert not admin.is_in() and not thief.is_in()


def test_a_link_works_once(app: Flask, admin: Someone, cast: Cast, clock: Clock) -> None:
    link = issue(admin, cast.maya)
    choose(Someone(app, clock), link)
    thief = Someone(app, clock)
    thief.get(link)
    answer = thief.get(FORM)
    assert answer.status_code == 404 and "tidak berlaku lagi" in answer.text


def test_looking_at_a_link_uses_nothing_up(
    app: Flask, admin: Someone, cast: Cast, clock: Clock
) -> None:
    link, visitor = issue(admin, cast.maya), Someone(app, clock)
    for _ in range(3):
        assert "konselor" in visitor.get(link, follow_redirects=True).text
    weak = choose(visitor, link, "pendek")
    assert (
        weak.status_code == 422 and "12 karakter" in weak.text and 'value="pendek"' not in weak.text
    )
    assert choose(visitor, link).status_code == 303


def test_a_new_link_voids_the_old_one(app: Flask, admin: Someone, cast: Cast, clock: Clock) -> None:
    old, new = issue(admin, cast.maya), issue(admin, cast.maya)
    assert Someone(app, clock).get(old, follow_redirects=True).status_code == 404
    assert choose(Someone(app, clock), new).status_code == 303


def test_a_link_ends_after_a_day(app: Flask, admin: Someone, cast: Cast, clock: Clock) -> None:
    link = issue(admin, cast.maya)
    clock.forward(hours=24, seconds=1)
    assert Someone(app, clock).get(link, follow_redirects=True).status_code == 404


def test_a_link_of_somebody_disabled_opens_nothing(
    app: Flask, admin: Someone, cast: Cast, session: Session, clock: Clock
) -> None:
    link = issue(admin, cast.maya)
    cast.maya.active = False
    session.commit()
    assert Someone(app, clock).get(link, follow_redirects=True).status_code == 404
    address = f"/admin/officer/tautan/?id={cast.maya.id}"
    assert admin.post(address, address).status_code == 409


def request_of(session: Session, officer: Officer, asked_by: Officer, by: Officer) -> None:
    """A request for this officer that a second admin approved."""
    now = datetime.now(UTC)
    change = roles.ask_for_role(session, officer, asked_by, now, Role.supervisor, "Pindah bagian")
    roles.decide(session, change, by, now, Decision.approved)
    session.commit()


def test_whoever_asked_for_an_account_does_not_issue_its_link(
    app: Flask, admin: Someone, cast: Cast, session: Session, clock: Clock
) -> None:
    request_of(session, cast.maya, cast.admin, cast.admin2)
    address = f"/admin/officer/tautan/?id={cast.maya.id}"
    answer = admin.post(address, address)
    assert answer.status_code == 409 and "oleh admin lain" in answer.text
    assert session.scalars(select(OfficerLink)).all() == []
    second = Someone(app, clock).sign_in("admin2")
    second.make_sure()
    assert issue(second, cast.maya)


def test_with_a_second_factor_of_their_own_anybody_may_issue_it(
    app: Flask, admin: Someone, cast: Cast, session: Session, clock: Clock
) -> None:
    request_of(session, cast.maya, cast.admin, cast.admin2)
    officer = Someone(app, clock).sign_in()
    officer.make_sure()
    officer.enrol_app()
    assert issue(admin, cast.maya)


def test_no_admin_makes_themselves_a_second_admin(admin: Someone, cast: Cast) -> None:
    address = f"/admin/officer/tautan/?id={cast.admin2.id}"
    answer = admin.post(address, address)
    assert answer.status_code == 409 and "pengelola server" in answer.text


def test_the_officer_and_the_other_admins_are_told(
    admin: Someone, cast: Cast, session: Session
) -> None:
    issue(admin, cast.maya)
    session.rollback()
    told = session.scalars(select(Notice.officer_id).where(Notice.kind == "link_issued"))
    assert sorted(told) == sorted([cast.maya.id, cast.admin2.id])


@pytest.mark.parametrize("token", ["x" * 43, "x", "%2e%2e", "'--"])
def test_a_made_up_link_opens_nothing(app: Flask, cast: Cast, token: str) -> None:
    answer = Someone(app).get(f"/masuk/tautan/{token}", follow_redirects=True)
    assert answer.status_code == 404


def test_only_an_admin_who_proved_it_again_issues_links(
    app: Flask, cast: Cast, session: Session, clock: Clock
) -> None:
    address = f"/admin/officer/tautan/?id={cast.maya.id}"
    for name in ("supervisor", "auditor", "pimpinan", "konselor"):
        other = Someone(app, clock).sign_in(name)
        assert other.get(address).status_code == 403
        assert other.post(address, "/admin/akun/").status_code == 403
    admin = Someone(app, clock).sign_in("admin")
    assert admin.post(address, "/admin/akun/").location.startswith("/masuk/pastikan?next=")
    admin.make_sure()
    assert admin.get("/admin/officer/tautan/?id=999").status_code == 404
    assert session.scalars(select(OfficerLink)).all() == []


def test_the_token_is_neither_in_the_database_nor_shown_again(
    admin: Someone, cast: Cast, session: Session
) -> None:
    token = issue(admin, cast.maya).rpartition("/")[2]
    assert token not in str(session.execute(text("SELECT * FROM officer_link")).all())
    assert token not in admin.get(f"/admin/officer/tautan/?id={cast.maya.id}").text


def test_the_operator_prints_one_too(app: Flask, cast: Cast, clock: Clock) -> None:
    result = app.test_cli_runner().invoke(args=["officer", "link", "admin"])
    found = re.search(r"http://localhost:8000(/masuk/tautan/[\w-]{43})\n", result.output)
    assert found and choose(Someone(app, clock), found[1]).status_code == 303


@both_engines
def test_of_two_at_the_same_moment_one_sets_the_password(session: Session, cast: Cast) -> None:
    now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    token = links.issue(session, cast.maya, cast.admin, now)
    session.commit()
    passwords = iter(("empat ekor kucing hitam", "lima ekor bebek putih", "enam kambing coklat"))

    def work(one: Session) -> str:
        password = next(passwords)
        try:
            links.use(one, token, password, now)
        except links.NoLink:
            one.rollback()
            return ""
        return password

    (winner,) = [one for one in at_once_each(session.get_bind(), 3, work) if one]
    session.refresh(cast.maya)
    assert sign_in.matches(cast.maya.password_hash or "", winner)
