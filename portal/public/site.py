"""What every public page shares: the guard before it, the traces it must not leave, its frame."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from portal.access import scope
from portal.casework import lists
from portal.db import db
from portal.indonesia import dates
from portal.protection import cookies
from portal.protection.web import error_page
from portal.public import uploads, visit
from portal.wording import LANGUAGES, _, language, set_language

site = Blueprint("public", __name__)
site.after_request(visit.keep_cookies)

# Where quick exit leads: what anybody here may have open, from a public body.
NEUTRAL = "https://www.bmkg.go.id/"
WHATSAPP = "https://wa.me/"
AWAY = "public.elsewhere"


@contextmanager
def everything() -> Iterator[Session]:
    """The session without a viewer: named queries of the casework choose what is shown."""
    with scope.system(db.session()):
        yield db.session()


@site.before_app_request
def speak() -> None:
    """In the language that was chosen, on error pages as well."""
    chosen = cookies.read(visit.LANGUAGE_COOKIE)
    if chosen and request.blueprint in (None, site.name):
        set_language(chosen)


@site.before_request
def refuse_foreign() -> Response | None:
    """A form that another site sent in the visitor's name goes no further."""
    if not visit.is_foreign():
        return None
    return error_page(
        403,
        _("Kiriman ini tidak dapat diproses"),
        _("Formulir ini dikirim dari situs lain. Buka formulirnya di sini, lalu isi sekali lagi."),
    )


@site.before_app_request
def keep_silent() -> BaseResponse | None:
    """After a quick exit Back leads to the weather, wherever it was pressed."""
    ours = request.blueprint == site.name or request.endpoint is None
    reading = request.method in ("GET", "HEAD") and request.endpoint != AWAY
    if not (ours and reading and visit.has_left()):
        return None
    return redirect(url_for(AWAY, kota="malang"), 303)


class Frame:
    """What the frame of a public page asks for, read when it is asked."""

    languages = LANGUAGES
    neutral = NEUTRAL
    moment = staticmethod(dates.moment)
    day = staticmethod(dates.weekday_date)
    long_day = staticmethod(dates.long_date)

    @cached_property
    def office(self) -> dict[str, str]:
        """What the office says of itself, by key of its setting."""
        return lists.office(db.session())

    @property
    def emergency(self) -> list[tuple[str, str]]:
        """Numbers to call at once, each with what it is."""
        lines = self.office["emergency_numbers"].splitlines()
        return [_number(line) for line in lines if line.strip()]

    @property
    def whatsapp(self) -> str:
        """The chat's address, without a ready-made text that would tell on the sender's phone."""
        digits = "".join(filter(str.isdigit, self.office["whatsapp_number"]))
        return f"{WHATSAPP}{digits}" if digits else ""

    @property
    def language(self) -> str:
        """The code of the language in force."""
        return language()

    @property
    def file_limit(self) -> int:
        """The largest file, in megabytes."""
        return uploads.settings().upload_limit

    @staticmethod
    def tel(number: str) -> str:
        """A telephone number as the address of a tel: link."""
        return "tel:" + "".join(c for c in number if c.isdigit() or c == "+")


@site.app_context_processor
def frame() -> dict[str, Frame]:
    """For every template that stands on `public/base.html`, error pages included."""
    return {"frame": Frame()}


def _number(line: str) -> tuple[str, str]:
    number, _colon, what = line.partition(":")
    return number.strip(), what.strip()
