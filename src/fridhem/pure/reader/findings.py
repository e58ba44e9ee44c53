"""What the rules hand over: a value, where the text says it, which rule saw it and how sure it is."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One fact in the cleaned text.

    `key` is the labels' own key, `value` its value (text, or a dict with the labels' keys), `start` and `end` count
    characters in the cleaned text, `confidence` runs from 0 to 1 and orders findings: it is no probability.
    """

    key: str
    value: Any
    start: int
    end: int
    rule: str
    confidence: float


@dataclass(frozen=True)
class Place:
    """A finding placed in the text as extracted: `text[start:end]` says it, on `page` (from 1)."""

    key: str
    value: Any
    start: int
    end: int
    page: int
    rule: str
    confidence: float
