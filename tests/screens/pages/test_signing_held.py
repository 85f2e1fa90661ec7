"""Letters that wait for somebody who will not sign: seen at the desk, told of once, replaced."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models import (
    Capacity,
    CaseStatus,
    Conflict,
    Duty,
    DutyKind,
    Exclusion,
    Letter,
    LetterState,
    Notice,
    Officer,
    Role,
    Signatory,
)
from portal.casework import conflicts, signing, signing_certificates, signing_held
from portal.letters import held, register
from portal.letters.held import Why
from tests.screens.generated.conftest import House
from tests.support import signing as pens

DESK, STUCK = "/admin/letter/meja/", "Menunggu yang tidak dapat menandatangani"
REPLACE = "/admin/letter/tindakan/replace/?id={}"


@pytest.fixture
def line(house: House) -> Signatory:
    """Hadi signs every letter."""
    row = Signatory(officer=house.cast.hadi, valid_from=date(2026, 1, 1))
    house.session.add(row)
    house.session.commit()
    return row


@pytest.fixture
def letter(house: House, line: Signatory) -> Letter:
    """A surat perintah that waits for Hadi."""
    found = house.office.case(CaseStatus.approved).letters[0]
    house.session.commit()
    return found


def desk(house: House, username: str = "supervisor") -> str:
    return str(house.desk(username).get(DESK).text)


def told(house: House) -> dict[str, int]:
    house.session.rollback()
    counted = select(Officer.username, func.count()).join(Notice.officer).group_by(Officer.username)
    rows = house.session.execute(counted.where(Notice.kind == "letter_held"))
    return dict(rows.all())


def on_leave(house: House, letter: Letter) -> Callable[[], None]:
    now = datetime.now(UTC)
    row = Duty(officer=house.cast.hadi, kind=DutyKind.cuti, from_at=now - timedelta(hours=1))
    row.until_at = now + timedelta(days=2)
    house.session.add(row)
    return lambda: house.session.delete(row)


def kept_out(house: House, letter: Letter) -> Callable[[], None]:
    facts = {"kind": Conflict.kerabat, "reason": "Ipar korban", "by": house.cast.budi}
    row = Exclusion(officer=house.cast.hadi, case=letter.case, at=house.office.now, **facts)
    house.session.add(row)
    return lambda: house.session.delete(row)


def other_role(house: House, letter: Letter) -> Callable[[], None]:
    house.cast.hadi.role = Role.auditor
    return lambda: setattr(house.cast.hadi, "role", Role.pimpinan)


def term_over(house: House, letter: Letter) -> Callable[[], None]:
    line = house.session.scalars(select(Signatory)).one()
    line.valid_until = letter.dated
    return lambda: setattr(line, "valid_until", None)


REASONS: tuple[tuple[Any, str], ...] = (
    (on_leave, "Hadi Purnomo cuti sampai"),
    (kept_out, "Hadi Purnomo dikecualikan dari urusan ini."),
    (other_role, "Peran Hadi Purnomo sekarang tidak menandatangani surat."),
    (term_over, "Masa Hadi Purnomo sebagai penandatangan surat ini sudah berakhir."),
)


def test_the_desk_of_a_supervisor_says_why_a_letter_waits_in_vain(
    house: House, letter: Letter
) -> None:
    assert STUCK not in desk(house)
    for happens, sentence in REASONS:
        undo = happens(house, letter)
        house.session.commit()
        page = desk(house)
        assert STUCK in page and sentence in page
        assert REPLACE.format(letter.id) in page.replace("&amp;", "&")
        data = house.desk("supervisor").get(f"/admin/letter/details/?id={letter.id}").text
        assert sentence in data
        undo()
        house.session.commit()
    on_leave(house, letter)
    house.session.commit()
    for other in ("konselor", "supervisor2"):  # replaces nothing; does not meet the case
        assert STUCK not in desk(house, other)


def test_the_desk_asks_the_database_no_more_for_more_letters(house: House, letter: Letter) -> None:
    for happens in (on_leave, term_over):
        undo = happens(house, letter)
        house.session.commit()
        few = house.statements("supervisor", DESK)
        house.office.case(CaseStatus.approved)
        house.session.commit()
        assert house.statements("supervisor", DESK) == few
        undo()
    house.session.commit()
    few = house.statements("pimpinan", DESK)  # what waits for himself
    house.office.case(CaseStatus.approved)
    house.session.commit()
    assert house.statements("pimpinan", DESK) == few


def test_whose_days_go_on_in_the_same_capacity_is_waited_for(house: House, line: Signatory) -> None:
    long_ago = house.office.case(CaseStatus.approved).letters[0]
    term_over(house, long_ago)
    later = Signatory(officer=house.cast.hadi, valid_from=datetime.now(UTC).date())
    house.session.add(later)
    house.session.flush()
    found = held.of(house.session, datetime.now(UTC) + timedelta(days=1))
    assert found == []
    later.capacity = Capacity.plh
    house.session.flush()
    (one,) = held.of(house.session, datetime.now(UTC) + timedelta(days=1))
    assert one.why is Why.over


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_the_clock_tells_of_it_once(house: House, letter: Letter) -> None:
    now = datetime.now(UTC)
    assert signing_held.watch(house.session, now) == 0
    on_leave(house, letter)
    house.session.commit()
    assert [signing_held.watch(house.session, now) for _turn in "12"] == [1, 0]
    house.session.commit()
    assert told(house) == {"supervisor": 1}
    page = house.desk("supervisor").get("/admin/notice/").text
    assert f'href="{DESK}"' in page and letter.printed not in page


def test_disabling_somebody_says_how_many_letters_wait_and_tells_who_replaces_them(
    house: House, letter: Letter
) -> None:
    admin, hadi = house.desk("admin"), house.cast.hadi.id
    act = f"/admin/officer/tindakan/disable/?id={hadi}"
    assert "Surat yang menunggu tanda tangannya</dt><dd>1" in "".join(
        part.strip() for part in admin.get(act).text.splitlines()
    )
    assert admin.fill(act).status_code == 303
    page = admin.get(f"/admin/officer/details/?id={hadi}").text
    assert "Masih menunggu tanda tangan petugas ini: 1 surat." in page
    assert told(house) == {"supervisor": 1}
    assert signing_held.watch(house.session, datetime.now(UTC)) == 0  # told already
    assert "Hadi Purnomo tidak bertugas lagi." in desk(house)
    house.session.delete(house.session.scalars(select(Signatory)).one())
    house.session.commit()
    with register.untried():
        sent = house.desk("supervisor").fill(REPLACE.format(letter.id), reason="Pejabat pindah")
    assert sent.status_code == 303
    assert STUCK not in desk(house)
    house.session.rollback()
    assert letter.state is LetterState.void and letter.replaced_by.signatory is house.cast.budi


def test_excluding_somebody_tells_of_the_letter_that_waits_for_them(
    house: House, letter: Letter
) -> None:
    who, why = (house.cast.budi, house.office.tick(), house.cast.hadi), Conflict.kerabat
    conflicts.exclude(house.session, letter.case, *who, why, "Ipar korban")
    house.session.commit()
    assert told(house) == {"supervisor": 1}
    assert "dikecualikan dari urusan ini" in desk(house)


def test_nobody_signs_after_their_days_as_signatory(house: House, letter: Letter) -> None:
    hadi = house.cast.hadi
    data = pens.fresh(hadi.name).file(pens.PASSPHRASE)
    signing_certificates.add(house.session, hadi, data, pens.PASSPHRASE, pens.today())
    second = house.office.case(CaseStatus.approved).letters[0]
    told_him = (house.session, second, hadi, True)
    assert signing.obstacles(*told_him) == []
    undo = term_over(house, second)
    house.session.flush()
    (why,) = signing.obstacles(*told_him)
    assert "Masa Anda sebagai penandatangan surat ini sudah berakhir" in why
    undo()
    house.session.flush()
    assert signing.obstacles(*told_him) == []
