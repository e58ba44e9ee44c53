"""Time limits of cases: extended by a decision, stopped and let go on; what is about to be missed, and what was."""

import datetime as dt
from contextlib import nullcontext

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.processes import engine
from fridhem.foundation.processes.engine import TaskNotOpen
from fridhem.pure.deadlines.clock import Clock, Standing
from fridhem.pure.deadlines.span import parse_span
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions, queries, rules
from fridhem.rooms.casework.actions import limits, way
from fridhem.rooms.casework.models import Case, Extension, Step
from fridhem.rooms.casework.queries import limits as known
from fridhem.rooms.processes import queries as processes
from tests.factories import accounts, casework, persons
from tests.factories.casework import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

RISK_DUE = dt.date(2026, 11, 9)  # seven days after Monday
DAY = dt.timedelta(days=1)


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")


@pytest.fixture
def lena():
    return casework.leader(name="Lena")


@pytest.fixture
def bo():
    """Another team leader of the unit."""
    return casework.leader(name="Bo")


@pytest.fixture
def case(anna, lena):
    """At the steps of the investigation: risk within seven days, mapping within eight weeks, by the municipality's routine."""
    return casework.do(casework.case(by=anna), "assess_protection", by=lena)


@pytest.fixture
def child(anna, lena):
    """An investigation of a child's situation, which has four months by law."""
    opened = casework.case(by=anna, process="child_investigation", age_group="child")
    return casework.do(opened, "plan", by=lena)


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def address(page: str, case: Case, *more) -> str:
    return reverse(f"casework:{page}", args=[case.number, *more])


def text_of(response) -> str:
    return response.content.decode()


def due(case: Case, node: str) -> dt.date | None:
    return casework.open_step(case, node).due_date


def extended(case: Case, by, until: dt.date = dt.date(2026, 11, 20), at: dt.datetime = MONDAY) -> Extension:
    return limits.extend(case, "assess_risk", by=by, at=at, until=until, text="Väntar på polisens uppgifter.")


def rows(case: Case) -> list[tuple]:
    columns = ("node", "due_date", "limit", "warn_date", "is_still")
    return list(queries.steps(case).filter(status="open").order_by("node").values_list(*columns))


# ── Rules ─────────────────────────────────────────────────────────────────


def limit(key: str):
    return processes.limit(key, on=dt.date(2026, 11, 2))


def clock(**given) -> Clock:
    return Clock(MONDAY, parse_span("P14D"), **given)  # until Monday 16 November


@pytest.mark.parametrize(
    ("key", "given", "until", "refused"),
    [
        ("preliminary_assessment", {}, "2026-11-30", ""),
        ("preliminary_assessment", {}, "2026-12-01", "at the latest"),
        ("preliminary_assessment", {"until": dt.date(2026, 11, 20)}, "2026-12-01", "at the latest"),
        ("preliminary_assessment", {"until": dt.date(2026, 11, 20)}, "2026-11-20", "Write a day after 20 nov 2026"),
        ("preliminary_assessment", {}, "2026-11-16", "Write a day after 16 nov 2026"),
        ("preliminary_assessment", {"is_still": True}, "2026-11-20", "stands still"),
        ("submission_to_court", {}, "2026-11-20", "can't be extended: Chapter 4, section 3"),
        ("application_after_placement", {}, "2027-11-20", ""),
    ],
)
def test_an_extension_is_longer_and_within_what_the_list_admits(key, given, until, refused):
    expected = pytest.raises(NotNow, match=refused) if refused else nullcontext()

    with override("en"), expected:
        rules.check_new_last_day(limit(key), clock(**given), dt.date.fromisoformat(until), today=dt.date(2026, 11, 10))


def test_a_late_time_limit_is_extended_to_a_day_that_has_not_been():
    with pytest.raises(NotNow):
        rules.check_new_last_day(limit("preliminary_assessment"), clock(), dt.date(2026, 11, 18), today=dt.date(2026, 11, 18))


@pytest.mark.parametrize(
    ("key", "given", "today"),
    [
        ("child_investigation", {}, "2026-11-10"),  # the law knows no pause
        ("routine", {"is_still": True}, "2026-11-10"),
        ("routine", {}, "2026-11-17"),  # too late
    ],
)
def test_a_time_limit_stands_still_only_where_it_may(key, given, today):
    with pytest.raises(NotNow):
        rules.check_may_stand_still(limit(key), clock(**given), today=dt.date.fromisoformat(today))

    rules.check_may_stand_still(limit("routine"), clock(), today=dt.date(2026, 11, 16))


