"""The law or routine behind a time limit: named in the diagram, checked at upload, told on the pages."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.translation import override

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.processes.reading import read_process
from fridhem.rooms.processes import catalogue, queries, rules
from tests.factories import accounts
from tests.factories.processes import ROLES, chain, clock

LIMITS = {limit.key for limit in catalogue.limits().rows}
NAMED = (
    '<bpmn:extensionElements><camunda:properties><camunda:property name="limit" value="{}"/></camunda:properties>'
    "</bpmn:extensionElements>"
)


def drawn(*, step: str = "", timer: str = ""):
    """One step with a timer, each of them naming a limit."""
    xml = chain("first", extra=clock("first", "P7D"), drawn=("first_clock",)).decode()
    if step:
        xml = xml.replace('camunda:formKey="plain">', f'camunda:formKey="plain">{NAMED.format(step)}', 1)
    if timer:
        xml = xml.replace('cancelActivity="false">', f'cancelActivity="false">{NAMED.format(timer)}', 1)
    return read_process(xml.encode(), roles=ROLES)


def faults(definition) -> list[str]:
    return list(rules._unknown_limits(definition, LIMITS))


@pytest.mark.parametrize(
    ("named", "limit"),
    [({}, ""), ({"step": "routine"}, "routine"), ({"step": "routine", "timer": "consider_again"}, "consider_again")],
)
def test_a_timer_s_own_word_goes_before_its_step_s(named, limit):
    definition = drawn(**named)

    assert definition.limit_of(definition.nodes["first_clock"]) == limit
    assert faults(definition) == []


@pytest.mark.parametrize("where", ["step", "timer"])
def test_a_limit_that_nobody_knows_is_a_fault_in_the_owner_s_language(where):
    with override("sv"):
        (fault,) = faults(drawn(**{where: "tomorrow"}))

    assert "har tidsgränsen ”tomorrow”, som inte finns i listan. Välj någon av: acute_protection, " in fault


def test_a_limit_without_a_timer_is_a_fault():
    xml = chain("first").decode().replace('camunda:formKey="plain">', f'camunda:formKey="plain">{NAMED.format("routine")}', 1)

    with override("sv"):
        (fault,) = faults(read_process(xml.encode(), roles=ROLES))

    assert fault == "”First” nämner tidsgränsen ”routine” men har ingen tidtagare: sätt en på stegets kant."


def test_every_timer_that_ships_says_what_it_rests_on():
    timers = [(d, node) for d in catalogue.shipped().values() for node in d.nodes.values() if node.span]

    assert {d.limit_of(timer) for d, timer in timers} <= LIMITS
    assert timers


@pytest.mark.parametrize(
    ("on", "law"),
    [("2025-06-30", "(2001:453)"), ("2025-07-01", "(2025:400)"), ("2001-12-31", "Kommunens rutin")],
)
def test_a_limit_is_of_the_law_that_was_in_force(on, law):
    definition = catalogue.newest()["child_investigation"]

    found = queries.limit_of(definition, definition.nodes["inquiry_limit"], on=dt.date.fromisoformat(on))

    assert law in found.law()


def test_what_a_limit_rests_on_is_told_when_it_changes():
    before, after = drawn(step="routine"), drawn(step="consider_again")

    assert [(change.was, change.now) for change in rules.changes(before, after)] == [("routine", "consider_again")]


@pytest.mark.django_db
@pytest.mark.urls("fridhem.site.urls.staff")
def test_the_page_of_a_process_says_why_a_step_has_its_time_limit(client):
    client.force_login(accounts.user(Role.CASEWORKER))

    page = client.get(reverse("processes:process", args=["protected_child"])).content.decode()

    assert "4 kap. 6 § lagen (2024:79) om placering av barn i skyddat boende" in page
