"""The office of these tests: the whole application, and everybody at their desk."""

from tests.screens.generated.conftest import house

__all__ = ["house"]