# ── To extend ─────────────────────────────────────────────────────────────


def test_the_leader_extends_and_the_step_s_last_day_follows(case, lena):
    extension = extended(case, lena)

    assert due(case, "assess_risk") == dt.date(2026, 11, 20)
    assert (extension.was, extension.limit, extension.answer, extension.answered_by) == (RISK_DUE, "routine", "granted", lena)
    note = queries.journal(case).first()
    assert (note.kind, note.text, extension.note) == ("decision", "Väntar på polisens uppgifter.", note)
    kept = case.process_events.values_list("what", "node", "until", "by").last()
    assert kept == ("postponed", "assess_risk", dt.date(2026, 11, 20), lena.pk)
    verbs = Entry.objects.filter(subject=extension.pk).values_list("verb", "reason")
    assert set(verbs) == {("casework.extension.asked", "routine"), ("casework.extension.answered", "granted")}


def test_a_caseworker_asks_and_the_leader_decides(case, anna, lena):
    given = {"at": MONDAY, "until": dt.date(2026, 11, 20)}
    with pytest.raises(Denied):
        limits.extend(case, "assess_risk", by=anna, text="Mer tid.", **given)

    asked = limits.ask_to_extend(case, "assess_risk", by=anna, text="Mer tid.", **given)

    assert due(case, "assess_risk") == RISK_DUE
    assert list(known.waiting(lena)) == [asked]
    with pytest.raises(NotNow):
        limits.ask_to_extend(case, "assess_risk", by=anna, text="Mer tid.", **given)
    with pytest.raises(Denied):
        limits.answer_extension(asked, by=anna, at=MONDAY, answer="granted", text="Ja.")
    limits.answer_extension(asked, by=lena, at=MONDAY, answer="granted", text="Skälen räcker.")
    assert due(case, "assess_risk") == dt.date(2026, 11, 20)
    with pytest.raises(NotNow):
        limits.answer_extension(asked, by=lena, at=MONDAY, answer="refused", text="Nej.")
    assert list(known.waiting(lena)) == []


def test_what_is_refused_changes_no_day(case, anna, lena):
    asked = limits.ask_to_extend(case, "assess_risk", by=anna, at=MONDAY, until=dt.date(2026, 11, 20), text="Mer tid.")
    events = case.process_events.count()

    limits.answer_extension(asked, by=lena, at=MONDAY + DAY, answer="refused", text="Risken kan inte vänta.")

    assert (due(case, "assess_risk"), case.process_events.count()) == (RISK_DUE, events)
    assert queries.journal(case).first().text == "Risken kan inte vänta."


def test_what_was_asked_for_lapses_when_the_step_is_done(case, anna, lena):
    asked = limits.ask_to_extend(case, "assess_risk", by=anna, at=MONDAY, until=dt.date(2026, 11, 20), text="Mer tid.")

    casework.do(case, "assess_risk", by=lena, at=MONDAY + DAY)

    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by, list(known.waiting(lena))) == ("lapsed", None, [])


