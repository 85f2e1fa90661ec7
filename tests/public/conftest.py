"""The public site as a browser meets it, with somebody in the office to be told."""

import pytest
from flask.testing import FlaskClient

from tests.public.visitor import Visitor
from tests.support.cast import Cast


@pytest.fixture
def visitor(client: FlaskClient, cast: Cast) -> Visitor:
    """Wati, who has a browser without JavaScript."""
    return Visitor(client)
