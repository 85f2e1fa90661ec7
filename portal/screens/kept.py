"""A form that arrived after its session ended is kept, sealed, until its officer is back.

It is bound to the browser (a cookie with a random token, of which the database
holds a keyed hash) and to the officer whose session it was. After signing in, the
officer sees what was kept and sends it again with one button: the page it was
meant for then treats it like any other form, its version and its checks included.
"""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy import select
from werkzeug.wrappers import Response

from models import Draft
from portal.access import scope
from portal.db import db
from portal.protection import cookies, vault

KIND, COOKIE, MARK = "sesi", "isian", "_kept"
# In a form that nobody sent: the page kept it when the session ended. And in one that is to be
# opened again, not done: see `ScreenForm.validate`.
UNSENT, REOPEN = "_unsent", "_reopen"
LIFE = timedelta(hours=10)
MOST = 5
UNWANTED = {"csrf_token", MARK, UNSENT, REOPEN}
# Parts of the names of fields that hold a secret: a form with one is not kept.
SECRET = ("password", "passphrase", "sandi")


@dataclass(frozen=True)
class KeptForm:
    """What was typed: where it was going, its fields in order, whether files were chosen."""

    number: str
    path: str
    fields: list[list[str]]
    with_files: bool
    at: str
    unsent: bool = False

    @property
    def written(self) -> list[str]:
        """The texts worth showing: what a person typed rather than chose."""
        return [value for _name, value in self.fields if " " in value.strip()]


def keep(officer_id: int | None) -> str | None:
    """Keep the posted form of this request for `officer_id`; the token, None if nothing to keep."""
    fields = [[k, v] for k, v in request.form.items(multi=True) if k not in UNWANTED]
    secret = any(part in name for name, _value in fields for part in SECRET)
    if officer_id is None or secret or not any(value.strip() for _name, value in fields):
        return None
    token = _cookie()
    with scope.system(db.session()):
        draft = _find(token, officer_id)
        if draft is None:
            token = secrets.token_urlsafe(32)
            draft = Draft(kind=KIND, token_hash=_hash(token), officer_id=officer_id)
            db.session.add(draft)
        _put(draft, [*_forms(draft), _this_form(fields)][-MOST:])
        db.session.commit()
    return token


def _this_form(fields: list[list[str]]) -> KeptForm:
    return KeptForm(
        number=secrets.token_hex(4),
        path=request.full_path.rstrip("?"),
        fields=fields,
        with_files=any(file.filename for _name, file in request.files.items(multi=True)),
        at=datetime.now(UTC).isoformat(),
        unsent=UNSENT in request.form,
    )


def kept(officer_id: int) -> list[KeptForm]:
    """What this browser still keeps for this officer."""
    with scope.system(db.session()):
        draft = _find(_cookie(), officer_id)
        return _forms(draft) if draft else []


def forget(officer_id: int, number: str) -> None:
    """Forget one kept form: it was sent, or is not wanted any more."""
    with scope.system(db.session()):
        draft = _find(_cookie(), officer_id)
        if draft is not None:
            _put(draft, [form for form in _forms(draft) if form.number != number])
            db.session.commit()


def give_cookie(response: Response, token: str) -> Response:
    """Let the browser hold the token of what was kept."""
    return cookies.give(response, COOKIE, token, "Strict", LIFE)


def _cookie() -> str:
    return cookies.read(COOKIE)


def _find(token: str, officer_id: int) -> Draft | None:
    found = select(Draft).where(
        Draft.token_hash == _hash(token),
        Draft.officer_id == officer_id,
        Draft.expires_at > datetime.now(UTC),
    )
    return db.session.scalar(found) if token else None


def _hash(token: str) -> str:
    return vault.keyed_hash("kept-form", token).hex()


def _forms(draft: Draft) -> list[KeptForm]:
    content: dict[str, Any] = json.loads(draft.content or "{}")
    return [KeptForm(**form) for form in content.get("forms", [])]


def _put(draft: Draft, forms: list[KeptForm]) -> None:
    if not forms:
        db.session.delete(draft)
        return
    draft.content = json.dumps({"forms": [asdict(form) for form in forms]}, ensure_ascii=False)
    draft.expires_at = datetime.now(UTC) + LIFE
