"""The inbox and the page of a concern, as the staff meet them."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.pure.identity import test_number as never_assigned
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework.actions import people as involved
from fridhem.rooms.intake import actions
from fridhem.rooms.intake.models import Concern
from fridhem.rooms.intake.views.staff import PAGE
from tests.factories import accounts, intake

pytestmark = pytest.mark.django_db
PAGES = ("concern", "protection", "take-up", "hand-over", "received", "close")
POSTS = (*PAGES[1:], "assess", "answer")


@pytest.fixture
def mona():
    return accounts.user(role=Role.RECEPTION, name="Mona Mandelblom")


@pytest.fixture
def desk(mona):
    client = Client()
    client.force_login(mona)
    return client


def address(name, concern):
    return reverse(f"intake:{name}", args=[concern.pk])


def told():
    return list(Entry.objects.order_by("at").values_list("verb", flat=True))


# ── Who ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", Role.values)
def test_the_pages_open_for_those_who_assess_and_for_nobody_else(role):
    concern, client = intake.concern(), Client()
    client.force_login(accounts.user(role=role))
    trusted = role in (Role.RECEPTION, Role.TEAM_LEADER)

    assert client.get(reverse("intake:inbox")).status_code == (200 if trusted else 403)
    assert {client.get(address(name, concern)).status_code for name in PAGES} == ({200} if trusted else {403})
    if not trusted:
        assert {client.post(address(name, concern)).status_code for name in POSTS} == {403}
        assert told() == []


def test_a_stranger_is_sent_to_sign_in():
    concern = intake.concern()

    for name in PAGES:
        assert Client().get(address(name, concern))["Location"].startswith("/logga-in/")


# ── The inbox ─────────────────────────────────────────────────────────────


def test_the_inbox_shows_what_decides_the_place_and_nothing_that_was_told(desk):
    concern = intake.concern(urgency="now", children="yes", what="Skrik varje natt.", where="Björkvägen 12", about="Lova Lind")

    page = desk.get(reverse("intake:inbox")).text

    for word in (concern.number, "Någon är i fara just nu", "Granne", "Ja"):
        assert word in page
    for word in ("Skrik", "Björkvägen", "Lova"):
        assert word not in page
    assert told() == ["intake.inbox.listed"]


def test_the_inbox_has_pages_and_opens_only_one(desk, mona, django_assert_max_num_queries):
    for _ in range(PAGE + 2):
        intake.concern()

    with django_assert_max_num_queries(16):
        first = desk.get(reverse("intake:inbox")).text
    second = desk.get(reverse("intake:inbox") + "?page=2").text

    numbers = [re.findall("O-[0-9A-F]{5}", page) for page in (first, second)]
    assert [len(found) for found in numbers] == [PAGE, 2]


@pytest.mark.parametrize("query", ["?visa=nonsense", "?page=x", "?page=9999", "?visa=closed&page=-1", "?visa=%00"])
def test_a_strange_address_shows_the_inbox(desk, query):
    intake.concern()

    assert desk.get(reverse("intake:inbox") + query).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_asks_as_often_for_one_row_as_for_three(desk, rows, django_assert_num_queries):
    for _ in range(rows):
        intake.concern()
    desk.get(reverse("intake:inbox"))

    with django_assert_num_queries(15):
        desk.get(reverse("intake:inbox"))


# ── One concern ───────────────────────────────────────────────────────────


def test_opening_a_concern_shows_what_was_told_and_says_so_in_the_log(desk, mona):
    concern = intake.concern(what="Skrik <b>varje</b> natt.", where="Björkvägen 12", name="Greta Granne", contact="010-174 06 01")

    page = desk.get(address("concern", concern)).text

    for word in ("Skrik &lt;b&gt;varje&lt;/b&gt; natt.", "Björkvägen 12", "Greta Granne", "010-174 06 01"):
        assert word in page
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject, entry.actor) == ("intake.concern.read", concern.pk, mona.pk)


def test_an_anonymous_concern_reminds_that_nobody_may_search_for_the_sender(desk):
    assert "Avsändaren är anonym" in desk.get(address("concern", intake.concern())).text
    assert "Avsändaren är anonym" not in desk.get(address("concern", intake.concern(name="Greta"))).text


def test_a_damaged_concern_has_a_page_that_says_so(desk):
    concern = intake.concern()
    Concern.objects.filter(pk=concern.pk).update(body=b"x" * 300)

    assert "Anmälan går inte att öppna" in desk.get(address("concern", concern)).text
    assert desk.get(reverse("intake:inbox")).status_code == 200
    assert desk.get(address("take-up", concern)).status_code == 200


def test_the_whole_way_from_reading_to_a_case(desk, mona):
    concern = intake.concern(children="yes", what="Skrik varje natt.", where="Björkvägen 12")
    viola = accounts.user(role=Role.CASEWORKER, unit=accounts.unit("Vuxen våld"))

    desk.post(address("assess", concern))
    desk.post(address("answer", concern), {"text": "Hör du det oftare?"})
    desk.post(address("protection", concern), {"outcome": "not_needed", "note": "Barnen är hos mormor."})
    form = desk.get(address("take-up", concern)).text
    done = desk.post(
        address("take-up", concern),
        {
            "kind": "partner",
            "age_group": "adult",
            "name": "Lova Lind",
            "identity_number": never_assigned(timezone.localdate().replace(year=1990, day=1), 0),
            "protection": "none",
            "district": "centrum",
            "caseworker": viola.pk,
            "summary": "Grannen hör skrik.",
        },
        follow=True,
    )

    concern = Concern.objects.get()
    assert "Björkvägen 12\n\nSkrik varje natt." in form
    assert done.redirect_chain == [(address("concern", concern), 302)]
    assert concern.case.number in done.text
    assert (concern.case.person.sealed_name, concern.case.unit.name) == ("Lova Lind", "Vuxen våld")


def test_a_hand_over_waits_for_its_receipt(desk):
    concern = intake.concern(children="yes")

    handed = desk.post(address("hand-over", concern), {"receiver": "on_call", "kind": "child", "note": "Ringde."}, follow=True)
    assert "Inte kvitterad" in handed.text
    received = desk.post(address("received", concern), {"received_by": "Eva på jouren"}, follow=True)

    assert "Mottagen av Eva på jouren" in received.text
    assert "Inte kvitterad" not in received.text


def test_what_may_not_be_done_now_is_refused_with_the_reason(desk, mona):
    child, done = intake.concern(children="yes"), intake.concern()
    actions.close(done, reason="advice_given", kind="other", by=mona, at=timezone.now())
    closing = {"kind": "other", "reason": "advice_given"}

    first, second = desk.post(address("close", child), closing), desk.post(address("close", done), closing)

    assert (first.status_code, second.status_code) == (409, 409)
    assert "Gör den omedelbara skyddsbedömningen först." in first.text
    assert "Anmälan är avslutad utan ärende" in second.text
    assert desk.post(address("received", child), {"received_by": "Eva"}).status_code == 409


BAD = {
    "protection": [{}, {"outcome": "nonsense", "note": "x"}, {"outcome": "urgent", "note": "\x00"}],
    "hand-over": [{}, {"receiver": "x", "kind": "y", "note": ""}],
    "received": [{}, {"received_by": " "}, {"received_by": "å" * 201}],
    "close": [{}, {"kind": "other", "reason": "x"}],
    "take-up": [{}, {"identity_number": "19900101-0000"}, {"name": "\x00"}, {"district": "atlantis", "caseworker": "x"}],
    "answer": [{}, {"text": "å" * 20_001}, {"text": "\x00"}],
}


@pytest.mark.parametrize(("name", "values"), [(name, values) for name, tries in BAD.items() for values in tries])
def test_what_is_badly_filled_in_is_said_at_the_field_and_nothing_is_saved(desk, name, values):
    concern = intake.concern()

    response = desk.post(address(name, concern), values)

    concern = Concern.objects.get()
    assert (response.status_code, concern.status, concern.messages.count()) == (422, "received", 0)
    assert "Något behöver rättas" in response.text or "Det finns ett problem" in response.text


def test_a_number_needs_its_name(desk):
    number = never_assigned(timezone.localdate().replace(year=1990, day=1), 0)

    response = desk.post(address("take-up", intake.concern()), {"identity_number": number})

    assert "Skriv namnet som hör till numret." in response.text


def test_an_unknown_concern_is_not_found(desk):
    assert desk.get("/intern/inkorg/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_the_pages_speak_english_too(desk):
    concern = intake.concern()

    page = desk.get(address("concern", concern), headers={"Accept-Language": "en"}).text

    assert f"Concern {concern.number}" in page
    assert "What was told" in page


def test_an_answer_that_tells_something_protected_stays_and_nothing_written_is_lost(client):
    mona, concern = accounts.user(Role.RECEPTION), intake.concern()
    actions.assess(concern, by=mona, at=timezone.now())
    viola = accounts.user(Role.CASEWORKER)
    given = {
        "kind": "partner",
        "district": "norra",
        "age_group": "adult",
        "summary": "x",
        "name": "Lova Lind",
        "protection": "local",
    }
    taken = actions.take_up(concern, by=mona, at=timezone.now(), team=[viola], **given)
    involved.add_detail(taken.case, taken.case.person_id, by=viola, at=timezone.now(), kind="phone", value="070-174 06 58")
    client.force_login(mona)
    written = "Hon nås på 070 174 06 58 efter fem."

    answer = client.post(reverse("intake:answer", args=[concern.pk]), {"text": written})

    assert answer.status_code == 422
    assert "Texten röjer något skyddat: Telefon." in answer.content.decode()
    assert written in answer.content.decode()
    with pytest.raises(NotNow):
        actions.answer(taken, text=written, by=mona, at=timezone.now())
    assert not taken.messages.exists()
    assert actions.answer(taken, text="Tack, vi hjälper till.", by=mona, at=timezone.now())
