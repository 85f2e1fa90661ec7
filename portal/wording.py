"""Every text a person reads, in Indonesian (the source) or English.

Rules and services must speak without a web request, so this is Babel's
gettext behind one context variable; templates reach the same catalogues
through Flask-Babel. The message ids are the Indonesian texts themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.support import LazyProxy, NullTranslations, Translations

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
CATALOGUES = Path(__file__).parent / "translations"

_language: ContextVar[str] = ContextVar("language", default="id")


def language() -> str:
    """The language code in force, `id` unless `speak` chose another."""
    return _language.get()


def set_language(code: str) -> None:
    """Speak `code` from here on in this context; an unknown code means Indonesian."""
    _language.set(code if code in LANGUAGES else "id")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak `code` inside the block: letters and notices have their own language."""
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _catalogue(code: str) -> NullTranslations:
    return Translations.load(CATALOGUES, [code])


def _(message: str, **values: Any) -> str:
    """`message` in the language in force, its `%(name)s` filled from `values`."""
    text = _catalogue(language()).ugettext(message)
    return text % values if values else text


def lazy(message: str, **values: Any) -> Any:
    """Like `_`, but translated when shown: for labels made at import time."""
    return LazyProxy(_, message, enable_cache=False, **values)


def lazy_in(context: str, message: str) -> Any:
    """Like `lazy`, where one Indonesian word needs several English ones.

    `context` tells them apart, as in `lazy_in("daftar", "Korban")`: a list of them, "Victims".
    """
    return LazyProxy(_meant, context, message, enable_cache=False)


def _meant(context: str, message: str) -> str:
    text: str = _catalogue(language()).upgettext(context, message)
    return text
