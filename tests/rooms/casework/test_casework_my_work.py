"""My work: what is to be done, by whom and by when; who does a step, and cases that change hands."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions, queries
from fridhem.rooms.casework.actions import staffing
from fridhem.rooms.casework.actions.walls import put_wall
from fridhem.rooms.casework.enums import When
from fridhem.rooms.casework.models import Step
from fridhem.rooms.casework.queries import work
from fridhem.rooms.casework.templatetags.casework import ground
from tests.factories import accounts, casework, persons

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]
NOW = timezone.now()
WORK = "casework:work"


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna Alm")


@pytest.fixture
def bea():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Bea Berg")


@pytest.fixture
def lena():
    return casework.leader(name="Lena Lind")


@pytest.fixture
def as_(client, behind_walls):
    """A request as someone, within the database's own walls."""

    def send(user, page, *args, post=None, query=""):
        client.force_login(user)
        with behind_walls():
            where = reverse(page, args=args) + query
            return client.get(where) if post is None else client.post(where, post)

    return send


def text_of(response) -> str:
    return response.content.decode()


def at_map_violence(anna, lena, **given):
    """A case in which two steps wait for its caseworkers."""
    return casework.do(casework.case(by=anna, at=NOW, **given), "assess_protection", by=lena, at=NOW)


def due_in(case, days: int | None) -> Step:
    """The case's step to map the violence, due that many days from today."""
    step = casework.open_step(case, "map_violence")
    step.due_date = None if days is None else timezone.localdate() + dt.timedelta(days=days)
    step.save()
    queries.steps(case).filter(node="assess_risk").update(status="lapsed")
    return step


# ── The page ──────────────────────────────────────────────────────────────


def test_steps_stand_under_when_they_are_due_and_are_counted(as_, anna, lena):
    days = {When.LATE: -3, When.TODAY: 0, When.SOON: 7, When.LATER: 8, When.NONE: None}
    steps = {when: due_in(at_map_violence(anna, lena), in_days) for when, in_days in days.items()}

    response = as_(anna, WORK)

    assert [(row.step, row.when) for row in response.context["page"]] == [(steps[when], when) for when in days]
    assert [view["count"] for view in response.context["views"]] == [5, 1, 1, 1, 1, 1]
    for when, step in steps.items():
        found = as_(anna, WORK, query=f"?when={when}").context["page"]
        assert [row.step for row in found] == [step]


def test_a_row_says_what_by_when_why_and_leads_to_the_step(as_, anna, lena):
    case = at_map_violence(anna, lena, person_id=persons.person().pk)
    step = due_in(case, 0)
    Step.objects.filter(pk=step.pk).update(consult="honour_team")

    page = text_of(as_(anna, WORK))

    where = reverse("casework:step", args=[case.number, step.pk])
    for shown in (case.number, "Kartlägga våldet", "Resursteam heder", ground(step), where):
        assert shown in page


def test_a_leader_sees_the_units_steps_and_a_caseworker_never_does(as_, anna, bea, lena):
    steps = {due_in(at_map_violence(one, lena), 1) for one in (anna, bea)}
    elsewhere = casework.case(unit=accounts.unit("Barn och familj"))

    assert {row.step for row in as_(lena, WORK, query="?whose=unit").context["page"]} == steps
    assert {row.step for row in as_(lena, WORK, query="?whose=caseworker").context["page"]} == steps
    assert [row.step.case.number for row in as_(lena, WORK).context["page"]] == []
    assert len(as_(anna, WORK, query="?whose=unit").context["page"]) == 1
    assert elsewhere.number not in text_of(as_(lena, WORK, query="?whose=reception"))


def test_nothing_to_do_is_said(as_, anna):
    assert "Inget väntar på dig" in text_of(as_(anna, WORK))
    assert "Inget väntar här" in text_of(as_(anna, WORK, query="?whose=reception"))
    assert as_(anna, WORK, query="?whose=nonsense&when=nonsense&page=99").status_code == 200


def test_the_page_costs_the_same_for_one_step_and_many_and_shows_one_page(
    as_, anna, bea, lena, django_assert_max_num_queries, monkeypatch
):
    today = timezone.localdate()

    def cost() -> int:
        with django_assert_max_num_queries(45) as counted:
            as_(anna, WORK)
        return len(counted)

    staffing.say_absent(user=bea, stand_in=anna, first_day=today, last_day=today, by=bea, at=NOW)
    at_map_violence(anna, lena, person_id=persons.person().pk)
    at_map_violence(bea, lena, person_id=persons.person().pk)
    cost()  # the first visit
    first = cost()
    for one in (anna, bea, bea):
        at_map_violence(one, lena, person_id=persons.person().pk)

    assert cost() == first
    monkeypatch.setattr("fridhem.rooms.casework.views.work.PAGE", 3)
    page = as_(anna, WORK).context["page"]
    assert (len(page.object_list), page.paginator.count) == (3, 10)


# ── Who does a step ───────────────────────────────────────────────────────


