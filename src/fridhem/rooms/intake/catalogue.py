"""The dated lists that ship with the room, read once."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

ROOM = Path(__file__).parent


@dataclass(frozen=True)
class Opening:
    """Which process the case follows that a concern becomes; an empty `kind` or `age_group` is any."""

    kind: str
    age_group: str
    process: str
    valid_from: date
    valid_to: date | None

    def is_for(self, kind: str, age_group: str, *, on: date) -> bool:
        """Whether it says what to do with such a concern on that day."""
        is_valid = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return is_valid and self.kind in ("", kind) and self.age_group in ("", age_group)


@cache
def openings() -> tuple[Opening, ...]:
    """In the order in which they're asked: the first that fits is followed."""
    with (ROOM / "codes" / "openings.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Opening(
                row["kind"],
                row["age_group"],
                row["process"],
                date.fromisoformat(row["valid_from"]),
                date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            )
            for row in csv.DictReader(file)
        )


def process_for(kind: str, age_group: str, *, on: date) -> str:
    """The key of the process that a case begins on by the municipality's routine. Raises LookupError when it says nothing."""
    found = next((one.process for one in openings() if one.is_for(kind, age_group, on=on)), "")
    if not found:
        raise LookupError(f"no process for {kind!r}, {age_group!r} on {on}")
    return found
