"""An officer's own page: password, second factors, where one is signed in, language.

Nothing typed into a password field is ever shown again, kept, or logged.
"""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_admin.helpers import get_form_data
from wtforms import PasswordField, ValidationError
from wtforms.validators import Length

from models import Officer, OfficerSession
from portal import labels
from portal.access import delays, factors, sessions
from portal.access import sign_in as access
from portal.indonesia import dates
from portal.screens import browser_session as browser
from portal.screens import checks, door, edge
from portal.screens.fields import ScreenForm
from portal.screens.sign_in import current_officer
from portal.wording import LANGUAGES, _
from portal.wording import lazy as _l

WRONG = 422
NEW = {"autocomplete": "new-password"}
KINDS = {factors.TOTP: _l("Aplikasi kode"), factors.PASSKEY: _l("Kunci sandi (passkey)")}


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
        [checks.required(), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


OWN_SECTIONS = ((_l("Kata sandi"), ("present", "password", "again"), None),)


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
        """Who I am here, how I get in, and a new password."""
        form = OwnPasswordForm(get_form_data())
        if request.method == "GET":
            return self._page(form)
        try:
            if not form.validate() or not _present_fits(form) or not _set(form):
                return self._page(form), WRONG
        except delays.TooSoon as wait:
            form.present.errors = [door.wait_sentence(wait)]
            return self._page(form), 429, {"Retry-After": str(wait.seconds)}
        flash(_("Kata sandi Anda sudah diganti. Sesi lain sudah diakhiri."), "success")
        return redirect(url_for(".index"), 303)

    @expose("/sesi/<int:number>/akhiri", methods=("POST",))
    def end_session(self, number: int) -> Any:
        """End one of my sessions."""
        mine = sessions.living(edge.session(), edge.me(), browser.now())
        row = next((one for one in mine if one.id == number), None) or abort(404)
        sessions.revoke(edge.session(), row, edge.me(), browser.now(), "revoked")
        edge.session().commit()
        flash(_("Sesi itu diakhiri."), "success")
        return redirect(url_for(".index"), 303)

    @expose("/sesi/lain", methods=("POST",))
    def end_others(self) -> Any:
        """End all of my sessions but this one."""
        me, here = edge.me(), browser.here().place
        but = here[0] if here else None
        sessions.revoke_all(edge.session(), me, me, browser.now(), "revoked", but)
        edge.session().commit()
        flash(_("Semua sesi lain diakhiri."), "success")
        return redirect(url_for(".index"), 303)

    def _page(self, form: Any) -> str:
        session, officer = edge.session(), edge.me()
        page: str = self.render(
            "screens/account.html",
            page_title=_("Akun saya"),
            facts=[pair for pair in _facts(officer) if pair[1]],
            factors=[(one.id, *_factor(one)) for one in factors.of(session, officer)],
            codes_left=factors.codes_left(session, officer),
            sessions=[_signed_in(one) for one in sessions.living(session, officer, browser.now())],
            form=form,
            form_sections=OWN_SECTIONS,
            submit_label=_("Ganti kata sandi"),
        )
        return page


def _facts(officer: Officer) -> list[tuple[str, str]]:
    return [
        (_("Nama"), officer.name),
        (_("Nama pengguna"), officer.username),
        (_("Peran"), labels.label(officer.role)),
        (_("Jabatan"), officer.position or ""),
        (_("Bahasa tampilan"), LANGUAGES.get(officer.language, officer.language)),
    ]


def _factor(one: Any) -> tuple[str, str]:
    """Its name, and when it was used."""
    name = f"{KINDS[one.kind]}: {one.label}" if one.label else str(KINDS[one.kind])
    used = dates.moment(one.used_at or one.created_at)
    return name, _("Terakhir dipakai %(time)s", time=used)


def _signed_in(row: OfficerSession) -> dict[str, Any]:
    """A line of the list of sessions."""
    return {
        "id": row.id,
        "device": row.device,
        "place": row.place,
        "seen": dates.moment(row.seen_at),
        "here": browser.here().place == (row.id, row.uuid),
    }


def _present_fits(form: Any) -> bool:
    """Slowed down and logged like signing in; `TooSoon` as there."""
    if door.authenticate(edge.me().username, form.present.data) is not None:
        return True
    form.present.errors = [_("Kata sandi sekarang tidak cocok.")]
    return False


def _set(form: Any) -> bool:
    """Whether the new password was strong enough to be set; if not, the form says why."""
    session, officer = edge.session(), edge.me()
    try:
        access.change_password(session, officer, officer, form.password.data, browser.now())
    except access.WeakPassword as weak:
        form.password.errors = weak.sentences
        return False
    browser.step_up(officer, renews=False)  # the present one ended with the others
    session.commit()
    return True
