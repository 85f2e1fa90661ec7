import sqlalchemy
from sqlalchemy import select, text, union_all

from models import Report


def look(session, engine, first, second):
    # ruleid: select-past-the-scope
    session.execute(text("SELECT name FROM person"))
    # ruleid: select-past-the-scope
    session.execute(sqlalchemy.text("SELECT 1"))
    # ruleid: select-past-the-scope
    session.execute(select(Report.__table__))
    # ruleid: select-past-the-scope
    session.execute(select(Report.__table__.c.id))
    # ruleid: select-past-the-scope
    session.execute(union_all(first, second))
    # ruleid: select-past-the-scope
    session.connection().execute(first)
    with engine.connect() as connection:
        # ruleid: select-past-the-scope
        connection.execute(select(Report))
    with engine.begin() as connection:
        # ruleid: select-past-the-scope
        connection.scalar(select(Report.id))
    # ok: select-past-the-scope
    session.scalars(select(Report))
    # ok: select-past-the-scope
    session.execute(select(Report.id, Report.number))
