"""Measuring, and how a result is said."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

ROUNDS = 9
Clock = Callable[[], float]


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


def compare(
    ours: Callable[[], object],
    peer: Callable[[], object],
    clock: Clock = time.perf_counter,
    rounds: int = ROUNDS,
) -> tuple[float, float]:
    """Median milliseconds of ours, and the ratio to the peer's; both warm, taken in turns."""
    ours(), peer()
    pairs = [(_timed(ours, clock), _timed(peer, clock)) for _ in range(rounds)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    return round(mine, 2), round(mine / theirs, 3)


def _timed(work: Callable[[], object], clock: Clock) -> float:
    begun = clock()
    work()
    return (clock() - begun) * 1000
