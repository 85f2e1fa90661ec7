"""The bytes of deliveries that were read: let go of after some days; their fingerprint stays."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import ChannelDelivery, Setting

# In days, unless the office sets others within these bounds.
KEPT_DAYS, FEWEST_DAYS, MOST_DAYS, SETTING = 30, 7, 366, "raw_delivery_days"
BATCH = 500


def kept_days(session: Session) -> int:
    """So long the bytes are kept after they were read."""
    said = (session.scalar(select(Setting.value).where(Setting.key == SETTING)) or "").strip()
    known = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else KEPT_DAYS
    return min(max(known, FEWEST_DAYS), MOST_DAYS)


def purge(session: Session, now: datetime) -> int:
    """Let go of the bytes of what was read long ago; of what made trouble after a year."""
    row, longest = ChannelDelivery, now - timedelta(days=MOST_DAYS)
    quiet = row.trouble.is_(None) & (row.processed_at < now - timedelta(days=kept_days(session)))
    over = or_(quiet, row.processed_at < longest)
    old = select(row.id).where(over, row.purged_at.is_(None))
    ids = list(session.scalars(old.limit(BATCH)))
    emptied = update(ChannelDelivery).where(ChannelDelivery.id.in_(ids))
    session.execute(emptied.values(body=None, purged_at=now))
    return len(ids)


# --- the ledger -----------------------------------------------------------------------------------
