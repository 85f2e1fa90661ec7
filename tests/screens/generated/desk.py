"""Officers at their desks, and the rows that no act makes by itself."""

import re
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import models as m
from tests.support.cast import PASSWORD, Cast

ARRIVED = datetime(2026, 3, 2, 3, tzinfo=UTC)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Desk:
    """Somebody signed in, with a browser that sends tokens along."""

    def __init__(self, app: Flask, username: str) -> None:
        self.client: FlaskClient = app.test_client()
        page = self.client.get("/masuk").text
        facts = {"username": username, "password": PASSWORD, "csrf_token": TOKEN.findall(page)[0]}
        assert self.client.post("/masuk", data=facts).status_code == 302

    def get(self, address: str, **kwargs: Any) -> Any:
        """Open a page."""
        return self.client.get(address, buffered=True, **kwargs)

    def post(self, address: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """Send a form with the token of this session."""
        token = TOKEN.findall(self.client.get("/admin/").text)[0]
        return self.client.post(address, data={"csrf_token": token, **(data or {})}, **kwargs)


def complete(session: Session, cast: Cast) -> None:
    """The rows that no act of the office makes by itself."""
    victim = session.scalars(select(m.Victim).where(m.Victim.case_id.is_not(None))).first()
    assert victim and victim.case
    consent = m.Consent(victim_id=victim.id, given_by="sendiri", given_on=date(2026, 3, 2))
    partner = session.scalars(select(m.PartnerInstitution)).first()
    session.add_all(
        [
            consent,
            m.Referral(
                case=victim.case,
                victim=victim,
                partner=partner,
                service="kesehatan",
                referred_on=date(2026, 3, 3),
                consent=consent,
                officer=cast.maya,
            ),
            m.Attachment(
                case=victim.case,
                kind="bukti",
                filename="foto.jpg",
                mime="image/jpeg",
                size=2000,
                sha256="0" * 64,
                storage_key="00/00/" + "0" * 32,
            ),
            m.ServiceComplaint(
                number="PL-2026-000001", via="kunjungan", received_at=ARRIVED, body="Antre lama"
            ),
            m.Notice(officer=cast.sari, kind="report_new"),
        ]
    )