def test_where_the_law_wants_two_nobody_decides_alone(child, lena, bo):
    given = {"at": MONDAY, "until": dt.date(2027, 4, 1), "text": "Särskilda skäl: väntar på utlåtande."}
    with pytest.raises(Denied):
        limits.extend(child, "inquiry", by=lena, **given)
    asked = limits.ask_to_extend(child, "inquiry", by=lena, **given)
    with pytest.raises(Denied):
        limits.answer_extension(asked, by=lena, at=MONDAY, answer="granted", text="Ja.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.filter(pk=asked.pk).update(answer="granted", answered_by=lena, answered_at=MONDAY)

    limits.answer_extension(asked, by=bo, at=MONDAY, answer="granted", text="Skälen är särskilda.")

    child.refresh_from_db()
    (found,) = [one for one in known.of(child, on=MONDAY.date()) if one.node.id == "inquiry"]
    assert (found.clock.last_day, found.limit.key) == (dt.date(2027, 4, 1), "child_investigation")
    assert (found.extended.answered_by, found.extended.asked_by) == (bo, lena)


def test_a_step_in_a_part_stands_under_the_part_s_limit(child):
    limits_of = {step.node: (step.due_date, step.limit) for step in queries.steps(child).filter(status="open")}

    assert (dt.date(2027, 3, 2), "child_investigation") in limits_of.values()


@pytest.mark.parametrize("until", [RISK_DUE, dt.date(2027, 1, 10)])
def test_a_day_that_is_not_admitted_is_refused_and_nothing_is_written(case, lena, until):
    with pytest.raises(NotNow):
        extended(case, lena, until)

    assert (Extension.objects.count(), queries.journal(case).count(), due(case, "assess_risk")) == (0, 0, RISK_DUE)


def test_a_step_that_is_done_has_no_time_limit_to_extend(case, lena):
    casework.do(case, "assess_risk", by=lena)

    with pytest.raises(TaskNotOpen):
        extended(case, lena)


def test_nothing_is_extended_without_a_reason_or_in_a_closed_case(case, lena):
    with pytest.raises(NotNow):
        limits.extend(case, "assess_risk", by=lena, at=MONDAY, until=dt.date(2026, 11, 20), text=" ")
    actions.close_case(case, by=lena, at=MONDAY, reason="moved")
    with pytest.raises(NotNow):
        extended(case, lena)

    assert Extension.objects.count() == 0


# ── To stand still ────────────────────────────────────────────────────────


def test_a_time_limit_stands_still_and_goes_on(case, lena, anna):
    with pytest.raises(Denied):
        limits.pause(case, "assess_risk", by=anna, at=MONDAY, text="Hon är bortrest.")
    limits.pause(case, "assess_risk", by=lena, at=MONDAY + DAY, text="Hon är bortrest.")

    step = casework.open_step(case, "assess_risk")
    assert (step.due_date, step.is_still, step.warn_date) == (None, True, None)
    found = known.one(Case.objects.get(pk=case.pk), "assess_risk", on=MONDAY.date())
    assert (found.reading.standing, found.still_since) == (Standing.STILL, dt.date(2026, 11, 3))
    actions.let_time_pass(case, at=MONDAY + 30 * DAY)
    limits.resume(case, "assess_risk", by=lena, at=MONDAY + 31 * DAY, text="Hon är tillbaka.")

    step = casework.open_step(case, "assess_risk")
    assert (step.due_date, step.is_still) == (dt.date(2026, 12, 9), False)  # 9 November and thirty days
    with pytest.raises(NotNow):
        limits.resume(case, "assess_risk", by=lena, at=MONDAY + 32 * DAY, text="Igen.")
    assert [note.text for note in queries.journal(case)] == ["Hon är tillbaka.", "Hon är bortrest."]


# ── By its events ─────────────────────────────────────────────────────────


def test_the_state_made_anew_from_events_is_the_same_after_extensions_and_pauses(case, lena):
    extended(case, lena)
    limits.pause(case, "map_violence", by=lena, at=MONDAY + DAY, text="Hon är bortrest.")
    limits.resume(case, "map_violence", by=lena, at=MONDAY + 8 * DAY, text="Hon är tillbaka.")
    limits.pause(case, "assess_risk", by=lena, at=MONDAY + 9 * DAY, text="Hon är bortrest.")
    case.refresh_from_db()
    before, standing = rows(case), [one.clock for one in engine.clocks(way.of(case), case.state)]
    Case.objects.filter(pk=case.pk).update(state={})
    Step.objects.filter(case=case, status="open").update(due_date=None, limit="", warn_date=None, is_still=False)
    case.refresh_from_db()

    with transaction.atomic():
        way.rebuild(case, by=None, at=MONDAY + 10 * DAY)

    assert (rows(case), [one.clock for one in engine.clocks(way.of(case), case.state)]) == (before, standing)
    assert {still for *_rest, still in before} == {True, False}


# ── What is about to be missed ────────────────────────────────────────────


def test_a_step_warns_as_early_as_its_law_says(case):
    assert rows(case) == [
        ("assess_risk", RISK_DUE, "routine", dt.date(2026, 11, 4), False),
        ("map_violence", dt.date(2026, 12, 28), "routine", dt.date(2026, 12, 21), False),
    ]


@pytest.mark.parametrize(
    ("today", "late", "soon"),
    [
        ("2026-11-03", set(), set()),
        ("2026-11-04", set(), {"assess_risk"}),
        ("2026-11-09", set(), {"assess_risk"}),
        ("2026-11-10", {"assess_risk"}, set()),
    ],
)
def test_soon_becomes_late(case, anna, today, late, soon):
    on, every = dt.date.fromisoformat(today), known.under_limit(anna)

    assert {step.node for step in every.filter(known.within("late", today=on))} == late
    assert {step.node for step in every.filter(known.within("soon", today=on))} == soon
    counted = {"": len(late | soon), "late": len(late), "soon": len(soon), "still": 0, "all": 2}
    assert known.counted(every, today=on) == counted


def test_a_late_step_stays_in_the_history_also_when_it_was_extended_too_late(case, anna, lena):
    late = MONDAY + 10 * DAY  # 12 November
    extended(case, lena, dt.date(2026, 11, 20), at=late)
    casework.do(case, "assess_risk", by=lena, at=late + DAY)
    casework.do(case, "map_violence", by=lena, at=late + DAY)

    (step,) = known.missed(anna, first=late.date(), last=late.date() + DAY)

    assert (step.node, step.was_due, step.due_date) == ("assess_risk", RISK_DUE, dt.date(2026, 11, 20))
    assert known.days_late(step, was_due=step.was_due) == 4
    assert list(known.missed(anna, first=late.date(), last=late.date())) == []


def test_nobody_sees_the_time_limits_of_others_cases(case, anna, lena, bo):
    stranger = accounts.user(Role.CASEWORKER, unit=casework.unit())

    assert {step.case_id for step in known.under_limit(lena)} == {case.pk}
    assert known.under_limit(lena, mine=True).count() == 0
    assert known.under_limit(anna, mine=True).count() == 2
    assert known.under_limit(stranger).count() == 0
    assert known.under_limit(anna, process="child_investigation").count() == 0


# ── Pages ─────────────────────────────────────────────────────────────────


def now_case(anna, lena) -> Case:
    """At the same steps, today."""
    return casework.do(casework.case(by=anna, at=timezone.now()), "assess_protection", by=lena, at=timezone.now())


def in_days(days: int) -> str:
    return (timezone.localdate() + days * DAY).isoformat()


def test_the_case_page_shows_each_clock_and_what_may_be_done(as_, anna, lena):
    case = now_case(anna, lena)
    extend, pause = address("extend", case, "assess_risk"), address("pause", case, "assess_risk")

    hers, leaders = (text_of(as_(user).get(address("case", case))) for user in (anna, lena))

    assert "Kommunens rutin" in hers
    assert (extend in hers, "Be om förlängning" in hers, pause in hers) == (True, True, False)
    assert (extend in leaders, "Be om förlängning" in leaders, pause in leaders) == (True, False, True)


def test_a_leader_extends_on_the_page_and_the_case_says_who_decided(as_, anna, lena):
    case = now_case(anna, lena)

    response = as_(lena).post(
        address("extend", case, "assess_risk"), {"until": in_days(20), "text": "Väntar på polisen."}, follow=True
    )

    page = text_of(response)
    assert (response.status_code, "Beslutad av Lena" in page, "Väntar på polisen." in page) == (200, True, True)
    assert due(case, "assess_risk") == timezone.localdate() + 20 * DAY


@pytest.mark.parametrize(
    ("given", "field"),
    [({"until": in_days(400), "text": "x"}, "until"), ({"until": in_days(20)}, "text"), ({"text": "Kvar."}, "until")],
)
def test_what_is_not_admitted_is_said_at_the_field_and_nothing_is_lost(as_, anna, lena, given, field):
    case = now_case(anna, lena)

    response = as_(lena).post(address("extend", case, "assess_risk"), given)

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert given.get("text", "") in text_of(response)
    assert Extension.objects.count() == 0


def test_an_extension_is_asked_for_and_answered_on_the_pages(as_, anna, lena, behind_walls):
    case = now_case(anna, lena)
    with behind_walls():
        as_(anna).post(address("extend", case, "assess_risk"), {"until": in_days(20), "text": "Väntar på polisen."})
    asked = Extension.objects.get()
    answering = address("answer-extension", case, asked.pk)
    with behind_walls():
        assert case.number in text_of(as_(lena).get(reverse("casework:limits")))
        assert answering in text_of(as_(lena).get(address("case", case)))
        assert "Väntar på polisen." in text_of(as_(lena).get(answering))
        wrong = as_(lena).post(answering, {"text": "Ja."})
        right = as_(lena).post(answering, {"answer": "granted", "text": "Ja."})

    assert (wrong.status_code, list(wrong.context["form"].errors), right.status_code) == (422, ["answer"], 302)
    assert due(case, "assess_risk") == timezone.localdate() + 20 * DAY


def test_a_time_limit_is_stopped_and_let_go_on_on_the_pages(as_, anna, lena):
    case = now_case(anna, lena)

    stopped = as_(lena).post(address("pause", case, "assess_risk"), {"text": "Bortrest."}, follow=True)
    assert address("resume", case, "assess_risk") in text_of(stopped)
    assert as_(lena).post(address("resume", case, "assess_risk"), {"text": ""}).status_code == 422
    going = as_(lena).post(address("resume", case, "assess_risk"), {"text": "Tillbaka."}, follow=True)

    assert address("pause", case, "assess_risk") in text_of(going)


@pytest.mark.parametrize(("page", "status"), [("extend", 404), ("pause", 403), ("resume", 403)])
def test_for_those_who_need_not_know_there_is_nothing_to_extend(as_, case, page, status):
    stranger = accounts.user(Role.CASEWORKER, unit=casework.unit())

    assert as_(stranger).get(address(page, case, "assess_risk")).status_code == status


@pytest.mark.parametrize("page", ["extend", "pause", "resume"])
def test_a_step_that_is_not_there_is_told_and_breaks_nothing(as_, case, lena, page):
    assert as_(lena).get(address(page, case, "nowhere")).status_code == 409


def test_the_list_shows_late_and_soon_and_is_filtered(as_, case, anna, lena):
    limits.pause(case, "map_violence", by=lena, at=MONDAY, text="Bortrest.")

    def nodes(query: str, user=anna) -> list[str]:
        return [step.node for step in as_(user).get(reverse("casework:limits") + query).context["page"]]

    assert nodes("") == ["assess_risk"]
    assert (nodes("?when=late"), nodes("?when=soon"), nodes("?when=still")) == (["assess_risk"], [], ["map_violence"])
    assert nodes("?when=all&process=nonsense&unit=1&page=99") == ["assess_risk", "map_violence"]
    assert nodes("?whose=mine", user=lena) == []


def test_the_list_says_when_there_is_nothing(as_, anna):
    assert "Inga tidsgränser här" in text_of(as_(anna).get(reverse("casework:limits")))
    assert "Inget missades under perioden" in text_of(as_(anna).get(reverse("casework:missed-limits")))


def test_what_was_missed_is_listed_by_period(as_, case, anna, lena):
    casework.do(case, "assess_risk", by=lena, at=MONDAY + 9 * DAY)
    url = reverse("casework:missed-limits")

    def found(query: str) -> list[tuple]:
        return [(step.node, days) for step, days in as_(anna).get(url + query).context["rows"]]

    assert found("?first=2026-11-01&last=2026-11-30") == [("assess_risk", 2)]
    assert found("?first=2026-11-11&last=2026-11-11") == [("assess_risk", 2)]
    assert found("?first=2026-11-12&last=2026-11-30") == []
    assert found("?first=0001-01-01&last=9999-12-31") == [("assess_risk", 2)]
    wrong = as_(anna).get(url + "?first=2026-11-30&last=2026-11-01")
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["last"])


