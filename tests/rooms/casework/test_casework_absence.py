"""Standing in and deciding in another's place: as much as the other reaches, those days, and not a row more.

Tried twice: through the house's own words, and with bare SQL as the staff face.
"""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import ZONES_OF, Role, Zone
from fridhem.foundation.audit.models import Entry
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions, permissions, queries
from fridhem.rooms.casework.actions import staffing
from fridhem.rooms.casework.actions.walls import put_wall
from fridhem.rooms.casework.models import Absence, BreakGlass, Case, Delegation, NeedToKnow
from fridhem.rooms.casework.queries import work
from fridhem.rooms.persons import actions as person_actions
from tests.factories import accounts, casework, persons

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]
NOW = timezone.now()
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)
TABLES = ("case", "step", "note", "assignment", "process_event", "document", "intervention")


@pytest.fixture
def anna():
    """Who is away."""
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna Alm")


@pytest.fixture
def bea():
    """Who stands in."""
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Bea Berg")


@pytest.fixture
def lena():
    return casework.leader(name="Lena Lind")


@pytest.fixture
def as_(client, behind_walls):
    def send(user, page, *args, post=None):
        client.force_login(user)
        with behind_walls():
            where = reverse(page, args=args)
            return client.get(where) if post is None else client.post(where, post)

    return send


@pytest.fixture
def bare(behind_walls):
    """What someone gets from the database with bare SQL: the ids of the cases, and how many rows of what is in them."""

    def asked(user) -> tuple[set, int]:
        with behind_walls(), accounts.at_work(user), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM casework_case")
            cases = {id for (id,) in cursor.fetchall()}
            rows = 0
            for table in TABLES[1:]:
                cursor.execute(f"SELECT count(*) FROM casework_{table}")
                rows += cursor.fetchone()[0]
        return cases, rows

    return asked


@pytest.fixture
def refused(behind_walls):
    """Whether the database changes nothing when someone asks with bare SQL."""

    def tried(user, statement: str, *values) -> bool:
        with behind_walls(), accounts.at_work(user):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement, values)
                    return cursor.rowcount == 0
            except DatabaseError as error:
                assert any(word in str(error) for word in ("row-level security", "permission denied", "check constraint")), error
                return True

    return tried


def away(user, stand_in, *, first=TODAY, last=TODAY, by=None) -> Absence:
    """A row as it may stand there, whatever made it: also in the past."""
    days = {"first_day": first, "last_day": last}
    return Absence.objects.create(user=user, stand_in=stand_in, said_by=by or user, said_at=NOW, **days)


def sees(user, bare) -> set:
    """The cases that someone reaches, the same by the house's words, by its permissions and by bare SQL."""
    seen = set(queries.visible_to(user).values_list("pk", flat=True))
    assert seen == {case.pk for case in Case.objects.all() if permissions.may_see(user, case)}
    assert bare(user)[0] == seen
    return seen


def waiting(anna, lena, **given) -> Case:
    return casework.do(casework.case(by=anna, at=NOW, **given), "assess_protection", by=lena, at=NOW)


# ── Standing in ───────────────────────────────────────────────────────────


def test_the_stand_in_sees_the_steps_and_cases_of_the_one_who_is_away(as_, anna, bea, lena, bare):
    case, own = waiting(anna, lena), waiting(bea, lena)
    assert sees(bea, bare) == {own.pk}

    sent = {"stand_in": bea.pk, "first_day": TODAY, "last_day": TODAY + DAY}
    assert as_(anna, "casework:absences", post=sent).status_code == 302

    assert sees(bea, bare) == {own.pk, case.pk}
    page = as_(bea, "casework:work")
    assert {(row.step.case_id, row.stands_in_for) for row in page.context["page"]} == {(case.pk, "Anna Alm"), (own.pk, "")}
    assert "för Anna Alm" in page.content.decode()
    step = casework.open_step(case, "map_violence")
    assert as_(bea, "casework:case", case.number).status_code == 200
    done = as_(bea, "casework:step", case.number, step.pk, post={"text": "Samtal.", "violence": "physical"})
    assert done.status_code in {302, 422}
    with_text = Entry.objects.filter(verb="casework.absence.said", actor=anna.pk).get()
    assert with_text.reason == f"{bea.pk} {TODAY} {TODAY + DAY}"


