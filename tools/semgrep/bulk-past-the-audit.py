import sqlalchemy
from sqlalchemy import delete, update

import models as m
from models import Report


def change(session, row):
    # ruleid: bulk-past-the-audit
    session.execute(update(Report).where(Report.id == 1).values(status="new"))
    # ruleid: bulk-past-the-audit
    session.execute(delete(m.Report))
    # ruleid: bulk-past-the-audit
    session.execute(sqlalchemy.update(Report).values(status="new"))
    # ruleid: bulk-past-the-audit
    session.query(Report).filter_by(id=1).update({"status": "new"})
    # ruleid: bulk-past-the-audit
    session.query(Report).filter(Report.id > 1).delete()
    # ruleid: bulk-past-the-audit
    session.bulk_update_mappings(Report, [])
    # ok: bulk-past-the-audit
    session.delete(row)
    # ok: bulk-past-the-audit
    session.execute(delete(m.Draft))
    # ok: bulk-past-the-audit
    words = dict(a=1)
    # ok: bulk-past-the-audit
    words.update(b=2)
