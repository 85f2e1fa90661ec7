"""A crowd with names as frequent as in Indonesia: the list of common words, and a long tail."""

import csv
from collections.abc import Iterator
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from models import Person
from portal.protection import tokens
from portal.protection.sealing import seal_column

SEED = 2026
BATCH = 2_000
TAIL = 30_000
SYLLABLES = (
    "ba bi bu ca ci da di du ga gi ha hi ja ji jo ka ki ku la li lu ma mi mu na ni nu pa pi "
    "ra ri ro ru sa si su ta ti tu wa wi ya yu"
)
WORDS_A_NAME = (1, 2, 2, 2, 2, 3, 3, 3, 3, 4)
# Of a hundred words of names, how many stand in the list.
LISTED = 75


class Crowd:
    """Names drawn one after another, always the same ones."""

    def __init__(self) -> None:
        self.dice = Random(SEED)
        with tokens.COMMON.open(encoding="utf-8", newline="") as file:
            rows = [(row["word"], int(row["per_ten_thousand"])) for row in csv.DictReader(file)]
        self.common, weights = (list(column) for column in zip(*rows, strict=True))
        self.weights = list(accumulate(weights))
        self.rare = [self._rare_word() for _ in range(TAIL)]
        self.rare_weights = list(accumulate(1 / (place + 20) for place in range(TAIL)))

    def _rare_word(self) -> str:
        syllables = self.dice.choices(SYLLABLES.split(), k=self.dice.choice((2, 3, 3, 4)))
        return "".join(syllables) + self.dice.choice(("", "", "n", "h", "s", "r", "ng"))

    def word(self) -> str:
        """A common word three times in four."""
        if self.dice.randrange(100) < LISTED:
            return self.dice.choices(self.common, cum_weights=self.weights)[0]
        return self.dice.choices(self.rare, cum_weights=self.rare_weights)[0]

    def name(self) -> str:
        """One to four words."""
        count = self.dice.choice(WORDS_A_NAME)
        return " ".join(self.word() for _ in range(count)).title()

    def people(self, count: int) -> Iterator[tuple[UUID, str, str]]:
        """Uuid, name and NIK of so many people."""
        for number in range(count):
            yield UUID(int=self.dice.getrandbits(128), version=4), self.name(), f"99{number:014}"


def fill(session: Session, count: int) -> None:
    """So many people with sealed names and NIK, and their tokens; committed."""
    crowd = Crowd()
    table: Table = Person.__table__  # type: ignore[assignment]
    batch: list[dict[str, Any]] = []
    plain = []
    for key, (uuid, name, nik) in enumerate(crowd.people(count), start=1):
        sealed = {c: seal_column(Person, c, uuid, v) for c, v in (("name", name), ("nik", nik))}
        batch.append(
            {"id": key, "uuid": uuid, "search_version": tokens.VERSION, "disabilities": []} | sealed
        )
        plain.append((key, uuid, {"name": name, "nik": nik}))
        if len(batch) == BATCH or key == count:
            session.execute(insert(table), batch)
            tokens.store(session.connection(), Person, plain)
            batch, plain = [], []
    session.commit()