def test_a_stand_in_does_a_step_and_writes_within_the_walls(anna, bea, lena, behind_walls):
    case = waiting(anna, lena)
    away(anna, bea)

    with behind_walls(), accounts.at_work(bea):
        casework.do(case, "map_violence", by=bea, at=NOW, text="Hon berättade mer.")

    assert queries.steps(case).get(node="map_violence").done_by == bea


@pytest.mark.parametrize(
    ("first", "last", "opens"),
    [
        (TODAY, TODAY, True),
        (TODAY - 9 * DAY, TODAY + 9 * DAY, True),
        (TODAY - 9 * DAY, TODAY - DAY, False),
        (TODAY + DAY, TODAY + 9 * DAY, False),
    ],
)
def test_it_opens_on_its_days_only(anna, bea, lena, bare, first, last, opens):
    case = waiting(anna, lena)
    away(anna, bea, first=first, last=last)

    assert sees(bea, bare) == ({case.pk} if opens else set())
    assert bool(bare(bea)[1]) == opens
    assert queries.my_work(bea).exists() == opens


def test_the_day_is_the_municipalitys_own(behind_walls, anna):
    with behind_walls(), accounts.at_work(anna), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Pacific/Kiritimati'")
        cursor.execute("SELECT casework_today()")
        assert cursor.fetchone()[0] == timezone.localdate()


def test_what_is_ended_is_over_at_once(as_, anna, bea, lena, bare):
    case = waiting(anna, lena)
    absence = away(anna, bea, last=TODAY + DAY)
    assert sees(bea, bare) == {case.pk}

    assert as_(bea, "casework:end-absence", absence.pk, post={}).status_code == 403
    assert as_(anna, "casework:end-absence", absence.pk, post={}).status_code == 302

    assert sees(bea, bare) == set()
    assert Entry.objects.filter(verb="casework.absence.ended", subject=absence.pk).count() == 1


def test_a_wall_or_recusal_of_either_shuts(anna, bea, lena, bare):
    someone, other = persons.person(), persons.person()
    walled_me, walled_her = waiting(anna, lena), waiting(anna, lena)
    recused_me, recused_her = waiting(anna, lena, person_id=someone.pk), waiting(anna, lena, person_id=other.pk)
    free = waiting(anna, lena)
    away(anna, bea)
    assert sees(bea, bare) == {case.pk for case in (walled_me, walled_her, recused_me, recused_her, free)}

    put_wall(walled_me, user=bea, ground="close", by=lena, at=NOW)
    put_wall(walled_her, user=anna, ground="close", by=lena, at=NOW)
    person_actions.recuse(user=bea, identity_number=someone.sealed_number, ground="kin", by=bea, at=NOW)
    person_actions.recuse(user=anna, identity_number=other.sealed_number, ground="kin", by=anna, at=NOW)

    assert sees(bea, bare) == {free.pk}
    assert sees(anna, bare) == {free.pk, walled_me.pk, recused_me.pk}


def test_what_the_absent_one_does_not_reach_the_stand_in_does_not(anna, bea, lena, bare):
    """An emergency opening, a colleague one stands in for oneself, and an account that is closed: nothing of it is passed on."""
    far, third = (
        casework.case(at=NOW, unit=accounts.unit("Barn och familj")),
        accounts.user(Role.CASEWORKER, unit=casework.unit()),
    )
    of_third = waiting(third, lena)
    away(third, anna)
    away(anna, bea)
    asked = {"reason": "life", "words": "nu", "asked_at": NOW, "opened_at": NOW, "until": NOW + DAY}
    BreakGlass.objects.create(case=far, number=far.number, user=anna, **asked)
    case = waiting(anna, lena)
    assert sees(anna, bare) == {case.pk, of_third.pk, far.pk}

    assert sees(bea, bare) == {case.pk}
    anna.is_active = False
    anna.save()
    assert sees(bea, bare) == set()


