"""Who may, when, and what is left: nothing of the matter, and a proof that tells nothing."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.crypto.models import ObjectKey
from fridhem.foundation.database.acting import Acting, acting, as_the_house
from fridhem.foundation.files.models import File, Piece
from fridhem.foundation.files.taking_in import Cleaned
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions as casework_actions
from fridhem.rooms.casework import facts as casework_facts
from fridhem.rooms.casework.actions import documents
from fridhem.rooms.casework.models import Case, Decision, Intervention, InterventionReason, Note, Step
from fridhem.rooms.disclosures import actions as disclosures
from fridhem.rooms.disclosures.models import Disclosure
from fridhem.rooms.intake import actions as intake_actions
from fridhem.rooms.intake import facts as intake_facts
from fridhem.rooms.intake.models import Concern, Message
from fridhem.rooms.persons import actions as persons_actions
from fridhem.rooms.persons.models import Person, ProtectedDetail
from fridhem.rooms.retention import actions, queries
from fridhem.rooms.retention.models import DisposalList, Hold, Line, Matter, Proof
from tests.factories import accounts, casework, intake, persons, retention
from tests.factories.disclosures import disclosure

pytestmark = pytest.mark.django_db
TODAY, LONG_AGO = retention.TODAY, retention.LONG_AGO
NEXT_YEAR = dt.date(2028, 11, 1)


# ── Assess ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "outcome", "grounds"),
    [
        ({}, "dispose", ["person_file"]),
        ({"born": dt.date(1985, 7, 15)}, "for_ever", ["research_days"]),
        ({"at": TODAY - dt.timedelta(days=400)}, "until", ["person_file"]),
        ({"age_group": "child"}, "until", ["person_file", "child_thirty_years"]),
    ],
)
def test_a_closed_case_is_judged_by_its_facts(given, outcome, grounds):
    found = retention.assessed(retention.closed_case(**given))

    assert (found.outcome, found.grounds) == (outcome, grounds)


def test_a_childs_case_with_a_placement_is_kept_for_ever():
    case = retention.former_case("F-AAAAAA", dt.date(2022, 1, 1), age_group="child", kind="protected_housing")

    assert retention.assessed(case).grounds == ["child_placed"]


def test_an_open_case_keeps_the_whole_file_of_the_person():
    old = retention.closed_case()
    casework.case(person_id=old.person_id, at=TODAY)

    assert retention.assessed(old).grounds == ["file_goes_on"]


def test_a_later_case_about_the_same_person_moves_the_time():
    old = retention.closed_case()
    retention.closed_case(person_id=old.person_id, at=TODAY - dt.timedelta(days=700))

    found = retention.assessed(old)

    assert (found.outcome, found.grounds) == ("until", ["person_file", "follow_up"])


def test_a_note_written_later_than_the_rest_moves_the_time():
    by = retention.leader()
    case = casework.case(by=by, at=LONG_AGO)
    later = LONG_AGO + dt.timedelta(days=500)
    casework_actions.write_note(case, by=by, at=later, text="Ett samtal till.")
    casework_actions.close_case(case, by=by, at=LONG_AGO + dt.timedelta(days=510), reason="finished")

    assert retention.assessed(case).kept_to == dt.date(2028, 8, 2)


def test_concerns_without_a_case_have_their_own_rule_and_open_ones_are_kept():
    over, going_on = retention.closed_concern(), intake.concern(at=LONG_AGO)
    actions.assess(at=TODAY)

    said = {matter.pk: (matter.outcome, matter.grounds) for matter in Matter.objects.all()}
    assert said == {over.pk: ("dispose", ["concern"]), going_on.pk: ("ongoing", ["goes_on"])}


def test_nothing_is_due_until_the_municipality_has_said_which_it_is(settings):
    settings.FRIDHEM_MUNICIPALITY_CODE = ""

    assert retention.assessed(retention.closed_case()).grounds == ["no_municipality"]


def test_the_day_of_birth_is_opened_only_when_nothing_else_keeps_the_case_and_once():
    retention.closed_case(at=TODAY - dt.timedelta(days=30))
    actions.assess(at=TODAY)
    assert not Entry.objects.filter(verb="persons.birth_days.read").exists()

    retention.closed_case()
    for _ in range(2):
        actions.assess(at=TODAY)

    assert [entry.reason for entry in Entry.objects.filter(verb="persons.birth_days.read")] == ["1"]


def test_a_case_whose_person_can_not_be_read_is_not_disposed_of():
    case, other = retention.closed_case(), retention.closed_case()
    moved = Person.objects.filter(pk=other.person_id).values_list("sealed_number", flat=True).get()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE persons_person SET identity_number = %s WHERE id = %s", [bytes(moved), case.person_id])

    assert retention.assessed(case).grounds == ["unreadable"]


def test_assessing_proposes_nothing_and_forgets_what_is_gone():
    case = retention.closed_case()
    matter = retention.assessed(case)
    Matter.objects.filter(pk=matter.pk).update(number="V-GAMMAL")

    assert actions.assess(at=TODAY) == 1
    assert (DisposalList.objects.count(), Matter.objects.get().number) == (0, case.number)


# ── The list ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", Role.values)
def test_each_role_does_its_own_part_only(role):
    matter = retention.assessed(retention.closed_case())
    waits = retention.proposed()
    user = accounts.user(role)
    put = actions.hold(matter, by=retention.leader(), at=TODAY, ground="court", review_on=NEXT_YEAR)
    tries = {
        "propose": lambda: actions.propose(by=user, at=TODAY),
        "exclude": lambda: actions.exclude(waits.lines.get(), by=user, at=TODAY, reason="in_use"),
        "approve": lambda: actions.approve(waits, by=user, at=TODAY, digest=queries.seal_now(waits)),
        "hold": lambda: actions.hold(matter, by=user, at=TODAY, ground="access", review_on=NEXT_YEAR),
        "lift": lambda: actions.lift(put, by=user, at=TODAY, words="Målet är avgjort."),
    }

    may = set()
    for name, do in tries.items():
        try:
            with transaction.atomic():
                do()
                may.add(name)
                transaction.set_rollback(True)
        except NotNow:
            may.add(name)
        except Denied:
            continue

    assert may == {
        Role.ADMINISTRATOR: {"propose", "exclude"},
        Role.TEAM_LEADER: {"exclude", "approve", "hold", "lift"},
        Role.PRIVACY_OFFICER: {"hold"},
    }.get(role, set())


def test_the_one_who_proposed_can_not_approve_even_with_both_roles():
    retention.closed_case()
    by = retention.archivist()
    waits = retention.proposed(by=by)
    by.role = Role.TEAM_LEADER
    by.save()

    with pytest.raises(NotNow):
        actions.approve(waits, by=by, at=TODAY, digest=queries.seal_now(waits))
    with pytest.raises(IntegrityError), transaction.atomic():
        DisposalList.objects.filter(pk=waits.pk).update(status="approved", approved_by=by, approved_at=TODAY)


def test_a_list_is_approved_as_it_was_read_or_not_at_all():
    retention.closed_case(), retention.closed_case()
    waits = retention.proposed()
    read = queries.seal_now(waits)
    actions.exclude(waits.lines.first(), by=retention.leader(), at=TODAY, reason="maybe_keep")

    with pytest.raises(NotNow, match="ändrats"):
        actions.approve(waits, by=retention.leader(), at=TODAY, digest=read)


def test_one_list_waits_at_a_time_and_an_empty_one_is_not_made():
    with pytest.raises(NotNow):
        retention.proposed()
    retention.closed_case()
    waits = retention.proposed()

    with pytest.raises(NotNow):
        actions.propose(by=retention.archivist(), at=TODAY)
    actions.withdraw(waits, by=retention.archivist(), at=TODAY)
    assert retention.proposed().lines.count() == 1


# ── Carry it out ──────────────────────────────────────────────────────────


def test_what_two_people_decided_is_gone_and_the_rest_is_there(carry_out):
    case, other, kept = retention.closed_case(), retention.closed_case(), retention.closed_case(at=TODAY)
    concern = retention.closed_concern()
    waits = retention.proposed()
    actions.exclude(waits.lines.get(matter=other.pk), by=retention.leader(), at=TODAY, reason="in_use")
    actions.approve(waits, by=retention.leader(), at=TODAY, digest=queries.seal_now(waits))

    assert carry_out(waits) == 2

    waits.refresh_from_db()
    assert waits.status == "done"
    assert set(Case.objects.values_list("pk", flat=True)) == {other.pk, kept.pk}
    assert set(Person.objects.values_list("pk", flat=True)) == {other.person_id, kept.person_id}
    assert not Concern.objects.filter(pk=concern.pk).exists()
    for model in (Note, Step, Intervention):
        assert not model.objects.filter(case_id=case.pk).exists()
    assert set(Matter.objects.values_list("pk", flat=True)) == {other.pk, kept.pk}


def test_the_proof_tells_that_and_why_but_never_what(carry_out):
    case = retention.closed_case()
    found = retention.approved()
    tells = {str(case.pk), case.pk.hex, str(case.person_id), case.number}
    carry_out(found)

    proof = Proof.objects.get()
    line = Line.objects.get()
    assert (proof.rule, proof.kind, proof.line) == ("person_file", "case", line.digest)
    assert (proof.proposed_by, proof.approved_by, proof.destroyed_at) == (found.proposed_by, found.approved_by, TODAY)
    assert (
        proof.rows == 10
    )  # verdict, case, person, handling, place in the team, step, what began its process, note, intervention, reason
    assert proof.keys == 2  # the case's and the person's
    said = Entry.objects.get(subject=proof.pk)
    assert (said.verb, said.reason) == ("retention.matter.disposed", f"person_file {proof.destroyed}")
    for row in (*Proof.objects.values_list(), *Line.objects.values_list()):
        assert not tells & {str(value) for value in row}


def test_the_seal_of_the_list_can_be_checked_after_all_is_gone(carry_out):
    retention.closed_case(), retention.closed_case()
    found = retention.approved()
    carry_out(found)

    from fridhem.rooms.retention import rules

    assert rules.digest_of_list(Line.objects.values_list("digest", flat=True)) == found.digest


def test_a_concern_that_became_the_case_goes_with_it(carry_out):
    mona, leader = accounts.user(Role.RECEPTION), retention.leader()
    concern = intake.concern(at=LONG_AGO)
    intake_actions.answer(concern, text="Tack.", by=mona, at=LONG_AGO)
    taken = intake_actions.take_up(
        concern, kind="partner", district="centrum", age_group="adult", summary="En oro.", team=[leader], by=mona, at=LONG_AGO
    )
    casework_actions.close_case(taken.case, by=leader, at=LONG_AGO, reason="declined")

    carry_out(retention.approved())

    assert (Case.objects.count(), Concern.objects.count(), Message.objects.count(), Proof.objects.count()) == (0, 0, 0, 1)


@pytest.mark.parametrize("happens", ["hold", "new case", "note"])
def test_what_changed_after_the_approval_is_spared(happens, carry_out):
    case = retention.closed_case()
    found = retention.approved()
    matter = Matter.objects.get()
    if happens == "hold":
        actions.hold(matter, by=retention.leader(), at=TODAY, ground="court", review_on=NEXT_YEAR)
    elif happens == "new case":
        casework.case(person_id=case.person_id, at=TODAY)
    else:
        Note.objects.filter(case=case).update(written_at=TODAY)

    carry_out(found)

    assert (Case.objects.filter(pk=case.pk).exists(), Line.objects.get().status, Proof.objects.count()) == (True, "spared", 0)


def test_a_person_is_kept_while_a_case_needs_them_or_someone_related(carry_out):
    by = retention.leader()
    alone, needed = retention.closed_case(by=by), retention.closed_case(by=by)
    child = persons.person()
    persons_actions.relate(Person.objects.get(pk=alone.person_id), by=by, at=TODAY, other=child, kind="child")
    other_case = retention.closed_case(by=by, at=TODAY)
    parent = Person.objects.get(pk=other_case.person_id)
    persons_actions.relate(parent, by=by, at=TODAY, other=Person.objects.get(pk=needed.person_id), kind="sibling")

    carry_out(retention.approved())

    assert set(Person.objects.values_list("pk", flat=True)) == {needed.person_id, other_case.person_id}


def test_figures_are_the_same_before_and_after(carry_out):
    for age_group in ("adult", "adult", "child"):
        retention.former_case(f"F-{age_group[:3].upper()}{Case.objects.count()}", dt.date(2022, 5, 5), age_group=age_group)
    retention.closed_case()
    retention.closed_concern()
    before = list(casework_facts.granted_reasons()), list(intake_facts.received_concerns())

    carry_out(retention.approved())

    assert InterventionReason.objects.count() == 1  # the child's, kept thirty years
    assert (list(casework_facts.granted_reasons()), list(intake_facts.received_concerns())) == before


def test_one_that_something_new_points_to_is_left_whole_and_the_others_go(carry_out):
    stuck, goes = retention.closed_case(), retention.closed_case()
    found = retention.approved()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE new_room (case_id uuid REFERENCES casework_case DEFERRABLE INITIALLY DEFERRED);"
            "INSERT INTO new_room VALUES (%s)",
            [stuck.pk],
        )

    carry_out(found)

    assert set(Line.objects.values_list("status", flat=True)) == {"failed", "disposed"}
    assert (Case.objects.get(), Note.objects.filter(case=stuck).exists()) == (stuck, True)
    assert not Case.objects.filter(pk=goes.pk).exists()


def test_what_is_being_destroyed_can_no_longer_be_held_and_is_finished_after_an_interruption(carry_out):
    case = retention.closed_case()
    found = retention.approved()
    line, matter = Line.objects.get(), Matter.objects.get()
    assert actions._begin(line.pk, at=TODAY)  # and here the worker was killed

    with pytest.raises(NotNow, match="just nu"):
        actions.hold(matter, by=retention.leader(), at=TODAY, ground="court", review_on=NEXT_YEAR)
    carry_out(found)

    assert (Case.objects.filter(pk=case.pk).exists(), Proof.objects.count()) == (False, 1)


def test_a_copy_of_what_was_destroyed_opens_no_more(carry_out):
    case = retention.closed_case(text="Kanariefågel.")
    note = Note.objects.get(case=case)
    key = ObjectKey.objects.get(subject=case.pk)
    assert note.text == "Kanariefågel."
    carry_out(retention.approved())

    key.save(force_insert=True)  # the rows come back from a backup
    case.person = None
    Case.objects.bulk_create([case])
    Note.objects.bulk_create([note])

    with acting(Acting(case.pk, "tests")), pytest.raises(Unopenable):
        Note.objects.get(pk=note.pk).text  # noqa: B018


def test_the_files_of_a_case_go_with_it(carry_out):
    by = retention.leader()
    case = casework.case(by=by, at=LONG_AGO)
    taken = Cleaned("text", b"Ett intyg.")
    documents.add_document(case, taken=taken, name="intyg.txt", by=by, at=LONG_AGO)
    casework_actions.close_case(case, by=by, at=LONG_AGO, reason="finished")
    assert Piece.objects.count() == 1

    carry_out(retention.approved())

    assert [model.objects.count() for model in (Case, File, Piece)] == [0, 0, 0]


def test_what_was_disclosed_from_a_case_goes_with_it(carry_out, behind_walls):
    by = retention.leader()
    case = casework.case(by=by, at=LONG_AGO)
    ready = disclosure(case, by=by, at=LONG_AGO, text="Mötet är på torsdag.", documents=[("brev.txt", b"Hej.")])
    disclosures.let_leave(ready, by=by, at=LONG_AGO, way="post")
    casework_actions.close_case(case, by=by, at=LONG_AGO, reason="finished")
    found = retention.approved()

    with behind_walls("fridhem_worker"), as_the_house("retention.carry_out"):
        carry_out(found)

    assert not Case.objects.exists()
    assert not Disclosure.objects.exists()
    assert Entry.objects.filter(verb="disclosures.disclosure.left").count() == 1


def test_old_lists_forget_what_a_later_one_destroyed(carry_out):
    retention.closed_case()
    first = retention.proposed()
    actions.withdraw(first, by=retention.archivist(), at=TODAY)

    carry_out(retention.approved())

    old = first.lines.get()
    assert (old.matter, old.number, old.salt, old.status) == (None, "", None, "waiting")


def test_carrying_out_again_does_nothing_more(carry_out):
    retention.closed_case()
    found = retention.approved()

    assert [carry_out(found), carry_out(found)] == [1, 0]
    assert Proof.objects.count() == 1


def test_every_table_that_points_to_a_matter_is_emptied_by_its_rooms_disposal():
    """A table that is added later must be given its place in `disposal.py`, or the disposal of its case stops."""
    known = {
        File: {"CaseDocument", "Piece"},
        Case: {
            "Assignment",
            "CaseDocument",
            "CaseLink",
            "Wall",
            "BreakGlass",
            "ProcessEvent",
            "Extension",
            "Step",
            "Note",
            "Section",
            "Intervention",
            "Decision",
            "Concern",
            "Hold",
            "Disclosure",
            "File",
            "Allowance",
            "Export",
            "Assessment",
            "Origin",
            "DrawnCase",
        },
        Disclosure: {"File", "Allowance", "Departure", "Export"},
        Step: {"Note"},
        Note: {"Note", "Extension"},
        Intervention: {"InterventionReason"},
        Decision: {"Intervention", "RefusalReason"},
        Concern: {"Wall", "Message", "ProtectionAssessment", "HandOver", "Hold"},
        Person: {"Case", "Relation", "ProtectedDetail", "Handling", "Disclosure", "Export", "Assessment"},
        ProtectedDetail: {"ProtectedDetail", "Reveal"},
    }

    for model, expected in known.items():
        points = {
            field.model.__name__
            for other in apps.get_models()
            if not hasattr(other, "pgh_tracked_model")  # the history goes by its own way
            for field in other._meta.get_fields()
            if field.concrete and field.is_relation and field.related_model is model
        }
        assert points == expected, f"{model.__name__}: say in its room's disposal.py what becomes of {points - expected}"


# ── Legal hold ────────────────────────────────────────────────────────────


def test_the_database_itself_refuses_to_delete_what_is_held():
    case = retention.closed_case()
    actions.hold(retention.assessed(case), by=retention.leader(), at=TODAY, ground="court", review_on=NEXT_YEAR)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        for table in ("note", "step", "assignment"):
            cursor.execute(f"DELETE FROM casework_{table} WHERE case_id = %s", [case.pk])
        cursor.execute("DELETE FROM casework_case WHERE id = %s", [case.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_hold_counts_at_once_and_the_rules_count_again_when_it_is_lifted():
    matter = retention.assessed(retention.closed_case())
    put = actions.hold(matter, by=retention.leader(), at=TODAY, ground="other", words="Kvinnan vill läsa.", review_on=NEXT_YEAR)
    matter.refresh_from_db()
    assert (matter.outcome, retention.assessed(put.case).outcome) == ("hold", "hold")

    actions.lift(put, by=retention.leader(), at=TODAY, words="Hon har läst.")

    assert retention.assessed(put.case).outcome == "dispose"
    put.refresh_from_db()
    assert (put.words, put.lifted_words) == ("Kvinnan vill läsa.", "Hon har läst.")
    with pytest.raises(NotNow):
        actions.lift(put, by=retention.leader(), at=TODAY, words="Igen.")


def test_a_hold_on_what_is_gone_says_so(carry_out):
    matter = retention.assessed(retention.closed_case())
    carry_out(retention.approved())

    with pytest.raises(NotNow, match="borta"):
        actions.hold(matter, by=retention.leader(), at=TODAY, ground="court", review_on=NEXT_YEAR)
    assert Hold.objects.count() == 0


def test_behind_the_databases_walls_each_does_their_part(behind_walls, carry_out):
    """The same way as the staff's and the worker's roles meet the database: what a wall hides would be left behind."""
    case, held = retention.closed_case(), retention.closed_case()
    archivist, leader = retention.archivist(), retention.leader()
    actions.assess(at=TODAY)

    with behind_walls(), accounts.at_work(archivist):
        found = actions.propose(by=archivist, at=TODAY)
    with behind_walls(), accounts.at_work(leader):
        line = queries.lines(found).get(matter=held.pk)
        actions.exclude(line, by=leader, at=TODAY, reason="in_use")
        actions.hold(Matter.objects.get(pk=held.pk), by=leader, at=TODAY, ground="court", review_on=NEXT_YEAR)
        actions.approve(found, by=leader, at=TODAY, digest=queries.seal_now(found))
    with behind_walls("fridhem_worker"), as_the_house("retention.carry_out"):
        carry_out(found)
        assert actions.assess(at=TODAY) == 1

    assert (Case.objects.get(), Person.objects.get().pk) == (held, held.person_id)
    assert (Proof.objects.count(), Note.objects.filter(case=case.pk).count()) == (1, 0)
    assert Matter.objects.get().grounds == ["legal_hold"]