def test_a_step_that_is_taken_is_mine_alone_and_may_be_handed_back(as_, anna, bea, lena):
    case = at_map_violence(anna, lena)
    actions.assign(case, by=lena, at=NOW, user=bea)
    step = due_in(case, 1)

    assert as_(anna, "casework:who", case.number, step.pk, post={"to": anna.pk}).status_code == 302
    assert list(queries.my_work(anna)) == [step]
    assert list(queries.my_work(bea)) == []
    assert as_(bea, "casework:who", case.number, step.pk).status_code == 403
    assert as_(anna, "casework:who", case.number, step.pk, post={"to": "nobody"}).status_code == 302

    assert list(queries.my_work(bea)) == [step]
    kept = Entry.objects.filter(subject=step.pk, verb__startswith="casework.step.")
    assert set(kept.values_list("verb", "reason")) == {
        ("casework.step.given", str(anna.pk)),
        ("casework.step.handed_back", ""),
    }


def test_a_leader_gives_it_to_another_and_a_colleague_outside_the_case_gets_nothing(as_, anna, bea, lena):
    case = at_map_violence(anna, lena)
    step = due_in(case, 1)
    staffing.give(step, by=anna, at=NOW, to=anna)

    with pytest.raises(Denied):
        staffing.give(step, by=lena, at=NOW, to=bea)
    assert as_(lena, "casework:who", case.number, step.pk, post={"to": bea.pk}).status_code == 422
    actions.assign(case, by=lena, at=NOW, user=bea)
    assert as_(lena, "casework:who", case.number, step.pk, post={"to": bea.pk}).status_code == 302
    assert (list(queries.my_work(anna)), list(queries.my_work(bea))) == ([], [step])


def test_a_step_given_opens_nothing_and_does_not_get_stuck(anna, bea, lena):
    case = at_map_violence(anna, lena)
    step = due_in(case, 1)
    Step.objects.filter(pk=step.pk).update(assigned_to=bea)  # whatever wrote it

    assert not queries.visible_to(bea).exists()
    assert list(queries.my_work(bea)) == []
    bea.is_active = False
    bea.save()
    assert list(queries.my_work(anna)) == [step]


def test_a_wall_takes_the_step_from_the_one_it_is_put_for(anna, bea, lena):
    case = at_map_violence(anna, lena)
    step = due_in(case, 1)
    actions.assign(case, by=lena, at=NOW, user=bea)
    staffing.give(step, by=anna, at=NOW, to=bea)

    put_wall(case, user=bea, ground="close", by=lena, at=NOW)

    step.refresh_from_db()
    assert step.assigned_to is None
    assert bea not in work.able(step)


def test_what_is_done_is_given_to_nobody(anna, lena):
    case = at_map_violence(anna, lena)
    done = queries.steps(case).get(node="assess_protection")

    with pytest.raises(NotNow):
        staffing.give(done, by=lena, at=NOW, to=lena)


# ── Cases that change hands ───────────────────────────────────────────────


def test_all_cases_of_one_who_leaves_go_to_a_colleague_after_a_look(as_, anna, bea, lena):
    cases = [at_map_violence(anna, lena) for _ in range(3)]
    step = due_in(cases[0], 1)
    staffing.give(step, by=anna, at=NOW, to=anna)
    put_wall(cases[2], user=bea, ground="close", by=lena, at=NOW)
    chosen = {"user": anna.pk, "to": bea.pk}

    look = as_(lena, "casework:hand-over", query=f"?user={anna.pk}&to={bea.pk}")
    assert {case.number: case.stays for case in look.context["page"]} == {
        cases[0].number: False, cases[1].number: False, cases[2].number: True,
    }  # fmt: skip
    assert queries.visible_to(bea).count() == 0
    assert as_(lena, "casework:hand-over", post=chosen).status_code == 302

    assert set(queries.visible_to(bea)) == set(cases[:2])
    assert set(queries.visible_to(anna)) == {cases[2]}
    assert step in queries.my_work(bea)
    kept = Entry.objects.filter(verb="casework.case.changed_hands").values_list("subject", "reason")
    assert set(kept) == {(case.pk, f"{anna.pk} {bea.pk}") for case in cases[:2]}


def test_cases_change_hands_by_the_units_leader_alone_and_all_or_none(anna, bea, lena, monkeypatch):
    case = at_map_violence(anna, lena)
    far = accounts.user(Role.TEAM_LEADER, unit=accounts.unit("Barn och familj"))
    stranger = accounts.user(Role.CASEWORKER, unit=far.unit)
    for by, to in ((far, bea), (anna, bea), (lena, stranger), (lena, anna), (lena, lena)):
        with pytest.raises(Denied):
            staffing.hand_over(anna, to=to, by=by, at=NOW)

    def fails(*_given, **_more):
        raise RuntimeError

    monkeypatch.setattr(staffing, "record", fails)
    with pytest.raises(RuntimeError):
        staffing.hand_over(anna, to=bea, by=lena, at=NOW)
    assert list(queries.team(case).values_list("user", flat=True)) == [anna.pk]


def test_the_form_to_hand_over_says_what_is_wrong(as_, anna, lena):
    response = as_(lena, "casework:hand-over", post={"user": anna.pk, "to": lena.pk})

    assert response.status_code == 422
    assert "samma roll" in text_of(response)