@pytest.mark.parametrize("change", ["her unit", "my unit", "her role", "my role", "my account"])
def test_it_is_between_two_at_the_same_unit_in_the_same_role(anna, bea, lena, bare, change):
    waiting(anna, lena)
    away(anna, bea)
    assert sees(bea, bare) != set()

    who = anna if change.startswith("her") else bea
    if "unit" in change:
        who.unit = accounts.unit("Barn och familj")
    elif "role" in change:
        who.role = Role.PERSONAL_CONTACT
    else:
        who.is_active = False
    who.save()

    assert sees(bea, bare) == set()


def test_a_leaders_stand_in_reads_the_unit_and_decides_nothing(anna, bea, lena, bare):
    here, far = waiting(anna, lena), casework.case(at=NOW, unit=accounts.unit("Barn och familj"))
    decision = casework.case_at("decide", by=lena, at=NOW)
    away(lena, bea)

    assert sees(bea, bare) == {here.pk, decision.pk}
    assert far.pk not in bare(bea)[0]
    assert not permissions.leads(bea, here)
    step = casework.open_step(decision, "decide")
    assert not permissions.may_do(bea, step)
    assert [(row.step, row.stands_in_for) for row in rows(bea)] == [(step, "Lena Lind")]
    NeedToKnow.objects.filter(role=Role.TEAM_LEADER, place="unit").update(valid_to=TODAY - DAY)
    assert sees(bea, bare) == {decision.pk}, "only where the leader is on the team"


def rows(user) -> list:
    return work.page_of(work.whose(user, ""), user, None, today=TODAY, size=50).object_list


def test_the_roles_with_cases_are_the_same_in_the_database(anna, bea, bare):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'casework_stood_in'")
        words = cursor.fetchone()[0]

    assert {role for role in Role.values if f"'{role}'" in words} == {role for role in Role.values if Zone.CASE in ZONES_OF[role]}
    assert ZONES_OF[Role.TEAM_LEADER] >= {zone for role in Role.values if Zone.CASE in ZONES_OF[role] for zone in ZONES_OF[role]}


def test_who_may_say_it_and_of_whom(anna, bea, lena):
    far = accounts.user(Role.CASEWORKER, unit=accounts.unit("Barn och familj"))
    contact = accounts.user(Role.PERSONAL_CONTACT, unit=casework.unit())
    boss = accounts.user(Role.TEAM_LEADER, unit=far.unit)
    days = {"first_day": TODAY, "last_day": TODAY, "at": NOW}
    wrong = [
        (anna, bea, bea),  # a colleague of a colleague
        (anna, bea, boss),  # a leader of another unit
        (anna, far, anna),  # to another unit
        (anna, contact, anna),  # to another role
        (anna, anna, anna),  # to oneself
        (anna, lena, lena),  # a leader names herself
    ]

    for user, stand_in, by in wrong:
        with pytest.raises(Denied):
            staffing.say_absent(user=user, stand_in=stand_in, by=by, **days)
    with pytest.raises(NotNow):
        staffing.say_absent(user=anna, stand_in=bea, by=anna, first_day=TODAY - DAY, last_day=TODAY - DAY, at=NOW)

    assert staffing.say_absent(user=anna, stand_in=bea, by=lena, **days).said_by == lena


def test_bare_sql_lets_nobody_in(anna, bea, lena, bare, refused):
    case = waiting(anna, lena)
    far = accounts.user(Role.CASEWORKER, unit=accounts.unit("Barn och familj"))
    add = """
        INSERT INTO casework_absence (id, user_id, stand_in_id, said_by_id, first_day, last_day, said_at)
        VALUES (gen_random_uuid(), %s, %s, %s, current_date, current_date + 9, now())
    """

    for who, values in (
        (bea, (anna.pk, bea.pk, anna.pk)),  # in the absent one's name
        (bea, (anna.pk, bea.pk, bea.pk)),  # by oneself
        (bea, (anna.pk, bea.pk, lena.pk)),  # in the leader's name
        (bea, (lena.pk, bea.pk, lena.pk)),
        (anna, (anna.pk, far.pk, anna.pk)),  # to another unit
        (lena, (anna.pk, lena.pk, lena.pk)),  # a leader names herself
        (lena, (far.pk, bea.pk, lena.pk)),  # of someone at another unit
    ):
        assert refused(who, add, *values)

    assert not Absence.objects.exists()
    assert bare(bea)[0] == set()
    assert case.pk in bare(anna)[0]


