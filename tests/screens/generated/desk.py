"""Officers at their desks, and the rows that no act makes by itself."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

import models as m
from tests.support.cast import PASSWORD, Cast

ARRIVED = datetime(2026, 3, 2, 3, tzinfo=UTC)
HOME = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Desk:
    """Somebody signed in, with a browser that sends tokens along."""

    def __init__(self, app: Flask, username: str) -> None:
        self.client: FlaskClient = app.test_client()
        self._token = ""
        page = self.client.get("/masuk").text
        facts = {"username": username, "password": PASSWORD, "csrf_token": TOKEN.findall(page)[0]}
        assert self.client.post("/masuk", data=facts).status_code == 302

    def get(self, address: str, **kwargs: Any) -> Any:
        """Open a page."""
        return self.client.get(address, buffered=True, **kwargs)

    def fill(self, address: str, **answers: Any) -> Any:
        """Open a form, change some answers, send it."""
        return self.send(address, FormReader(self.get(address).text).filled(**answers))

    def send(self, address: str, form: MultiDict[str, str]) -> Any:
        """Send a form as it is."""
        return self.client.post(address, data=form, buffered=True)

    def post(self, address: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """Send a form with the token of this session."""
        facts = {"csrf_token": self.token(), **(data or {})}
        return self.client.post(address, data=facts, buffered=True, **kwargs)

    def token(self) -> str:
        """What a form of this session must carry."""
        if not self._token:
            page = self.client.get("/masuk/pastikan")  # the lightest there is
            self._token = str(TOKEN.findall(page.text)[0])
        return self._token


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
            m.Duty(officer=cast.sari, kind="piket", from_at=ARRIVED, until_at=HOME),
            m.HandOver(by=cast.sari, to=cast.ratna, at=HOME, items=[]),
            m.ClockPause(
                report_id=victim.report_id, cause="bencana", from_at=ARRIVED, by=cast.sari
            ),
        ]
    )


class FormReader(HTMLParser):
    """The fields of the one form that saves, as a browser would send them unchanged."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._inside = self._hidden = False
        self._select = self._area = ""
        self._options: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what has a name."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = "admin-form" in said.get("class", "")
        if tag == "template":
            self._hidden = True
        if not self._inside or self._hidden:
            return
        if tag == "input" and said.get("name"):
            self._input(said)
        if tag == "select":
            self._select, self._options = said["name"], []
        if tag == "option" and "selected" in said:
            self._options.append(said.get("value", ""))
        if tag == "textarea":
            self._area = said["name"]
            self.fields.append((self._area, ""))

    def _input(self, said: dict[str, str]) -> None:
        box = said.get("type") in ("checkbox", "radio")
        if not box or "checked" in said:
            self.fields.append((said["name"], said.get("value", "")))

    def handle_data(self, data: str) -> None:
        """What stands in a text area, after the line break that begins it."""
        if self._area:
            name, text = self.fields[-1]
            self.fields[-1] = (name, text + (data if text else data.removeprefix("\n")))

    def handle_endtag(self, tag: str) -> None:
        """A list of options ends with what was chosen."""
        if tag == "select" and self._select:
            self.fields += [(self._select, value) for value in self._options or [""]]
            self._select = ""
        if tag == "textarea":
            self._area = ""
        if tag == "template":
            self._hidden = False
        if tag == "form":
            self._inside = False

    def filled(self, **answers: Any) -> MultiDict[str, str]:
        """The form with some answers changed; a list stands for several boxes, None for none."""
        form = MultiDict(self.fields)
        for name, value in answers.items():
            form.poplist(name)
            values = value if isinstance(value, list) else [] if value is None else [value]
            for one in values:
                form.add(name, str(one))
        return form
