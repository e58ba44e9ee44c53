"""Instruments and assessments: XLSForms as small as a test needs, and results in a case."""

import datetime as dt
from collections.abc import Mapping, Sequence

from fridhem.pure.instruments.writing import write_workbook
from fridhem.rooms.assessments import actions, queries
from fridhem.rooms.assessments.models import Assessment, Version
from tests.factories import accounts, casework

NOW = casework.MONDAY
SHIPPED = "trygghet_i_vardagen"
MILD = dict.fromkeys(("hemma", "vila", "ga_ut", "traffa", "pengar", "digitalt"), "0") | {"radd": "nej"}
GRAVE = {**MILD, "hemma": "2", "radd": "ja", "kontakt": "2", "varre": "ja", "skadas": "ja"}

SURVEY = (
    ("type", "name", "label", "required", "relevant", "calculation"),
    ("select_one ja_nej", "radd", "Är du rädd?", "yes", "", ""),
    ("integer", "ganger", "Hur många gånger?", "yes", "${radd} = '1'", ""),
    ("calculate", "summa", "", "", "", "${radd} + coalesce(${ganger}, 0)"),
)
CHOICES = (("list_name", "name", "label"), ("ja_nej", "1", "Ja"), ("ja_nej", "0", "Nej"))
SETTINGS = (
    ("form_title", "form_id", "version", "score", "rights"),
    ("Två frågor", "tva_fragor", "1", "summa", "Kommunens egen text."),
)
LEVELS = (
    ("code", "from", "to", "label", "dangerous", "review"),
    ("lag", "0", "4", "Låg", "no", "P3M"),
    ("hog", "5", "", "Hög", "yes", "P7D"),
)


def sheets(**changed: Sequence[Sequence[str]]) -> Mapping[str, Sequence[Sequence[str]]]:
    """Two questions, a sum and two levels; `changed` sheets instead of those."""
    return {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS, "levels": LEVELS, **changed}


def xlsform(**changed: Sequence[Sequence[str]]) -> bytes:
    return write_workbook(sheets(**changed))


def settings(**changed: str) -> Sequence[Sequence[str]]:
    return (SETTINGS[0], tuple(changed.get(head, text) for head, text in zip(*SETTINGS, strict=True)))


def draft(*, by, at: dt.datetime = NOW, file: bytes | None = None, note: str = "Nya frågor") -> Version:
    return actions.upload(file or xlsform(), by=by, at=at, note=note)


def tried(version: Version, *, by, at: dt.datetime = NOW) -> Version:
    filled = actions.fill(queries.of(version), {"radd": "0"}, today=at.date())
    return actions.note_tried(version, filled, by=by, at=at)


def published(*, by=None, and_by=None, at: dt.datetime = NOW, file: bytes | None = None) -> Version:
    by = by or accounts.user("process_owner")
    version = tried(draft(by=by, at=at, file=file), by=by, at=at)
    version = actions.propose(version, by=by, at=at, valid_from=at.date())
    return actions.publish(version, by=and_by or casework.leader(), at=at, seen=version.proposal)


def assessment(case, *, by, at: dt.datetime = NOW, given: Mapping[str, str] = MILD, **more) -> Assessment:
    return actions.assess(case, queries.newest(SHIPPED, on=at.date()), by=by, at=at, given=given, **more)