def test_bare_sql_makes_nothing_last(anna, bea, lena, bare, refused):
    waiting(anna, lena)
    old, ended, going = away(anna, bea, first=TODAY - DAY, last=TODAY - DAY), away(anna, bea), away(anna, bea)
    Absence.objects.filter(pk=ended.pk).update(ended_at=NOW)
    longer = "UPDATE casework_absence SET last_day = current_date + 99 WHERE id = %s"

    for who in (anna, bea, lena):
        for one in (old, ended, going):
            assert refused(who, longer, one.pk)
            assert refused(who, "UPDATE casework_absence SET ended_at = NULL, last_day = current_date + 99 WHERE id = %s", one.pk)
            assert refused(who, "UPDATE casework_absence SET stand_in_id = %s WHERE id = %s", bea.pk, one.pk)
            assert refused(who, "DELETE FROM casework_absence WHERE id = %s", one.pk)
    assert refused(bea, "UPDATE casework_absence SET ended_at = now() WHERE id = %s", going.pk)
    assert refused(bea, "DELETE FROM casework_assignment")
    assert refused(
        bea, "INSERT INTO casework_assignment SELECT gen_random_uuid(), current_date, id, %s FROM casework_case", bea.pk
    )


def test_a_stranger_finds_out_nothing_of_others_work(anna, bea, lena, behind_walls):
    waiting(anna, lena)
    third = accounts.user(Role.CASEWORKER, unit=casework.unit())
    away(anna, bea)

    with behind_walls(), accounts.at_work(third), connection.cursor() as cursor:
        for asked in ("casework_stood_in", "casework_steps_for", "casework_delegated"):
            for who in (anna, bea, third):
                cursor.execute(f"SELECT count(*) FROM {asked}(%s)", [who.pk])
                assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT count(*) FROM casework_absence")
        assert cursor.fetchone()[0] == 0


def test_what_is_wrong_is_said_at_its_field(as_, anna, lena):
    sent = {"stand_in": lena.pk, "first_day": TODAY, "last_day": TODAY - DAY}

    response = as_(anna, "casework:absences", post=sent)

    assert response.status_code == 422
    page = response.content.decode()
    assert 'href="#id_stand_in"' in page and 'href="#id_last_day"' in page


# ── Deciding by delegation ────────────────────────────────────────────────


@pytest.fixture
def decision(lena):
    """A case in which a decision waits for the leader."""
    return casework.case_at("decide", by=lena, at=NOW)


def delegated(user, lena, *, process="vinr_adult", form="decision", first=TODAY, last=TODAY) -> Delegation:
    days = {"first_day": first, "last_day": last}
    return Delegation.objects.create(user=user, process=process, form=form, said_by=lena, said_at=NOW, **days)


def test_a_delegated_decision_is_made_by_the_one_named(as_, bea, lena, decision, bare):
    assert sees(bea, bare) == set()
    sent = {"to": bea.pk, "steps": ["vinr_adult/decision"], "first_day": TODAY, "last_day": TODAY}
    assert as_(lena, "casework:delegations", post=sent).status_code == 302
    step = casework.open_step(decision, "decide")
    assert sees(bea, bare) == {decision.pk}
    assert [(row.step, row.stands_in_for) for row in rows(bea)] == [(step, "")]

    granted = {"kind": "support_talks", "reasons": ["physical_violence"], "start": TODAY}
    assert as_(bea, "casework:grant", decision.number, post=granted).status_code == 302
    answers = {"decision": "granted", "text": "Bifalles."}
    assert as_(bea, "casework:step", decision.number, step.pk, post=answers).status_code == 302

    step.refresh_from_db()
    assert (step.status, step.done_by) == ("done", bea)
    used = Entry.objects.get(verb="casework.delegation.used", actor=bea.pk)
    assert (used.subject, used.reason) == (Delegation.objects.get().pk, str(step.pk))
    assert sees(bea, bare) == {decision.pk}, "what one has decided can be read as long as the delegation lasts"
    Delegation.objects.update(ended_at=NOW)
    assert sees(bea, bare) == set()


