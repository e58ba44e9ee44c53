"""Fridköping is invented, whole, in proportion, and the same every time."""

import random
import re
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import resolve

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import Unit, User
from fridhem.pure import identity
from fridhem.pure.cubes.counting import count_columns
from fridhem.pure.disclosure.attack import attack
from fridhem.pure.disclosure.protect import protect
from fridhem.rooms.casework import facts
from fridhem.rooms.casework import queries as cases
from fridhem.rooms.casework.enums import AgeGroup
from fridhem.rooms.intake import queries as concerns
from fridhem.rooms.reviews import queries as reviewed
from fridhem.site.demonstration import history
from tests.factories import accounts

DAY = date(2026, 3, 1)
UNITS = {AgeGroup.ADULT: Unit(name="Vuxen"), AgeGroup.CHILD: Unit(name="Barn")}


@pytest.fixture(scope="module")
def former() -> list[history.Former]:
    return list(history.former_cases(random.Random("1 history"), units=UNITS, until=DAY, years=1))


def test_the_same_seed_gives_the_same_people_and_cases(former):
    again = history.former_cases(random.Random("1 history"), units=UNITS, until=DAY, years=1)

    assert list(again) == former


def test_the_volumes_of_a_year_follow_what_municipalities_have_told(former):
    year = [one for one in former if one.case.opened_on.year == 2025]

    assert len(year) == 350 + 1100 + 700 + 1300


def test_everyone_is_invented_and_someone_else(former):
    numbers = [one.person.identity_number for one in former]

    assert all(identity.parse(number, on=DAY).is_test_number for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_children_are_children_and_adults_adults(former):
    wrong = [
        one
        for one in former
        if (identity.parse(one.person.identity_number, on=DAY).age_on(one.case.opened_on) < 18)
        != (one.case.age_group == AgeGroup.CHILD)
    ]

    assert wrong == []


def test_nothing_is_decided_before_the_case_or_after_today(former):
    wrong = [
        granted
        for one in former
        for granted in one.case.interventions
        if not one.case.opened_on <= granted.decided_on <= granted.end <= one.case.closed_on <= DAY
    ]

    assert wrong == []


@pytest.mark.django_db
def test_the_municipality_moves_in_once(as_face):
    with as_face("owner"):
        call_command("demonstration", years=0, stdout=StringIO())

    viola, mona = User.objects.get(username="viola"), User.objects.get(username="mona")
    assert set(User.objects.values_list("role", flat=True)) == set(Role.values)
    assert cases.my_work(viola).exists()
    assert concerns.inbox(mona, "open").count() == 10
    with pytest.raises(CommandError, match="empty house"):
        call_command("demonstration", years=0, stdout=StringIO())


@pytest.mark.slow
def test_no_hidden_figure_of_the_demonstration_year_can_be_computed(former):
    counted = Counter(
        (granted.kind, reason, str(one.case.age_group), one.case.district)
        for one in former
        for granted in one.case.interventions
        for reason in granted.reasons
        if granted.decided_on.year == 2025
    )
    dimensions = facts.dimensions([2025])[:-1]
    columns = dict(zip((d.name for d in dimensions), zip(*counted, strict=True), strict=True))

    safe = protect(count_columns({**columns, "n": list(counted.values())}, dimensions, weight="n"))

    assert safe.hidden > 100
    assert attack(safe) == ()
    assert all(count is None or count not in range(1, 5) for _codes, count in safe.cells())


@pytest.mark.django_db
def test_one_review_is_signed_off_one_waits_for_it_and_one_is_under_way(client, as_face):
    with as_face("owner"):
        call_command("demonstration", years=0, stdout=StringIO())
    kerstin = User.objects.get(username="kerstin")
    accounts.sign_in(client, kerstin)

    seen, waiting, opened = set[str](), ["/intern/egenkontroll/"], set()
    while waiting:
        url = waiting.pop(0)
        if url in opened or not url.startswith("/intern/egenkontroll/") or "rapport." in url:
            continue
        opened.add(url)
        seen.add(resolve(url).url_name)
        answer = client.get(url)
        assert answer.status_code == 200, url
        waiting += re.findall(r'href="([^"#?]*)"', answer.content.decode())

    assert seen == {"reviews", "draw", "review", "case", "leave-out", "measure", "sign-off", "report"}
    reviews = reviewed.to_review(kerstin)
    assert sorted((one.status, bool(one.table)) for one in reviews) == [
        ("signed", True),
        ("under_way", False),
        ("under_way", False),
    ]


NO_PAGE = {"retention:assess", "retention:resume", "retention:proof-file"}


@pytest.mark.django_db
def test_a_disposal_list_waits_for_a_second_person_and_each_of_its_pages_can_be_reached(client, as_face):
    """As arvid and kerstin follow links from the first page of retention."""
    with as_face("owner"):
        call_command("demonstration", years=0, stdout=StringIO())
    seen = set[str]()
    for username in ("arvid", "kerstin"):
        accounts.sign_in(client, User.objects.get(username=username))
        waiting, opened = ["/intern/gallring/"], set()
        while waiting:
            url = waiting.pop(0)
            name = resolve(url.partition("?")[0]).view_name
            if url in opened or name in NO_PAGE or (name in seen and name in {"retention:matter", "retention:exclude"}):
                continue
            opened.add(url)
            seen.add(name)
            answer = client.get(url)
            assert answer.status_code == 200, url
            found = re.findall(r'href="(/intern/gallring/[^"#]*)"', answer.content.decode())
            waiting += [link.replace("&amp;", "&") for link in found if len(opened) < 40]

    missed = {
        "overview",
        "rules",
        "holds",
        "lift",
        "lists",
        "propose",
        "list",
        "approve",
        "withdraw",
        "exclude",
        "proofs",
        "matter",
    }
    assert {f"retention:{name}" for name in missed} - seen == set()
