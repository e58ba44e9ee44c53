"""A municipality's decisions as dated data: which kinds there are, who decides them by delegation, how they are appealed.

A decision is looked up for its own day, so an old one keeps the law and the delegation order that it was made under
(kommunallagen 2017:725, 6 kap. 37 §; förvaltningslagen 2017:900, 40–44 §§).
"""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeVar

from fridhem.pure.deadlines.span import Span, last_day, parse_span


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Something during one period; both days are included, and `valid_to=None` means until further notice."""

    code: str
    sv: str = ""
    en: str = ""
    valid_from: date
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def label(self, language: str = "sv") -> str:
        """English for "en", otherwise Swedish, which is the official text."""
        return self.en if language.split("-")[0] == "en" else self.sv


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Dated):
    """What is decided about. `ground` is a code of the list of grounds; `appeal` of the appeals, empty when there's none.

    `against`: the outcomes that go against the person, which are reasoned by codes and can be appealed. `prepared_in`: the sheets
    of the steps whose doer may not be the one who decides; empty when one person may do both. `grants`: the outcomes that give
    interventions.
    """

    ground: str
    outcomes: tuple[str, ...]
    against: tuple[str, ...] = ()
    appeal: str = ""
    prepared_in: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Dated):
    """An item of the delegation order: which roles decide which kinds in the board's name."""

    kinds: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal(Dated):
    """How a decision is appealed, in words for the person, and within how long from the day when she was told."""

    span: Span

    def last_day(self, told_on: date) -> date:
        """The last day that the appeal must have come in."""
        return last_day(datetime.combine(told_on, time.min), self.span)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(Dated):
    """After how long an intervention of that code is followed up."""

    span: Span


Some = TypeVar("Some", bound=Dated)


class UnknownDecision(ValueError):
    """The data have no such kind, item or appeal on that day."""


@dataclass(frozen=True)
class Order:
    """All of it, in all its periods."""

    kinds: tuple[Kind, ...] = field(default=())
    items: tuple[Item, ...] = field(default=())
    appeals: tuple[Appeal, ...] = field(default=())
    follow_ups: tuple[FollowUp, ...] = field(default=())

    def kind(self, code: str, *, on: date) -> Kind:
        """A kind of decision as it was that day. Raises `UnknownDecision`."""
        return _known(self.kinds, code, on)

    def kinds_on(self, day: date) -> list[Kind]:
        """What can be decided that day."""
        return [kind for kind in self.kinds if kind.is_valid_on(day)]

    def item(self, code: str, *, on: date) -> Item:
        """An item of the delegation order as it was that day. Raises `UnknownDecision`."""
        return _known(self.items, code, on)

    def item_for(self, kind: str, *, role: str, on: date) -> Item | None:
        """By which item someone in that role decides that kind; None when nobody has given it to them."""
        fits = (item for item in self.items if item.is_valid_on(on) and kind in item.kinds and role in item.roles)
        return next(fits, None)

    def appeal(self, code: str, *, on: date) -> Appeal:
        """How a decision made that day is appealed. Raises `UnknownDecision`."""
        return _known(self.appeals, code, on)

    def follow_up_on(self, intervention: str, *, start: date) -> date | None:
        """The day when an intervention that starts then is followed up at the latest; None when its kind asks for none."""
        spans = (one.span for one in self.follow_ups if one.code == intervention and one.is_valid_on(start))
        span = next(spans, None)
        return last_day(datetime.combine(start, time.min), span) if span else None


def read_order(text: str) -> Order:
    """The order in `text` (TOML). Raises ValueError, KeyError or TypeError where it isn't one."""
    raw = tomllib.loads(text)
    order = Order(
        kinds=tuple(Kind(**_read(row)) for row in raw["kind"]),
        items=tuple(Item(**_read(row)) for row in raw["item"]),
        appeals=tuple(Appeal(**_read(row)) for row in raw["appeal"]),
        follow_ups=tuple(FollowUp(**_read(row)) for row in raw["follow_up"]),
    )
    for rows in (order.kinds, order.items, order.appeals, order.follow_ups):
        _check_periods(rows)
    return order


def _read(row: dict[str, Any]) -> dict[str, Any]:
    read = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return {**read, "span": parse_span(row["span"])} if "span" in row else read


def _known(rows: Collection[Some], code: str, on: date) -> Some:
    for row in rows:
        if row.code == code and row.is_valid_on(on):
            return row
    raise UnknownDecision(f"There is no {code!r} on {on}.")


def _check_periods(rows: Collection[Dated]) -> None:
    for one in rows:
        for other in rows:
            if one is not other and one.code == other.code and one.is_valid_on(other.valid_from):
                raise ValueError(f"{one.code!r} has two periods that overlap on {other.valid_from}.")
