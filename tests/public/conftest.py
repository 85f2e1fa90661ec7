"""The public site as a browser meets it: the lists loaded, the office staffed."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from seed import load
from tests.public.visitor import Visitor
from tests.support.cast import Cast


@pytest.fixture(autouse=True)
def office(session: Session, cast: Cast) -> None:
    """What every page needs: code lists and regions, and somebody to be told."""
    load.load(session)
    session.commit()


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    """Wati, who has a browser without JavaScript."""
    return Visitor(client)
