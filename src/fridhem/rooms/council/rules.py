"""What follows from what has been read: which numbers hold documents together, what a matter is, where text is marked."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fridhem.rooms.council.enums import (
    DecisionStatus,
    DocumentKind,
    IncomingStatus,
    MatterKind,
    MatterStatus,
    NumberRole,
    Outcome,
)

COUNCIL = "fullmäktige"  # how the name of a municipal, city or regional council ends

# Lists of many matters: their numbers have nothing to do with each other.
COLLECTIONS = (DocumentKind.NOTICE, DocumentKind.MINUTES)

# The kind of a matter by the kinds of its documents: the first row that fits.
KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    (MatterKind.INTERPELLATION, frozenset({DocumentKind.INTERPELLATION})),
    (MatterKind.MOTION, frozenset({DocumentKind.MOTION})),
    (MatterKind.AUDIT, frozenset({DocumentKind.AUDIT_LETTER, DocumentKind.AUDIT_ANSWER})),
    (MatterKind.ASSIGNMENT, frozenset({DocumentKind.ASSIGNMENT})),
    (MatterKind.REFERRAL, frozenset({DocumentKind.REFERRAL})),
    (MatterKind.PLAN, frozenset({DocumentKind.PLAN, DocumentKind.GUIDELINE})),
)
PUT_BY_MEMBERS = {"motion": MatterKind.MOTION, "initiativ": MatterKind.INITIATIVE, "interpellation": MatterKind.INTERPELLATION}

# A file that can't be cleaned, by why; what isn't here is of a kind that isn't read.
OUTCOMES = {
    "empty": Outcome.EMPTY,
    "encrypted": Outcome.ENCRYPTED,
    "broken": Outcome.BROKEN,
    "too_large": Outcome.TOO_LARGE,
    "too_heavy": Outcome.TOO_LARGE,
    "flagged": Outcome.FLAGGED,
    "unscanned": Outcome.UNSCANNED,
}

# Whose title the matter takes: what began it, before what answers it.
NAMING = (
    DocumentKind.MOTION, DocumentKind.INTERPELLATION, DocumentKind.AUDIT_LETTER, DocumentKind.REFERRAL, DocumentKind.ASSIGNMENT,
    DocumentKind.PLAN, DocumentKind.GUIDELINE, DocumentKind.MINUTES, DocumentKind.MEMO, DocumentKind.STATEMENT,
    DocumentKind.AUDIT_ANSWER,
)  # fmt: skip


@dataclass(frozen=True)
class Printed:
    """A registry number as a document prints it: normalised, whose it is, and whether it stands in the head."""

    number: str
    normal: str
    role: str
    in_head: bool
    start: int
    end: int


def tying(kind: str, numbers: Sequence[Printed]) -> frozenset[str]:
    """The normalised numbers that a document holds together as one matter.

    Its own number, and others' numbers in its head: "remiss av …, LI2025/00306". A number in the running text is only
    mentioned: a plan that many matters refer to doesn't make them one. A notice of a meeting, and minutes with many matters,
    hold nothing together.
    """
    own = {number.normal for number in numbers if number.role == NumberRole.OWN}
    if kind == DocumentKind.NOTICE or (kind in COLLECTIONS and len(own) > 1):
        return frozenset()
    return frozenset(own | {number.normal for number in numbers if number.in_head})


def matter_kind(kinds: Collection[str], put_by_members: Collection[str]) -> str:
    """What a matter is, by the kinds of its documents and what members put (`motion`, `initiativ`, `interpellation`)."""
    named = next((kind for kind, documents in KINDS[:2] if documents & set(kinds)), None)
    put = next((PUT_BY_MEMBERS[word] for word in put_by_members if word in PUT_BY_MEMBERS), None)
    rest = next((kind for kind, documents in KINDS[2:] if documents & set(kinds)), MatterKind.OTHER)
    return named or put or rest


def matter_status(decisions: Iterable[tuple[str, str]]) -> str:
    """How far a matter has come, by (body, status) of its decisions.

    Decided when the council has decided, or when a body has and nothing is proposed to the council.
    """
    pairs = list(decisions)
    decided = [body for body, status in pairs if status == DecisionStatus.DECIDED]
    waits_for_council = any(body.lower().endswith(COUNCIL) for body, status in pairs if status == DecisionStatus.PROPOSED)
    if any(body.lower().endswith(COUNCIL) for body in decided) or (decided and not waits_for_council):
        return MatterStatus.DECIDED
    return MatterStatus.PREPARED if pairs else MatterStatus.RECEIVED


def status_after(outcome: str) -> IncomingStatus:
    """How far a file has come when its reading ended so."""
    return {Outcome.TAKEN_IN: IncomingStatus.READ, Outcome.KNOWN: IncomingStatus.KNOWN}.get(
        Outcome(outcome), IncomingStatus.FAILED
    )


def outcome_of(reason: str) -> Outcome:
    """What is said of a file that couldn't be cleaned, by the reason in `files.enums.Reason`."""
    return OUTCOMES.get(reason) or Outcome.UNKNOWN_FORMAT


def naming_order(kind: str) -> int:
    """How early a document of `kind` comes when the matter takes its title; lower names it."""
    return NAMING.index(DocumentKind(kind)) if kind in NAMING else len(NAMING)


@dataclass(frozen=True)
class Piece:
    """A run of text under the same findings: the index of each one that covers it, and of those that begin here."""

    text: str
    covered_by: tuple[int, ...]
    begins: tuple[int, ...]


def pieces(text: str, places: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """Cut `text` where a finding begins or ends, so that each can be marked where it stands, also inside another."""
    inside = [(index, start, end) for index, (start, end) in enumerate(places) if 0 <= start < end <= len(text)]
    cuts = sorted({0, len(text)} | {cut for _, start, end in inside for cut in (start, end)})
    for start, end in pairwise(cuts):
        covered_by = tuple(index for index, first, last in inside if first <= start and end <= last)
        begins = tuple(index for index, first, _ in inside if first == start)
        yield Piece(text[start:end], covered_by, begins)
