"""What is offered, anonymous contacts that tell nothing, and whom to call."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.database.acting import as_the_house
from fridhem.pure.codes.code_list import UnknownCode
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework.models import Case
from fridhem.rooms.statistics import cubes
from fridhem.rooms.statistics.enums import Table
from fridhem.rooms.support import actions, facts, queries
from fridhem.rooms.support.models import AnonymousContact, Offer
from tests.factories import accounts, support
from tests.factories.support import AT

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 11, 23, 22, 45, tzinfo=UTC)  # a quarter to midnight in Sweden


@pytest.fixture
def mona():
    return accounts.user(Role.RECEPTION, unit=accounts.unit("Mottag"))


@pytest.mark.parametrize("role", [role for role in Role.values if role not in {Role.PROCESS_OWNER, Role.TEAM_LEADER}])
def test_others_than_the_process_owner_and_leaders_change_nothing(role: str):
    by, offer, number = accounts.user(role), support.offer(), support.number()

    for do in (
        lambda: support.offer(by=by),
        lambda: actions.change_offer(offer, by=by, at=AT, seen=queries.digest(offer), name="Annat"),
        lambda: support.number(by=by),
        lambda: actions.change_number(number, by=by, at=AT, seen=queries.digest(number), phone="0"),
    ):
        with pytest.raises(Denied):
            do()


def test_an_offer_is_changed_and_its_history_kept():
    by = support.owner()
    offer = support.offer(by=by)

    given = {"conditions": "Högst åtta samtal.", "valid_to": date(2026, 12, 31)}
    actions.change_offer(offer, by=by, at=AT, seen=queries.digest(offer), **given)

    offer.refresh_from_db()
    assert (offer.conditions, offer.valid_to) == ("Högst åtta samtal.", date(2026, 12, 31))
    assert list(Entry.objects.filter(subject=offer.pk).order_by("verb").values_list("verb", "actor")) == [
        ("support.offer.added", by.pk),
        ("support.offer.changed", by.pk),
    ]


def test_nobody_writes_over_what_another_has_written():
    by = support.owner()
    offer, number = support.offer(by=by), support.number(by=by)
    shown = queries.digest(offer), queries.digest(number)
    actions.change_offer(offer, by=by, at=AT, seen=shown[0], name="Samtal")
    actions.change_number(number, by=by, at=AT, seen=shown[1], phone="070-174 06 35")

    with pytest.raises(NotNow, match="Någon annan har ändrat"):
        actions.change_offer(offer, by=by, at=AT, seen=shown[0], phone="070-174 06 36")
    with pytest.raises(NotNow, match="Någon annan har ändrat"):
        actions.change_number(number, by=by, at=AT, seen=shown[1], place=2)


def test_the_database_refuses_what_must_never_be():
    for wrong in (
        {"is_anonymous": True, "documentation": "journal"},
        {"age_from": 20, "age_to": 18},
        {"valid_to": date(2020, 1, 1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            support.offer(**wrong)
    for wrong in ({"working_to": None}, {"valid_to": date(2020, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            support.number(**wrong)


def test_a_contact_is_codes_and_a_day_and_nothing_tells_who_wrote_it_or_when(mona):
    contact = support.contact(by=mona, at=LATE, violence="yes", violence_forms=["neglect"], referred="police", district="centrum")

    assert {field.name for field in AnonymousContact._meta.concrete_fields} == {
        "id", "unit", "day", "offer", "way", "age_group", "district", "violence", "violence_forms", "given", "referred",
    }  # fmt: skip
    assert contact.day == date(2026, 11, 23)
    line = Entry.objects.get(verb="support.contact.counted")
    assert (line.actor, line.subject, line.about, line.reason) == (None, None, None, "")
    assert timezone.localtime(line.at).isoformat() == "2026-11-23T00:00:00+01:00"
    assert Case.objects.count() == 0, "a contact is never a case"


@pytest.mark.parametrize("role", [Role.PROCESS_OWNER, Role.STRATEGIST, Role.SECRETARY, Role.AUDITOR, Role.ADMINISTRATOR])
def test_those_who_meet_nobody_count_nobody(role: str):
    with pytest.raises(Denied):
        support.contact(by=accounts.user(role))


def test_what_does_not_fit_is_not_counted(mona):
    adults, past, named = (
        support.offer(age_from=18),
        support.offer(valid_to=date(2026, 11, 22)),
        support.offer(is_anonymous=False, documentation="journal"),
    )

    for offered, more in ((adults, {"age_group": "youth"}), (past, {}), (named, {}), (adults, {"violence_forms": ["neglect"]})):
        with pytest.raises(NotNow):
            support.contact(by=mona, offered=offered, **more)
    for more in ({"given": "guld"}, {"referred": "grannen"}, {"district": "månen"}):
        with pytest.raises(UnknownCode):
            support.contact(by=mona, offered=adults, **more)
    with pytest.raises(UnknownCode):
        support.contact(by=mona, offered=adults, violence="yes", violence_forms=["something"])
    assert AnonymousContact.objects.count() == 0


def test_the_database_knows_no_form_of_violence_without_a_yes(mona):
    contact = support.contact(by=mona)

    with pytest.raises(IntegrityError), transaction.atomic():
        AnonymousContact.objects.filter(pk=contact.pk).update(violence_forms=["neglect"])


def test_a_contact_is_taken_back_the_same_day_by_anyone_at_the_unit(mona):
    contact, colleague = support.contact(by=mona), accounts.user(Role.RECEPTION, unit=mona.unit)
    stranger = accounts.user(Role.CASEWORKER, unit=accounts.unit("Annan"))
    secretary = accounts.user(Role.SECRETARY, unit=mona.unit)

    for other in (stranger, secretary):
        with pytest.raises(Denied):
            actions.undo_contact(contact, by=other, at=AT)
    with pytest.raises(NotNow):
        actions.undo_contact(contact, by=colleague, at=AT + timedelta(days=1))
    actions.undo_contact(contact, by=colleague, at=AT)

    assert AnonymousContact.objects.count() == 0
    assert Entry.objects.get(verb="support.contact.taken_back").actor is None


def test_a_contact_that_is_gone_is_not_taken_back_again(mona):
    contact = support.contact(by=mona)
    actions.undo_contact(AnonymousContact.objects.get(pk=contact.pk), by=mona, at=AT)

    with pytest.raises(NotNow, match="redan tillbakatagen"):
        actions.undo_contact(contact, by=mona, at=AT)
    assert Entry.objects.filter(verb="support.contact.taken_back").count() == 1


def test_a_form_that_is_sent_twice_counts_once(mona):
    offered, sent = support.offer(), uuid4()
    both = [support.contact(by=mona, offered=offered, submission=sent) for _ in range(2)]

    assert both[0] == both[1]
    assert (AnonymousContact.objects.count(), Entry.objects.filter(verb="support.contact.counted").count()) == (1, 1)


def test_the_day_and_the_unit_of_earlier_contacts_are_forgotten_and_the_counts_stay(mona):
    told = {"violence": "yes", "violence_forms": ["neglect"], "district": "norra", "referred": "police"}
    offered = support.offer()
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 22), date(2026, 11, 23)]
    for day in days:
        support.contact(by=mona, offered=offered, at=AT.replace(year=day.year, month=day.month, day=day.day), **told)
    before = [list(facts.contacts()), list(facts.violence_forms())]

    assert [actions.forget_days(at=AT), actions.forget_days(at=AT)] == [3, 0]

    assert sorted(AnonymousContact.objects.values_list("day", "unit"), key=str) == [
        (date(2025, 1, 1), None), (date(2026, 1, 1), None), (date(2026, 1, 1), None), (date(2026, 11, 23), mona.unit_id),
    ]  # fmt: skip
    assert [list(facts.contacts()), list(facts.violence_forms())] == before


def test_no_day_is_kept_without_its_unit(mona):
    contact = support.contact(by=mona)

    with pytest.raises(IntegrityError), transaction.atomic():
        AnonymousContact.objects.filter(pk=contact.pk).update(unit=None)


# ── Behind the walls ──────────────────────────────────────────────────────


def test_a_unit_reaches_its_own_contacts_of_today_and_nothing_else(mona, behind_walls):
    now, owner = timezone.now(), support.owner()
    offered = support.offer(by=owner)
    for at in (now, now - timedelta(days=1)):
        support.contact(by=mona, at=at, offered=offered)
    stranger = accounts.user(Role.RECEPTION, unit=accounts.unit("Annan"))
    strategist = accounts.user(Role.STRATEGIST, unit=mona.unit)
    seen = {}
    for user in (mona, stranger, strategist):
        with behind_walls(), accounts.at_work(user):
            seen[user] = AnonymousContact.objects.count()

    assert list(seen.values()) == [1, 0, 0]
    with behind_walls(), accounts.at_work(mona):
        made = support.contact(by=mona, at=now, offered=offered)
        actions.undo_contact(made, by=mona, at=now)
        assert AnonymousContact.objects.update(way="chat") == 0, "what is counted is never changed"


def test_the_house_forgets_the_days_of_every_unit(mona, behind_walls):
    now = timezone.now()
    offered = support.offer(by=support.owner())
    for unit in (mona.unit, accounts.unit("Annan")):
        support.contact(by=accounts.user(Role.RECEPTION, unit=unit), at=now - timedelta(days=1), offered=offered)
    with behind_walls("fridhem_worker"), as_the_house("support.forget_days"):
        forgotten = actions.forget_days(at=now)

    assert (forgotten, AnonymousContact.objects.filter(unit=None).count()) == (2, 2)


def test_offers_are_read_by_everyone_and_changed_by_their_owners(mona, behind_walls):
    owner = support.owner()
    with behind_walls(), accounts.at_work(owner):
        offer = support.offer(by=owner)
        actions.change_offer(offer, by=owner, at=AT, seen=queries.digest(offer), name="Samtal")
    with behind_walls(), accounts.at_work(mona):
        assert Offer.objects.get().name == "Samtal"
        assert Offer.objects.update(name="Annat") == 0


# ── What statistics may see ───────────────────────────────────────────────


def test_facts_are_counts_by_codes_and_year(mona):
    offered = support.offer()
    for _ in range(3):
        support.contact(by=mona, offered=offered, violence="yes", violence_forms=["neglect", "digital_violence"])
    support.contact(by=mona, offered=offered, violence="no_answer", referred="police", district="norra")
    support.contact(by=mona, offered=offered, at=AT - timedelta(days=365))

    assert list(facts.contacts()) == sorted(
        [
            facts.Contacts(str(offered.pk), "phone", "adult", "none", "no", "talk", "none", 2025, 1),
            facts.Contacts(str(offered.pk), "phone", "adult", "none", "yes", "talk", "none", 2026, 3),
            facts.Contacts(str(offered.pk), "phone", "adult", "norra", "no_answer", "talk", "police", 2026, 1),
        ]
    )
    assert list(facts.violence_forms()) == [
        facts.ViolenceForms("digital_violence", "adult", "none", 2026, 3),
        facts.ViolenceForms("neglect", "adult", "none", 2026, 3),
    ]


@pytest.mark.parametrize(
    ("table", "total"), [(Table.ANONYMOUS_CONTACTS, 3), (Table.ANONYMOUS_HELP, 3), (Table.ANONYMOUS_VIOLENCE, 4)]
)
def test_a_table_of_a_year_counts_that_year(mona, table: str, total: int):
    offered = support.offer()
    for _ in range(2):
        support.contact(by=mona, offered=offered, violence="yes", violence_forms=["neglect", "digital_violence"])
    support.contact(by=mona, offered=offered)
    support.contact(by=mona, offered=offered, at=AT - timedelta(days=365))

    counted = cubes.count(table, 2026)

    assert int(counted.counts.max()) == total


def test_two_tables_of_the_same_contacts_have_nothing_in_common_but_their_sum(mona):
    support.contact(by=mona, violence="yes", violence_forms=["neglect"])
    tables = (Table.ANONYMOUS_CONTACTS, Table.ANONYMOUS_HELP, Table.ANONYMOUS_VIOLENCE)

    found = [[dimension.name for dimension in cubes.count(table, 2026).dimensions] for table in tables]

    assert found == [["offer", "way", "age_group", "district", "violence"], ["given", "referred"], ["form", "age_group"]]


def test_whom_to_call_puts_those_who_answer_now_first():
    closed = support.number(unit="Mottag", place=1)
    always = support.number(unit="Jouren", place=2, working_from="00:00", working_to="00:00", situations=["adult", "child"])
    support.number(unit="Förr", valid_to=date(2026, 1, 1))
    evening = timezone.localtime(AT).replace(hour=20)

    found = {one.situation.code: [line.number.unit for line in one.numbers] for one in queries.calls(accounts.user(), at=evening)}

    assert found["adult"] == [always.unit, closed.unit]
    assert found["child"] == [always.unit]
    assert found["danger"] == []
