"""What the inbox shows, to whom, in which order; and what a receipt opens."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from nacl.public import PrivateKey

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.crypto import boxes, receipts
from fridhem.pure.refusals import Denied
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.intake import actions, queries
from fridhem.rooms.intake.models import Concern
from tests.factories import accounts, intake

pytestmark = pytest.mark.django_db


@pytest.fixture
def mona():
    return accounts.user(role=Role.RECEPTION)


def days_ago(number):
    return timezone.now() - timedelta(days=number)


def shown(user, view="open"):
    return [concern.urgency for concern in queries.inbox(user, view)]


def test_the_most_urgent_and_then_the_oldest_come_first(mona):
    for urgency in ("later", "days", "unsure", "today", "now"):
        intake.concern(urgency=urgency)
    older = intake.concern(urgency="today", at=days_ago(3))

    assert shown(mona) == ["now", "today", "today", "unsure", "days", "later"]
    assert list(queries.inbox(mona, "open"))[1] == older


@pytest.mark.parametrize("role", Role.values)
def test_only_the_reception_and_its_leader_find_concerns(role):
    intake.concern()
    person = accounts.user(role=role)

    if role in (Role.RECEPTION, Role.TEAM_LEADER):
        assert (len(queries.inbox(person, "open")), len(queries.visible_to(person)), queries.waiting(person)) == (1, 1, 1)
    else:
        assert (len(queries.visible_to(person)), queries.waiting(person)) == (0, 0)
        with pytest.raises(Denied):
            queries.inbox(person, "open")


def test_what_still_needs_us_stays_in_the_inbox(mona):
    closed, handed, written = intake.concern(), intake.concern(urgency="today"), intake.concern(urgency="later")
    for concern in (closed, written):
        actions.close(concern, reason="advice_given", kind="other", by=mona, at=timezone.now())
    actions.hand_over(handed, receiver="police", kind="other", note="", by=mona, at=timezone.now())
    box = queries.OpenMailbox(written.pk, PrivateKey.generate(), written.received_on, None, [])
    actions.write_more(letter=uuid.uuid4(), box=box, text="Mer.", at=timezone.now())

    assert (shown(mona), shown(mona, "closed")) == (["today", "later"], ["days"])

    actions.confirm_hand_over(handed, received_by="Polisen", by=mona, at=timezone.now())
    actions.read(written, by=mona, at=timezone.now())
    assert (shown(mona), sorted(shown(mona, "closed"))) == ([], ["days", "later", "today"])


def test_mine_are_those_that_i_assess(mona):
    intake.concern()
    actions.assess(intake.concern(urgency="now"), by=mona, at=timezone.now())

    assert (shown(mona, "mine"), queries.counts(mona)) == (["now"], {"open": 2, "mine": 1, "closed": 0})
    assert shown(accounts.user(role=Role.TEAM_LEADER), "mine") == []


@pytest.mark.parametrize("view", queries.VIEWS)
def test_the_inbox_asks_as_often_for_one_row_as_for_three(mona, view, django_assert_num_queries):
    def fill(number):
        for _ in range(number):
            concern = actions.assess(intake.concern(children="yes"), by=mona, at=timezone.now())
            if view == "closed":
                actions.assess_protection(concern, outcome="not_needed", note="", by=mona, at=timezone.now())
                actions.close(concern, reason="advice_given", kind="other", by=mona, at=timezone.now())

    def read():
        return [(line.concern.assigned_to.name, line.children_label) for line in queries.lines(queries.inbox(mona, view))]

    fill(1)
    with django_assert_num_queries(1):
        assert len(read()) == 1
    fill(2)
    with django_assert_num_queries(1):
        assert len(read()) == 3


@pytest.mark.parametrize("letters", [1, 3])
def test_a_concern_asks_as_often_for_one_letter_as_for_three(mona, letters, django_assert_num_queries):
    concern = intake.concern()
    for number in range(letters):
        actions.answer(concern, text=f"Svar {number}", by=mona, at=timezone.now())
        actions.assess_protection(concern, outcome="not_needed", note="", by=mona, at=timezone.now())

    with django_assert_num_queries(3):
        dossier = queries.dossier(concern)
        names = [letter.by for letter in dossier.letters] + [each.made_by.name for each in dossier.assessments]
    assert names == [mona.name] * letters * 2


def test_letters_stand_in_the_order_they_were_written(mona):
    concern = intake.concern()
    now = timezone.now()
    box = queries.OpenMailbox(concern.pk, PrivateKey.generate(), concern.received_on, None, [])
    actions.answer(concern, text="tre", by=mona, at=now)
    actions.write_more(letter=uuid.uuid4(), box=box, text="två", at=now - timedelta(minutes=1))
    actions.write_more(letter=uuid.uuid4(), box=box, text="ett", at=now - timedelta(hours=30))

    assert [letter.text for letter in queries.dossier(concern).letters] == ["ett", "två", "tre"]


def test_a_damaged_concern_is_shown_as_damaged_and_counts_as_being_about_a_child(mona):
    concern = intake.concern(children="no")
    Concern.objects.filter(pk=concern.pk).update(body=b"x" * 200)
    damaged = Concern.objects.get()

    dossier = queries.dossier(damaged)

    assert (dossier.said, dossier.needs_protection_assessment, dossier.told_at) == (None, True, damaged.received_on)
    assert queries.lines([damaged])[0].children == "unsure"


@pytest.mark.parametrize("content", ["text", 7, ["list"], {"what": 1, "at": "yesterday", "children": "perhaps"}])
def test_a_box_with_something_else_in_it_stops_nobody(mona, content):
    concern = intake.concern()
    concern.body = content
    concern.save()

    dossier = queries.dossier(Concern.objects.get())

    assert dossier.told_at == concern.received_on
    assert len(queries.lines(queries.inbox(mona, "open"))) == 1


def test_the_summary_tells_what_and_where_but_not_who_told():
    concern = intake.concern(what="Skrik.", where="Björkvägen 12", about="Lova", name="Greta Granne", contact="070")

    assert queries.summary_of(concern) == "Björkvägen 12 · Lova\n\nSkrik."


def test_a_case_shows_the_concern_it_began_with_and_the_way_there_to_those_who_may_read_it(mona):
    concern = intake.concern()
    words = {"kind": "partner", "district": "centrum", "age_group": "adult", "summary": "x"}
    case = actions.take_up(concern, **words, by=mona, at=timezone.now()).case

    def url(user):
        casework.assign(case, by=accounts.user(Role.TEAM_LEADER, unit=case.unit), at=timezone.now(), user=user)
        with accounts.at_work(user):
            return queries.panel_of_case(case.pk, user).context["url"]

    assert url(mona) == f"/intern/inkorg/{concern.pk}/"
    assert url(accounts.user(role=Role.CASEWORKER)) == ""
    assert queries.panel_of_case(uuid.uuid4(), mona) is None


# ── The one who holds a receipt ───────────────────────────────────────────


@pytest.fixture
def sent():
    """A concern sent with a real receipt, answered, and added to."""
    receipt = receipts.new_receipt()
    box = queries.mailbox_of(receipt)
    concern = intake.concern(box=box, what="Det skriks.")
    actions.answer(concern, text="När?", by=accounts.user(role=Role.RECEPTION, name="Mona"), at=timezone.now())
    return receipt, concern


def test_a_receipt_opens_what_was_sent_and_the_answers(sent):
    receipt, concern = sent

    box = queries.open_mailbox(receipt)
    actions.write_more(letter=uuid.uuid4(), box=box, text="Varje kväll.", at=timezone.now())
    again = queries.open_mailbox(receipt)

    assert (again.concern_id, again.has_answer) == (concern.pk, True)
    told = [(letter.direction, letter.text, letter.by) for letter in again.letters]
    assert told == [("from_sender", "Det skriks.", ""), ("to_sender", "När?", ""), ("from_sender", "Varje kväll.", "")]


def test_a_mailbox_opens_nothing_for_another_receipt(sent):
    assert queries.open_mailbox("1" * 20) is None


def test_the_house_can_not_open_the_senders_copies(sent):
    _receipt, concern = sent
    message = concern.messages.get()

    for row in (concern, message):
        with pytest.raises(boxes.Unopenable):
            _ = row.sender_copy


def test_a_letter_that_was_moved_between_mailboxes_is_not_shown(sent):
    receipt, concern = sent
    stranger = intake.concern(what="Någon annans ord.", box=queries.mailbox_of("2" * 20))
    Concern.objects.filter(pk=concern.pk).update(sender_copy=bytes(stranger.__dict__["sender_copy"]))

    letters = queries.open_mailbox(receipt).letters
    assert [letter.text for letter in letters if letter.direction != "to_sender"] == [None]


def test_the_texts_are_the_latest_published_in_the_language_or_else_in_swedish():
    leader = accounts.user(role=Role.TEAM_LEADER)
    for language, body, at in (
        ("sv", "gammal", days_ago(9)),
        ("sv", "ny", days_ago(1)),
        ("sv", "kommande", days_ago(-1)),
        ("ar", "عربية", days_ago(30)),
    ):
        actions.publish_text("on_call", language, title="Jouren", body=body, by=leader, at=at)

    def body(language):
        return queries.public_texts(language, timezone.now())["on_call"].body

    assert (body("sv"), body("en"), body("ar")) == ("ny", "ny", "عربية")
