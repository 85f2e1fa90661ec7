"""The texts of Flask-Admin and WTForms in Indonesian: catalogues of our own for both.

Neither brings one. Flask-Babel keeps the first catalogue it finds for a language, so
`warm_up` must ask from within an officers' page before anybody else does.
"""

from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask
from flask_admin import Admin
from flask_admin.babel import domain
from flask_admin.helpers import set_current_view
from flask_babel import Babel, force_locale

from portal.wording import CATALOGUES, LANGUAGES, language


class FieldTexts:
    """What WTForms asks of a catalogue."""

    def __init__(self, catalogue: NullTranslations) -> None:
        self._catalogue = catalogue

    def gettext(self, message: str) -> str:
        """One message."""
        text: str = self._catalogue.ugettext(message)
        return text

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """One message about a number."""
        text: str = self._catalogue.ungettext(singular, plural, n)
        return text


def field_texts() -> FieldTexts:
    """WTForms' messages in the language in force; English is what WTForms speaks."""
    return _field_texts(language())


@cache
def _field_texts(code: str) -> FieldTexts:
    return FieldTexts(Translations.load(CATALOGUES, [code], domain="wtforms"))


def init_babel(app: Flask) -> Babel:
    """Let templates and Flask-Admin speak the language in force."""
    directories = str(CATALOGUES)
    return Babel(
        app,
        default_locale="id",
        default_translation_directories=directories,
        locale_selector=language,
    )


def warm_up(app: Flask, admin: Admin) -> None:
    """Load Flask-Admin's catalogue of each language while an officers' page is current."""
    view: Any = admin.index_view
    with app.test_request_context(admin.url):
        set_current_view(view)
        for code in LANGUAGES:
            with force_locale(code):
                domain.get_translations()
