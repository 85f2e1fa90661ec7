"""One visit to the public site: its cookie, its forms' tokens, and how it ends.

Visitors have no session and no account. A form that is being filled in is known by a cookie with
a random token, a report that was opened with its receipt by another; all end with the browser.
Forms carry a token derived from their cookie, so no other site can post one; a form that comes too
late is not refused but taken up again, since what a frightened person typed must not be lost.
Language and quick exit change nothing that matters and ask only that the request comes from our
own pages.
"""

import hmac
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from portal.casework import receipts
from portal.protection import cookies, vault

REPORT_FORM, COMPLAINT_FORM = "formulir", "masukan"
TRACK_COOKIE, LANGUAGE_COOKIE = "lacak", "bahasa"
TRACK_FOR = timedelta(minutes=15)
# After a quick exit the site keeps silent in this browser, so that Back finds the weather. The
# cookie says nothing by its name or value, and is gone after five minutes.
LEFT_COOKIE, LEFT_FOR = "cuaca", timedelta(minutes=5)
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
FIELD = "csrf_token"


def now() -> datetime:
    """The time of this request, aware."""
    return datetime.now(UTC)


# --- forms ------------------------------------------------------------------------------------


def form_token(form: str = REPORT_FORM) -> str:
    """The token of this browser's form; a new one where the cookie is missing or nonsense."""
    given = cookies.read(form)
    if form not in _tokens():
        _tokens()[form] = given if TOKEN.fullmatch(given) else receipts.new_token()
    return _tokens()[form]


def new_form(form: str = REPORT_FORM) -> str:
    """Begin another form: the last one was sent, or is to be forgotten."""
    _tokens()[form] = receipts.new_token()
    return form_token(form)


def _tokens() -> dict[str, str]:
    """The form tokens this request has settled, by cookie."""
    tokens: dict[str, str] = g.setdefault("form_tokens", {})
    return tokens


def field_for(token: str) -> str:
    """What a form carries in the field `csrf_token` while the browser holds `token`."""
    return vault.keyed_hash("public-form", token).hex()


def is_own_form(form: str = REPORT_FORM) -> bool:
    """Whether this POST comes from a form that we showed to this browser."""
    return _carries(form_token(form))


def _carries(token: str) -> bool:
    return hmac.compare_digest(request.form.get(FIELD, "").encode(), field_for(token).encode())


def keep_cookies(response: Response) -> Response:
    """Let the browser hold what this request settled (after_request)."""
    for form, token in _tokens().items():
        if cookies.read(form) != token:
            cookies.give(response, form, token)
    if "track_cookie" in g:
        cookies.give(response, TRACK_COOKIE, g.track_cookie, "Strict", TRACK_FOR)
    return response


def is_foreign() -> bool:
    """Whether this is a POST that another site made the browser send.

    A browser that hides where it comes from (`Origin: null`, or neither header) is not refused:
    the token of the form decides then.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if request.method != "POST" or not (site or origin):
        return False
    if site:
        return site not in ("same-origin", "none")
    return origin != "null" and urlsplit(origin or "").netloc != request.host


# --- a report opened with its receipt ------------------------------------------------------------


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="public-track")


def opened(kind: str) -> tuple[int, str] | None:
    """Id and mark of what this browser opened with a receipt in the last fifteen minutes."""
    try:
        content = _signer().loads(_track_cookie(), max_age=int(TRACK_FOR.total_seconds()))
    except BadSignature:
        return None
    return (content["id"], content.get("mark", "")) if content.get("kind") == kind else None


def remember(kind: str, row_id: int, mark: str) -> None:
    """Keep `row_id` open for this browser, fifteen minutes from now, while its code is the same."""
    g.track_cookie = _signer().dumps({"kind": kind, "id": row_id, "mark": mark})


def is_own_track_form() -> bool:
    """Whether this POST comes from the page of the report that is open here."""
    return bool(_track_cookie()) and _carries(_track_cookie())


def track_field() -> str:
    """What the forms on the page of an open report carry."""
    return field_for(_track_cookie())


def _track_cookie() -> str:
    cookie: str = g.get("track_cookie") or cookies.read(TRACK_COOKIE)
    return cookie


def forget_track(response: Response) -> Response:
    """Close what was opened with a receipt."""
    g.pop("track_cookie", None)
    cookies.take(response, TRACK_COOKIE)
    return response


def forget_everything(response: Response) -> Response:
    """Leave nothing of this visit in the browser."""
    _tokens().clear()
    for name in (REPORT_FORM, COMPLAINT_FORM, LANGUAGE_COOKIE):
        cookies.take(response, name)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    cookies.give(response, LEFT_COOKIE, "1", "Strict", LEFT_FOR)
    return forget_track(response)


def has_left() -> bool:
    """Whether somebody has just left in a hurry from this browser."""
    return bool(cookies.read(LEFT_COOKIE))


def come_back(response: Response) -> Response:
    """Speak again, to somebody who says so."""
    cookies.take(response, LEFT_COOKIE)
    return response
