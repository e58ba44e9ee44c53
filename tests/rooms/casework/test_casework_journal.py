"""The journal of a case: drafts, signatures, what stands beside, and what is never lost."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit import history
from fridhem.foundation.audit.models import Entry
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions, queries
from fridhem.rooms.casework.actions import journal
from fridhem.rooms.casework.models import Case, Note
from tests.factories import accounts, casework

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

MONDAY = casework.MONDAY
DAY = dt.timedelta(days=1)
TODAY = MONDAY.date()


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")


@pytest.fixture
def bo(case):
    """A colleague in the team."""
    bo = accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Bo")
    actions.assign(case, by=casework.leader(), at=MONDAY, user=bo)
    return bo


@pytest.fixture
def case(anna):
    return casework.case(by=anna)


@pytest.fixture
def desk(client, anna):
    client.force_login(anna)
    return client


def address(name: str, case: Case, *more) -> str:
    return reverse(f"casework:{name}", args=[case.number, *more])


def change(note: Note, *, by, at=MONDAY, text="Ändrat", **given) -> Note:
    values = {"kind": note.kind, "happened_on": note.happened_on, "revision": note.revision, **given}
    return journal.change_note(note, by=by, at=at, text=text, **values)


def form(**given) -> dict[str, str]:
    today = timezone.localdate().isoformat()
    return {"submission": str(uuid4()), "kind": "conversation", "happened_on": today, "text": "Samtal om tider.", **given}


# ── Drafts and signatures ─────────────────────────────────────────────────


def test_a_note_is_its_writers_draft_for_two_weeks(case, anna):
    note = actions.write_note(case, by=anna, at=MONDAY, text="Samtla")

    changed = change(note, by=anna, at=MONDAY + 14 * DAY, text="Samtal")

    assert (note.signed_at, note.open_until) == (None, TODAY + 14 * DAY)
    assert (changed.text, changed.revision, changed.changed_at) == ("Samtal", 2, MONDAY + 14 * DAY)
    assert [row.pgh_label for row in history.of(note)] == ["insert", "update"]
    assert sorted(Entry.objects.filter(subject=note.pk).values_list("verb", flat=True)) == [
        "casework.note.changed",
        "casework.note.written",
    ]


def test_it_locks_by_itself(case, anna):
    note = actions.write_note(case, by=anna, at=MONDAY, text="Samtal")

    with pytest.raises(NotNow):
        change(note, by=anna, at=MONDAY + 15 * DAY)


def test_signing_locks_at_once(case, anna):
    note = actions.write_note(case, by=anna, at=MONDAY, text="Samtal")

    signed = journal.sign_note(note, by=anna, at=MONDAY, revision=1)

    assert signed.signed_at == MONDAY
    with pytest.raises(NotNow):
        change(note, by=anna)
    assert journal.sign_note(note, by=anna, at=MONDAY + DAY, revision=1).signed_at == MONDAY, "signing twice changes nothing"


def test_what_locked_by_itself_can_still_be_signed(case, anna):
    note = actions.write_note(case, by=anna, at=MONDAY, text="Samtal")

    assert journal.sign_note(note, by=anna, at=MONDAY + 30 * DAY, revision=1).signed_at == MONDAY + 30 * DAY


def test_nobody_signs_what_they_have_not_read(case, anna):
    note = actions.write_note(case, by=anna, at=MONDAY, text="Samtal")
    change(note, by=anna)

    with pytest.raises(NotNow):
        journal.sign_note(note, by=anna, at=MONDAY, revision=1)


def test_only_the_writer_changes_and_signs(case, anna, bo):
    note = actions.write_note(case, by=anna, at=MONDAY, text="Samtal")

    for other in (bo, casework.leader()):
        with pytest.raises(Denied):
            change(note, by=other)
        with pytest.raises(Denied):
            journal.sign_note(note, by=other, at=MONDAY, revision=1)


def test_what_a_step_and_an_opening_write_is_signed_with_them():
    leader = casework.leader()
    case = casework.case(by=leader, summary="Ringde själv.")

    casework.do(case, "assess_protection", by=leader, text="Akut skydd ordnat.")

    assert [note.signed_at for note in queries.journal(case)] == [MONDAY, MONDAY]


def test_a_change_of_the_draft_over_a_newer_one_is_refused(case, anna):
    note = actions.write_note(case, by=anna, at=MONDAY, text="Samtal")
    change(note, by=anna, text="I det ena fönstret")

    with pytest.raises(NotNow):
        change(note, by=anna, text="I det andra fönstret", revision=1)
    assert Note.objects.get(pk=note.pk).text == "I det ena fönstret"


# ── Beside the original ───────────────────────────────────────────────────


def test_a_correction_stands_beside_and_the_original_stays(case, anna, bo):
    note = actions.write_note(case, by=anna, at=MONDAY, text="Tisdag klockan tio", sign=True)

    correction = journal.add_to_note(note, by=bo, at=MONDAY + DAY, text="Onsdag", kind="correction")
    more = journal.add_to_note(
        journal.sign_note(correction, by=bo, at=MONDAY + DAY, revision=1), by=anna, at=MONDAY + DAY, text="Ja", kind="addition"
    )

    kept = Note.objects.get(pk=note.pk)
    assert (kept.text, kept.revision) == ("Tisdag klockan tio", 1)
    assert [(one.text, one.kind, one.author) for one in kept.additions.order_by("pk") if one == correction] == [
        ("Onsdag", "correction", bo)
    ]
    assert more.to == note


def test_a_draft_is_not_added_to_and_nothing_is_added_to_nothing(case, anna):
    note = actions.write_note(case, by=anna, at=MONDAY, text="Samtal")

    with pytest.raises(NotNow):
        journal.add_to_note(note, by=anna, at=MONDAY, text="Mer", kind="addition")
    with pytest.raises(NotNow):
        actions.write_note(case, by=anna, at=MONDAY, text="Mer", kind="addition")
    with pytest.raises(IntegrityError):
        Note.objects.filter(pk=note.pk).update(kind="addition")


def test_a_closed_case_is_still_corrected_and_signed(case, anna):
    note = actions.write_note(case, by=anna, at=MONDAY, text="Samtal")
    actions.close_case(case, by=casework.leader(), at=MONDAY, reason="moved")

    signed = journal.sign_note(note, by=anna, at=MONDAY, revision=1)
    correction = journal.add_to_note(signed, by=anna, at=MONDAY, text="Möte", kind="correction")

    assert correction.to == note


# ── What waits ────────────────────────────────────────────────────────────


def test_what_waits_for_my_signature_is_mine_and_oldest_first(case, anna, bo):
    new = actions.write_note(case, by=anna, at=MONDAY + DAY, text="Ny")
    old = actions.write_note(case, by=anna, at=MONDAY, text="Gammal")
    actions.write_note(case, by=anna, at=MONDAY, text="Signerad", sign=True)
    actions.write_note(case, by=bo, at=MONDAY, text="Bos")

    assert list(queries.unsigned(anna)) == [old, new]


def test_the_leader_sees_how_many_are_left_and_how_old_but_never_what_they_say(client, case, anna):
    leader = casework.leader()
    actions.write_note(case, by=anna, at=MONDAY, text="hemlig text")
    actions.write_note(case, by=anna, at=MONDAY + DAY, text="hemlig text")
    client.force_login(leader)

    left = queries.left_unsigned(leader, today=TODAY + 16 * DAY)
    page = client.get(reverse("casework:unsigned"))

    assert left == [queries.Unsigned("Anna", 2, TODAY)]
    assert queries.left_unsigned(leader, today=TODAY + 14 * DAY) == []
    assert queries.left_unsigned(anna, today=TODAY + 16 * DAY) == []
    assert page.status_code == 200
    assert b"hemlig text" not in page.content


def test_the_list_costs_the_same_for_one_note_and_three(desk, case, anna, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(30) as counted:
            desk.get(reverse("casework:unsigned"))
        return len(counted)

    actions.write_note(case, by=anna, at=MONDAY, text="Ett")
    first = cost()
    actions.write_note(case, by=anna, at=MONDAY, text="Två")
    actions.write_note(casework.case(by=anna), by=anna, at=MONDAY, text="Tre")
    assert cost() == first


# ── Pages ─────────────────────────────────────────────────────────────────


def test_the_same_form_sent_twice_makes_one_note(desk, case):
    sent = form()

    answers = [desk.post(address("note", case), sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [note.text for note in queries.journal(case)] == ["Samtal om tider."]


def test_the_same_form_with_another_text_shows_what_was_saved_and_keeps_what_was_typed(desk, case):
    sent = form()
    desk.post(address("note", case), sent)

    answer = desk.post(address("note", case), {**sent, "text": "Något annat."})
    again = desk.post(
        address("note", case), {**sent, "text": "Något annat.", "submission": answer.context["form"].data["submission"]}
    )

    page = answer.content.decode()
    assert (answer.status_code, again.status_code) == (422, 302)
    assert ("Samtal om tider." in page, "Något annat." in page) == (True, True)
    assert {note.text for note in queries.journal(case)} == {"Samtal om tider.", "Något annat."}


def test_two_windows_on_one_draft_the_second_sees_what_happened(desk, case, anna):
    note = actions.write_note(case, by=anna, at=timezone.now(), text="Först")
    sent = {**form(text="I det ena"), "revision": "1"}
    desk.post(address("change-note", case, note.pk), sent)

    answer = desk.post(address("change-note", case, note.pk), {**sent, "text": "I det andra"})
    again = desk.post(
        address("change-note", case, note.pk), {**sent, "text": "Båda", "revision": answer.context["form"].data["revision"]}
    )

    page = answer.content.decode()
    assert (answer.status_code, again.status_code) == (422, 302)
    assert ("I det ena" in page, "I det andra" in page) == (True, True)
    assert Note.objects.get(pk=note.pk).text == "Båda"


def test_what_was_typed_stays_when_the_note_was_signed_meanwhile(desk, case, anna):
    note = actions.write_note(case, by=anna, at=timezone.now(), text="Först", sign=True)

    answer = desk.post(address("change-note", case, note.pk), {**form(text="För sent"), "revision": "1"})

    assert answer.status_code == 422
    assert "För sent" in answer.content.decode()


def test_a_note_is_signed_from_its_page_and_then_added_to(desk, case, anna):
    note = actions.write_note(case, by=anna, at=timezone.now(), text="Samtal")

    signed = desk.post(address("sign-note", case, note.pk), {"revision": "1"})
    added = desk.post(address("add-to-note", case, note.pk), form(kind="correction", text="Möte"), follow=True)

    page = added.content.decode()
    assert signed.status_code == 302
    assert ("Samtal" in page, "Möte" in page, "Rättelse" in page, "Signerad" in page) == (True, True, True, True)
    assert "andra/" not in page


@pytest.mark.parametrize("revision", ["", "x", "9" * 5000, "2"])
def test_a_signature_of_something_else_is_refused(desk, case, anna, revision):
    note = actions.write_note(case, by=anna, at=timezone.now(), text="Samtal")

    answer = desk.post(address("sign-note", case, note.pk), {"revision": revision})

    assert (answer.status_code, Note.objects.get(pk=note.pk).signed_at) == (409, None)


@pytest.mark.parametrize(("days", "said"), [(0, False), (1, False), (2, True), (6, True)])
def test_what_is_written_afterwards_says_so(desk, case, anna, days, said):
    now = timezone.now()
    actions.write_note(case, by=anna, at=now, text="Samtal", happened_on=timezone.localdate(now) - days * DAY)

    page = desk.get(address("case", case)).content.decode()

    assert (f"Skrevs {days} dagar efteråt" in page) == said


def test_the_pages_of_a_note_are_for_those_who_work_with_the_case(client, case, anna):
    note = actions.write_note(case, by=anna, at=MONDAY, text="Samtal")
    client.force_login(accounts.user(Role.CASEWORKER))

    for name in ("read-note", "change-note", "add-to-note"):
        assert client.get(address(name, case, note.pk)).status_code == 404
    assert client.post(address("sign-note", case, note.pk), {"revision": "1"}).status_code == 404
    assert client.get(address("journal", case)).status_code == 404


def test_the_whole_journal_has_everything_in_order_and_no_name(desk, case, anna):
    note = actions.write_note(case, by=anna, at=MONDAY, text="Första", sign=True)
    actions.write_note(case, by=anna, at=MONDAY + DAY, text="Andra")
    journal.add_to_note(note, by=anna, at=MONDAY + 2 * DAY, text="Rättat", kind="correction")

    answer = desk.get(address("journal", case))

    page = answer.content.decode()
    assert page.index("Första") < page.index("Rättat") < page.index("Andra")
    assert f"<title>Journal {case.number}" in page
    assert Entry.objects.filter(subject=case.pk, verb="casework.journal.taken_out").count() == 1


# ── The database ──────────────────────────────────────────────────────────


def test_the_database_lets_nobody_change_what_is_signed_or_anothers(case, anna, bo, behind_walls):
    draft = actions.write_note(case, by=anna, at=timezone.now(), text="Utkast")
    signed = actions.write_note(case, by=anna, at=timezone.now(), text="Signerad", sign=True)
    late = actions.write_note(case, by=anna, at=timezone.now() - 30 * DAY, text="Gammal")

    def changed(who, note) -> int:
        with behind_walls(), accounts.at_work(who), connection.cursor() as cursor:
            cursor.execute("UPDATE casework_note SET happened_on = happened_on - 1 WHERE id = %s", [note.pk])
            return cursor.rowcount

    assert [changed(anna, draft), changed(anna, signed), changed(bo, draft)] == [1, 0, 0]
    with behind_walls(), accounts.at_work(anna):
        journal.sign_note(late, by=anna, at=timezone.now(), revision=1)
    assert Note.objects.get(pk=late.pk).signed_at is not None
