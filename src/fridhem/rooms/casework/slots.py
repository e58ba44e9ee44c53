"""Places on this room's pages that rooms above may fill, in their `apps.ready()`.

    slots.case_page.fill("intake", concern_of_case)

The filler is asked for every case page that a person who works with the case opens. It answers with a panel or None.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fridhem.foundation.accounts.models import User


@dataclass(frozen=True)
class Panel:
    """Something that another room shows: a heading, and a template of its own with its context.

    What is urgent stands before everything else on the page, without its heading: its template says what is wanted.
    """

    heading: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    is_urgent: bool = False


# case_id, the reader → what to show. Whoever is asked has already been allowed to see the case, and nothing more.
Filler = Callable[[UUID, User], Panel | None]


class Slot:
    """One place, with one filler per name."""

    def __init__(self) -> None:
        self._fillers: dict[str, Filler] = {}

    def fill(self, name: str, filler: Filler) -> None:
        """Let `filler` show something here; a filler with the same name is replaced."""
        self._fillers[name] = filler

    def panels(self, case_id: UUID, user: User) -> list[Panel]:
        """What is to be shown for a case, in the order of the names."""
        found = (self._fillers[name](case_id, user) for name in sorted(self._fillers))
        return [panel for panel in found if panel]


case_page = Slot()
