"""The screen of certificates: what officers sign with, and what an admin takes away.

A certificate is installed by its owner alone, who has just proven again who they are.
"""

from collections.abc import Mapping
from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data

from portal.access.permissions import may
from portal.casework import signing_certificates
from portal.config import Settings
from portal.letters import LetterError
from portal.letters.certificates import PassphraseError
from portal.screens import browser_session as browser
from portal.screens import edge, second_step
from portal.screens.acted_page import ActedPage
from portal.screens.refusals import sentences
from portal.screens.signing_forms import ServiceForm, UploadForm
from portal.wording import _

WAY, SERVICE = "cara", "layanan"
WRONG = 422


class CertificatePage(ActedPage):
    """Mixed into the screen of certificates."""

    list_template = "screens/certificates.html"
    demands: Mapping[str, str] = {"act_view": "view", "install_view": "view"}

    def may_install(self) -> bool:
        """Whether this officer can have a certificate of their own."""
        return may(edge.me(), "signing_certificate.create")

    def row_class(self, row: Any) -> str:
        """What ends soon stands out."""
        return "row-late" if signing_certificates.ends_soon(row, edge.now()) else ""

    @expose("/pasang/", methods=("GET", "POST"))
    def install_view(self: Any) -> Any:
        """A file with its passphrase, or a place at the signing service."""
        if not self.may_install():
            abort(403)
        if not browser.is_sure():
            return second_step.to_make_sure(url_for(".install_view"))
        forms: dict[str, Any] = {}
        if request.method == "POST":
            step = _offered().get(request.form.get(WAY, ""))
            told = step(forms) if step else abort(400)
            if told is None:
                flash(_("Sertifikat dipasang. Surat baru disiapkan untuk tanda tangan elektronik."))
                return redirect(url_for(".index_view"), 303)
        page = self.render("screens/certificate_new.html", **_facts(forms))
        return (page, WRONG) if request.method == "POST" else page


def _offered() -> dict[str, Any]:
    """The ways to sign that this installation has."""
    settings: Settings = current_app.extensions["settings"]
    return {name: do for name, do in STEPS.items() if name != SERVICE or settings.signer_url}


def _facts(forms: dict[str, Any]) -> dict[str, Any]:
    own = signing_certificates.in_force(edge.session(), edge.me())
    return {
        "own": own,
        "ends_soon": own is not None and signing_certificates.ends_soon(own, edge.now()),
        "upload_form": forms.get("berkas") or UploadForm(),
        "service_form": forms.get(SERVICE) or ServiceForm(),
        "service": SERVICE in _offered(),
        "failed": bool(forms),
    }


# --- installing: None when it was done, else what the form says -----------------------------------


def _by_file(forms: dict[str, Any]) -> Any:
    form = forms["berkas"] = UploadForm(get_form_data())
    if not form.validate():
        return form
    session, secret = edge.session(), form.passphrase.data or ""
    with sentences() as told:
        try:
            signing_certificates.add(session, edge.me(), form.given, secret, edge.now())
            session.commit()
        except PassphraseError as error:
            session.rollback()
            form.passphrase.errors = [str(error)]
            return form
        except LetterError as error:
            session.rollback()
            form.file.errors = [str(error)]
            return form
    form.form_errors = told
    return form if told else None


def _by_service(forms: dict[str, Any]) -> Any:
    form = forms[SERVICE] = ServiceForm(get_form_data())
    if not form.validate():
        return form
    session = edge.session()
    with sentences() as told:
        signing_certificates.choose_service(session, edge.me(), form.identity.data, edge.now())
        session.commit()
    form.identity.errors = told
    return form if told else None


STEPS = {"berkas": _by_file, SERVICE: _by_service}
