"""What has been assessed in Fridköping: one who is calmer, one in danger, one whose day has passed; and forms on their way."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.pure.instruments.filling import fill
from fridhem.pure.instruments.writing import write_workbook
from fridhem.rooms.assessments import actions, queries
from fridhem.rooms.assessments.models import Version
from fridhem.rooms.casework import queries as cases

CALM = {"hemma": "0", "vila": "0", "ga_ut": "0", "traffa": "0", "pengar": "1", "digitalt": "1", "radd": "nej"}
UNSURE = {**CALM, "hemma": "1", "vila": "1", "digitalt": "2", "radd": "ja", "kontakt": "1", "varre": "nej", "skadas": "nej"}
AFRAID = {**UNSURE, "hemma": "2", "vila": "2", "ga_ut": "1", "traffa": "2", "tryggare": "Att han inte har nyckel längre."}
DANGER = {**AFRAID, "kontakt": "2", "varre": "ja", "skadas": "ja"}
# For each case, newest first: how many days ago, and what was answered.
ASSESSED = (
    ((2, UNSURE), (35, AFRAID), (70, AFRAID)),
    ((0, DANGER), (20, AFRAID)),
    ((48, AFRAID),),
)
FORM = {
    "survey": (
        ("type", "name", "label", "required", "relevant"),
        ("select_one ja_nej", "plan", "Finns det en säkerhetsplan?", "yes", ""),
        ("select_one ja_nej", "barn", "Vet barnen vad de ska göra?", "yes", "${plan} = '1'"),
        ("select_one ja_nej", "provad", "Har planen gått att följa?", "yes", "${plan} = '1'"),
    ),
    "choices": (("list_name", "name", "label"), ("ja_nej", "1", "Ja"), ("ja_nej", "0", "Nej")),
}
NOTES = "Fyra korta frågor om planen håller.", "Samma frågor, med en om barnen."


def assess(people: Mapping[str, User], *, now: datetime) -> int:
    """Assess in three of the caseworker's cases, and have a form proposed and another drafted. How many assessments."""
    by, made = people["viola"], 0
    found = cases.visible_to(by).filter(status="open").exclude(person=None).order_by("opened_on", "number")
    for case, said in zip(found, ASSESSED, strict=False):
        for days, given in reversed(said):
            at = now - timedelta(days=days)
            used = queries.newest("trygghet_i_vardagen", on=timezone.localdate(at))
            actions.assess(case, used, by=by, at=at, given=given)
            made += 1
    petra = people["petra"]
    proposed, _draft = (_tried(note, petra, now) for note in NOTES)
    actions.propose(proposed, by=petra, at=now, valid_from=timezone.localdate(now) + timedelta(days=7))
    return made


def _tried(note: str, by: User, at: datetime) -> Version:
    """Uploaded, and filled in to a result."""
    settings = (
        ("form_title", "form_id", "about", "rights"),
        ("Håller säkerhetsplanen?", "sakerhetsplan", note, "Kommunens egen text."),
    )
    version = actions.upload(write_workbook({**FORM, "settings": settings}), by=by, at=at, note=note)
    return actions.note_tried(version, fill(queries.of(version), {"plan": "0"}, today=at.date()), by=by, at=at)
