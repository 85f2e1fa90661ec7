"""An office with a mailbox and a mail server, both real."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from models import Conversation, Message
from portal import jobs
from tests.screens.generated.conftest import House
from tests.support.imap import Dovecot, dovecot
from tests.support.mail import Post, post_office

__all__ = ["dovecot"]  # the fixture

FROM = "kantor@uji.test"


@dataclass
class Mailroom:
    """The house with what goes in and out."""

    house: House
    box: Dovecot
    post: Post

    def come(self, *mails: bytes | EmailMessage) -> None:
        """Mails arrive, and the worker does what is due."""
        self.box.drop(*(one if isinstance(one, bytes) else bytes(one) for one in mails))
        self.work()

    def work(self) -> None:
        """The worker does what is due."""
        jobs.work_off(self.house.app)
        self.house.session.rollback()
        self.house.session.expire_all()

    def talks(self) -> list[Conversation]:
        """The conversations by e-mail, in the order in which they began."""
        wanted = select(Conversation).where(Conversation.channel == "email")
        return list(self.house.session.scalars(wanted.order_by(Conversation.id)))

    def messages(self) -> list[Message]:
        """Everything that was said, in the order in which it came."""
        return list(self.house.session.scalars(select(Message).order_by(Message.id)))


@pytest.fixture(scope="module")
def running() -> Iterator[Post]:
    """A mail server, for the tests of one file."""
    with post_office() as post:
        yield post


@pytest.fixture
def room(
    house: House, dovecot: Dovecot, running: Post, monkeypatch: pytest.MonkeyPatch
) -> Mailroom:
    """An empty mailbox and a mail server that takes everything."""
    dovecot.empty()
    running.taken.clear()
    running.answers.clear()
    changed = replace(
        house.app.extensions["settings"],
        imap_url=dovecot.url,
        smtp_url=running.url,
        mail_from=FROM,
    )
    monkeypatch.setitem(house.app.extensions, "settings", changed)
    return Mailroom(house, dovecot, running)


def mail(
    text: str = "Tolong saya", sender: str = "Wati <wati@uji.test>", **more: str
) -> EmailMessage:
    """A mail as a person writes it; `more` are headers (`In_Reply_To`)."""
    message = EmailMessage()
    message["From"], message["To"] = sender, FROM
    message["Subject"] = more.pop("Subject", "Mohon bantuan")
    for name, value in more.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message
