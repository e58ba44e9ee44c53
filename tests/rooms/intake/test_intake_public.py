"""The public face: the whole way, every kind of bad input, and what it never tells."""

import html
import re
import uuid
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.crypto import receipts
from fridhem.foundation.crypto.service import key_service
from fridhem.rooms.intake import actions, queries
from fridhem.rooms.intake.forms.public import ConcernForm, Ticket
from fridhem.rooms.intake.models import Concern, Message
from tests.factories import accounts, intake

TOLD = {
    "urgency": "days",
    "what": "Det skriks hos grannen.",
    "where": "Björkvägen 12",
    "about": "",
    "children": "yes",
    "relation": "neighbour",
    "identity": "anonymous",
    "name": "",
    "contact": "",
}


def heading(response) -> str:
    """What the page is about: its h1, without markup."""
    return re.sub("<[^>]+>", "", re.search("<h1.*?</h1>", response.text, re.S)[0])


def hidden(response) -> dict[str, str]:
    """What the page carries along."""
    inputs = re.findall(r'<input type="hidden" name="(\w+)" (?:value="([^"]*)")?', response.text)
    return {name: html.unescape(value) for name, value in inputs}


@pytest.fixture
def read(house_keys, visitor, settings):
    """Read the one concern with the house's keys, then go on being the public process."""

    def reading() -> dict:
        settings.FRIDHEM_KEYS, shut = house_keys, settings.FRIDHEM_KEYS
        key_service.cache_clear()
        content = Concern.objects.get().body
        settings.FRIDHEM_KEYS = shut
        key_service.cache_clear()
        return content

    return reading


# ── The way through ───────────────────────────────────────────────────────


def test_the_first_page_is_plain_and_says_first_that_it_leaves_traces(visitor):
    response = visitor.opens()

    plain = response.text.split("<template")[0]
    assert response.status_code == 200
    assert plain.index("kan lämna spår") < plain.index('name="what"')
    assert 'href="tel:112"' in plain
    assert all(name in plain for name in TOLD)


def test_every_step_leads_to_the_next_and_carries_what_was_said(visitor):
    page = visitor.sends("begin")
    way = [heading(page)]
    said = hidden(page)
    for answers in (
        {"urgency": "today"},
        {},
        {"what": TOLD["what"]},
        {"where": "Björkvägen 12", "about": "", "children": "yes"},
        {"relation": "neighbour", "identity": "named"},
        {"name": "Greta Granne", "contact": "070-174 06 01"},
    ):
        page = visitor.sends("next", **{**said, **answers})
        assert page.status_code == 200, page.text
        way.append(heading(page))
        said = hidden(page)
    assert way == [
        "Hur bråttom är det?",
        "Du kan prata med någon nu",
        "Vad har hänt?",
        "Var är det, och vem gäller det?",
        "Om dig",
        "Hur når vi dig?",
        "Läs igenom innan du skickar",
    ]
    receipt = Ticket.read(said["ticket"]).receipt
    assert receipt in page.text

    sent = visitor.sends("send", **said)

    assert heading(sent) == "Tack för att du berättade"
    assert receipt in sent.text
    assert [letter.text for letter in queries.open_mailbox(receipt).letters] == [TOLD["what"]]


@pytest.mark.parametrize("urgency", ["now", "today", "unsure", "days", "later"])
def test_danger_meets_the_numbers_before_any_more_questions(visitor, urgency):
    page = visitor.sends("next", at="urgency", urgency=urgency)

    if urgency == "now":
        assert heading(page) == "Ring 112 nu"
    else:
        assert heading(page) == ("Vad har hänt?" if urgency in ("days", "later") else "Du kan prata med någon nu")
    if urgency in ("now", "today", "unsure"):
        assert "Knacka inte på" in page.text


def test_the_way_back_keeps_what_was_said(visitor):
    page = visitor.sends("back", at="where", **TOLD)

    assert heading(page) == "Vad har hänt?"
    assert TOLD["what"] in page.text
    assert hidden(page)["where"] == "Björkvägen 12"


def test_a_change_goes_back_to_the_reading(visitor):
    page = visitor.sends("edit:where", at="review", **TOLD)
    assert heading(page) == "Var är det, och vem gäller det?"

    again = visitor.sends("next", at="where", through="1", **TOLD)

    assert heading(again) == "Läs igenom innan du skickar"


def test_a_change_to_danger_meets_the_numbers(visitor):
    page = visitor.sends("next", at="urgency", through="1", **{**TOLD, "urgency": "now"})

    assert heading(page) == "Ring 112 nu"
    assert heading(visitor.sends("next", **hidden(page))) == "Läs igenom innan du skickar"


