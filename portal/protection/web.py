"""The web defences: headers, cookies, tokens against forged forms, and plain error pages."""

import logging
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import escape
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import (
    BadRequest,
    Conflict,
    HTTPException,
    InternalServerError,
    RequestEntityTooLarge,
    SecurityError,
)

from portal.config import Settings
from portal.db import db
from portal.protection import cookies
from portal.protection.headers import send_headers
from portal.protection.logs import log_requests, told
from portal.protection.parameters import guard
from portal.wording import _, lazy

MEGABYTE = 1_000_000
DRAINED = 300 * MEGABYTE
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

csrf = CSRFProtect()
_log = logging.getLogger("portal.web")


def protect(app: Flask, settings: Settings) -> None:
    """Put every defence around `app`; call it before blueprints add their own hooks."""
    https = settings.public_url.startswith("https://")
    app.config.update(
        SESSION_COOKIE_NAME=cookies.named("sesi", https),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as its session
        MAX_CONTENT_LENGTH=max(100, 4 * settings.upload_limit) * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=4 * MEGABYTE,
        TRUSTED_HOSTS=[urlsplit(settings.public_url).hostname or "localhost", *LOCAL_HOSTS],
    )
    log_requests(app)
    guard(app)
    csrf.init_app(app)
    send_headers(app, https)
    _handle_errors(app)


# --- error pages ----------------------------------------------------------------------------

PAGES: dict[int, tuple[Any, Any]] = {
    400: (
        lazy("Permintaan ini tidak dapat dibaca"),
        lazy("Alamat atau isiannya tidak lengkap. Kembalilah dan coba sekali lagi."),
    ),
    401: (
        lazy("Anda belum masuk"),
        lazy("Sesi Anda sudah berakhir. Masuk lagi untuk melanjutkan."),
    ),
    403: (
        lazy("Halaman ini tidak terbuka untuk Anda"),
        lazy("Peran Anda tidak memberi akses ke halaman ini."),
    ),
    404: (
        lazy("Halaman tidak ditemukan"),
        lazy("Alamatnya mungkin salah ketik, atau halamannya sudah tidak ada."),
    ),
    405: (
        lazy("Tindakan ini tidak dapat dilakukan di sini"),
        lazy("Kembalilah ke halaman sebelumnya dan gunakan tombol yang tersedia."),
    ),
    409: (
        lazy("Data ini baru saja berubah"),
        lazy(
            "Orang lain mengubahnya lebih dahulu, jadi perubahan Anda belum disimpan. "
            "Kembalilah, muat ulang halamannya, lalu coba lagi."
        ),
    ),
    413: (
        lazy("Kiriman ini terlalu besar"),
        lazy("Kembalilah dan pilih berkas yang lebih kecil, atau kirim satu per satu."),
    ),
    429: (
        lazy("Terlalu banyak percobaan"),
        lazy("Tunggu beberapa menit, lalu coba lagi."),
    ),
    500: (
        lazy("Terjadi gangguan di sistem kami"),
        lazy("Ini bukan kesalahan Anda. Coba lagi beberapa saat kemudian."),
    ),
    503: (
        lazy("Data tidak dapat dibaca atau disimpan"),
        lazy(
            "Tidak ada yang berubah: tempat penyimpanan penuh, terlalu sibuk, atau mati. "
            "Kembalilah dengan tombol kembali pada peramban Anda: isian Anda biasanya masih ada. "
            "Kirim sekali lagi; bila terulang, beri tahu admin."
        ),
    ),
}
EXPIRED = (
    lazy("Formulir ini sudah kedaluwarsa"),
    lazy(
        "Tidak ada yang dikirim. Kembalilah dengan tombol kembali pada peramban Anda: isian Anda "
        "biasanya masih ada. Salin bila perlu, muat ulang halamannya, masuk lagi bila diminta, "
        "lalu kirim sekali lagi."
    ),
)
# What the database answers to a stale edit and to a value that no column can hold.
DATABASE_ERRORS = {StaleDataError: Conflict, DataError: BadRequest}


def _handle_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(CSRFError, expired_form)
    app.register_error_handler(RequestEntityTooLarge, _on_too_large)
    app.register_error_handler(InternalServerError, _on_crash)
    app.register_error_handler(OperationalError, _on_database_trouble)
    for error, answer in DATABASE_ERRORS.items():
        app.register_error_handler(error, lambda _error, answer=answer: _on_http_error(answer()))


def _on_http_error(error: HTTPException) -> Response | HTTPException:
    """Redirects pass; every refusal gets its page."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    title, sentence = PAGES.get(error.code) or PAGES[400 if error.code < 500 else 500]
    response = error_page(error.code, title, sentence)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def expired_form(_error: CSRFError) -> Response:
    """A form whose token does not belong to this session; says how to save what was typed."""
    return error_page(400, *EXPIRED)


def _on_too_large(error: RequestEntityTooLarge) -> Response | HTTPException:
    """A browser shows the page only if its upload was taken to the end; up to a limit."""
    stream = request.environ.get("wsgi.input")
    left = min(request.content_length or 0, DRAINED)
    while stream is not None and left > 0:
        chunk = stream.read(min(left, MEGABYTE))
        left = left - len(chunk) if chunk else 0
    return _on_http_error(error)


def _on_crash(error: InternalServerError) -> Response:
    """No detail on the page; class and way of the exception in the log, under the same id."""
    cause = error.original_exception
    _log.error("%s %s", g.get("request_id", "-"), told(cause) if cause else "500")
    return error_page(500, *PAGES[500])


def _on_database_trouble(error: OperationalError) -> Response:
    """The database is full, locked for too long, or gone: nothing of the request remains."""
    _log.error("%s %s", g.get("request_id", "-"), told(error))
    return error_page(503, *PAGES[503])


def error_page(code: int, title: Any, sentence: Any) -> Response:
    """A plain page of the side the visitor is on, `sentence` saying what to do.

    Whatever the request had begun to write is undone first.
    """
    facts = {"title": str(title), "sentence": str(sentence), "code": code, "link": _way_out()}
    plain = _bare(str(title), str(sentence), *_way_out())
    if _foreign():
        return make_response(plain, code)
    try:
        db.session.rollback()
        page = render_template(_template(), detail=_reference(code), **facts)
    except Exception as failure:
        _log.error("%s %s", g.get("request_id", "-"), told(failure))
        page = plain
    return make_response(page, code)


def _foreign() -> bool:
    """Asked under the name of another host: no page can be made, which names our addresses."""
    return isinstance(request.routing_exception, SecurityError)


def _officers_side() -> bool:
    return request.path.startswith(("/admin", "/masuk", "/keluar"))


def _template() -> str:
    return "error.html" if _officers_side() else "public/error.html"


def _way_out() -> tuple[str, str]:
    if _officers_side():
        return _("Ke beranda petugas"), "/admin/"
    return _("Ke halaman depan"), "/"


def _reference(code: int) -> str:
    """What an officer may read out to the one who looks after the server."""
    return _("Kode gangguan: %(code)s", code=g.get("request_id", "-")) if code >= 500 else ""


def _bare(title: str, sentence: str, text: str, address: str) -> str:
    """When even the template fails: no session, no database, no style sheet needed."""
    return (
        f'<!DOCTYPE html><html lang="id"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p>"
        f'<p><a href="{address}">{escape(text)}</a></p></html>'
    )
