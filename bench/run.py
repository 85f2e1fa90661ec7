"""`make bench`: the project's own measurements, one JSON object a line."""

import tempfile
from pathlib import Path

from bench import letters, lists


def main() -> None:
    """Measure everything, on data made for it."""
    with tempfile.TemporaryDirectory() as folder:
        for result in [*letters.measure(), *lists.measure(Path(folder))]:
            print(result.line(), flush=True)


if __name__ == "__main__":
    main()
