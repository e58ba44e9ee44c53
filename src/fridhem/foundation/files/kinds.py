"""Which kinds of file are taken in, from when, and how large: dated data in `kinds.csv`."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from fridhem.foundation.files.cleaning.limits import Limits

MB = 1_000_000
TABLE = Path(__file__).parent / "kinds.csv"

PICTURES = ("jpeg", "png", "gif", "webp")
WRITINGS = ("pdf", "docx", "xlsx", "odt", "text")
EVERYTHING = (*WRITINGS, *PICTURES)


@dataclass(frozen=True)
class Kind:
    """One kind of file during one period; both days are included. Sizes in bytes, `limits` for what it unpacks to."""

    kind: str
    media: str
    extension: str
    label_sv: str
    label_en: str
    largest: int
    limits: Limits
    valid_from: date
    valid_to: date | None

    def is_valid_on(self, day: date) -> bool:
        """Whether files of this kind are taken in that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def label(self, language: str) -> str:
        """What the kind is called."""
        return self.label_en if language.startswith("en") else self.label_sv


@cache
def table() -> tuple[Kind, ...]:
    """Every row of the table."""
    with TABLE.open(encoding="utf-8", newline="") as rows:
        return tuple(_kind(row) for row in csv.DictReader(rows))


def accepted(kinds: tuple[str, ...], *, on: date) -> dict[str, Kind]:
    """Those of `kinds` that are taken in on the day."""
    return {row.kind: row for row in table() if row.kind in kinds and row.is_valid_on(on)}


def latest(kind: str) -> Kind:
    """The kind as it is, or last was: how a stored file is served. Raises KeyError for an unknown one."""
    return {row.kind: row for row in table()}[kind]


def _kind(row: dict[str, str]) -> Kind:
    limits = Limits(
        pixels=int(row["megapixels"]) * MB,
        pages=int(row["pages"]),
        unpacked=int(row["unpacked_megabytes"]) * MB,
        parts=int(row["parts"]),
    )
    return Kind(
        row["kind"],
        row["media"],
        row["extension"],
        row["label_sv"],
        row["label_en"],
        int(row["megabytes"]) * MB,
        limits,
        date.fromisoformat(row["valid_from"]),
        date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    )
