"""The office of these tests: the whole application, and everybody at their desk."""

from tests.screens.generated.conftest import full_house, house

__all__ = ["full_house", "house"]
