"""What rings, for every officers' page: a banner, and the screen of a call that was just answered.

The page asks every few seconds. It is told of calls at the officer's own telephone, and of those at
telephones that belong to nobody; to be opened by itself is a call that was just answered there.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import jsonify, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Call, CallState, Officer
from portal.casework import calls

# Long enough for a page that sleeps; who has looked away since is not torn from their work.
JUST_NOW = timedelta(seconds=90)


def answer(session: Session, officer: Officer, now: datetime) -> Any:
    """`html`: the banner, empty where nothing rings; `open`: the page of a call just answered."""
    rings = [one for one in session.scalars(calls.ringing(now)) if _concerns(session, one, officer)]
    taken = _just_answered(session, officer, now)
    shown = [*rings, *([taken] if taken else [])]
    html = render_template("screens/ringing.html", rings=rings, taken=taken) if shown else ""
    opens = url_for("call.desk_view", id=taken.id) if taken else ""
    return jsonify({"html": html, "open": opens})


def _concerns(session: Session, call: Call, officer: Officer) -> bool:
    known = calls.known_extensions(session, call)
    return not known or officer in known


def _just_answered(session: Session, officer: Officer, now: datetime) -> Call | None:
    """A call that the telephone system says this officer has answered, not opened yet by hand."""
    mine = select(Call).where(
        Call.officer_id == officer.id,
        Call.state == CallState.talking,
        Call.external_key.is_not(None),
        Call.ended_at.is_(None),
        Call.answered_at > now - JUST_NOW,
    )
    return session.scalars(mine.order_by(Call.id.desc()).limit(1)).first()