def test_whoever_prepared_does_not_decide(bea, lena, bare):
    case = casework.case(by=bea, at=NOW)
    for node in ("assess_protection", "map_violence", "assess_risk"):
        casework.do(case, node, by=lena, at=NOW)
    casework.do(case, "propose", by=bea, at=NOW)
    step = casework.open_step(case, "decide")
    delegated(bea, lena)

    assert sees(bea, bare) == {case.pk}
    assert not permissions.may_do(bea, step)
    assert step not in queries.my_work(bea)
    with pytest.raises(Denied):
        casework.do(case, "decide", by=bea, at=NOW, decision="rejected")
    with pytest.raises(Denied):
        actions.grant_intervention(case, by=bea, at=NOW, kind="support_talks", reasons=["neglect"])


@pytest.mark.parametrize(
    "given",
    [
        {"process": "hrv"},
        {"form": "closing"},
        {"first": TODAY - 2 * DAY, "last": TODAY - DAY},
        {"first": TODAY + DAY, "last": TODAY + DAY},
    ],
)
def test_a_delegation_holds_for_its_process_form_and_days(bea, lena, decision, bare, given):
    delegated(bea, lena, **given)

    assert sees(bea, bare) == set()
    assert not permissions.may_do(bea, casework.open_step(decision, "decide"))


@pytest.mark.parametrize("change", ["wall me", "wall her", "her unit", "my unit", "her role", "her account", "ended"])
def test_a_delegation_never_gives_more_than_the_leader_has(bea, lena, decision, bare, change):
    one, other = delegated(bea, lena), casework.leader()
    assert sees(bea, bare) == {decision.pk}

    if change.startswith("wall"):
        put_wall(decision, user=bea if change == "wall me" else lena, ground="close", by=other, at=NOW)
    elif "unit" in change:
        (lena if change == "her unit" else bea).unit = accounts.unit("Barn och familj")
    elif "role" in change:
        lena.role = Role.CASEWORKER
    elif "account" in change:
        lena.is_active = False
    else:
        staffing.end_delegation(one, by=other, at=NOW)
    bea.save()
    lena.save()

    assert sees(bea, bare) == set()


def test_only_a_leader_delegates_and_bare_sql_does_not_either(anna, bea, lena, decision, bare, refused):
    far = accounts.user(Role.TEAM_LEADER, unit=accounts.unit("Barn och familj"))
    days = {"first_day": TODAY, "last_day": TODAY}
    for by, to in ((anna, bea), (far, bea), (lena, lena), (lena, accounts.user(Role.STRATEGIST, unit=lena.unit))):
        with pytest.raises(Denied):
            staffing.delegate(to=to, steps=[("vinr_adult", "decision")], by=by, at=NOW, **days)
    add = """
        INSERT INTO casework_delegation (id, user_id, process, form, said_by_id, first_day, last_day, said_at)
        VALUES (gen_random_uuid(), %s, 'vinr_adult', 'decision', %s, current_date, current_date, now())
    """

    assert refused(bea, add, bea.pk, lena.pk)
    assert refused(bea, add, bea.pk, anna.pk)
    assert refused(far, add, bea.pk, far.pk)
    assert refused(far, add, bea.pk, lena.pk)
    over = delegated(bea, lena, first=TODAY - DAY, last=TODAY - DAY)
    for who in (bea, anna, lena, far):
        assert refused(who, "UPDATE casework_delegation SET last_day = current_date + 9 WHERE id = %s", over.pk)
        assert refused(who, "DELETE FROM casework_delegation")
    assert bare(bea)[0] == set()
