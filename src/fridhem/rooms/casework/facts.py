"""What statistics and conformance may see of casework: counts by codes, never a case, a person or a day."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    TextChoices,
    Value,
    expressions,
)
from django.db.models.fields import CharField
from django.db.models.functions import Cast, ExtractQuarter, ExtractYear
from django.utils.translation import override

from fridhem.pure.codes.dimension import Dimension
from fridhem.rooms.casework import catalogue
from fridhem.rooms.casework.enums import AgeGroup, StepStatus
from fridhem.rooms.casework.models import ContactCount, DisposedCount, InterventionReason, Step


class GrantedReason(NamedTuple):
    """How many interventions were granted with this code and this reason: an intervention counts once for each of its reasons."""

    intervention: str
    reason: str
    age_group: str
    district: str
    year: int
    n: int


def granted_reasons() -> Iterator[GrantedReason]:
    """One row per combination that occurs, counted in the database; cases that have been disposed of still count."""
    counts: dict[tuple[str, str, str, str, int], int] = {}
    for *combination, n in (*_in_cases(), *_disposed()):
        key = (combination[0], combination[1], combination[2], combination[3], combination[4])
        counts[key] = counts.get(key, 0) + n
    for key in sorted(counts):
        yield GrantedReason(*key, counts[key])


class OpenedCases(NamedTuple):
    """How many cases were opened for a known person, by how soon after an earlier one was closed (one of `Contact`)."""

    contact: str
    age_group: str
    district: str
    year: int
    n: int


def repeat_contacts() -> Iterator[OpenedCases]:
    """One row per combination that occurs; cases that have been disposed of still count."""
    rows = ContactCount.objects.order_by("contact", "age_group", "district", "year")
    for row in rows.values_list("contact", "age_group", "district", "year", "n"):
        yield OpenedCases(*row)


COMBINATION = ("kind", "code", "age_group", "district", "year", "n")


def _disposed() -> Iterator[tuple[Any, ...]]:
    yield from DisposedCount.objects.values_list(*COMBINATION)


def _in_cases() -> Iterator[tuple[Any, ...]]:
    counted = (
        InterventionReason.objects.values(
            "code",
            kind=F("intervention__kind"),
            age_group=F("intervention__case__age_group"),
            district=F("intervention__case__district"),
            year=ExtractYear("intervention__decided_on"),
        )
        .annotate(n=Count("id"))
        .order_by()
    )
    yield from counted.values_list(*COMBINATION)


# ── How the processes are followed ────────────────────────────────────────


class StepCount(NamedTuple):
    """How many times a step was begun in a quarter at a unit, by what came of it; `version` is that of the case's process."""

    step: str
    outcome: str
    quarter: str
    unit: str
    unit_name: str
    version: int
    n: int


LATE = Q(missed_date__isnull=False) | Q(done_at__date__gt=F("due_date"))
OUTCOME = expressions.Case(
    expressions.When(Q(status=StepStatus.DONE) & LATE, then=Value("late")),
    expressions.When(status=StepStatus.DONE, then=Value("in_time")),
    expressions.When(status=StepStatus.LAPSED, then=Value("left_out")),
    default=Value("open"),
)


class Median(Aggregate):
    """The middle of several, in the database."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def steps(key: str, year: int) -> Iterator[StepCount]:
    """One row per combination that occurs among the steps begun in a year; what has been disposed of is no longer there."""
    counted = (
        Step.objects.filter(case__process_key=key, opened_at__year=year)
        .values(
            step=F("node"),
            outcome=OUTCOME,
            quarter=Cast(ExtractQuarter("opened_at"), CharField()),
            unit=Cast("case__unit_id", CharField()),
            unit_name=F("case__unit__name"),
            version=F("case__process_version"),
        )
        .annotate(n=Count("id"))
        .order_by("step", "outcome", "quarter", "unit_name", "version")
    )
    names = StepCount._fields
    yield from (StepCount(*row) for row in counted.values_list(*names))


def step_days(key: str, year: int, *, least: int) -> Iterator[tuple[str, str, float]]:
    """The median of the days from when a step was begun until it was done, at all units (empty) and at each.

    Only where at least `least` are behind it.
    """
    done = Step.objects.filter(case__process_key=key, opened_at__year=year, status=StepStatus.DONE)
    took = Median(ExpressionWrapper(F("done_at") - F("opened_at"), output_field=DurationField()))
    for unit in (Value(""), Cast("case__unit_id", CharField())):
        found = done.values("node", unit=unit).annotate(n=Count("id"), took=took).filter(n__gte=least).order_by("node", "unit")
        for node, place, days in found.values_list("node", "unit", "took"):
            yield node, place, days.total_seconds() / 86400


# ── The years ─────────────────────────────────────────────────────────────


def years() -> list[int]:
    """The years in which something was granted, newest first: all that those who order a table see of cases."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_years()")
        return sorted((year for (year,) in cursor.fetchall()), reverse=True)


def dimensions(years: Sequence[int]) -> tuple[Dimension, ...]:
    """How `granted_reasons` is counted: intervention × reason × age group × district × year, with Swedish and English names."""
    return (
        _from_list("intervention", "interventions", sv="Insats", en="Intervention"),
        _from_list("reason", "reasons", sv="Orsak", en="Reason"),
        Dimension.flat(
            "age_group",
            AgeGroup.values,
            titles={"sv": "Åldersgrupp", "en": "Age group"},
            labels=_labels(AgeGroup),
        ),
        _from_list("district", "districts", sv="Område", en="District"),
        Dimension.flat("year", [str(year) for year in years], titles={"sv": "År", "en": "Year"}),
    )


def _labels(choices: type[TextChoices]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {code: {} for code in choices.values}
    for language in ("sv", "en"):
        with override(language):
            for code, label in choices.choices:
                found[code][language] = str(label)
    return found


def _from_list(name: str, code_list: str, *, sv: str, en: str) -> Dimension:
    codes = list(dict.fromkeys(code.code for code in catalogue.codes(code_list)))
    labels = {code: {"sv": catalogue.label(code_list, code), "en": catalogue.label(code_list, code, "en")} for code in codes}
    return Dimension.flat(name, codes, titles={"sv": sv, "en": en}, labels=labels)
