"""A log from another system between the day it's handed in and the moment it's counted: as little of it as can be counted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from fridhem.foundation.processes.conformance import Conformance
from fridhem.foundation.processes.definition import Definition
from fridhem.foundation.processes.logs import Logged, LoggedCase
from fridhem.rooms.conformance import rules


def reduced(cases: Sequence[LoggedCase], definition: Definition) -> list[Any]:
    """The cases without their names; of steps the ids, and of what few cases have (a unit, another activity) nothing."""
    conformance = Conformance(definition)
    units = _common(case.unit for case in cases)
    others = _common(name for case in cases for name in {event.activity for event in case.events})
    return [
        [
            case.unit if case.unit in units else "",
            case.is_closed,
            [
                [
                    conformance.step(event.activity) or (event.activity if event.activity in others else ""),
                    event.done_at.isoformat(),
                    event.began_at.isoformat() if event.began_at else None,
                ]
                for event in case.events
            ],
        ]
        for case in cases
    ]


def restored(data: Iterable[Any]) -> list[LoggedCase]:
    """The cases of `reduced`, by their place."""
    return [
        LoggedCase(str(number), tuple(_event(*event) for event in events), unit, is_closed)
        for number, (unit, is_closed, events) in enumerate(data)
    ]


def _event(activity: str, done: str, began: str | None) -> Logged:
    return Logged(activity, datetime.fromisoformat(done), datetime.fromisoformat(began) if began else None)


def _common(names: Iterable[str]) -> set[str]:
    return {name for name, count in Counter(names).items() if name and count >= rules.LEAST}
