"""What casework's templates need of words: codes by their names, people as they may be shown."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fridhem.pure.deadlines.clock import Standing
from fridhem.pure.deadlines.limits import Limit
from fridhem.pure.delegation.order import UnknownDecision
from fridhem.pure.outlines.outline import Heading
from fridhem.pure.sheets.sheet import Words
from fridhem.rooms.casework import catalogue, rules
from fridhem.rooms.casework.enums import Contact, SectionStatus
from fridhem.rooms.casework.models import Case, Decision, Note, Section, Step
from fridhem.rooms.persons import queries as persons
from fridhem.rooms.processes import queries as processes

register = template.Library()


@register.filter
def code(value: str, code_list: str) -> str:
    """The name of a code in the page's language: `{{ case.district|code:"districts" }}`."""
    return catalogue.label(code_list, value, get_language() or "sv")


@register.filter
def ground(step: Step) -> str:
    """The law or routine behind a step, as it was when the step began: `{{ step|ground }}`."""
    began = timezone.localdate(step.opened_at)
    return processes.grounds().label_of(step.ground, get_language() or "sv", on=began) if step.ground else ""


@register.filter
def law(step: Step) -> str:
    """The law or routine behind a step's time limit, as it was when the step began: `{{ step|law }}`."""
    began = timezone.localdate(step.opened_at)
    return processes.limit(step.limit, on=began).law(get_language() or "sv") if step.limit else ""


@register.filter
def law_of(limit: Limit) -> str:
    """The law or routine of a time limit: `{{ found.limit|law_of }}`."""
    return limit.law(get_language() or "sv")


@register.filter
def standing(step: Step) -> Standing:
    """How a step's time limit stands today."""
    today = timezone.localdate()
    if step.due_date is None:
        return Standing.STILL
    if step.due_date <= today:
        return Standing.TODAY if step.due_date == today else Standing.LATE
    return Standing.SOON if step.warn_date and step.warn_date <= today else Standing.RUNNING


@register.filter
def form_name(step: Step) -> str:
    """What the form of a step is called: `{{ step|form_name }}`."""
    sheet = processes.sheet(step.form)
    return sheet.name.in_(get_language() or "sv") if sheet else step.form


@register.filter
def consulted(step: Step) -> str:
    """With whom the step is talked through, empty when the process names nobody: `{{ step|consulted }}`."""
    return processes.consulted().get(step.consult, step.consult) if step.consult else ""


@register.filter
def is_draft(note: Note) -> bool:
    """Whether its writer can still change a note: `{% if note|is_draft %}`."""
    return rules.is_draft(note.signed_at, note.open_until, today=timezone.localdate())


@register.filter
def words(text: Words | str) -> str:
    """What is written in both languages, in the page's: `{{ place.heading.name|words }}`."""
    return text.in_(get_language() or "sv") if isinstance(text, Words) else text


@register.filter
def ground_of(heading: Heading, case: Case) -> str:
    """The law or routine behind a heading, as it was when the case was opened: `{{ heading|ground_of:case }}`."""
    return processes.grounds().label_of(heading.ground, get_language() or "sv", on=case.opened_on)


@register.filter
def tone(status: SectionStatus) -> str:
    """The tone of a section's status."""
    return {SectionStatus.SIGNED: "done", SectionStatus.DRAFT: "attention"}.get(status, "neutral")


@register.filter
def by_whom(section: Section | None) -> str:
    """Who signed a section, or wrote its draft: `{{ place.newest|by_whom }}`."""
    if section is None:
        return ""
    return section.signed_by.name if section.signed_by else _("Written by %(name)s") % {"name": section.written_by.name}


@register.filter
def answers(step: Step) -> list[tuple[str, str]]:
    """What a step was answered, as (question, answer) in words; a code is shown as it is when its sheet is gone."""
    sheet, language, given = processes.sheet(step.form), get_language() or "sv", step.answers or {}
    if sheet is None:
        return list(given.items())
    words = ((question, given.get(question.name)) for question in sheet.questions)
    return [
        (question.words.in_(language), next((one.words.in_(language) for one in question.answers if one.code == code), code))
        for question, code in words
        if code
    ]


@register.filter
def legal(decision: Decision, what: str) -> str:
    """What a decision's code means in words, as on its own day: `{{ decision|legal:"ground" }}`, "kind", "item" or "appeal"."""
    day, language, value = decision.decided_on, get_language() or "sv", getattr(decision, what)
    if what == "ground":
        return processes.grounds().label_of(value, language, on=day)
    find = {"kind": catalogue.order().kind, "item": catalogue.order().item, "appeal": catalogue.order().appeal}[what]
    try:
        return find(value, on=day).label(language)
    except UnknownDecision:
        return str(value)


@register.filter
def contact(value: str) -> str:
    """How soon a person came back, in words: `{{ case.contact|contact }}`."""
    return str(Contact(value).label)


@register.simple_tag
def shown(person: Any) -> persons.Shown | None:
    """A person as a page may show it: masked when protected."""
    return persons.shown(person)
