"""Why someone may need to see a person: rooms above fill it in, in their `apps.ready()`.

    slots.need_to_know.fill("casework", persons_of)      # user → the ids of the persons in the user's cases

A person whom nobody gives a reason to see isn't seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from fridhem.foundation.accounts.models import User

Reason = Callable[[User], QuerySet[Any, Any]]


@dataclass
class Needs:
    """The reasons, by the name of the room that gives them."""

    reasons: dict[str, Reason] = field(default_factory=dict)

    def fill(self, name: str, reason: Reason) -> None:
        """Let a room say which persons a user needs to see; a reason with the same name is replaced."""
        self.reasons[name] = reason

    def of(self, user: User) -> Q:
        """The persons that the user needs to see, as a condition on them."""
        found = Q(pk__in=[])
        for name in sorted(self.reasons):
            found |= Q(pk__in=self.reasons[name](user))
        return found


need_to_know = Needs()