def test_a_name_that_was_written_before_choosing_to_be_anonymous_is_not_sent(visitor, read):
    visitor.sends("send", ticket=Ticket.new(), **{**TOLD, "name": "Greta", "contact": "070"})

    assert (read()["name"], read()["contact"]) == ("", "")


@pytest.mark.parametrize("by_script", [True, False])
def test_what_was_said_arrives_whole(visitor, read, by_script):
    response = visitor.sends("send", by_script=by_script, ticket=Ticket.new(), **TOLD)

    content = read()
    assert response.status_code == 200
    assert {name: content[name] for name in TOLD} == TOLD
    assert content["language"] == "sv"


def test_the_same_submission_sent_again_is_one_concern_and_the_same_answer(visitor):
    ticket = Ticket.new()

    first = visitor.sends("send", ticket=ticket, **TOLD)
    second = visitor.sends("send", ticket=ticket, **TOLD)

    assert (Concern.objects.count(), first.text) == (1, second.text)


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
@pytest.mark.parametrize(
    "place", ["start", "urgency", "numbers", "what", "where", "you", "contact", "review", "entrance", "sent"]
)
def test_every_place_speaks_every_language_and_keeps_what_was_said(visitor, language, place):
    said = {**TOLD, "urgency": "today", "identity": "named", "name": "Greta", "ticket": str(Ticket.new())}

    page = visitor.sends(f"speak:{language}", at=place, **said)

    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page.text
    assert f'name="at" value="{place}"' in page.text
    if place not in ("start", "entrance", "sent"):
        assert TOLD["what"] in page.text
        assert said["ticket"] in page.text.replace("&quot;", '"')


@pytest.mark.parametrize(("wanted", "language"), [("ar-SY", "ar"), ("en-GB,sv;q=0.5", "en"), ("fi", "sv"), ("", "sv")])
def test_the_first_page_speaks_the_browsers_language_when_it_can(visitor, wanted, language):
    assert f'<html lang="{language}"' in visitor.opens(**{"Accept-Language": wanted}).text


# ── Neutral, and without a trace ──────────────────────────────────────────


@pytest.mark.parametrize("go", ["", "begin", "entrance", "open", "send", "speak:en", "nonsense:1"])
def test_every_answer_has_the_same_title_no_cookie_and_is_not_stored(visitor, settings, go):
    response = visitor.sends(go)

    assert re.findall("<title>(.*?)</title>", response.text) == [settings.FRIDHEM_MUNICIPALITY]
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert "data-exit" in response.text


def test_nothing_on_the_page_is_remembered_by_the_browser(visitor):
    pages = [visitor.opens(), visitor.sends("entrance")]
    pages += [visitor.sends(f"edit:{step}", at="review", **TOLD) for step in ConcernForm.STEPS]

    for page in pages:
        forms = re.findall("<form[^>]*>", page.text)
        boxes = re.findall("<(?:input|textarea)[^>]*>", page.text)
        assert [form for form in forms if 'autocomplete="off"' not in form] == []
        assert [box for box in boxes if 'autocomplete="off"' not in box] == []
        assert [box for box in boxes if re.match('<textarea|<input type="text"', box) and 'spellcheck="false"' not in box] == []


def test_the_script_stores_nothing_and_writes_no_history():
    code = Path(finders.find("intake/page.js")).read_text(encoding="utf-8")

    for word in ("localStorage", "sessionStorage", "indexedDB", "cookie", "pushState", "replaceState", "location.href", "eval"):
        assert word not in code


def test_the_page_asks_nobody_else_for_anything(visitor):
    page = visitor.opens().text

    assert [url for url in re.findall(r'(?:src|href)="([^"]+)"', page) if not url.startswith(("/", "tel:", "#"))] == [
        "https://www.svt.se/vader/"
    ] * page.count("data-exit>")


def test_what_the_browser_tells_about_itself_is_stored_nowhere(visitor, read):
    canaries = {
        "User-Agent": "canary-agent",
        "X-Forwarded-For": "203.0.113.77",
        "X-Real-IP": "203.0.113.78",
        "Referer": "http://testserver/canary-referer",
        "Accept-Language": "sv-canary",
        "Cookie": "canary=canary-cookie",
    }
    visitor.client.post(
        "/", {"go": "send", "ticket": str(Ticket.new()), **TOLD}, headers={"X-Steps": "1", **canaries}, REMOTE_ADDR="2001:db8::77"
    )

    kept = str(read()) + str(list(Concern.objects.values())) + str(list(Entry.objects.values()))
    assert "Björkvägen" in kept
    assert [word for word in ("canary", "203.0.113", "2001:db8", "127.0.0.1") if word in kept] == []


# ── Bad input ─────────────────────────────────────────────────────────────

