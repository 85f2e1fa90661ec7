"""What every answer tells a browser to refuse (OWASP ASVS 5.0, 3.4).

Pages run and dress themselves with what carries the nonce of their own answer, and nothing else:
no inline script or style, no `eval`, no file that somebody managed to upload. An answer that is
no page, or that never asked for a nonce, may run nothing at all.
"""

import secrets

from flask import Flask, Response, g, request

FEATURES = ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
# Not even an icon, but for the empty one that stops a browser from asking for it.
NOTHING = (
    "default-src 'none'; img-src data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
PAGE = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
ONE_YEAR = "public, max-age=31536000, immutable"
TWO_YEARS = "max-age=63072000; includeSubDomains"


def send_headers(app: Flask, https: bool) -> None:
    """Put the headers on every answer of `app`; with `https` also HSTS (RFC 6797)."""
    app.jinja_env.globals["csp_nonce"] = nonce
    app.after_request(_harden)
    if https:
        app.after_request(_insist_on_https)


def nonce() -> str:
    """The word that lets this answer's own scripts and styles run: 128 random bits."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def content_security_policy() -> str:
    """The policy of this answer."""
    return PAGE.format(nonce=g.csp_nonce) if "csp_nonce" in g else NOTHING


def _harden(response: Response) -> Response:
    """Every answer; a view that serves files may have set a stricter policy of its own."""
    response.headers.setdefault("Content-Security-Policy", content_security_policy())
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        if "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = ONE_YEAR
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def _insist_on_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = TWO_YEARS
    return response
