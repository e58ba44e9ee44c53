"""A case that one doesn't work with: that it is, and the opening of it in an emergency. Behind the database's own walls."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.enums import AlertKind
from fridhem.foundation.audit.models import Alert, Entry
from fridhem.pure.deadlines import openings
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import permissions
from fridhem.rooms.casework.actions import emergencies as actions
from fridhem.rooms.casework.actions.walls import put_wall
from fridhem.rooms.casework.models import BreakGlass
from fridhem.rooms.casework.queries import emergencies as queries
from fridhem.rooms.persons import actions as persons
from tests.factories import accounts, casework
from tests.factories import persons as people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]
WORDS = "Kvinnan står i receptionen och teamet svarar inte."
ASKED = {"reason": "life", "words": WORDS}


@pytest.fixture
def mona():
    return accounts.user(Role.RECEPTION, name="Mona")


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")


@pytest.fixture
def lena():
    return casework.leader(name="Lena")


@pytest.fixture
def bo():
    """A leader of another unit."""
    return accounts.user(Role.TEAM_LEADER, unit=accounts.unit("Barn och familj"), name="Bo")


@pytest.fixture
def case(anna):
    return casework.case(by=anna, summary="Hot över telefon.", person_id=people.person().pk)


@pytest.fixture
def as_(client, behind_walls):
    def send(user, page, *args, post=None):
        client.force_login(user)
        with behind_walls():
            where = reverse(f"casework:{page}", args=args)
            return client.get(where) if post is None else client.post(where, post)

    return send


def ask(case, by, at=None) -> BreakGlass:
    with accounts.at_work(by):
        return actions.ask(case.number, by=by, at=at or timezone.now(), **ASKED)


def opened(case, by, at=None) -> BreakGlass:
    glass = ask(case, by, at)
    with accounts.at_work(by):
        return actions.open_alone(glass, by=by, at=at or timezone.now())


# ── That it is ────────────────────────────────────────────────────────────


def test_who_may_know_that_a_case_is_sees_whom_to_ask_and_nothing_of_it(as_, mona, case, lena):
    page = as_(mona, "known", case.number).content.decode()

    assert "Vuxen våld" in page and "Lena" in page
    assert "Hot över telefon." not in page and "Anna" not in page
    assert as_(mona, "case", case.number).status_code == 404


@pytest.mark.parametrize("page", ["known", "break-glass"])
def test_who_may_not_know_of_it_meets_no_case(as_, page, case):
    far = accounts.user(Role.CASEWORKER, unit=accounts.unit("Barn och familj"))

    assert as_(far, page, case.number).status_code == 404
    assert as_(far, page, "V-NOONE").status_code == 404


# ── Opening ───────────────────────────────────────────────────────────────


def test_a_reason_is_asked_for_at_its_field(as_, mona, case):
    answer = as_(mona, "break-glass", case.number, post={"reason": "life", "words": "  "})

    assert answer.status_code == 422
    assert 'href="#id_words"' in answer.content.decode()
    assert not BreakGlass.objects.exists()


def test_asking_opens_nothing_yet_and_the_words_are_sealed(as_, mona, case):
    answer = as_(mona, "break-glass", case.number, post=ASKED)

    glass = BreakGlass.objects.get()
    assert answer.headers["Location"] == reverse("casework:emergency", args=[glass.pk])
    assert as_(mona, "case", case.number).status_code == 404
    assert WORDS in as_(mona, "emergency", glass.pk).content.decode()


def test_a_second_person_opens_it_and_the_units_leaders_hear_of_it(as_, mona, case, lena):
    glass, colleague = ask(case, mona), accounts.user(Role.RECEPTION)
    assert WORDS in as_(colleague, "emergency", glass.pk).content.decode()

    assert as_(colleague, "approve-emergency", glass.pk, post={}).status_code == 302

    assert "Hot över telefon." in as_(mona, "case", case.number).content.decode()
    assert as_(colleague, "case", case.number).status_code == 404
    told = Alert.objects.get(kind=AlertKind.BREAK_GLASS)
    assert (told.about_user, told.roles, told.unit) == (mona.pk, [Role.TEAM_LEADER], lena.unit_id)


def test_alone_it_opens_and_the_leaders_of_every_unit_hear_of_it(as_, mona, case):
    glass = ask(case, mona)

    answer = as_(mona, "open-alone", glass.pk, post={})

    assert answer.headers["Location"] == reverse("casework:case", args=[case.number])
    assert as_(mona, "case", case.number).status_code == 200
    told = Alert.objects.get(kind=AlertKind.BREAK_GLASS)
    assert (told.about_user, told.unit) == (mona.pk, None)
    assert Entry.objects.filter(verb="casework.emergency.opened_alone", actor=mona.pk, reason="life").count() == 1


def test_nobody_approves_their_own_or_opens_anothers(as_, mona, case):
    glass, other = ask(case, mona), accounts.user(Role.RECEPTION)

    assert as_(mona, "approve-emergency", glass.pk, post={}).status_code == 403
    assert as_(other, "open-alone", glass.pk, post={}).status_code == 403
    glass.refresh_from_db(fields=["opened_at"])
    assert glass.opened_at is None


@pytest.mark.parametrize("role", [Role.PERSONAL_CONTACT, Role.STRATEGIST])
def test_who_does_not_open_cases_approves_none(mona, case, role):
    with pytest.raises(Denied):
        actions.approve(ask(case, mona), by=accounts.user(role), at=timezone.now())


def test_what_was_asked_for_long_ago_is_asked_for_again(mona, case):
    now = timezone.now()
    glass = ask(case, mona, now - dt.timedelta(minutes=61))

    with pytest.raises(NotNow, match="för länge sedan"):
        actions.open_alone(glass, by=mona, at=now)
    assert not queries.asked_for(accounts.user(Role.RECEPTION), at=now).exists()


def test_it_is_opened_once(mona, case):
    glass = opened(case, mona)

    with pytest.raises(NotNow, match="redan öppnats"):
        actions.open_alone(glass, by=mona, at=timezone.now())


@pytest.mark.parametrize(("ago", "status"), [(59, 200), (61, 404)])
def test_it_ends_by_itself(as_, mona, case, ago, status):
    opened(case, mona, timezone.now() - dt.timedelta(minutes=ago))

    assert as_(mona, "case", case.number).status_code == status


def test_it_can_be_ended_before_its_time(as_, mona, case):
    glass = opened(case, mona, timezone.now() - dt.timedelta(minutes=5))

    assert as_(mona, "close-emergency", glass.pk, post={}).status_code == 302

    assert as_(mona, "case", case.number).status_code == 404
    assert "Väntar på granskning" in as_(mona, "emergencies").content.decode()


# ── Review ────────────────────────────────────────────────────────────────


def test_every_opening_waits_for_a_leader_who_had_no_part_in_it(mona, case, lena, bo):
    glass = ask(case, mona)
    with accounts.at_work(lena):
        actions.approve(glass, by=lena, at=timezone.now())

    assert list(queries.to_review(bo)) == [glass]
    assert not queries.to_review(lena).exists()
    with pytest.raises(Denied):
        actions.review(glass, by=lena, at=timezone.now(), outcome="justified", words="")


def test_a_review_ends_what_goes_on_and_is_told_to_the_one_who_opened(as_, mona, case, bo):
    glass = opened(case, mona, timezone.now() - dt.timedelta(minutes=5))

    said = {"outcome": "not_needed", "words": "Teamet hade jour på mobilen."}
    assert as_(bo, "emergency", glass.pk, post=said).status_code == 302

    assert as_(mona, "case", case.number).status_code == 404
    assert "Teamet hade jour på mobilen." in as_(mona, "emergency", glass.pk).content.decode()
    assert not queries.to_review(bo).exists()
    with pytest.raises(NotNow, match="redan granskat"):
        actions.review(glass, by=bo, at=timezone.now(), **said)


def test_who_does_not_lead_reviews_none(mona, case, anna):
    with pytest.raises(Denied):
        actions.review(opened(case, mona), by=anna, at=timezone.now(), outcome="justified", words="")


def test_who_has_a_conflict_of_interest_neither_approves_nor_reviews(mona, case, lena, bo):
    glass, colleague = ask(case, mona), accounts.user(Role.RECEPTION)
    for one in (colleague, bo):
        put_wall(case, user=one, ground="close", by=lena, at=timezone.now())

    with pytest.raises(Denied):
        actions.approve(glass, by=colleague, at=timezone.now())
    actions.open_alone(glass, by=mona, at=timezone.now())
    with pytest.raises(Denied):
        actions.review(glass, by=bo, at=timezone.now(), outcome="justified", words="")


def test_what_was_never_opened_is_not_reviewed(mona, case, bo):
    with pytest.raises(NotNow, match="aldrig"):
        actions.review(ask(case, mona), by=bo, at=timezone.now(), outcome="justified", words="")


def test_the_one_who_opened_it_has_no_review_to_write(as_, lena, bo):
    far = casework.case(by=bo, unit=bo.unit)
    glass = opened(far, lena)

    page = as_(lena, "emergency", glass.pk, post={"outcome": "justified", "words": "Allt var rätt."})

    assert page.status_code == 200
    glass.refresh_from_db(fields=["reviewed_at"])
    assert glass.reviewed_at is None
    assert "Spara granskningen" not in page.content.decode()


# ── Conflicts of interest ─────────────────────────────────────────────────


def test_a_wall_holds_in_an_emergency_too(as_, mona, case, anna, lena):
    glass = opened(case, mona, timezone.now() - dt.timedelta(minutes=5))
    with accounts.at_work(lena):
        put_wall(case, user=mona, ground="close", by=lena, at=timezone.now())

    assert as_(mona, "case", case.number).status_code == 404
    assert as_(mona, "known", case.number).status_code == 404
    assert as_(mona, "emergency", glass.pk).status_code == 404
    with accounts.at_work(mona), pytest.raises(Denied):
        actions.ask(case.number, by=mona, at=timezone.now(), **ASKED)


def test_who_is_shut_out_neither_sees_nor_leads_the_case(case, anna, lena):
    other = casework.leader(name="Ulla")
    assert permissions.may_see(anna, case) and permissions.leads(lena, case)

    for one in (anna, lena):
        put_wall(case, user=one, ground="close", by=other, at=timezone.now())

    assert not permissions.may_see(anna, case)
    assert not permissions.may_see(lena, case)
    assert not permissions.leads(lena, case)


def test_reaching_for_what_is_shut_looks_like_nothing_and_is_told_to_the_leaders(as_, anna, case, lena):
    with accounts.at_work(lena):
        put_wall(case, user=anna, ground="close", by=lena, at=timezone.now())

    shut, none = as_(anna, "case", case.number), as_(anna, "case", "V-NOONE")

    assert shut.status_code == none.status_code == 404
    assert Alert.objects.filter(kind=AlertKind.CONFLICT, about_user=anna.pk).count() == 1
    assert Entry.objects.filter(verb="accounts.conflict.tried", actor=anna.pk).count() == 1


def test_a_leader_shuts_a_case_on_its_page(as_, case, anna, lena):
    answer = as_(lena, "wall", case.number, post={"user": anna.pk, "ground": "close"})

    assert answer.status_code == 302
    assert as_(anna, "case", case.number).status_code == 404
    assert "Anna" in as_(lena, "wall", case.number).content.decode()
    assert as_(lena, "wall", case.number, post={"user": "", "ground": ""}).status_code == 422


def test_a_case_is_shut_by_its_leader_and_never_to_oneself(as_, case, anna, lena, bo):
    assert as_(anna, "wall", case.number).status_code == 403
    assert as_(bo, "wall", case.number).status_code == 404
    with pytest.raises(Denied), accounts.at_work(lena):
        put_wall(case, user=lena, ground="close", by=lena, at=timezone.now())


def test_about_a_person_one_must_not_handle_there_is_no_case(as_, mona, anna):
    someone = people.person()
    case = casework.case(by=anna, person_id=someone.pk)
    assert as_(mona, "known", case.number).status_code == 200

    with accounts.at_work(mona):
        persons.recuse(user=mona, identity_number=someone.sealed_number, ground="kin", by=mona, at=timezone.now())

    assert as_(mona, "known", case.number).status_code == 404
    assert as_(mona, "break-glass", case.number, post=ASKED).status_code == 404


# ── Lists and time ────────────────────────────────────────────────────────


def test_the_list_costs_the_same_for_one_and_three(as_, mona, case, bo, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(40) as counted:
            as_(bo, "emergencies")
        return len(counted)

    cost()  # the first sign-in costs more
    opened(case, mona)
    first = cost()
    for _ in range(2):
        opened(casework.case(), mona)
    assert cost() == first


def test_how_long_it_lasts_is_data_with_dates():
    assert openings.lasts("break_glass", on=dt.date(2026, 11, 2)) == dt.timedelta(minutes=60)
