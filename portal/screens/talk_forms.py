"""What is written in a conversation: an answer, a template, a note."""

from typing import Any

from sqlalchemy import select
from wtforms import Field, HiddenField, SelectField, StringField, ValidationError

from models import CannedAnswer, Conversation, Message
from portal.casework import answering
from portal.casework.contact_words import Obstacle
from portal.casework.threads import family
from portal.db import db
from portal.screens import checks, uploads
from portal.screens.act_forms import reason_against, story
from portal.screens.fields import ScreenForm
from portal.screens.talk_canned import texts
from portal.screens.widgets import offered
from portal.wording import _
from portal.wording import lazy as _l

GAPS = 3


class NoteForm(ScreenForm):
    """For colleagues alone."""

    body = story(_l("Catatan"), required=True, rows=3)
    files = uploads.FilesField(_l("Berkas (boleh kosong)"))


class AnswerForm(ScreenForm):
    """What the other side will read; `seen` is the last message that stood on the page."""

    seen = HiddenField()
    quote = HiddenField()
    body = story(_l("Jawaban"), rows=3)
    template = SelectField(_l("Templat"), choices=[])
    gap1 = StringField(_l("Isian {1}"), [checks.NotLonger(200)], filters=[checks.tidy])
    gap2 = StringField(_l("Isian {2}"), [checks.NotLonger(200)], filters=[checks.tidy])
    gap3 = StringField(_l("Isian {3}"), [checks.NotLonger(200)], filters=[checks.tidy])
    reason = reason_against(
        _l("Wajib bila cara, waktu, atau teksnya di luar kesepakatan. Tercatat dan diaudit.")
    )
    files = uploads.FilesField(_l("Berkas (boleh kosong)"))
    asks_reason = False

    def prepare(self, talk: Conversation) -> None:
        """Templates only where they can be sent, files only where they can be fetched."""
        templates = texts(db.session(), templates=True)
        if answering.window_closes(talk) is None or not templates:
            for name in ("template", "gap1", "gap2", "gap3"):
                del self[name]
        else:
            named = [(str(one.id), one.title) for one in templates]
            self.template.choices = offered([("", _("Tanpa templat")), *named])
            self.known = {str(one.id): one for one in templates}
        if answering.travels(talk):
            del self.files
        if self.reason.data:
            self.asks_reason = True

    @property
    def chosen(self) -> CannedAnswer | None:
        """The template, if one was chosen."""
        return self.known.get(self.template.data) if "template" in self else None

    @property
    def gaps(self) -> list[str]:
        """What stands in the gaps of the template."""
        wanted = self.chosen.text if self.chosen else ""
        named = [n for n in range(1, GAPS + 1) if f"{{{n}}}" in wanted]
        return [self[f"gap{n}"].data or "" for n in named]

    @property
    def words(self) -> str:
        """What will be read: the template with its gaps filled, else what was typed."""
        if self.chosen is None:
            return self.body.data or ""
        text = self.chosen.text
        for number, said in enumerate(self.gaps, 1):
            text = text.replace(f"{{{number}}}", said)
        return text

    def validate_body(self, field: Field) -> None:
        """Something is said, by a template or in one's own words."""
        if self.chosen is None and not field.data:
            raise ValidationError(str(checks.REQUIRED))

    def validate_template(self, field: Field) -> None:
        """No gap stays open."""
        if self.chosen is not None and not all(self.gaps):
            raise ValidationError(_("Isi semua bagian templat."))

    def answer(self, talk: Conversation) -> answering.Answer:
        """As the casework takes it."""
        return answering.Answer(
            text=self.words,
            seen=_whole(self.seen.data),
            reason=self.reason.data or None,
            template=self.chosen,
            parameters=self.gaps,
            quote=self.quoted(talk),
        )

    def quoted(self, talk: Conversation) -> Message | None:
        """The message that is answered, where it stands in this thread."""
        found = db.session.scalar(select(Message).where(Message.id == _whole(self.quote.data)))
        members = [one.id for one in family(db.session(), talk)]
        return found if found is not None and found.conversation_id in members else None

    def tell(self, against: list[Obstacle]) -> None:
        """What the agreement says against it, beside the fields; the reason is asked for."""
        told = dict.fromkeys(one.sentence for one in against)
        self.body.errors = [*self.body.errors, *told]
        self.reason.errors = [_("Tuliskan alasannya bila tetap perlu.")]
        self.asks_reason = True


def _whole(text: Any) -> int:
    said = str(text or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