@pytest.mark.parametrize("listing", ["limits", "missed-limits"])
def test_lists_cost_the_same_for_one_row_and_three(as_, anna, lena, listing, django_assert_max_num_queries):
    client = as_(lena)

    def add_one():
        case = casework.do(casework.case(by=anna, person_id=persons.person().pk), "assess_protection", by=lena)
        casework.do(case, "map_violence", by=lena, at=timezone.now() + 400 * DAY)
        limits.ask_to_extend(case, "assess_risk", by=anna, at=MONDAY, until=dt.date(2026, 11, 20), text="Mer tid.")

    def cost() -> int:
        with django_assert_max_num_queries(40) as counted:
            client.get(reverse(f"casework:{listing}") + f"?when=all&first=2026-11-01&last={in_days(900)}")
        return len(counted)

    add_one()
    first = cost()
    add_one()
    add_one()
    assert cost() == first


def test_a_case_page_costs_the_same_however_many_extensions(as_, case, lena, django_assert_max_num_queries):
    client = as_(lena)

    def cost() -> int:
        with django_assert_max_num_queries(45) as counted:
            client.get(address("case", case))
        return len(counted)

    extended(case, lena)
    first = cost()
    extended(case, lena, dt.date(2026, 11, 24))
    limits.extend(case, "map_violence", by=lena, at=MONDAY, until=dt.date(2027, 1, 15), text="Mer tid.")
    assert cost() == first


def test_an_extension_is_behind_the_wall_of_its_case(case, lena, behind_walls):
    extended(case, lena)
    stranger = accounts.user(Role.CASEWORKER, unit=casework.unit())

    def seen(user) -> int:
        with behind_walls(), accounts.at_work(user):
            return Extension.objects.count()

    assert (seen(lena), seen(stranger)) == (1, 0)
