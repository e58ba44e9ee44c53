"""A refusal is a normal answer: it has a reason that the person who asked can act on."""

from typing import Any


class Refusal(Exception):
    """What every expected refusal has in common: a message in the user's language, never a secret in it."""


class Denied(Refusal):
    """You may not: the person lacks the role, the zone or the assignment."""


class NotNow(Refusal):
    """It may be done, but not in this state."""


class Conflict(Denied):
    """You may not, since it's about you or someone close (jäv). Where it becomes an answer, the leaders are told of it."""

    def __init__(self, reason: str, *, subject: Any) -> None:
        super().__init__(reason)
        self.subject = subject
