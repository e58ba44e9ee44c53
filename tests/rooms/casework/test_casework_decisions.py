"""Decisions of a case: who makes them, on which law, how they are appealed, and what must be followed up."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions, catalogue, disposal, facts, queries
from fridhem.rooms.casework.actions import decisions
from fridhem.rooms.casework.models import Case, Decision, Intervention
from tests.factories import accounts, casework

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

MONDAY = casework.MONDAY
TODAY = MONDAY.date()
DAY = dt.timedelta(days=1)
REFUSED = {"outcome": "refused", "refused": "contact_person", "reasons": ["no_need", "met_otherwise"]}


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")


@pytest.fixture
def lena():
    return casework.leader(name="Lena")


@pytest.fixture
def case(anna):
    return casework.case(by=anna)


def decide(case: Case, *, by, at=MONDAY, **given) -> Decision:
    values = {"kind": "assistance", "outcome": "granted", "motivation": "Hon behöver stöd.", **given}
    return decisions.decide(case, by=by, at=at, **values)


def grant(case: Case, *, by, at=MONDAY, kind="support_talks", **given) -> Intervention:
    return actions.grant_intervention(case, by=by, at=at, kind=kind, reasons=["neglect"], **given)


def address(name: str, case: Case, *more) -> str:
    return reverse(f"casework:{name}", args=[case.number, *more])


# ── Who decides ───────────────────────────────────────────────────────────


def test_a_decision_says_what_by_whom_on_which_law_and_by_which_item(case, anna, lena):
    made = decide(case, by=lena, prepared_by=anna, **REFUSED)

    assert (made.kind, made.outcome, made.refused, made.ground, made.item) == (
        "assistance", "refused", "contact_person", "decision_on_measures", "V1",
    )  # fmt: skip
    assert (made.decided_by, made.prepared_by, made.decided_on, made.motivation) == (lena, anna, TODAY, "Hon behöver stöd.")
    assert [reason.code for reason in made.reasons.all()] == ["met_otherwise", "no_need"]
    assert Entry.objects.filter(subject=made.pk).values_list("verb", flat=True).get() == "casework.decision.made"


def test_the_delegation_order_says_who(case, anna, lena):
    with pytest.raises(Denied):
        decide(case, by=anna, prepared_by=lena)
    with pytest.raises(Denied):
        decide(case, by=casework.leader(unit=accounts.unit("En annan")), prepared_by=anna)

    assert decide(case, by=anna, kind="open_investigation", outcome="opened").item == "V2"


def test_who_has_investigated_does_not_decide():
    lena, kim = casework.leader(), casework.leader()
    case = casework.case_at("decide", by=lena)

    with pytest.raises(Denied):
        decide(case, by=lena)
    with pytest.raises(Denied):
        decide(case, by=lena, prepared_by=kim)
    assert decide(case, by=kim).prepared_by == lena


def test_someone_else_has_prepared_it(case, anna, lena):
    with pytest.raises(NotNow):
        decide(case, by=lena)
    with pytest.raises(Denied):
        decide(case, by=lena, prepared_by=lena)
    made = decide(case, by=lena, prepared_by=anna)
    with pytest.raises(IntegrityError):
        Decision.objects.filter(pk=made.pk).update(prepared_by=lena)


@pytest.mark.parametrize(
    "given",
    [
        {"outcome": "opened"},
        {"outcome": "refused"},
        {"outcome": "refused", "refused": "contact_person"},
        {"outcome": "granted", "reasons": ["no_need"]},
    ],
)
def test_what_goes_against_her_says_what_and_why_and_nothing_else_does(case, anna, lena, given):
    with pytest.raises(NotNow):
        decide(case, by=lena, prepared_by=anna, **given)


# ── Appeal ────────────────────────────────────────────────────────────────


def test_the_last_day_to_appeal_is_three_weeks_from_when_she_was_told(case, anna, lena):
    made = decide(case, by=lena, prepared_by=anna, **REFUSED)

    told = decisions.tell(made, by=anna, at=MONDAY + 2 * DAY, told_on=TODAY + DAY)

    assert (told.appeal, told.told_on, told.appeal_until) == ("administrative_court", TODAY + DAY, TODAY + 22 * DAY)
    with pytest.raises(NotNow):
        decisions.tell(told, by=anna, at=MONDAY + 3 * DAY, told_on=TODAY + 2 * DAY)


def test_the_last_day_is_never_one_when_the_office_is_closed():
    appeal = catalogue.order().appeal("administrative_court", on=TODAY)

    assert appeal.last_day(dt.date(2026, 12, 4)) == dt.date(2026, 12, 28)  # three weeks on is Christmas Day


def test_what_grants_everything_has_no_appeal(case, anna, lena):
    told = decisions.tell(decide(case, by=lena, prepared_by=anna), by=anna, at=MONDAY, told_on=TODAY)

    assert (told.appeal, told.appeal_until) == ("", None)


@pytest.mark.parametrize("day", [TODAY - DAY, TODAY + DAY])
def test_she_is_told_when_it_is_decided_and_not_in_the_future(case, anna, lena, day):
    with pytest.raises(NotNow):
        decisions.tell(decide(case, by=lena, prepared_by=anna), by=anna, at=MONDAY, told_on=day)


# ── What is granted ───────────────────────────────────────────────────────


def test_an_intervention_carries_out_its_decision(case, anna, lena):
    made = decide(case, by=lena, prepared_by=anna)

    given = grant(case, by=lena, at=MONDAY + DAY, decision=made, provider="Kvinnojouren Aurora")

    kept = Intervention.objects.get(pk=given.pk)
    assert (kept.decision, kept.decided_on, kept.decided_by, kept.provider) == (made, TODAY, lena, "Kvinnojouren Aurora")
    assert [(fact.intervention, fact.year, fact.n) for fact in facts.granted_reasons()] == [("support_talks", 2026, 1)]


def test_what_was_refused_is_not_granted_by_the_same_decision(case, anna, lena):
    refused = decide(case, by=lena, prepared_by=anna, **REFUSED)
    partly = decide(case, by=lena, prepared_by=anna, **{**REFUSED, "outcome": "partly"})

    with pytest.raises(NotNow):
        grant(case, by=lena, decision=refused)
    with pytest.raises(NotNow):
        grant(case, by=lena, decision=partly, kind="contact_person")
    assert grant(case, by=lena, decision=partly).decision == partly


def test_a_follow_up_can_not_be_forgotten(case, anna, lena):
    housing, support = grant(case, by=lena, kind="protected_housing"), grant(case, by=lena, kind="practical_support")

    late = TODAY + 40 * DAY
    assert (housing.follow_up_on, support.follow_up_on) == (dt.date(2026, 12, 2), None)
    assert list(queries.to_follow_up(anna, today=TODAY)) == []
    assert list(queries.to_follow_up(anna, today=late)) == [housing]
    assert list(queries.to_follow_up(accounts.user(Role.CASEWORKER), today=late)) == []

    followed = decisions.follow_up(housing, by=anna, at=MONDAY + 40 * DAY, text="Hon sover.")

    assert followed.follow_up_on == dt.date(2027, 1, 12)
    assert [note.text for note in queries.journal(case)] == ["Hon sover."]
    assert list(queries.to_follow_up(anna, today=late)) == []


def test_a_follow_up_is_never_before_the_start(case, lena):
    with pytest.raises(NotNow):
        grant(case, by=lena, start=TODAY + 9 * DAY, follow_up_on=TODAY)


# ── Pages ─────────────────────────────────────────────────────────────────


def test_the_whole_way_on_the_pages(client, case, anna, lena):
    client.force_login(lena)
    sent = {"kind": "assistance", "motivation": "Hon behöver stöd.", "prepared_by": anna.pk, **REFUSED}

    made = client.post(address("decide", case), sent, follow=True)
    found = queries.decisions(case).get()
    told = client.post(address("decision", case, found.pk), {"told_on": timezone.localdate().isoformat()}, follow=True)
    page = told.content.decode()

    assert (made.status_code, told.status_code) == (200, 200)
    assert "11 kap. 1 § socialtjänstlagen (2025:400)" in page
    assert "V1: insatser efter individuell behovsprövning" in page
    assert ("förvaltningsrätten" in page, "Sista dag att överklaga" in page, "Behovet finns inte" in page) == (True, True, True)
    assert "Avslås" in client.get(address("case", case)).content.decode()
    assert "Hon behöver stöd." in client.get(address("journal", case)).content.decode()


def test_a_wrong_decision_is_said_at_the_form_and_nothing_is_lost(client, case, lena):
    client.force_login(lena)

    answer = client.post(address("decide", case), {"kind": "assistance", "outcome": "refused", "motivation": "Skälen står här."})

    assert answer.status_code == 422
    assert "Skälen står här." in answer.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize("told_on", ["", "x", "2020-01-01", "2099-01-01"])
def test_a_wrong_day_is_said_at_the_field(client, case, anna, lena, told_on):
    made = decide(case, by=lena, prepared_by=anna)
    client.force_login(anna)

    assert client.post(address("decision", case, made.pk), {"told_on": told_on}).status_code == 422


def test_the_pages_of_decisions_are_for_those_who_work_with_the_case(client, case, anna, lena):
    made, given = decide(case, by=lena, prepared_by=anna), grant(case, by=lena)
    client.force_login(accounts.user(Role.CASEWORKER))

    found = [client.get(address(*page)).status_code for page in (
        ("decide", case), ("decision", case, made.pk), ("follow-up", case, given.pk),
    )]  # fmt: skip

    assert found == [404, 404, 404]


def test_the_list_costs_the_same_for_one_row_and_three(client, case, anna, lena, django_assert_max_num_queries):
    client.force_login(anna)

    def cost() -> int:
        with django_assert_max_num_queries(30) as counted:
            client.get(reverse("casework:to-follow-up"))
        return len(counted)

    grant(case, by=lena, follow_up_on=TODAY)
    first = cost()
    grant(case, by=lena, follow_up_on=TODAY)
    grant(casework.case(by=anna), by=lena, follow_up_on=TODAY)
    assert cost() == first


# ── The database ──────────────────────────────────────────────────────────


def test_the_database_lets_nobody_decide_in_anothers_name(case, anna, lena, behind_walls):
    made = decide(case, by=lena, prepared_by=anna)
    values = "gen_random_uuid(), case_id, kind, outcome, ground, item, decided_on, refused, motivation, appeal, decided_by_id"
    columns = values.replace("gen_random_uuid()", "id")

    copy = f"INSERT INTO casework_decision ({columns}) SELECT {values} FROM casework_decision WHERE id = %s"
    with behind_walls(), accounts.at_work(anna), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute(copy, [made.pk])
        assert decide(case, by=anna, kind="other", outcome="other").decided_by == anna


def test_decisions_go_with_their_case(case, anna, lena):
    made = decide(case, by=lena, prepared_by=anna, **{**REFUSED, "outcome": "partly"})
    given = grant(case, by=lena, decision=made)
    actions.end_intervention(given, by=lena, at=MONDAY, end=TODAY, outcome="met")
    actions.close_case(case, by=lena, at=MONDAY, reason="finished")

    disposal.dispose(case.pk, at=MONDAY)

    assert (Decision.objects.count(), Case.objects.count()) == (0, 0)
