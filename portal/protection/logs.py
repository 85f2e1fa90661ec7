"""Logs that an operator can read and that name nobody.

A request is its method, the rule of its route (never the address itself), status,
time and an id that also stands on the error page. An exception is its class and
the places it came through, without its message, which may hold what was typed.
"""

import logging
import secrets
import sys
import time
import traceback
from types import TracebackType

from flask import Flask, Response, g, request

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
# These tell the text or the address they stumble over.
TALKATIVE = (
    "werkzeug",
    "xhtml2pdf",
    "svglib",
    "PIL",
    "pikepdf",
    "fontTools",
    "sqlalchemy",
    "httpx",
)

_log = logging.getLogger("portal.web")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Writes exceptions without their messages and without the lines of source around them."""

    def formatException(self, ei: ExcInfo) -> str:
        """Class and way of the exception and of those it arose from."""
        return told(ei[1]) if ei[1] else ""


def told(error: BaseException) -> str:
    """One line an exception: its class, and file, line and function of each frame."""
    chain: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(chain) < 10:
        frames = traceback.extract_tb(seen.__traceback__)
        way = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        kind = type(seen)
        chain.append(f"{kind.__module__}.{kind.__qualname__}: {way}")
        seen = seen.__cause__ or seen.__context__
    return "\n".join(chain)


def configure_logging(level: int = logging.INFO) -> None:
    """Write to standard error from now on, discreetly; a second call changes nothing."""
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, Discreet) for handler in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(Discreet(FORMAT))
        root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("portal").setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)


def log_requests(app: Flask) -> None:
    """One line a request, and an id for it.

    Flask's own line about a crash names the address: the page for crashes writes ours.
    """
    app.logger.addFilter(lambda record: record.exc_info is None)
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = secrets.token_hex(6)
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    took = (time.perf_counter() - g.get("began", time.perf_counter())) * 1000
    rule = request.url_rule.rule if request.url_rule else "-"
    _log.info(
        "%s %s %d %.0f ms %s", _method(), rule, response.status_code, took, g.get("request_id", "-")
    )
    return response


def _method() -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return request.method if request.method in known else "OTHER"
