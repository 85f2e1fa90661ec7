"""How long a page of the case list takes, beside Flask-Admin's own list of the same table."""

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.measure import Result, compare
from models import Base, Case, CaseStatus, Officer, Risk, Role
from portal.access.sign_in import hash_password
from portal.app import create_app
from portal.db import db
from portal.environment import environment
from seed.load import load

ROWS = 100_000
BATCH = 5_000
PASSWORD = "kata-sandi-untuk-mengukur"
CURSOR = re.compile(r"sesudah=([\w-]+)")
TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')


def measure(folder: Path) -> list[Result]:
    """The first page, and the one that lies in the middle."""
    app = create_app(environment({"PORTAL_ENV": "demo", "PORTAL_DATA": str(folder)}))
    with app.app_context():
        _fill(db.session())
    ours = _signed_in(app)
    peer = _stock_flask_admin(app.config["SQLALCHEMY_DATABASE_URI"])
    first = compare(_get(ours, "/admin/case/"), _get(peer, "/admin/case/"))
    middle = ROWS // 2 // 25
    deep = compare(
        _get(ours, _middle_of(ours)), _get(peer, f"/admin/case/?page={middle}&page_size=25")
    )
    peer_name = "Flask-Admin 2.2.1 ModelView"
    return [
        Result("case_list_first_page", *first, "ms", ROWS, peer_name),
        Result("case_list_middle_page", *deep, "ms", ROWS, peer_name),
    ]


def _fill(session: Session) -> None:
    Base.metadata.create_all(db.engine)
    load(session)
    people = [_officer("supervisor", Role.supervisor), _officer("petugas", Role.petugas)]
    session.add_all(people)
    session.flush()
    supervisor, intake = (one.id for one in people)
    for start in range(0, ROWS, BATCH):
        numbers = range(start, start + BATCH)
        session.execute(insert(Case), [_case(number, intake, supervisor) for number in numbers])
    session.commit()


def _opened(number: int) -> datetime:
    return datetime(2016, 1, 1, tzinfo=UTC) + timedelta(minutes=50 * number)


def _officer(username: str, role: Role) -> Officer:
    hashed = hash_password(PASSWORD)
    name = username.title()  # without a second factor one signs in only to try the demo
    return Officer(username=username, name=name, role=role, password_hash=hashed, demo=True)


def _case(number: int, intake: int, supervisor: int) -> dict[str, object]:
    opened = _opened(number)
    statuses = (CaseStatus.identified, CaseStatus.handling, CaseStatus.closed)
    status = statuses[number % 3]
    decided = None if status is CaseStatus.identified else supervisor
    return {
        "number": f"K-{opened.year}-{number:06d}",
        "status": status,
        "status_since": opened,
        "risk": tuple(Risk)[number % 4],
        "opened_at": opened,
        "identified_by_id": intake,
        "counsellor_id": decided,
        "approved_by_id": decided,
    }


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    token = TOKEN.findall(client.get("/masuk").text)[0]
    facts = {"csrf_token": token, "username": "supervisor", "password": PASSWORD}
    assert client.post("/masuk", data=facts).status_code == 302
    return client


def _middle_of(client: FlaskClient) -> str:
    """The address of the page in the middle, as the list itself would write it."""
    page = client.get("/admin/case/").text
    found = CURSOR.findall(page)[0]
    place = json.loads(base64.urlsafe_b64decode(found + "=" * (-len(found) % 4)))
    middle = [_opened(ROWS // 2).isoformat(), ROWS // 2][-len(place) :]
    text = json.dumps(middle, separators=(",", ":"))
    return f"/admin/case/?sesudah={base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}"


def _stock_flask_admin(url: str) -> FlaskClient:
    """The same table in Flask-Admin as it comes, open to everybody."""
    app = Flask("peer")
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SECRET_KEY="only for measuring")
    Babel(app)
    peer_db = SQLAlchemy(metadata=Base.metadata)
    peer_db.init_app(app)

    class Cases(ModelView):
        can_set_page_size = True
        page_size, page_size_options = 25, (25, 50, 100)
        column_list = ("number", "status", "status_since", "risk", "opened_at", "counsellor")

    Admin(app).add_view(Cases(Case, peer_db, endpoint="case"))
    return app.test_client()


def _get(client: FlaskClient, address: str) -> Callable[[], object]:
    def get() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    return get
