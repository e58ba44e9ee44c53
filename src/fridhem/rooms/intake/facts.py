"""What statistics may see of concerns: counts by codes, never a concern, a sender or a day."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db.models import Count, TextChoices
from django.db.models.functions import ExtractYear
from django.utils.translation import override

from fridhem.pure.codes.dimension import Dimension
from fridhem.rooms.intake.enums import Kind, Status, Urgency
from fridhem.rooms.intake.models import Concern, DisposedCount

UNDECIDED = "undecided"  # the kind of a concern that nobody has assessed yet
COMBINATION = ("urgency", "kind", "status", "year", "n")
_NAMES = {"sv": "Inte bedömd ännu", "en": "Not assessed yet"}


class ReceivedConcerns(NamedTuple):
    """How many concerns of this urgency, kind and state came in during a year."""

    urgency: str
    kind: str
    status: str
    year: int
    n: int


def received_concerns() -> Iterator[ReceivedConcerns]:
    """One row per combination that occurs, counted in the database; concerns that have been disposed of still count."""
    there = (
        Concern.objects.values("urgency", "kind", "status", year=ExtractYear("received_on")).annotate(n=Count("id")).order_by()
    )
    counts: dict[tuple[str, str, str, int], int] = {}
    for urgency, kind, status, year, n in (*there.values_list(*COMBINATION), *DisposedCount.objects.values_list(*COMBINATION)):
        key = (urgency, kind or UNDECIDED, status, year)
        counts[key] = counts.get(key, 0) + n
    for key in sorted(counts):
        yield ReceivedConcerns(*key, counts[key])


def dimensions(years: Sequence[int]) -> tuple[Dimension, ...]:
    """How `received_concerns` is counted: urgency × kind × status × year, with Swedish and English names."""
    kinds = _labels(Kind) | {UNDECIDED: _NAMES}
    return (
        Dimension.flat("urgency", Urgency.values, titles={"sv": "Hur bråttom", "en": "Urgency"}, labels=_labels(Urgency)),
        Dimension.flat("kind", [*Kind.values, UNDECIDED], titles={"sv": "Vad det gäller", "en": "Kind"}, labels=kinds),
        Dimension.flat("status", Status.values, titles={"sv": "Utfall", "en": "Outcome"}, labels=_labels(Status)),
        Dimension.flat("year", [str(year) for year in years], titles={"sv": "År", "en": "Year"}),
    )


def _labels(choices: type[TextChoices]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {code: {} for code in choices.values}
    for language in ("sv", "en"):
        with override(language):
            for code, label in choices.choices:
                found[code][language] = str(label)
    return found
