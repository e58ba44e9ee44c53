"""C33: each page with personal data leaves one line of who read what and why; each change, however made, leaves one."""

import random
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit import history
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.database.acting import Acting, acting
from fridhem.rooms.casework.models import Case, Note
from fridhem.rooms.persons.models import Person
from tests.factories import accounts, casework, intake, persons

pytestmark = [pytest.mark.safety("C33"), pytest.mark.django_db]

CASES = "/intern/arenden/"


def pages_of(case: Case) -> dict[str, str]:
    """Pages that show who a case is about, or what was written in it → the line that each leaves."""
    own = f"{CASES}{case.number}/"
    return {
        CASES: "site.page.shown",
        own: "casework.case.read",
        f"{own}personer/": "site.page.shown",
    }


def lines_of(user: User) -> list[Entry]:
    return list(Entry.objects.filter(actor=user.pk).order_by("at"))


def test_each_page_with_personal_data_leaves_one_line(proof, size, client):
    leader = accounts.user(role=Role.TEAM_LEADER, unit=casework.unit())
    reception = accounts.user(role=Role.RECEPTION)
    known = [casework.case(by=reception, unit=casework.unit(), person_id=persons.person().pk) for _ in range(3)]
    concerns = [intake.concern() for _ in range(3)]
    asked = [(leader, page, verb) for case in known for page, verb in pages_of(case).items()]
    asked += [(reception, f"/intern/inkorg/{one.pk}/", "intake.concern.read") for one in concerns]
    asked += [(reception, "/intern/inkorg/", "intake.inbox.listed"), (reception, f"{CASES}att-gora/", "site.page.shown")]
    wrong, opened, chance = [], 0, random.Random(33)

    for user, page, verb in chance.choices(asked, k=size(60, 1000)):
        client.force_login(user)
        before = {line.pk for line in lines_of(user)}
        answer = client.get(page)
        new = [line for line in lines_of(user) if line.pk not in before]
        opened += 1
        if answer.status_code != 200 or [line.verb for line in new] != [verb] or not new[0].purpose:
            wrong.append((page, answer.status_code, [line.verb for line in new]))

    proof.measured(f"{opened} pages with personal data opened, {len(wrong)} without exactly one line of who, what and where")
    assert wrong == []


def test_a_page_that_shows_nobody_leaves_no_line(proof, client):
    client.force_login(accounts.user(role=Role.STRATEGIST))
    before = Entry.objects.count()

    assert client.get("/intern/statistik/").status_code == 200

    proof.measured(f"the control: {Entry.objects.count() - before} lines from a page that shows nobody")
    assert Entry.objects.count() == before


def test_each_change_leaves_one_event_however_it_is_made(proof, size):
    by, chance = accounts.user(), random.Random(33)
    case, person = casework.case(), persons.person()
    today = {"happened_on": timezone.localdate(), "open_until": timezone.localdate()}
    note = Note.objects.create(case=case, kind="other", author=by, written_at=timezone.now(), **today, text="Kanarie")
    colleague = accounts.user()
    ways = ways_to_change(case, person, note, colleague)
    many = size(120, 2000)
    wrong = []

    for number in range(many):
        row, change = chance.choice(ways)
        before = history.of(row).count()
        with acting(Acting(by.pk, f"test:{number}")):
            change(number)
        new = list(history.of(row))[before:]
        if [(one.pgh_label, one.pgh_by, one.pgh_purpose) for one in new] != [("update", by.pk, f"test:{number}")]:
            wrong.append((row, number))

    proof.measured(f"{many} changes by save, update(), bulk_update and raw SQL: {many - len(wrong)} left exactly one event")
    assert wrong == []


def ways_to_change(case: Case, person: Person, note: Note, colleague: User) -> list[tuple[object, Callable[[int], None]]]:
    def save(number: int) -> None:
        colleague.name = f"Namn {number}"
        colleague.save()

    def update(number: int) -> None:
        User.objects.filter(pk=colleague.pk).update(name=f"Namn {number}")

    def bulk(number: int) -> None:
        User.objects.bulk_update([User(pk=colleague.pk, name=f"Namn {number}")], ["name"])

    def raw(number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE casework_case SET district = %s WHERE id = %s", [f"d{number}", case.pk])

    def resealed(number: int) -> None:
        note.text = f"Kanarie {number}"
        note.save(update_fields=["text"])

    def renamed(number: int) -> None:
        person.sealed_name = f"Kanarie {number}"
        person.save(update_fields=["sealed_name"])

    return [(colleague, save), (colleague, update), (colleague, bulk), (case, raw), (note, resealed), (person, renamed)]


def test_what_the_public_sends_leaves_no_event_and_no_line(proof):
    before = Entry.objects.count()
    concern = intake.concern()

    proof.measured(f"{history.of(concern).count()} events with a time of day from a concern that came in")
    assert history.of(concern).count() == 0
    assert Entry.objects.count() == before
