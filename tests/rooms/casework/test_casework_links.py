"""Linked cases: each person a file of their own, and neither opens the other to anyone."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions, catalogue, disposal, queries
from fridhem.rooms.casework.actions import links as linking
from fridhem.rooms.casework.actions import people
from fridhem.rooms.casework.actions.walls import put_wall
from fridhem.rooms.casework.models import Case, CaseLink
from fridhem.rooms.casework.queries import links
from fridhem.rooms.disclosures import queries as disclosures
from tests.factories import accounts, casework, persons
from tests.factories.disclosures import HIDDEN, SCHOOL, hidden_case

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

MONDAY = casework.MONDAY
TODAY = MONDAY.date()
GIVEN = {"district": "centrum", "unit": None, "summary": "Barnet har berättat i skolan."}


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna Alm")


@pytest.fixture
def bo():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Bo Björk")


@pytest.fixture
def far():
    return accounts.user(Role.CASEWORKER, unit=accounts.unit("Barn och familj"), name="Fia Fors")


@pytest.fixture
def lena():
    return casework.leader(name="Lena Lind")


@pytest.fixture
def as_(client, behind_walls):
    def send(user, page, *args, post=None, query=""):
        client.force_login(user)
        with behind_walls():
            where = reverse(f"casework:{page}", args=args) + query
            return client.get(where) if post is None else client.post(where, post)

    return send


def text_of(response) -> str:
    return response.content.decode()


def family(by) -> tuple[Case, object]:
    """A case about a mother whose child is in it, and the child."""
    case = casework.case(by=by, person_id=persons.person(name="Selma Solvända").pk)
    people.relate(case, by=by, at=MONDAY, kind="child", name="Tilda Solvända")
    return case, case.person.relations.get().other


def two(by) -> tuple[Case, Case]:
    return casework.case(by=by), casework.case(by=by)


def link(one, other, *, by, kind="uses_violence", at=MONDAY) -> CaseLink:
    return linking.link(one, other, kind=kind, by=by, at=at)


# ── Opening and linking ───────────────────────────────────────────────────


def test_a_child_in_a_case_gets_one_of_its_own_with_the_process_for_children(as_, anna, lena):
    case, child = family(anna)

    asked = text_of(as_(anna, "open-linked", case.number, child.pk))
    filled = as_(anna, "open-linked", case.number, child.pk, query="?kind=child")
    form = filled.context["form"]
    post = {"process": form["process"].value(), "age_group": form["age_group"].value(), "district": "centrum"}
    post |= {"unit": anna.unit_id, "summary": "Barnet har berättat i skolan."}
    answer = as_(anna, "open-linked", case.number, child.pk, query="?kind=child", post=post)

    opened = Case.objects.exclude(pk=case.pk).get()
    assert "Barnet" in asked and "?kind=uses_violence" in asked
    assert answer.status_code == 302
    assert (opened.person_id, opened.process_key, opened.age_group) == (child.pk, "intake_assessment", "child")
    made = CaseLink.objects.get()
    assert (made.one, made.other, made.kind, made.linked_by) == (case, opened, "child", anna)
    assert [one.kind for one in links.of(opened, anna)] == ["parent"]
    assert Entry.objects.filter(verb="casework.link.made", subject=made.pk, reason="child").count() == 1


def test_nothing_of_the_one_case_comes_with_the_other(anna, bo, lena):
    case, child = family(anna)
    actions.assign(case, by=lena, at=MONDAY, user=bo)
    actions.write_note(case, by=anna, at=MONDAY, text="Hon bor hos en väninna.")

    opened = linking.open_linked(
        case, child.pk, kind="child", by=anna, at=MONDAY, **{**GIVEN, "unit": anna.unit}, process="intake_assessment",
        age_group="child",
    )  # fmt: skip

    assert [note.text for note in queries.journal(opened)] == [GIVEN["summary"]]
    assert [place.user for place in queries.team(opened)] == [anna]
    assert [one.shown.id for one in queries.members(opened, anna)] == [child.pk]


def test_only_someone_in_the_case_and_not_the_one_it_is_about_gets_a_linked_case(as_, anna):
    case, _child = family(anna)

    assert as_(anna, "open-linked", case.number, case.person_id).status_code == 404
    with pytest.raises(Denied):
        linking.open_linked(case, persons.person().pk, kind="child", by=anna, at=MONDAY, **GIVEN)


def test_a_form_with_faults_keeps_what_was_written(as_, anna):
    case, child = family(anna)

    answer = as_(anna, "open-linked", case.number, child.pk, query="?kind=child", post={"summary": "Skrivet i natt."})

    assert answer.status_code == 422
    assert "Skrivet i natt." in text_of(answer)
    assert not CaseLink.objects.exists()


def test_two_cases_that_one_sees_are_linked_by_number(as_, anna):
    one, other = two(anna)

    answer = as_(anna, "link", one.number, post={"number": f" {other.number.lower()} ", "kind": "same_violence"})

    assert answer.status_code == 302
    assert [linked.case for linked in links.of(one, anna)] == [other]
    page = text_of(as_(anna, "case", one.number))
    assert other.number in page and "Någon annan i samma våld" in page


def test_a_case_that_one_does_not_see_is_answered_as_one_that_is_not_there(as_, anna, bo):
    one, other = casework.case(by=anna), casework.case(by=bo)

    unseen = as_(anna, "link", one.number, post={"number": other.number, "kind": "child"})
    nowhere = as_(anna, "link", one.number, post={"number": "V-22222", "kind": "child"})

    assert unseen.status_code == nowhere.status_code == 422
    errors = [response.context["form"].errors for response in (unseen, nowhere)]
    assert errors[0] == errors[1]
    assert not CaseLink.objects.exists()


def test_a_case_is_linked_once_and_never_to_itself(anna):
    one, other = two(anna)
    link(one, other, by=anna)

    with pytest.raises(NotNow):
        link(other, one, by=anna, kind="exposed")
    with pytest.raises(NotNow):
        link(one, one, by=anna)
    with pytest.raises(IntegrityError, match="casework_one_link_each"), transaction.atomic():
        CaseLink.objects.create(one=other, other=one, kind="exposed", linked_by=anna, linked_at=MONDAY)


def test_an_ended_link_is_gone_from_the_page_and_two_cases_can_be_linked_anew(as_, anna):
    one, other = two(anna)
    made = link(one, other, by=anna)

    assert as_(anna, "unlink", one.number, made.pk, post={}).status_code == 302

    assert links.of(one, anna) == []
    assert other.number not in text_of(as_(anna, "case", one.number))
    with pytest.raises(NotNow):
        linking.end_link(made, by=anna, at=MONDAY)
    link(one, other, by=anna)


@pytest.mark.parametrize("role", [Role.PERSONAL_CONTACT, Role.STRATEGIST, Role.PROCESS_OWNER])
def test_other_roles_do_not_link(anna, role):
    one, other = two(anna)

    with pytest.raises(Denied):
        link(one, other, by=accounts.user(role, unit=casework.unit()))


def test_every_kind_has_its_way_back_and_a_process_that_is_in_force():
    kinds = catalogue.link_kinds()
    codes = {code.code for code in catalogue.codes("links").valid_on(TODAY)}

    assert set(kinds) == codes
    assert all(kinds[kinds[kind.back].back] == kind for kind in kinds.values())
    assert {kind.process for kind in kinds.values()} <= {"", "intake_assessment", "vinr_adult", "uses_violence"}


# ── Who sees it ───────────────────────────────────────────────────────────


def test_the_team_of_one_case_does_not_reach_the_other(as_, anna, bo, lena):
    one, other = two(anna)
    link(one, other, by=anna)
    actions.assign(one, by=lena, at=MONDAY, user=bo)

    assert as_(bo, "case", one.number).status_code == 200
    assert as_(bo, "case", other.number).status_code == 404
    assert not queries.visible_to(bo).filter(pk=other.pk).exists()


def test_whoever_may_know_of_the_other_case_sees_that_it_is_and_not_what_it_has_to_do_here(as_, anna, bo, lena):
    one, other = two(anna)
    link(one, other, by=anna)
    actions.assign(one, by=lena, at=MONDAY, user=bo)

    page = text_of(as_(bo, "case", one.number))

    assert reverse("casework:known", args=[other.number]) in page
    assert "Den som utövar våldet" not in page


def test_whoever_may_not_know_of_it_sees_nothing(as_, anna, far, lena):
    one, other = two(anna)
    link(one, other, by=anna)
    actions.assign(one, by=lena, at=MONDAY, user=far)
    contact = accounts.user(Role.PERSONAL_CONTACT, unit=casework.unit())
    actions.assign(one, by=lena, at=MONDAY, user=contact)

    for user in (far, contact):
        assert other.number not in text_of(as_(user, "case", one.number)), user


def test_a_case_that_is_shut_by_a_conflict_is_not_even_known(as_, anna, bo, lena):
    one, other = two(anna)
    link(one, other, by=anna)
    actions.assign(one, by=lena, at=MONDAY, user=bo)
    put_wall(other, user=bo, ground="close", by=lena, at=MONDAY)

    assert other.number not in text_of(as_(bo, "case", one.number))


def test_the_file_of_the_one_who_uses_violence_shows_neither_name_nor_details_of_the_exposed(as_, anna):
    exposed = hidden_case(by=anna)
    uses = casework.case(by=anna, person_id=persons.person(name="Viktor Vass").pk, process="uses_violence")
    link(exposed, uses, by=anna)

    page = text_of(as_(anna, "case", uses.number))

    assert exposed.number in page and "Den som utsätts för våldet" in page
    assert not any(word in page for word in ("Selma", "Solvända", "Tranbär", "Tvinnaregatan", "Vinterkrasse"))


def test_a_case_page_costs_the_same_for_one_link_and_three(client, anna, django_assert_max_num_queries):
    case = casework.case(by=anna)
    client.force_login(anna)

    def cost() -> int:
        with django_assert_max_num_queries(50) as counted:
            client.get(reverse("casework:case", args=[case.number]))
        return len(counted)

    link(case, casework.case(by=anna), by=anna)
    first = cost()
    link(case, casework.case(by=anna), by=anna)
    link(case, casework.case(by=anna), by=anna)
    assert cost() == first


# ── What leaves ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("ended", [False, True])
def test_what_leaves_one_file_is_held_against_the_others_also_when_the_link_has_ended(anna, ended):
    exposed = hidden_case(by=anna)
    uses = casework.case(by=anna, person_id=persons.person(name="Viktor Vass").pk, process="uses_violence")
    given = {"by": anna, "on": TODAY, "recipient": "person_using_violence", "person": uses.person_id}
    text = f"Hon bor på {HIDDEN['address']}."
    assert not disclosures.checked(uses.pk, text=text, **given).is_stopped

    made = link(exposed, uses, by=anna)
    if ended:
        linking.end_link(made, by=anna, at=MONDAY)

    assert {one["kind"] for one in disclosures.checked(uses.pk, text=text, **given).findings} == {"address"}


def test_the_matter_goes_on_through_every_linked_case(anna):
    exposed = hidden_case(by=anna)
    child, uses = casework.case(by=anna), casework.case(by=anna, process="uses_violence")
    link(exposed, child, by=anna, kind="child")
    link(child, uses, by=anna, kind="parent")

    given = {"by": anna, "on": TODAY, "recipient": "person_using_violence"}
    assert disclosures.checked(uses.pk, text=f"Tilda går på {SCHOOL}.", **given).is_stopped


# ── The database ──────────────────────────────────────────────────────────


def rows(user, behind_walls) -> int:
    with behind_walls(), accounts.at_work(user), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM casework_link")
        return cursor.fetchone()[0]


def test_the_database_gives_a_link_to_those_alone_who_see_both(anna, bo, far, lena, behind_walls):
    one, other = two(anna)
    link(one, other, by=anna)
    actions.assign(one, by=lena, at=MONDAY, user=bo)

    assert {user.name: rows(user, behind_walls) for user in (anna, lena, bo, far)} == {
        "Anna Alm": 1, "Lena Lind": 1, "Bo Björk": 0, "Fia Fors": 0,
    }  # fmt: skip


INSERT = """
INSERT INTO casework_link (id, one_id, other_id, kind, linked_by_id, linked_at)
VALUES (gen_random_uuid(), %s, %s, 'child', %s, now())
"""


@pytest.mark.parametrize("in_the_name_of", ["bo", "anna"])
def test_the_database_lets_nobody_link_what_they_do_not_see_or_in_anothers_name(anna, bo, lena, behind_walls, in_the_name_of):
    one, other = two(anna)
    third = casework.case(by=bo)
    actions.assign(one, by=lena, at=MONDAY, user=bo)
    whom, ends = (bo, (one, other)) if in_the_name_of == "bo" else (anna, (one, third))

    with behind_walls(), accounts.at_work(bo), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute(INSERT, [ends[0].pk, ends[1].pk, whom.pk])
        cursor.execute(INSERT, [one.pk, third.pk, bo.pk])


def test_the_database_lets_a_link_be_ended_and_nothing_else(anna, bo, lena, behind_walls):
    one, other = two(anna)
    link(one, other, by=anna)
    actions.assign(one, by=lena, at=MONDAY, user=bo)
    end = "UPDATE casework_link SET ended_at = now(), ended_by_id = %s"

    with behind_walls(), accounts.at_work(bo), connection.cursor() as cursor:
        cursor.execute(end, [bo.pk])
        assert cursor.rowcount == 0
    with behind_walls(), accounts.at_work(anna), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute("UPDATE casework_link SET kind = 'child'")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute(end, [bo.pk])
        cursor.execute(end, [anna.pk])
        assert cursor.rowcount == 1
        cursor.execute("UPDATE casework_link SET ended_at = NULL, ended_by_id = NULL")
        assert cursor.rowcount == 0


def test_the_database_tells_of_a_linked_case_only_to_one_who_sees_the_first(anna, bo, far, lena, behind_walls):
    one, other = two(anna)
    link(one, other, by=anna)
    actions.assign(one, by=lena, at=MONDAY, user=bo)

    def told(user) -> list[str]:
        with behind_walls(), accounts.at_work(user), connection.cursor() as cursor:
            cursor.execute("SELECT number FROM casework_linked(%s)", [one.pk])
            return [number for (number,) in cursor.fetchall()]

    mona = accounts.user(Role.RECEPTION, unit=casework.unit())
    assert {user.name: told(user) for user in (anna, bo, far)} == {"Anna Alm": [], "Bo Björk": [other.number], "Fia Fors": []}
    assert told(mona) == []


def test_links_go_with_either_case(anna, lena):
    one, other = two(anna)
    link(one, other, by=anna)
    actions.close_case(other, by=lena, at=MONDAY, reason="finished")

    disposal.dispose(other.pk, at=MONDAY + dt.timedelta(days=1))

    assert not CaseLink.objects.exists()
    assert Case.objects.get() == one


# ── A case that goes on as another ────────────────────────────────────────

TO_AN_INVESTIGATION = {
    "protect": {"protection": "planned"},
    "assess": {"proposal": "investigate"},
    "decide": {"assessment": "investigate"},
    "hand_over": {},
}


def did(case: Case, node: str, *, by, **answers: str) -> Case:
    text = "Bråttom: skolan väntar svar." if node == "hand_over" else "Skrivet."
    return actions.complete_step(casework.open_step(case, node), by=by, at=MONDAY, answers=answers, text=text)


def handed_over(case: Case, by) -> Case:
    return [did(case, node, by=by, **answers) for node, answers in TO_AN_INVESTIGATION.items()][-1]


def test_a_preliminary_assessment_goes_on_as_an_investigation(lena, anna, bo):
    person = persons.person(name="Alva Ask")
    case = casework.case(by=anna, process="intake_assessment", age_group="child", person_id=person.pk, team=[bo])
    put_wall(case, user=bo, ground="close", by=anna, at=MONDAY)
    left = accounts.user(Role.CASEWORKER, unit=casework.unit())
    actions.assign(case, by=lena, at=MONDAY, user=left)
    type(left).objects.filter(pk=left.pk).update(role=Role.STRATEGIST)

    went_on = handed_over(case, lena)

    case.refresh_from_db()
    assert (case.status, case.closing_reason) == ("closed", "investigation_opened")
    assert (went_on.process_key, went_on.person_id, went_on.unit, went_on.district) == (
        "child_investigation", person.pk, case.unit, case.district,
    )  # fmt: skip
    assert {one.user for one in queries.team(went_on)} == {lena, anna}
    assert [wall.user for wall in queries.walls(went_on)] == [bo]
    assert [note.text for note in went_on.notes.all()] == ["Bråttom: skolan väntar svar."]
    assert [(one.case, one.kind) for one in links.of(went_on, lena)] == [(case, "began")]
    assert list(queries.earlier(went_on, lena)) == []


def test_a_case_whose_end_says_nothing_of_the_sort_is_closed(lena):
    case = casework.case(by=lena, process="intake_assessment", age_group="child")
    did(case, "protect", by=lena, protection="planned")
    did(case, "assess", by=lena, proposal="decline")
    did(case, "decide", by=lena, assessment="decline")

    assert did(case, "close", by=lena, closing_reason="no_investigation") == case
    assert Case.objects.count() == 1


def test_going_on_in_a_district_that_is_no_more_is_no_hindrance(lena):
    case = casework.case(by=lena, process="intake_assessment", age_group="adult")
    Case.objects.filter(pk=case.pk).update(district="gamla_stan")

    went_on = handed_over(Case.objects.get(pk=case.pk), lena)

    assert (went_on.process_key, went_on.district) == ("vinr_adult", "unknown")


def test_nobody_says_by_hand_that_a_case_goes_on(anna):
    assert {"continued", "began"} & {code for code, _words in catalogue.link_choices(TODAY, "sv")} == set()


def test_whoever_ends_the_case_comes_to_the_one_that_it_goes_on_as(lena, as_):
    case = casework.case(by=lena, process="intake_assessment", age_group="child")
    for node in ("protect", "assess", "decide"):
        did(case, node, by=lena, **TO_AN_INVESTIGATION[node])
    step = casework.open_step(case, "hand_over")

    answer = as_(lena, "step", case.number, step.pk, post={"text": "Skolan väntar svar."})

    went_on = Case.objects.exclude(pk=case.pk).get()
    assert answer.url == reverse("casework:case", args=[went_on.number])
