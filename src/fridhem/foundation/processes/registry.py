"""Service steps by name: the process file says `placement.request`, a room registers what that means.

So a process can ask for something from a room that stands above the one that runs it, and no file holds code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Call:
    """What a step is told: the case or whatever the process runs for, who set it going, when, and the answers so far."""

    subject: Any
    by: Any
    at: datetime
    answers: Mapping[str, Any]


# A step gives back new answers, for the gateways after it.
Step = Callable[[Call], Mapping[str, Any]]

_steps: dict[str, Step] = {}


def register(name: str) -> Callable[[Step], Step]:
    """Make a function the step `name` (`room.verb`). Raises ValueError when the name is taken."""

    def keep(step: Step) -> Step:
        if _steps.get(name, step) is not step:
            raise ValueError(f"The step {name!r} is already registered.")
        _steps[name] = step
        return step

    return keep


def steps() -> Mapping[str, Step]:
    """Every registered step by name."""
    return dict(_steps)
