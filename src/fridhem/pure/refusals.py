"""A refusal is a normal answer: it has a reason that the person who asked can act on."""


class Refusal(Exception):
    """What every expected refusal has in common: a message in the user's language, never a secret in it."""


class Denied(Refusal):
    """You may not: the person lacks the role, the zone or the assignment."""


class NotNow(Refusal):
    """It may be done, but not in this state."""
