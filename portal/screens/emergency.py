"""The page "Akses darurat": one case, a written reason, some hours; everybody's own accesses."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from sqlalchemy import select
from werkzeug.wrappers import Response

from models import AccessGrant, GrantKind
from portal.casework import grants
from portal.indonesia import dates
from portal.screens import edge
from portal.screens.access_forms import BreakGlassForm
from portal.screens.guarded import GuardedView
from portal.screens.refusals import sentences
from portal.wording import _
from portal.wording import lazy as _l

REFUSED, WRONG = 409, 422
SHOWN = 10
SECTIONS = ((None, ("number", "reason"), None),)


class Emergency(GuardedView):
    """Break-glass, for those who work on cases."""

    permission = "access_grant.create"

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        """The form; sent, it leads to the case or says that there is none."""
        form = BreakGlassForm(get_form_data())
        if request.method == "GET":
            return self._page(form)
        if not form.validate():
            return self._page(form), WRONG
        with sentences() as told:
            case = grants.break_glass(
                edge.session(), edge.me(), form.number.data, form.reason.data, edge.now()
            )
            edge.session().commit()
        if not told and case is not None:
            return self._opened(case.id)
        form.form_errors = [*form.form_errors, *(told or [_not_there()])]
        return self._page(form), REFUSED

    def _opened(self, key: int) -> Response:
        flash(_("Kasus ini terbuka untuk Anda. Supervisor diberi tahu."), "warning")
        return redirect(url_for("case.details_view", id=key), 303)

    def _page(self, form: Any) -> str:
        page: str = self.render(
            "screens/emergency.html",
            page_title=_("Akses darurat"),
            form=form,
            form_sections=SECTIONS,
            submit_label=_("Buka kasus ini"),
            hours=grants.hours(edge.session()),
            mine=[_line(one) for one in _mine()],
        )
        return page


def _not_there() -> str:
    return _("Kasus itu tidak dapat dibuka. Periksa nomornya, atau hubungi supervisor.")


def _mine() -> list[AccessGrant]:
    own = (AccessGrant.officer_id == edge.me().id, AccessGrant.kind == GrantKind.darurat)
    wanted = select(AccessGrant).where(*own, AccessGrant.case_id.is_not(None))
    return list(edge.session().scalars(wanted.order_by(AccessGrant.id.desc()).limit(SHOWN)))


def _line(grant: AccessGrant) -> list[Any]:
    open_now = grants.in_force(grant, edge.now())
    state = _("terbuka") if open_now else _("berakhir")
    number = grant.case.number if grant.case else "–"
    until = dates.moment(grant.until) if grant.until else "–"
    return [number, dates.moment(grant.at), until, state]


NAME = _l("Akses darurat")
