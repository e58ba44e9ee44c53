"""What statistics may see of casework: counts by codes, never a case, a person or a day."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, TextChoices
from django.db.models.functions import ExtractYear
from django.utils.translation import override

from fridhem.pure.codes.dimension import Dimension
from fridhem.rooms.casework import catalogue
from fridhem.rooms.casework.enums import AgeGroup
from fridhem.rooms.casework.models import ContactCount, DisposedCount, InterventionReason


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
