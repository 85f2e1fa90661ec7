"""Measuring, and how a result is said."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

ROUNDS = 9


@dataclass(frozen=True)
class Result:
    """One figure beside its peer's; `ratio` is ours divided by the peer's, below 1 is better."""

    name: str
    value: float
    ratio: float
    unit: str
    rows: int
    peer: str

    def line(self) -> str:
        """One JSON object."""
        return json.dumps(asdict(self))


def compare(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float]:
    """Median milliseconds of ours, and the ratio to the peer's; both warm, taken in turns."""
    ours(), peer()
    pairs = [(_timed(ours), _timed(peer)) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    return round(mine, 2), round(mine / theirs, 3)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
