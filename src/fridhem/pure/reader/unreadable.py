"""Why a file could not be read: a word that the command line and the pages each say in the user's language."""

from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with the file."""

    EMPTY = "empty"
    NO_TEXT = "no_text"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    UNKNOWN_FORMAT = "unknown_format"


class UnreadableError(ValueError):
    """The file gives no text; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
