"""Columns of rights and retention that no table stores as they are shown."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import object_session

import models as m
from portal import notices
from portal.access.permissions import may
from portal.casework import consents
from portal.screens import rights_texts, titles
from portal.screens.sign_in import current_officer

EXPORT = "export"


def _withdrawn(row: m.Consent, style: str) -> str | None:
    return ", ".join(str(consents.PURPOSES[code]) for code in row.withdrawn) or None


def _class(row: Any, style: str) -> str | None:
    """What the office calls a class of records."""
    code = row.ground if isinstance(row, m.Erasure) else row.retention_class
    session = object_session(row)
    known = session and session.scalar(select(m.RetentionClass).filter_by(code=code))
    return titles.labelled(known) if known else str(rights_texts.GROUNDS.get(code, code or "–"))


def _notice(row: m.Notice, style: str) -> Any:
    """The sentence; where it speaks of no case, the way to the list it speaks of."""
    said = str(notices.KINDS.get(row.kind, row.kind))
    table = rights_texts.NOTICES.get(row.kind)
    if style == EXPORT or table is None or not may(current_officer(), f"{table}.list"):
        return said
    return Markup('<a href="{}">{}</a>').format(url_for(f"{table}.index_view"), said)


COLUMNS: dict[str, Callable[[Any, str], Any]] = {
    "Consent.withdrawn": _withdrawn,
    "Case.retention_class": _class,
    "Report.retention_class": _class,
    "ServiceComplaint.retention_class": _class,
    "DataRequest.retention_class": _class,
    "Erasure.ground": _class,
    "Erasure.subject_table": lambda row, style: str(rights_texts.ROOTS[row.subject_table]),
    "RetentionClass.label": lambda row, style: titles.labelled(row),
    "Notice.kind": _notice,
}
