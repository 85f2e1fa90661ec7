"""An officer's own page (password, language), and the admin's page for somebody's new password.

Nothing typed into a password field is ever shown again, kept, or logged.
"""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_admin.helpers import get_form_data
from flask_login import login_user
from wtforms import PasswordField, ValidationError
from wtforms.validators import Length

from models import Officer
from portal import labels
from portal.access import sign_in as access
from portal.protection import audit
from portal.screens import checks, edge
from portal.screens.fields import ScreenForm
from portal.screens.sign_in import Account as SignedIn
from portal.screens.sign_in import current_officer
from portal.wording import LANGUAGES, _
from portal.wording import lazy as _l

WRONG = 422
NEW = {"autocomplete": "new-password"}


class NewPasswordForm(ScreenForm):
    """A new password, twice."""

    password = PasswordField(
        _l("Kata sandi baru"),
        [checks.required(), Length(max=1000)],
        description=_l("Paling sedikit 12 karakter. Beberapa kata berurutan mudah diingat."),
        render_kw=NEW,
    )
    again = PasswordField(_l("Kata sandi baru sekali lagi"), [checks.required()], render_kw=NEW)

    def validate_again(self, field: Any) -> None:
        """Both alike."""
        if field.data != self.password.data:
            raise ValidationError(_("Kedua kata sandi tidak sama."))


class OwnPasswordForm(NewPasswordForm):
    """For one's own password the present one is asked as well."""

    present = PasswordField(
        _l("Kata sandi sekarang"),
        [checks.required()],
        render_kw={"autocomplete": "current-password"},
    )


OWN_SECTIONS = ((_l("Kata sandi"), ("present", "password", "again"), None),)
NEW_SECTIONS = ((_l("Kata sandi"), ("password", "again"), None),)


class Account(BaseView):
    """The officer's own page."""

    def is_visible(self) -> bool:
        """The officer's menu leads here, not the main menu."""
        return False

    def is_accessible(self) -> bool:
        """Officers only; everybody their own."""
        return current_officer() is not None

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        """Who I am here, and a new password."""
        form = OwnPasswordForm(get_form_data())
        if request.method == "GET":
            return self._page(form)
        officer = edge.me()
        if not form.validate() or not _present_fits(form, officer) or not _set(form, officer):
            return self._page(form), WRONG
        login_user(SignedIn(officer))  # other sessions of this officer end with the old password
        flash(_("Kata sandi Anda sudah diganti."), "success")
        return redirect(url_for(".index"), 303)

    def _page(self, form: Any) -> str:
        officer = edge.me()
        facts = [
            (_("Nama"), officer.name),
            (_("Nama pengguna"), officer.username),
            (_("Peran"), labels.label(officer.role)),
            (_("Jabatan"), officer.position or ""),
            (_("Bahasa tampilan"), LANGUAGES.get(officer.language, officer.language)),
        ]
        page: str = self.render(
            "screens/account.html",
            page_title=_("Akun saya"),
            facts=[pair for pair in facts if pair[1]],
            form=form,
            form_sections=OWN_SECTIONS,
            submit_label=_("Ganti kata sandi"),
        )
        return page


def _present_fits(form: Any, officer: Officer) -> bool:
    if access.matches(officer.password_hash or "", form.present.data):
        return True
    form.present.errors = [_("Kata sandi sekarang tidak cocok.")]
    return False


def _set(form: Any, officer: Officer) -> bool:
    """Whether the new password was strong enough to be set; if not, the form says why."""
    try:
        access.set_password(officer, form.password.data)
    except access.WeakPassword as weak:
        form.password.errors = weak.sentences
        return False
    audit.record(edge.session(), "password_set", edge.me(), officer)
    edge.session().commit()
    return True


class PasswordPage:
    """The admin's page for a new password of somebody. Mixed into the screen of officers."""

    details_template = "screens/officer.html"
    demands: Mapping[str, str] = {"password_view": "edit"}

    @expose("/sandi/", methods=("GET", "POST"))
    def password_view(self: Any) -> Any:
        """Give an officer a new password; their sessions end."""
        officer = edge.fetch(Officer, request.args.get("id"))
        form = NewPasswordForm(get_form_data())
        if request.method == "POST":
            if form.validate() and _set(form, officer):
                flash(_("Kata sandi baru untuk %(name)s disimpan.", name=officer.name), "success")
                return redirect(url_for(".details_view", id=officer.id), 303)
            return self._password_page(officer, form), WRONG
        return self._password_page(officer, form)

    def _password_page(self: Any, officer: Officer, form: Any) -> str:
        page: str = self.render(
            "screens/password.html",
            row=officer,
            form=form,
            form_sections=NEW_SECTIONS,
            submit_label=_("Simpan kata sandi"),
        )
        return page
