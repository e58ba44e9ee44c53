"""How the cleaning of a file ends: clean, or unfit for a reason."""

from dataclasses import dataclass
from enum import StrEnum


class Unfitness(StrEnum):
    """Why a file can't be cleaned."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_ACCEPTED = "not_accepted"
    ARCHIVE = "archive"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    ACTIVE = "active"  # a page or drawing that can run scripts: HTML, SVG, XML with entities
    BROKEN = "broken"
    TOO_HEAVY = "too_heavy"  # it took more time or memory than any file may


class Removed(StrEnum):
    """What a file carried beside what it shows, and carries no more."""

    PROPERTIES = "properties"
    PLACE = "place"
    COMMENTS = "comments"
    CHANGES = "changes"
    SCRIPTS = "scripts"
    ATTACHMENTS = "attachments"
    LINKS = "links"
    FORMS = "forms"
    FORMULAS = "formulas"
    PICTURES = "pictures"  # of a kind that can't be drawn anew
    ANIMATION = "animation"


class Unfit(ValueError):
    """The file can't be made clean; `why` says what stands in the way."""

    def __init__(self, why: Unfitness) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Clean:
    """A file made anew: its kind (which may be another than it was), its bytes, and what was left out."""

    kind: str
    data: bytes
    removed: frozenset[Removed] = frozenset()
    pages: int = 0