KEPT = {
    "ten thousand characters": "ord " * 2500,
    "as much as fits": "å" * 20_000,
    "emoji": "👩‍👧‍👦 🔥 🇸🇪",
    "right to left": "\u202eيصرخون كل ليلة\u202c abc",
    "markup": "<script>alert(1)</script> & \"'",
    "line breaks": "ett\r\ntvå\rtre\nfyra",
    "a template": "{{ secret_key }} {% include 'x' %} %s %(x)s",
    "combining": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_strange_words_arrive_as_they_were_written(visitor, read, text):
    response = visitor.sends("send", ticket=Ticket.new(), **{**TOLD, "what": text})

    assert response.status_code == 200
    assert read()["what"] == text.replace("\r\n", "\n").replace("\r", "\n").strip()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_markup_is_shown_as_it_was_written(visitor, text):
    page = visitor.sends("edit:what", at="review", **{**TOLD, "what": text})
    review = visitor.sends("next", at="what", through="1", **{**TOLD, "what": text})

    assert text not in page.text + review.text
    assert "&lt;" in page.text


REFUSED = {
    "nothing": "",
    "only blanks": " \n\t ",
    "too long": "å" * 20_001,
    "a null byte": "ord\x00ord",
    "only a null byte": "\x00",
    "what could not be read": "v�ld",
}


@pytest.mark.parametrize("by_script", [True, False])
@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_can_not_be_taken_in_is_said_at_the_field_and_nothing_is_lost(visitor, text, by_script):
    response = visitor.sends("send", by_script=by_script, ticket=Ticket.new(), **{**TOLD, "what": text})

    assert response.status_code == 422
    assert 'id="q-what_error"' in response.text
    assert 'href="#q-what"' in response.text
    assert text.replace("\r", "") in response.text
    assert TOLD["where"] in response.text
    assert not Concern.objects.exists()


@pytest.mark.parametrize("name", ["urgency", "children", "relation", "identity"])
@pytest.mark.parametrize("value", ["", "nonsense", "\x00", "1' OR '1'='1"])
def test_a_choice_that_is_none_is_said_at_the_field(visitor, name, value):
    response = visitor.sends("send", ticket=Ticket.new(), **{**TOLD, name: value})

    assert (response.status_code, Concern.objects.exists()) == (422, False)
    assert f'id="q-{name}_error"' in response.text
    assert TOLD["what"] in response.text


@pytest.mark.parametrize("name", ["where", "about", "name", "contact"])
def test_a_short_answer_has_its_own_limit(visitor, name):
    response = visitor.sends("send", ticket=Ticket.new(), **{**TOLD, "identity": "named", "name": "Greta", name: "å" * 201})

    assert response.status_code == 422
    assert f'id="q-{name}_error"' in response.text


def test_who_wants_to_say_the_name_is_asked_for_it(visitor):
    response = visitor.sends("send", ticket=Ticket.new(), **{**TOLD, "identity": "named"})

    assert (response.status_code, heading(response)) == (422, "Hur når vi dig?")
    assert 'id="q-name_error"' in response.text


@pytest.mark.parametrize("by_script", [True, False])
@pytest.mark.parametrize("go", ["send", "next", "back", "edit:what", "edit:", "speak:xx", "add", "open", "begin", "\x00"])
def test_missing_fields_never_break_the_page(visitor, go, by_script):
    response = visitor.sends(go, by_script=by_script)

    assert response.status_code in (200, 422)
    assert not Concern.objects.exists()


@pytest.mark.parametrize("ticket", ["", "forged", "x:y:z", "\x00"])
def test_a_ticket_that_is_not_ours_gets_a_new_receipt_before_anything_is_sent(visitor, ticket):
    response = visitor.sends("send", ticket=ticket, **TOLD)

    assert (response.status_code, heading(response), Concern.objects.exists()) == (422, "Läs igenom innan du skickar", False)
    assert "Du har fått ett nytt kvitto" in response.text
    assert visitor.sends("send", **hidden(response)).status_code == 200
    assert Concern.objects.count() == 1


def test_a_receipt_can_not_be_chosen_by_the_sender(visitor):
    ours = str(Ticket.new())
    forged = ours[:-3] + "abc"

    assert Ticket.read(ours) is not None
    assert Ticket.read(forged) is None


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/x-www-form-urlencoded; charset=iso-8859-1", b"go=send&what=v\xe5ld", 400),
        ("application/x-www-form-urlencoded", b"go=send&what=v%E5ld%ED%A0%80", 422),
        ("application/x-www-form-urlencoded; charset=nonsense", b"go=send", 422),
        ("multipart/form-data; boundary=x", b"not a part", 200),
        ("multipart/form-data", b"no boundary", 400),
        ("application/json", b'{"go": "send"}', 200),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1001)), 400),
        ("application/x-www-form-urlencoded", b"what=" + b"a" * 1_100_000, 413),
        ("text/plain", b"\xff\xfe\x00", 200),
    ],
)
def test_a_request_that_is_no_form_is_answered_and_saves_nothing(visitor, content_type, body, status):
    visitor.client.raise_request_exception = False

    response = visitor.client.generic("POST", "/", body, content_type=content_type, headers={"X-Steps": "1"})

    assert (response.status_code, Concern.objects.exists()) == (status, False)


