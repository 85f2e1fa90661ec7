"""Creating and changing a row through its form: one transaction with its log entry, or nothing.

What was typed is shown again whenever nothing was saved; a stale edit says who was faster.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import request
from sqlalchemy import inspect, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import HiddenField

from models import AuditEntry, Case, Officer, Row, Versioned
from portal.access import scope
from portal.casework import conflicts
from portal.casework.lifecycle import Refused, Stale
from portal.db import db
from portal.indonesia import dates
from portal.protection import audit
from portal.screens import constraints, fields, inline, one_case, rules, texts
from portal.screens.sign_in import current_officer
from portal.wording import _

Sections = Sequence[tuple[Any, Sequence[str], Any]]


class TokenField(HiddenField):
    """The uuid the new row will have: sent twice, it makes one row."""

    def process_data(self, value: Any) -> None:
        """A fresh one for each empty form."""
        self.data = str(uuid4())

    def populate_obj(self, obj: Any, name: str) -> None:
        """The row was made with it."""

    def value(self) -> UUID:
        """What the form carries; a fresh one if it was tampered with."""
        try:
            return UUID(self.data or "")
        except ValueError:
            return uuid4()


class Saving:
    """The forms of a screen. Mixed into `Screen`, which says who may open them."""

    model: Any
    form_sections: Sections = ()
    edit_only: Sequence[str] = ()
    create_only: Sequence[str] = ()
    form_required: Sequence[str] = ()
    stamped: Sequence[str] = ()
    takes_the_only_victim = True

    # --- the form -------------------------------------------------------------------------

    def field_names(self) -> list[str]:
        """Every field of the form, in the order of its sections."""
        return [name for _title, names, _help in self.form_sections for name in names]

    def get_create_form(self) -> type[Any]:
        """The form of a new row."""
        names = [name for name in self.field_names() if name not in self.edit_only]
        token = {"uuid": TokenField()} if issubclass(self.model, Row) else {}
        return self._form(names, token)

    def fill_from_address(self: Any, form: Any) -> None:
        """What the address names is chosen already (`?case=7`), if it is in sight."""
        for name in self._form_ajax_refs.keys() & request.args.keys() & form._fields.keys():
            form[name].data = self._form_ajax_refs[name].get_one(request.args[name])
        case = one_case.of_form(form)
        for name in self._form_ajax_refs.keys() & form._fields.keys():
            if one_case.fault(case, form[name].data):
                form[name].data = None
        if self.takes_the_only_victim:
            _take_the_only_victim(form, case)

    def get_edit_form(self) -> type[Any]:
        """The form of a row that exists, with the version that was shown."""
        names = [name for name in self.field_names() if name not in self.create_only]
        version = {"version_id": fields.VersionField()}
        return self._form(names, version if issubclass(self.model, Versioned) else {})

    def _form(self, names: Sequence[str], extra: dict[str, Any]) -> type[Any]:
        made = {name: self._field(name) for name in names}
        return type(f"{self.model.__name__}Form", (fields.ScreenForm,), extra | made)

    def _field(self, name: str) -> Any:
        """A field of the table; a screen overrides it for what no table has."""
        if name in inline.ROWS and inspect(self.model).attrs.get(name) is not None:
            return inline.people_list(self.model, name)
        return fields.make(self.model, name, True if name in self.form_required else None)

    # --- saving ---------------------------------------------------------------------------

    def create_model(self, form: Any) -> Any:
        """The new row, or None when nothing was saved and the form says why."""
        officer = current_officer()
        token = form.uuid.value() if "uuid" in form else None
        row = self.model(uuid=token) if token else self.model()
        for name in self.stamped:
            setattr(row, name, officer)
        if self._saved(form, row, True):
            return row
        return self._sent_before(token) if token and "uuid" in form.taken else None

    def update_model(self, form: Any, model: Any) -> bool:
        """Whether the row was changed; if not, the form says why."""
        return self._saved(form, model, False)

    def _saved(self, form: Any, row: Any, created: bool) -> bool:
        session, key = db.session(), inspect(row).identity
        form.taken = ""
        try:
            self._write(form, row, created)
            session.commit()
            return True
        except (Stale, StaleDataError):
            session.rollback()
            self._say_stale(form, self._again(key))
        except Refused as refusal:
            session.rollback()
            form.form_errors.extend(refusal.sentences)
        except rules.Faulty as faulty:
            session.rollback()
            for name, sentence in faulty.faults.items():
                _complain(form, name, sentence)
        except IntegrityError as error:
            session.rollback()
            form.taken = constraints.name(error)
            _complain(form, *constraints.sentence(error))
        except DataError:
            session.rollback()
            form.form_errors.append(str(constraints.UNKNOWN))
        return False

    def _write(self, form: Any, row: Any, created: bool) -> None:
        session, officer = db.session(), current_officer()
        with session.no_autoflush:
            if not created:
                self._refuse_stale(form, row)
            form.populate_obj(row)
            if created:
                session.add(row)
            rules.check(row, officer, created)
            self.before_save(form, row, created)
        session.flush()  # the session notes in the log what was there and what is now
        self.after_save(row, created)

    def before_save(self: Any, form: Any, row: Any, created: bool) -> None:
        """What else belongs to the change, in its transaction; `Refused` stops it."""

    def after_save(self: Any, row: Any, created: bool) -> None:
        """What follows from the change, in its transaction: a name may make an officer a party."""
        conflicts.screen_row(db.session(), row, datetime.now(UTC))

    def _sent_before(self, token: UUID) -> Any:
        """The row that an earlier click of the same form made."""
        return db.session.scalar(select(self.model).where(self.model.uuid == token))

    # --- somebody was faster --------------------------------------------------------------

    def _refuse_stale(self, form: Any, row: Any) -> None:
        lists = [name for name in form._fields if isinstance(form[name], inline.PeopleList)]
        stale = "version_id" in form and not form.version_id.fits(row)
        if stale or any(form[name].stale(row, name) for name in lists):
            raise Stale(_("Data ini baru saja diubah petugas lain."))

    def _again(self, key: Any) -> Any:
        primary = inspect(self.model).primary_key[0]
        wanted = select(self.model).where(primary == key[0])
        return db.session.scalar(wanted.execution_options(populate_existing=True))

    def _say_stale(self, form: Any, row: Any) -> None:
        """Say who was faster and what they changed; the next "Simpan" is meant."""
        form.form_errors.append(self.stale_sentence(row))
        if row is None or "version_id" not in form:
            return
        form.version_id.data = row.version_id
        for name in form._fields:
            if isinstance(form[name], inline.PeopleList):
                form[name].show_current(row, name)

    def stale_sentence(self, row: Any) -> str:
        """Who changed the row since the form was opened, when, and which fields."""
        entry = _last_change(row) if row is not None else None
        who = _("%(name)s pada %(time)s", **_who(entry)) if entry else _("petugas lain")
        fields_changed = self._changed_fields(entry)
        what = _(" (%(fields)s)", fields=", ".join(fields_changed)) if fields_changed else ""
        return _(
            "Belum disimpan: data ini sudah diubah oleh %(who)s%(what)s sesudah Anda membukanya. "
            "Isian Anda masih ada di bawah. Bandingkan dengan isi yang baru, lalu simpan lagi "
            "bila tetap sesuai.",
            who=who,
            what=what,
        )

    def _changed_fields(self, entry: AuditEntry | None) -> list[str]:
        found = audit.details_of(entry).get("fields", ()) if entry else ()
        shown = set(self.field_names())
        return [str(texts.of(self.model, name)) for name in found if name in shown]


def _take_the_only_victim(form: Any, case: Case | None) -> None:
    """Where a case has one victim, nobody is asked which."""
    if "victim" not in form or form.victim.data:
        return
    victims = case.victims if case else []
    form.victim.data = victims[0] if len(victims) == 1 else None


def _last_change(row: Any) -> AuditEntry | None:
    wanted = select(AuditEntry).where(
        AuditEntry.subject_table == row.__tablename__,
        AuditEntry.subject_id == row.id,
        AuditEntry.event.in_(("changed", "act")),
    )
    with scope.system(db.session()):
        return db.session.scalar(wanted.order_by(AuditEntry.id.desc()).limit(1))


def _who(entry: AuditEntry) -> dict[str, str]:
    with scope.system(db.session()):
        actor = db.session.get(Officer, entry.actor_id) if entry.actor_id else None
    return {"name": actor.name if actor else _("sistem"), "time": dates.moment(entry.at)}


def _complain(form: Any, name: str, sentence: Any) -> None:
    """Beside the field if this form has it, else above the form."""
    if name in form:
        form[name].errors = [*form[name].errors, str(sentence)]
    else:
        form.form_errors.append(str(sentence))
