"""Read a document: bytes in, findings with their places out."""

from dataclasses import asdict, dataclass
from typing import Any

from fridhem.pure.reader.cleaning import Clean, clean
from fridhem.pure.reader.dating import find_date
from fridhem.pure.reader.deciding import find_body
from fridhem.pure.reader.decisions import find_decisions
from fridhem.pure.reader.extracting import Segment, extract
from fridhem.pure.reader.findings import Finding, Place
from fridhem.pure.reader.headings import Layout, lay_out
from fridhem.pure.reader.kinds import find_kind
from fridhem.pure.reader.motions import find_motion
from fridhem.pure.reader.placing import find_municipality
from fridhem.pure.reader.registry_numbers import find_numbers
from fridhem.pure.reader.titles import find_title

# The keys of a read document, in order, and what stands for "not said". Kinds of fact that no rule finds yet are empty.
SINGLE = ("document_type", "municipality", "body", "author_unit", "date", "title", "motion")
LISTS = (
    "diarienummer", "proposed_decisions", "reservations", "decision_path", "referenced_plans", "referenced_other", "commitments",
    "figures", "signatories", "handlers", "recipients", "programme_proposals",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What was read: the text as extracted, its segments, and every finding with its place in that text.

    `head_end` is where the head (letterhead and title) ends: what is named there is what the document is about.
    """

    text: str
    head_end: int
    segments: tuple[Segment, ...]
    format: str
    cut: bool
    places: tuple[Place, ...]

    def value(self, key: str) -> Any:
        """Give the value found for a key that has one value, or None."""
        return next((place.value for place in self.places if place.key == key), None)

    def values(self, key: str) -> list[Any]:
        """Give the values found for a key that has several."""
        return [place.value for place in self.places if place.key == key]

    def as_record(self) -> dict[str, Any]:
        """Give the labels' own keys, and `places`."""
        return (
            {key: self.value(key) for key in SINGLE}
            | {key: self.values(key) for key in LISTS}
            | {"places": [asdict(place) for place in self.places]}
        )


def read(data: bytes) -> Reading:
    """Read a PDF, DOCX or plain text in Swedish.

    `data` is the file's bytes. Raises `UnreadableError` with its reason when there is no text to read. The same bytes
    give the same reading.
    """
    extracted = extract(data)
    cleaned = clean(extracted.text)
    layout = lay_out(cleaned)
    head_end = cleaned.original(0, layout.head_end)[1] if layout.head_end else 0
    places = []
    for finding in _findings(cleaned, layout):
        start, end = cleaned.original(finding.start, finding.end)
        page = extracted.page_at(start)
        places.append(Place(finding.key, finding.value, start, end, page, finding.rule, finding.confidence))
    return Reading(extracted.text, head_end, extracted.segments, extracted.format, extracted.cut, tuple(places))


def _findings(cleaned: Clean, layout: Layout) -> list[Finding]:
    kind = find_kind(cleaned)
    kind_name = kind.value if kind else None
    body = find_body(cleaned, layout, kind_name)
    body_name = body.value if body else None
    date = find_date(cleaned, layout, kind_name)
    title = find_title(cleaned, layout, kind)
    single = [
        kind,
        find_municipality(cleaned, layout, kind_name),
        body,
        date,
        title,
        find_motion(cleaned, layout, kind_name, date.value if date else None, title.value if title else ""),
    ]
    numbers = find_numbers(cleaned, layout, kind_name, body_name)
    decisions = find_decisions(cleaned, layout, kind_name, body_name)
    return [finding for finding in single if finding] + numbers + decisions
