"""Is this letter genuine? What its code tells, and nothing about the case."""

_base = ["http://localhost:8000"]


def configure(public_url: str) -> None:
    """Where people reach the portal: the address printed on letters begins with it."""
    _base[0] = public_url.rstrip("/")


def address(code: str) -> str:
    """The address of the page that says whether the letter with `code` is genuine."""
    return f"{_base[0]}/verifikasi/{code}"
