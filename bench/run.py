"""`make bench`: the project's own measurements, one JSON object a line."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import audit, letters, lists, search, webhooks
from bench.measure import Result


def _measured(folder: Path) -> Iterator[Result]:
    yield from letters.measure()
    yield from lists.measure(folder)
    yield from search.measure(folder)
    yield from audit.measure(folder)
    yield from webhooks.measure(folder)


def main() -> None:
    """Measure everything, on data made for it."""
    with tempfile.TemporaryDirectory() as folder:
        for result in _measured(Path(folder)):
            print(result.line(), flush=True)


if __name__ == "__main__":
    main()
