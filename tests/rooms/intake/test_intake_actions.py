"""Who may, may it now, what it does, and the line it leaves."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from nacl.public import PrivateKey

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.crypto import boxes
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework.enums import AgeGroup
from fridhem.rooms.intake import actions, catalogue, queries
from fridhem.rooms.intake.enums import Kind, Status
from fridhem.rooms.intake.models import Concern, Message, PublicText
from tests.factories import accounts, intake

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 21, 2, 10, tzinfo=ZoneInfo("Europe/Stockholm"))

# Every verb of those who assess, as they are done on a concern that has just come in.
VERBS = {
    "assess": {},
    "read": {},
    "answer": {"text": "Tack för att du hörde av dig."},
    "assess_protection": {"outcome": "not_needed", "note": "Barnen är hos sin mormor."},
    "hand_over": {"receiver": "on_call", "kind": "child", "note": "Ringde klockan tio."},
    "close": {"reason": "advice_given", "kind": "partner"},
    "take_up": {"kind": "partner", "district": "centrum", "age_group": "adult", "summary": "Det skriks om kvällarna."},
}


def lines(concern: Concern) -> list[str]:
    return list(Entry.objects.filter(subject=concern.pk).order_by("at", "verb").values_list("verb", flat=True))


def overheard(concern: Concern) -> set[str]:
    """Every word that lies in clear beside the boxes."""
    return {str(value) for value in vars(concern).values() if not isinstance(value, bytes | memoryview)}


# ── The sender ────────────────────────────────────────────────────────────


def test_a_received_concern_keeps_the_day_and_not_the_hour():
    concern = intake.concern(at=NIGHT, urgency="now", children="yes")

    assert (concern.received_on.isoformat(), concern.urgency, concern.status) == ("2026-11-21", "now", "received")
    assert not any(":" in word for word in overheard(concern) if "object" not in word)
    assert queries.dossier(concern).told_at == NIGHT


def test_what_was_said_lies_in_two_boxes_and_nowhere_in_clear():
    box = intake.mailbox()
    concern = intake.concern(box=box, what="Ingen får veta.", about="Lova Lind")

    content = boxes.unseal(concern.__dict__["sender_copy"], box.key)["value"]

    assert concern.body == content
    assert (content["what"], content["about"]) == ("Ingen får veta.", "Lova Lind")
    assert b"Lova" not in bytes(concern.__dict__["body"]) + bytes(concern.__dict__["sender_copy"])


def test_the_same_submission_is_one_concern_and_other_words_become_one_letter():
    submission, box = uuid.uuid4(), intake.mailbox()

    for what, urgency in (("först", "days"), ("först", "days"), ("sedan", "now"), ("sedan", "now")):
        said = intake.said(what=what, urgency=urgency)
        actions.receive(submission=submission, mailbox=box, said=said, at=NIGHT)

    assert [concern.body["what"] for concern in Concern.objects.all()] == ["först"]
    letter = Message.objects.get().box["text"]
    assert letter.startswith("sedan\n\n")
    assert "Någon är i fara just nu" in letter


def test_what_the_public_does_leaves_no_line():
    intake.concern()

    assert not Entry.objects.exists()


def test_a_letter_sent_twice_is_one_letter():
    concern, key, number = intake.concern(), PrivateKey.generate(), uuid.uuid4()
    box = queries.OpenMailbox(concern.pk, key, concern.received_on, None, [])

    for _ in range(2):
        actions.write_more(letter=number, box=box, text="Det hände igen.", at=NIGHT)

    message = Message.objects.get()
    assert (message.box["text"], message.direction, message.sent_on.isoformat()) == (
        "Det hände igen.",
        "from_sender",
        "2026-11-21",
    )
    assert boxes.unseal(message.__dict__["sender_copy"], key)["value"]["text"] == "Det hände igen."


# ── Those who assess ──────────────────────────────────────────────────────


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", Role.values)
def test_only_the_reception_and_its_leader_handle_concerns(role, verb):
    concern, person = intake.concern(), accounts.user(role=role)

    if role in (Role.RECEPTION, Role.TEAM_LEADER):
        getattr(actions, verb)(concern, **VERBS[verb], by=person, at=NIGHT)
        assert lines(concern) != []
    else:
        with pytest.raises(Denied):
            getattr(actions, verb)(concern, **VERBS[verb], by=person, at=NIGHT)
        assert (lines(concern), Concern.objects.get().status) == ([], Status.RECEIVED)


def test_who_has_left_handles_nothing():
    with pytest.raises(Denied):
        actions.assess(intake.concern(), by=accounts.user(role=Role.RECEPTION, is_active=False), at=NIGHT)


def test_every_reading_is_a_line_and_the_sender_sees_the_first_day():
    concern, mona = intake.concern(), accounts.user(role=Role.RECEPTION)

    actions.read(concern, by=mona, at=NIGHT)
    actions.read(concern, by=mona, at=NIGHT + timedelta(days=2))

    assert lines(concern) == ["intake.concern.read", "intake.concern.read"]
    assert Concern.objects.get().seen_on.isoformat() == "2026-11-21"


def test_reading_marks_the_senders_letters_as_seen():
    concern, mona = intake.concern(), accounts.user(role=Role.RECEPTION)
    box = queries.OpenMailbox(concern.pk, PrivateKey.generate(), concern.received_on, None, [])
    actions.write_more(letter=uuid.uuid4(), box=box, text="Mer.", at=NIGHT)

    assert [letter.is_new for letter in queries.dossier(concern).letters] == [True]
    actions.read(concern, by=mona, at=NIGHT)
    assert [letter.is_new for letter in queries.dossier(concern).letters] == [False]


def test_an_answer_opens_with_the_senders_key_only():
    box = intake.mailbox()
    concern, mona = intake.concern(box=box), accounts.user(role=Role.RECEPTION)

    message = actions.answer(concern, text="Hör du det oftare nu?", by=mona, at=NIGHT)

    assert boxes.unseal(message.__dict__["sender_copy"], box.key)["value"]["text"] == "Hör du det oftare nu?"
    assert (message.box["text"], message.written_by) == ("Hör du det oftare nu?", mona)
    assert lines(concern) == ["intake.concern.answered"]


def test_the_answer_tells_the_sender_no_name():
    box = intake.mailbox()
    mona = accounts.user(role=Role.RECEPTION, name="Mona Mandelblom")

    message = actions.answer(intake.concern(box=box), text="Tack.", by=mona, at=NIGHT)

    assert "Mona" not in str(boxes.unseal(message.__dict__["sender_copy"], box.key))


def test_assessing_makes_it_mine_and_another_can_take_it_over():
    concern, mona, ronja = intake.concern(), accounts.user(role=Role.RECEPTION), accounts.user(role=Role.RECEPTION)

    assert actions.assess(concern, by=mona, at=NIGHT).assigned_to == mona
    assert actions.assess(concern, by=ronja, at=NIGHT).assigned_to == ronja


@pytest.mark.parametrize("verb", ["close", "take_up"])
def test_a_concern_about_a_child_is_not_decided_before_the_protection_assessment(verb):
    concern, mona = intake.concern(children="yes"), accounts.user(role=Role.RECEPTION)

    with pytest.raises(NotNow):
        getattr(actions, verb)(concern, **VERBS[verb], by=mona, at=NIGHT)
    assert Concern.objects.get().status == Status.RECEIVED

    actions.assess_protection(concern, **VERBS["assess_protection"], by=mona, at=NIGHT)
    assert getattr(actions, verb)(concern, **VERBS[verb], by=mona, at=NIGHT).status != Status.RECEIVED


def test_a_concern_about_a_child_can_be_handed_over_at_once():
    concern = intake.concern(children="yes")

    actions.hand_over(concern, **VERBS["hand_over"], by=accounts.user(role=Role.RECEPTION), at=NIGHT)

    assert Concern.objects.get().status == Status.HANDED_OVER


def test_taking_up_opens_a_case_that_begins_with_the_summary():
    concern, mona = intake.concern(), accounts.user(role=Role.RECEPTION)
    viola = accounts.user(role=Role.CASEWORKER, unit=accounts.unit("Vuxen våld"))

    taken = actions.take_up(concern, **VERBS["take_up"], name="Lova Lind", team=[viola], by=mona, at=NIGHT)

    case = taken.case
    assert (taken.status, taken.kind, taken.decided_on.isoformat()) == (Status.TAKEN_UP, "partner", "2026-11-21")
    assert (case.unit.name, case.district, case.person.sealed_name) == ("Vuxen våld", "centrum", "Lova Lind")
    assert {each.user for each in case.assignments.all()} == {mona, viola}
    assert [note.text for note in case.notes.all()] == ["Det skriks om kvällarna."]


@pytest.mark.parametrize(
    ("kind", "age_group", "process"),
    [
        ("partner", "adult", "vinr_adult"), ("other", "adult", "vinr_adult"), ("child", "child", "intake_assessment"),
        ("partner", "child", "intake_assessment"), ("honour", "child", "hrv"), ("honour", "adult", "hrv"),
        ("uses_violence", "adult", "uses_violence"), ("uses_violence", "child", "intake_assessment"),
    ],
)  # fmt: skip
def test_a_case_follows_the_process_that_the_routine_says(kind, age_group, process):
    given = VERBS["take_up"] | {"kind": kind, "age_group": age_group}

    taken = actions.take_up(intake.concern(), **given, by=accounts.user(role=Role.RECEPTION), at=NIGHT)

    assert taken.case.process_key == process


def test_whoever_takes_it_up_may_choose_another_process():
    mona = accounts.user(role=Role.RECEPTION)

    assert actions.take_up(intake.concern(), **VERBS["take_up"], process="hrv", by=mona, at=NIGHT).case.process_key == "hrv"


def test_the_routine_says_something_of_every_concern():
    assert all(catalogue.process_for(kind, age, on=NIGHT.date()) for kind in Kind.values for age in AgeGroup.values)


def test_a_concern_is_taken_up_once():
    concern, mona = intake.concern(), accounts.user(role=Role.RECEPTION)
    case = actions.take_up(concern, **VERBS["take_up"], by=mona, at=NIGHT).case

    with pytest.raises(NotNow):
        actions.take_up(concern, **VERBS["take_up"], by=mona, at=NIGHT)

    assert Concern.objects.get().case == case


def test_a_hand_over_is_open_until_someone_has_received_it():
    concern, mona = intake.concern(), accounts.user(role=Role.RECEPTION)

    handed = actions.hand_over(concern, **VERBS["hand_over"], by=mona, at=NIGHT)
    assert handed.is_on_its_way
    received = actions.confirm_hand_over(concern, received_by="Eva på jouren", by=mona, at=NIGHT)

    assert (received.received_by, received.is_on_its_way) == ("Eva på jouren", False)
    with pytest.raises(NotNow):
        actions.confirm_hand_over(concern, received_by="Eva", by=mona, at=NIGHT)


def test_a_hand_over_that_is_taken_back_can_be_made_again():
    concern, mona = intake.concern(), accounts.user(role=Role.RECEPTION)
    first = actions.hand_over(concern, **VERBS["hand_over"], by=mona, at=NIGHT)

    actions.assess(concern, by=mona, at=NIGHT)
    second = actions.hand_over(concern, **VERBS["hand_over"], by=mona, at=NIGHT)

    first.refresh_from_db()
    assert (first.is_on_its_way, second.is_on_its_way) == (False, True)


def test_a_closed_concern_has_its_reason_and_can_be_opened_again():
    concern, mona = intake.concern(), accounts.user(role=Role.RECEPTION)

    closed = actions.close(concern, reason="advice_given", kind="other", by=mona, at=NIGHT)
    assert (closed.status, closed.close_reason, closed.kind) == (Status.CLOSED, "advice_given", "other")

    again = actions.assess(concern, by=mona, at=NIGHT)
    assert (again.status, again.close_reason, again.decided_on) == (Status.ASSESSING, "", None)


def test_no_action_touches_the_senders_words():
    concern, mona = intake.concern(), accounts.user(role=Role.RECEPTION)
    before = bytes(concern.__dict__["body"])

    actions.assess(concern, by=mona, at=NIGHT)
    actions.close(concern, **VERBS["close"], by=mona, at=NIGHT)

    assert bytes(Concern.objects.get().__dict__["body"]) == before


# ── What must never be false ──────────────────────────────────────────────


@pytest.mark.parametrize(
    "wrong",
    [{"status": "taken_up"}, {"status": "closed"}, {"close_reason": "advice_given"}],
)
def test_the_database_refuses_a_decision_that_lacks_its_half(wrong):
    concern = intake.concern()

    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(**wrong)


def test_the_database_refuses_two_hand_overs_on_their_way():
    concern, mona = intake.concern(), accounts.user(role=Role.RECEPTION)
    handed = actions.hand_over(concern, **VERBS["hand_over"], by=mona, at=NIGHT)

    with pytest.raises(IntegrityError), transaction.atomic():
        handed.pk = uuid.uuid4()
        handed.save(force_insert=True)


# ── The municipality's own words ──────────────────────────────────────────


@pytest.mark.parametrize("role", Role.values)
def test_public_texts_are_published_by_those_who_answer_for_them(role):
    person = accounts.user(role=role)
    text = {"key": "on_call", "language": "sv", "title": "Jouren", "body": "Kvällar", "phone": "010-174 06 00"}

    if role in (Role.TEAM_LEADER, Role.STRATEGIST):
        assert actions.publish_text(**text, by=person, at=NIGHT).review == "reviewed"
    else:
        with pytest.raises(Denied):
            actions.publish_text(**text, by=person, at=NIGHT)


def test_a_text_that_nobody_reviewed_is_not_published():
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicText.objects.create(key="on_call", language="ar", title="x", body="y", published_at=NIGHT)
