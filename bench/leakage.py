"""What somebody learns who steals the table of tokens, without the keys: `python -m bench.leakage`.

Measured on a crowd with Indonesian name frequencies, beside the same table without spreading
(each beginning in one bucket), which is what truncation alone would give. The measuring side knows
the names; the thief's best guesses are computed from the buckets alone.
"""

import json
import statistics
import sys
from collections import Counter, defaultdict
from random import Random
from unittest import mock

from bench.crowd import Crowd
from models import Person
from portal.indonesia import names
from portal.protection import tokens, vault

PEOPLE = 200_000
KINDS = [f"start{length}" for length in tokens.BEGINNINGS]
PAIRS = 400

Row = tuple[str, set[tuple[str, int]]]


def table(people: int) -> list[Row]:
    """Name and tokens of everybody."""
    return [
        (name, tokens.row_tokens(Person, uuid, {"name": name}))
        for uuid, name, _ in Crowd().people(people)
    ]


def sizes(rows: list[Row], kind: str) -> dict[str, float]:
    """How full the buckets are: were they equally full, the highest would be the mean."""
    full = Counter(bucket for _, found in rows for k, bucket in found if k == kind)
    ordered = sorted(full.values())
    return {
        "buckets": len(ordered),
        "mean": round(statistics.mean(ordered), 1),
        "highest": ordered[-1],
        "highest_to_mean": round(ordered[-1] / statistics.mean(ordered), 2),
        "deviation_to_mean": round(statistics.pstdev(ordered) / statistics.mean(ordered), 2),
    }


def rank_correlation(rows: list[Row], kind: str, length: int) -> float:
    """Between how frequent a beginning is and how full its fullest bucket: 1 gives it away."""
    full = Counter(bucket for _, found in rows for k, bucket in found if k == kind)
    often = Counter(
        word.ljust(length, tokens.END)[:length] for name, _ in rows for word in names.forms(name)
    )
    common = [start for start, _ in often.most_common(200)]
    fullest = [
        max(full[tokens._bucket(kind, start, part)] for part in range(tokens.parts(start)))
        for start in common
    ]
    return round(_spearman([often[start] for start in common], fullest), 2)


def _spearman(left: list[int], right: list[int]) -> float:
    def ranks(values: list[int]) -> list[float]:
        order = sorted(range(len(values)), key=values.__getitem__)
        return [float(rank) for _, rank in sorted(zip(order, range(len(order)), strict=True))]

    return statistics.correlation(ranks(left), ranks(right))


def crowds(rows: list[Row], kind: str, length: int) -> dict[str, float]:
    """How many beginnings share the bucket of a token, and how often the commonest one is right."""
    within: dict[int, Counter[str]] = defaultdict(Counter)
    key = dict.fromkeys(word for name, _ in rows for word in names.forms(name))
    places = {word: {b for k, b in _places(word, kind, length)} for word in key}
    for name, found in rows:
        buckets = {bucket for k, bucket in found if k == kind}
        for word in names.forms(name):
            for bucket in places[word] & buckets:
                within[bucket][word.ljust(length, tokens.END)[:length]] += 1
    sharing = sorted(len(found) for found in within.values())
    guess = [max(found.values()) / sum(found.values()) for found in within.values()]
    return {
        "beginnings_in_a_bucket_median": statistics.median(sharing),
        "beginnings_in_a_bucket_5th_percentile": sharing[len(sharing) // 20],
        "share_of_the_commonest_median": round(statistics.median(guess), 2),
        "share_of_the_commonest_95th_percentile": round(sorted(guess)[len(guess) * 19 // 20], 2),
    }


def _places(word: str, kind: str, length: int) -> list[tuple[str, int]]:
    start = word.ljust(length, tokens.END)[:length]
    return [(kind, tokens._bucket(kind, start, part)) for part in range(tokens.parts(start))]


def tied_together(rows: list[Row]) -> float:
    """Whether rows tell which buckets belong to one name: 0.5 is a toss-up, 1 gives it away.

    The thief compares with which other buckets two buckets occur together. Here: how often two
    parts of one common name look more alike than two buckets at random (area under the curve).
    """
    dice, kind = Random(1), KINDS[-1]
    beside: dict[int, Counter[int]] = defaultdict(Counter)
    for _, found in rows:
        own = [bucket for k, bucket in found if k == kind]
        for bucket in own:
            beside[bucket].update(other for other in own if other != bucket)
    pairs, strangers = [], []
    commonest = sorted(tokens._parts().items(), key=lambda one: -one[1])
    starts = [start for start, _ in commonest if len(start) == tokens.BEGINNINGS[-1]][:20]
    for _ in range(PAIRS):
        start = dice.choice(starts)
        first, second = dice.sample(range(tokens.parts(start)), 2)
        pairs.append(_alike(beside, *(tokens._bucket(kind, start, n) for n in (first, second))))
        strangers.append(_alike(beside, *dice.sample(sorted(beside), 2)))
    higher = sum((a > b) + (a == b) / 2 for a in pairs for b in strangers)
    return round(higher / len(pairs) / len(strangers), 2)


def _alike(beside: dict[int, Counter[int]], one: int, other: int) -> float:
    left, right = beside[one], beside[other]
    product = sum(count * right[bucket] for bucket, count in left.items())
    length = sum(v * v for v in left.values()) * sum(v * v for v in right.values())
    return product / length**0.5 if length else 0.0


def main(people: int = PEOPLE) -> None:
    """Print one JSON object a measurement."""
    vault.install(vault.Ring.parse(vault.new_ring()))
    spread = table(people)
    with mock.patch.object(tokens, "parts", lambda start: 1):
        told = {"spread": spread, "not spread": table(people)}
        plain = _figures(told["not spread"])
    for kind, figures in _figures(spread).items():
        print(json.dumps({"kind": kind, "people": people, "spread": figures}), flush=True)
        print(json.dumps({"kind": kind, "people": people, "not spread": plain[kind]}), flush=True)
    print(json.dumps({"parts_of_one_name_tied_together": tied_together(spread)}), flush=True)
    counts = Counter(len(found) for _, found in spread)
    print(json.dumps({"tokens_a_row": dict(sorted(counts.items()))}), flush=True)


def _figures(rows: list[Row]) -> dict[str, dict[str, float]]:
    return {
        kind: sizes(rows, kind)
        | {"rank_correlation": rank_correlation(rows, kind, length)}
        | crowds(rows, kind, length)
        for kind, length in zip(KINDS, tokens.BEGINNINGS, strict=True)
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
