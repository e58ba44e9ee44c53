"""What the key service may answer instead of keys."""

from collections.abc import Sequence


class KeyMissing(RuntimeError):
    """This process doesn't hold the key that is asked for: it may not open that zone."""


class KeysAway(KeyMissing):
    """The key service doesn't answer. Nothing is lost: what is sealed opens when it's back."""


class TooMany(RuntimeError):
    """So many objects of `zone` were opened that it stops here; `wait`: seconds until some may be opened again.

    `whose` is "person" (this user has reached the limit), "house" (tasks and commands have) or "face" (the whole process has).
    """

    def __init__(self, zone: str, wait: int, whose: str = "person") -> None:
        super().__init__(f"Too many objects of the zone {zone} were opened; wait {wait} seconds.")
        self.zone = zone
        self.wait = wait
        self.whose = whose


class Unopenable(ValueError):
    """What is asked for was damaged, moved or sealed to someone else. What was inside is never told.

    `opened` holds, when several were asked for at once, their keys in order, with None for those that can't be opened.
    """

    def __init__(self, said: str = "This can't be opened.", opened: Sequence[bytes | None] = ()) -> None:
        super().__init__(said)
        self.opened = opened
