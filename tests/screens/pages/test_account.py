"""Password and language on one's own page; sessions and factors: `tests/security`."""

import pytest
from sqlalchemy import select

from models import AuditEntry, Officer
from portal.access.sign_in import matches
from tests.screens.generated.conftest import House
from tests.screens.generated.desk import Desk
from tests.support.cast import PASSWORD

NEW = "kuda-lumping-di-alun-alun"
OWN = {"present": PASSWORD, "password": NEW, "again": NEW}


def stored(house: House, officer: Officer) -> str:
    house.session.rollback()
    house.session.refresh(officer)
    return officer.password_hash or ""


def test_an_officer_changes_their_own_password_and_stays(house: House) -> None:
    elsewhere = Desk(house.app, "konselor")
    desk = house.desk("konselor")
    assert desk.fill("/admin/akun/", **OWN).status_code == 303
    assert matches(stored(house, house.cast.maya), NEW)
    assert desk.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    entry = house.session.scalars(
        select(AuditEntry).where(AuditEntry.event == "password_set")
    ).one()
    assert (entry.actor_id, entry.subject_id) == (house.cast.maya.id, house.cast.maya.id)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"present": "salah"}, "Kata sandi sekarang tidak cocok."),
        ({"again": "lain"}, "Kedua kata sandi tidak sama."),
        ({"password": "pendek", "again": "pendek"}, "paling sedikit 12 karakter"),
        ({"password": "konselor1234", "again": "konselor1234"}, "nama Anda sendiri"),
        ({"present": "", "password": "", "again": ""}, "Wajib diisi"),
    ],
)
def test_a_wrong_or_weak_password_changes_nothing(
    house: House, wrong: dict[str, str], sentence: str
) -> None:
    answer = house.desk("konselor").fill("/admin/akun/", **OWN | wrong)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert NEW not in answer.text and PASSWORD not in answer.text
    assert matches(stored(house, house.cast.maya), PASSWORD)


def test_everybody_has_a_page_of_their_own(house: House) -> None:
    for officer in house.cast:
        page = house.desk(officer.username).get("/admin/akun/")
        assert (page.status_code, officer.username in page.text) == (200, True)
    assert house.app.test_client().get("/admin/akun/").status_code == 302


def test_the_language_is_changed_on_it(house: House) -> None:
    desk = house.desk("konselor")
    assert desk.post("/admin/bahasa/en").status_code == 303
    assert stored(house, house.cast.maya) and house.cast.maya.language == "en"
    assert '<html lang="en">' in desk.get("/admin/akun/").text
    assert '<html lang="id">' in house.app.test_client().get("/masuk").text
