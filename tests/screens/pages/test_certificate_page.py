"""What an officer signs with: installed by its owner, seen and withdrawn by an admin."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from models import AuditEntry, SigningCertificate
from portal.protection import audit
from tests.screens.generated.conftest import House
from tests.support import signing as pens
from tests.support.browser import DESKTOP, PHONE
from tests.support.cast import PASSWORD
from tests.support.looks import overflow, violations
from tests.support.signing import NIK, PASSPHRASE

LIST, NEW = "/admin/signing_certificate/", "/admin/signing_certificate/pasang/"


def sure(house: House, username: str) -> Any:
    """The desk of an officer who has just proven again who they are."""
    desk = house.desk(username)
    assert desk.get(NEW).location.startswith("/masuk/pastikan?next=")
    assert desk.post("/masuk/pastikan", {"password": PASSWORD}).status_code == 303
    desk._token = ""
    return desk


def upload(desk: Any, data: bytes, passphrase: str = PASSPHRASE) -> Any:
    facts = {"cara": "berkas", "passphrase": passphrase, "file": (io.BytesIO(data), "budi.p12")}
    return desk.post(NEW, facts, content_type="multipart/form-data")


def rows(house: House) -> list[SigningCertificate]:
    house.session.rollback()
    house.session.expire_all()
    return list(house.session.scalars(select(SigningCertificate).order_by(SigningCertificate.id)))


def test_an_officer_installs_a_certificate_and_sees_how_long_it_serves(house: House) -> None:
    desk = sure(house, "supervisor")
    soon = pens.fresh("Budi Santoso", lasting=timedelta(days=20)).file(PASSPHRASE)
    assert upload(desk, soon).status_code == 303
    (row,) = rows(house)
    assert (row.subject, row.officer, row.data) == ("Budi Santoso", house.cast.budi, soon)
    page = desk.get(LIST).text
    assert "berakhir dalam 18 hari" in page and "row-late" in page
    assert upload(desk, pens.fresh("Budi Santoso").file(PASSPHRASE)).status_code == 303
    old, new = rows(house)
    assert old.withdrawn_at and old.data == b"" and new.withdrawn_at is None
    added = select(AuditEntry).where(AuditEntry.event == "certificate_added")
    assert len(house.session.scalars(added).all()) == 2


REFUSED: tuple[tuple[Callable[[], bytes], str, str], ...] = (
    (lambda: pens.fresh("Budi").file(PASSPHRASE), "salah", "tidak cocok"),
    (lambda: pens.fresh("Budi").file(PASSPHRASE), "", "field-error"),
    (lambda: b"bukan sertifikat", PASSPHRASE, "bukan sertifikat PKCS#12"),
    (lambda: b"0" * 200_000, PASSPHRASE, "terlalu besar"),
    (lambda: b"", PASSPHRASE, "bukan sertifikat PKCS#12"),
    (
        lambda: pens.fresh("Budi", usage=("key_encipherment",)).file(PASSPHRASE),
        PASSPHRASE,
        "tidak diterbitkan untuk tanda tangan",
    ),
)


def test_what_cannot_sign_is_refused_beside_the_field_and_not_kept(house: House) -> None:
    desk = sure(house, "supervisor")
    for make, passphrase, words in REFUSED:
        answer = upload(desk, make(), passphrase)
        assert (answer.status_code, words in answer.text) == (422, True), words
        assert passphrase == "" or passphrase not in answer.text
    assert rows(house) == []


@pytest.fixture
def service(house: House) -> Iterator[None]:
    """This installation speaks to a signing service."""
    settings = house.app.extensions["settings"]
    speaking = replace(settings, signer_url="https://tanda-tangan.contoh.id")
    house.app.extensions["settings"] = speaking
    yield
    house.app.extensions["settings"] = settings


def test_no_service_is_offered_where_there_is_none(house: House) -> None:
    desk = sure(house, "pimpinan")
    assert "layanan tanda tangan" not in desk.get(NEW).text
    assert desk.post(NEW, {"cara": "layanan", "identity": NIK}).status_code == 400


def test_a_place_at_the_service_is_kept_sealed_and_never_shown(house: House, service: None) -> None:
    desk = sure(house, "pimpinan")
    said = {"cara": "layanan", "identity": "12345"}
    assert "16 angka" in desk.post(NEW, said).text
    assert desk.post(NEW, said | {"identity": NIK}).status_code == 303
    (row,) = rows(house)
    assert (row.identity, row.data) == (NIK, None)
    for address in (LIST, f"{LIST}details/?id={row.id}", NEW):
        page = desk.get(address).text
        assert NIK not in page and "BSrE" in page
    assert desk.post(NEW, {"cara": "lain"}).status_code == 400


def test_an_admin_withdraws_one_and_installs_none(house: House) -> None:
    assert upload(sure(house, "supervisor"), pens.fresh("B").file(PASSPHRASE)).status_code == 303
    (row,) = rows(house)
    admin, act = house.desk("admin"), f"{LIST}tindakan/withdraw/?id={row.id}"
    assert "Pasang sertifikat" not in admin.get(LIST).text
    assert admin.get(NEW).status_code == 403 and admin.post(NEW).status_code == 403
    assert house.desk("konselor").get(f"{LIST}details/?id={row.id}").status_code == 404
    assert house.desk("konselor").get(act).status_code == 404
    assert admin.fill(act).status_code == 303
    (row,) = rows(house)
    assert row.withdrawn_by is house.cast.admin and row.data == b""
    assert admin.fill(act).status_code == 409
    told = [audit.details_of(one) for one in house.session.scalars(select(AuditEntry))]
    noted = [one["fields"] for one in told if "withdrawn_by" in one.get("fields", {})]
    assert len(noted) == 1 and "data" not in noted[0]  # the key is gone from everywhere


@pytest.mark.browser
@pytest.mark.xdist_group("screens_browser")
def test_installing_is_accessible_and_fits_desk_and_phone(
    house: House, page: Page, address: str
) -> None:
    desk = sure(house, "supervisor")
    assert upload(desk, pens.fresh("Budi Santoso").file(PASSPHRASE)).status_code == 303
    for cookie in desk.client._cookies.values():
        page.context.add_cookies(
            [{"name": cookie.decoded_key, "value": cookie.value, "url": address}]
        )
    for path in (NEW, LIST):
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            page.goto(path)
            assert (violations(page), overflow(page)) == ([], 0), (path, size)
