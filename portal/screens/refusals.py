"""What refuses an act, as sentences for the officer who tried."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal.casework.lifecycle import Refused
from portal.letters import LetterError
from portal.screens import constraints, edge, traces
from portal.wording import _


@contextmanager
def sentences() -> Iterator[list[str]]:
    """Whatever refuses what is done inside the block, as sentences; nothing of it remains then."""
    told: list[str] = []
    try:
        yield told
    except Refused as refusal:
        told += refusal.sentences
    except LetterError as error:
        told.append(str(error))
    except StaleDataError:
        told.append(_("Data ini baru saja diubah petugas lain. Periksa keadaan terbaru dahulu."))
    except IntegrityError as error:
        told.append(str(constraints.sentence(error)[1]))
    if told:
        edge.session().rollback()
        traces.turned_down()
