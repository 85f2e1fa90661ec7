"""The toy application in place of the portal; the browser's fixtures follow it."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.templates.toy_app import make_app


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The application on our generic templates."""
    return make_app(tmp_path)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Somebody without a browser's script."""
    return app.test_client()


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Somebody who only reads: one application for all of them."""
    return make_app(tmp_path_factory.mktemp("toy")).test_client()
