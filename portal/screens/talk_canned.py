"""Canned answers: reviewed texts for the composer. They are inserted, never sent by themselves."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CannedAnswer


def texts(session: Session, templates: bool = False) -> Sequence[CannedAnswer]:
    """What an officer may insert; or the templates that WhatsApp has approved."""
    named = CannedAnswer.template.is_not(None) if templates else CannedAnswer.template.is_(None)
    wanted = select(CannedAnswer).where(CannedAnswer.active, named)
    return list(session.scalars(wanted.order_by(CannedAnswer.position, CannedAnswer.id)))