@pytest.mark.parametrize("charset", ["utf-7", "punycode", "utf-16"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_says_it_is_written_in_something_else_is_not_read(visitor, method, charset):
    visitor.client.raise_request_exception = False
    kind = f"application/x-www-form-urlencoded; charset={charset}"

    page = visitor.client.generic(method, "/?q=å", b"go=entrance", content_type=kind, headers={"X-Steps": "1"})

    assert (page.status_code, heading(page)) == (400, "Begäran gick inte att läsa")


@pytest.mark.parametrize("length", ["", "many", "½", "1e9"])
def test_a_length_that_is_none_is_no_reason_to_fall(visitor, length):
    response = visitor.client.post("/", {"go": "begin"}, headers={"X-Steps": "1"}, CONTENT_LENGTH=length)

    assert response.status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(visitor, method):
    assert visitor.client.generic(method, "/").status_code == 405


# ── The mailbox ───────────────────────────────────────────────────────────


@pytest.fixture
def sent(db):
    """A concern with a real receipt and an answer."""
    receipt = receipts.new_receipt()
    concern = intake.concern(box=queries.mailbox_of(receipt), what="Det skriks.")
    actions.answer(concern, text="När hör du det?", by=accounts.user(role=Role.RECEPTION), at=timezone.now())
    return receipt


@pytest.mark.parametrize("by_script", [True, False])
def test_a_receipt_opens_the_letters_and_more_can_be_added(sent, visitor, by_script):
    page = visitor.sends("open", by_script=by_script, receipt=sent.replace(" ", "-"))
    assert (heading(page), "När hör du det?" in page.text) == ("Dina brev", True)

    added = visitor.sends("add", by_script=by_script, receipt=sent, letter=uuid.uuid4(), text="Varje kväll & natt.")

    assert "Varje kväll &amp; natt." in added.text
    assert "Tack. Vi har tagit emot det du la till." in added.text


@pytest.mark.parametrize("text", ["", "å" * 20_001, "\x00"])
def test_a_letter_that_can_not_be_taken_in_is_said_at_the_field_and_kept(sent, visitor, text):
    page = visitor.sends("add", receipt=sent, letter=uuid.uuid4(), text=text)

    assert (page.status_code, Message.objects.count()) == (422, 1)
    assert 'id="l-text_error"' in page.text
    assert text in page.text


def test_a_letter_without_a_number_of_its_own_is_not_lost(sent, visitor):
    visitor.sends("add", receipt=sent, letter="nonsense", text="Varje kväll.")

    assert Message.objects.count() == 2


WRONG = ["", "1", "1234 5678 9012 3456 7890", "x" * 20, "1" * 19, "1" * 21, "½" * 20, "\x00" * 20, "9" * 10_000, "' OR 1=1 --"]


@pytest.mark.parametrize("by_script", [True, False])
def test_every_wrong_receipt_gets_the_same_answer_to_the_byte(sent, visitor, by_script):
    def masked(response):
        """The answer without the ticket that the plain form begins with anew at every visit."""
        fresh = re.findall(r'name="ticket" value="([^"]*)"|concern-receipt__digits"[^>]*>([^<]*)<', response.text)
        text = response.text
        for word in filter(None, (word for pair in fresh for word in pair)):
            text = text.replace(word, "")
        return text

    responses = [visitor.sends("open", by_script=by_script, receipt=typed) for typed in WRONG]
    answers = {(response.status_code, masked(response)) for response in responses}

    assert len(answers) == 1
    assert "Vi hittar inget med det kvittot" in answers.pop()[1]


@pytest.mark.parametrize("typed", ["", "x" * 20, "1" * 20])
def test_every_wrong_receipt_costs_the_same_work(visitor, monkeypatch, typed):
    stretched = []
    real = receipts.mailbox
    monkeypatch.setattr(receipts, "mailbox", lambda *given: stretched.append(1) or real(*given))

    visitor.sends("open", receipt=typed)

    assert stretched == [1]


def test_a_wrong_receipt_adds_nothing(visitor):
    page = visitor.sends("add", receipt="1" * 20, text="Hej", letter=uuid.uuid4())

    assert (heading(page), Message.objects.exists()) == ("Läs vårt svar", False)
