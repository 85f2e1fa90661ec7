"""The page "Pengaturan surat": what letters of a kind look like, tried on while one types."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_form_data
from wtforms import FileField
from wtforms.validators import ValidationError

from models import LetterKind
from portal import labels
from portal.casework import letter_settings
from portal.casework.lifecycle import Refused, Stale
from portal.letters import LetterError, html, logos, press, setting_rules, specimens
from portal.letters.said import texts
from portal.letters.setting_rules import LOGO
from portal.letters.signatories import today
from portal.protection import files
from portal.screens import edge
from portal.screens.fields import ScreenForm
from portal.screens.guarded import GuardedView
from portal.screens.letter_settings_form import form_of, sections, values_of
from portal.wording import _
from portal.wording import lazy as _l

NAME = _l("Pengaturan surat")
WRONG, GONE = 422, 404
LARGEST = files.Limits(size=5 * files.MEGABYTE)
HEADING = 3


class LogoForm(ScreenForm):
    """One picture."""

    picture = FileField(
        _l("Gambar logo"), description=_l("PNG atau JPG, paling besar 5 MB, sebaiknya 500 titik.")
    )
    png: bytes = b""

    def validate_picture(self, field: Any) -> None:
        """A picture made anew: whatever is none, or lies behind it, goes."""
        given = field.data
        if not getattr(given, "filename", ""):
            raise ValidationError(_("Pilih sebuah gambar."))
        try:
            checked = files.inspect(given.stream, given.filename, LARGEST)
            if checked.kind != "picture":
                raise files.Unknown("")
            self.png = logos.prepared(checked.data)
        except files.Unknown:
            raise ValidationError(_("Berkas ini bukan gambar. Pilih PNG atau JPG.")) from None
        except files.Refused as refusal:
            raise ValidationError(refusal.sentence) from None
        except LetterError as error:
            raise ValidationError(str(error)) from None


class LetterSettings(GuardedView):
    """For whoever may change settings."""

    permission = "setting.edit"

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        """`?jenis=`: the settings of a kind with a specimen; "Pratinjau" saves nothing."""
        kind = _kind()
        form = form_of(edge.session(), kind, get_form_data())
        valid = request.method == "POST" and form.validate()
        if valid and request.form.get("aksi") != "pratinjau" and self._saved(kind, form):
            flash(_("Pengaturan surat disimpan."), "success")
            return redirect(url_for(".index", jenis=kind.value), 303)
        page = self._page(kind, form, LogoForm())
        return (page, WRONG) if form.errors else page

    @expose("/pratinjau/", methods=("POST",))
    def preview(self) -> str:
        """The specimen with what is typed, as a piece of page."""
        kind = _kind()
        form = form_of(edge.session(), kind, get_form_data())
        form.validate()
        fragment: str = self.render(
            "screens/letter_preview.html", form=form, **_preview(kind, form)
        )
        return fragment

    @expose("/contoh.pdf", methods=("POST",))
    def sample(self) -> Any:
        """The PDF of the specimen with what is typed, marked as one."""
        kind = _kind()
        form = form_of(edge.session(), kind, get_form_data())
        try:
            pdf = _pdf(kind, form) if form.validate() else None
        except LetterError as error:
            form.form_errors.append(str(error))
            pdf = None
        if pdf is None:
            return self._page(kind, form, LogoForm()), WRONG
        answer = Response(pdf, mimetype="application/pdf")
        name = f"contoh-{kind.value.replace('_', '-')}.pdf"
        answer.headers.set("Content-Disposition", "inline", filename=name)
        return answer

    @expose("/logo/", methods=("POST",))
    def upload(self) -> Any:
        """A new logo, or (`aksi=hapus`) the placeholder again."""
        kind, form = _kind(), LogoForm(get_form_data())
        if request.form.get("aksi") == "hapus":
            letter_settings.drop_logo(edge.session())
        elif not form.validate() or not _uploaded(form):
            plain = form_of(edge.session(), kind, None)
            return self._page(kind, plain, form), WRONG
        edge.session().commit()
        flash(_("Logo kop diganti. Surat yang sudah terbit tetap memakai logonya."), "success")
        return redirect(url_for(".index", jenis=kind.value, _anchor="logo"), 303)

    @expose("/logo.png")
    def logo(self) -> Response:
        """The logo of letters from now on."""
        try:
            data = logos.of(edge.session(), {"letterhead": {"logo": texts(edge.session())[LOGO]}})
        except LetterError:
            data = None
        return Response(data, mimetype="image/png") if data else abort(GONE)

    def _saved(self, kind: LetterKind, form: Any) -> bool:
        """Whether it was stored; if not, the form says why."""
        try:
            letter_settings.save(edge.session(), kind, values_of(form), form.seen.data or "")
            edge.session().commit()
            return True
        except Stale:
            edge.session().rollback()
            form.seen.data = letter_settings.mark(letter_settings.stored(edge.session(), kind))
            form.form_errors.append(
                _(
                    "Belum disimpan: pengaturan ini baru saja diubah orang lain. Isian Anda masih "
                    "ada di bawah. Simpan lagi bila tetap sesuai."
                )
            )
        except Refused as refusal:
            edge.session().rollback()
            form.form_errors.extend(refusal.sentences)
        return False

    def _page(self, kind: LetterKind, form: Any, logo_form: LogoForm) -> str:
        session = edge.session()
        page: str = self.render(
            "screens/letter_settings.html",
            page_title=str(NAME),
            kind=kind,
            kinds=labels.choices(LetterKind),
            form=form,
            sections=sections(kind),
            logo_form=logo_form,
            has_logo=bool(texts(session)[LOGO]),
            begun=setting_rules.has_letters(session, kind),
            **_preview(kind, form),
        )
        return page


def _kind() -> LetterKind:
    """The kind of the address, a surat perintah where it names none; 404 for another."""
    wanted = request.args.get("jenis", LetterKind.surat_perintah.value)
    return LetterKind(wanted) if wanted in LetterKind.__members__ else abort(GONE)


def _uploaded(form: LogoForm) -> bool:
    """Whether the logo was stored; if not, the sentence stands beside the field."""
    try:
        letter_settings.upload_logo(edge.session(), form.png, edge.me())
    except LetterError as error:
        edge.session().rollback()
        form.picture.errors = [str(error)]
        return False
    return True


def _content(kind: LetterKind, form: Any) -> dict[str, Any]:
    session = edge.session()
    said = texts(session, kind, but=values_of(form))
    return specimens.content(kind, said, today(session))


def _preview(kind: LetterKind, form: Any) -> dict[str, Any]:
    """The specimen for a page; `trouble` where it cannot be shown with what is typed."""
    try:
        return {"letter": html.fragment(kind.value, _content(kind, form), HEADING), "trouble": ""}
    except LetterError as error:
        return {"letter": "", "trouble": str(error)}


def _pdf(kind: LetterKind, form: Any) -> bytes:
    content = _content(kind, form)
    return specimens.stamped(press.render(kind.value, content, logos.of(edge.session(), content)))
