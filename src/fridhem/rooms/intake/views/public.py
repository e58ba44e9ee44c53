"""The public face: one address, one title, no cookie.

Where there is JavaScript, the page sends each step with fetch() and puts the answer in its own place: no step leaves an entry
in the history, a body in the session files or a page in the cache (SAFETY, section 1). Without it, the same address answers
with one plain form that first says that it leaves traces. What was typed lives in the page only, until it is sent.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fridhem.foundation.strain.floods import Flood
from fridhem.foundation.strain.guesses import Guesses
from fridhem.foundation.strain.room import Room
from fridhem.rooms.intake import actions, queries, rules
from fridhem.rooms.intake.enums import Identity, Languages, Urgency
from fridhem.rooms.intake.forms.public import ConcernForm, LetterForm, ReceiptForm, Ticket, has_pass, pass_for

MAX_BODY = 1_000_000  # bytes; a form filled to the brim with four-byte signs is well below
CALL_FIRST = (Urgency.NOW, Urgency.TODAY, Urgency.UNSURE)
ASKED_OF_ALL = ("urgency", "what", "where", "you")
COUNTED = (*ASKED_OF_ALL, "review")
WITHOUT_SCRIPT = ("plain", "sent", "mailbox", "too_large", "waiting", "no_room")
ASK_AGAIN = 4  # seconds
FRESH = timedelta(seconds=10)  # how long the municipality's own words are remembered

guesses = Guesses(time.monotonic, **rules.WRONG_RECEIPTS)
openings = threading.BoundedSemaphore(rules.OPENINGS_AT_ONCE)  # the others wait at their end, not in a thread that a sender needs
flood = Flood(time.monotonic, **rules.FLOOD)


@cache
def room() -> Room:
    """Whether this house has room for what someone writes."""
    return Room(settings.FRIDHEM_DATA, settings.FRIDHEM_SPARE_ROOM, settings.FRIDHEM_DATABASE_LARGEST)


@dataclass(frozen=True)
class Visit:
    """One request to the face: what it carries, in which language, and whether the page's script sent it."""

    values: Mapping[str, str]
    language: str
    by_script: bool
    at: datetime

    @property
    def ticket(self) -> Ticket:
        """The visit's ticket, or a fresh one when it has none."""
        return Ticket.read(self.values.get("ticket", "")) or Ticket.new()


@dataclass(frozen=True)
class Page:
    """What is shown next: a place on the way, and what its template needs."""

    place: str
    context: dict[str, Any] = field(default_factory=dict)
    status: int = 200


CLOSED = Page("no_room", {"by_script": False}, status=503)
last_texts: dict[str, tuple[datetime, Mapping[str, Any]]] = {}


# Nothing can be forged here: there is no sign-in and no cookie, whoever posts acts as nobody. So the form works where cookies
# are refused, and never was open too long.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def face(request: HttpRequest) -> HttpResponse:
    length = request.META.get("CONTENT_LENGTH") or ""
    is_too_large = length.isdecimal() and int(length) > MAX_BODY
    values = {} if is_too_large else request.POST.dict()
    visit = Visit(values, _language(request, values), "X-Steps" in request.headers, timezone.now())
    with translation.override(visit.language):
        page = Page("too_large", status=413) if is_too_large else _turn(visit)
        return _shown(request, visit, page)


def no_room(request: HttpRequest) -> HttpResponse:
    """The answer when the database couldn't be asked, or couldn't keep what was sent: nothing is half saved."""
    visit = Visit({}, _language(request, {}), "X-Steps" in request.headers, timezone.now())
    with translation.override(visit.language):
        return _shown(request, visit, CLOSED)


def _language(request: HttpRequest, values: Mapping[str, str]) -> str:
    """The language that was pressed, else the page's, else the browser's own."""
    go, _, pressed = values.get("go", "").partition(":")
    for wanted in (pressed if go == "speak" else "", values.get("language", "")):
        if wanted in Languages.values:
            return wanted
    return translation.get_language_from_request(request)


def _shown(request: HttpRequest, visit: Visit, page: Page) -> HttpResponse:
    if not visit.by_script and page.place not in WITHOUT_SCRIPT:
        page = _plain(visit)
    context = {
        "place": page.place,
        "contents": f"intake/public/{page.place}.html",
        "language": visit.language,
        "languages": Languages.choices,
        "by_script": visit.by_script,
        "ticket": visit.ticket,
        "texts": last_texts.get(visit.language, (None, {}))[1] if page.place == "no_room" else _texts(visit),
        **page.context,
    }
    return render(request, "intake/public/page.html", context, status=page.status)


def _texts(visit: Visit) -> Mapping[str, Any]:
    """The municipality's own words, remembered for when the database can't be asked: whom to call must always be said."""
    known = last_texts.get(visit.language)
    if known is None or visit.at - known[0] > FRESH:
        last_texts[visit.language] = known = (visit.at, queries.public_texts(visit.language, visit.at))
    return known[1]


# ── What each button leads to ─────────────────────────────────────────────


def _turn(visit: Visit) -> Page:
    go, _, where = visit.values.get("go", "").partition(":")
    if go in ("send", "add") and not room().is_there():
        return CLOSED  # no page of the script's: it keeps what was written, and says that it couldn't be sent
    if go in ("", "start", "begin") and not room().is_there():
        return Page("no_room", status=503)
    return TURNS.get(go, _start)(visit, where)


def _start(visit: Visit, where: str) -> Page:
    return Page("start")


def _begin(visit: Visit, where: str) -> Page:
    return _asked("urgency", visit.values)


def _next(visit: Visit, where: str) -> Page:
    """Check the step that was answered; go on to the one after, or back to the reading when it came from there."""
    here = visit.values.get("at", "")
    form = ConcernForm(visit.values, step=here)
    if not form.is_valid():
        return Page("question", _step(here, form), status=422)
    way = _way(visit.values)
    after = way[way.index(here) + 1] if here in way[:-1] else way[0]
    if visit.values.get("through") and after in ASKED_OF_ALL:
        after = "review"
    return _asked(after, visit.values)


def _back(visit: Visit, where: str) -> Page:
    way = _way(visit.values)
    here = visit.values.get("at", "")
    at = way.index(here) if here in way else 0
    return _asked(way[at - 1], visit.values) if at else Page("start")


def _edit(visit: Visit, where: str) -> Page:
    """From the reading back to one step."""
    return _asked(where if where in ConcernForm.STEPS else "urgency", {**visit.values, "through": "1"})


def _speak(visit: Visit, where: str) -> Page:
    """The same place in another language; what was typed stays."""
    here = visit.values.get("at", "")
    match here:
        case "entrance":
            return _entrance(visit, "")
        case "mailbox":
            return _open(visit, "")
        case "sent":
            return Page("sent")
        case _ if here in _way(visit.values):
            return _asked(here, visit.values)
    return Page("start")


def _send(visit: Visit, where: str) -> Page:
    """Take in the concern. What isn't well-formed is said at its field, and nothing is saved."""
    form = ConcernForm(visit.values)
    if not form.is_valid():
        return _broken(visit, form)
    ticket = Ticket.read(visit.values.get("ticket", ""))
    if ticket is None:
        return Page("review", {**_read_through(visit.values), "is_new_receipt": True}, status=422)
    said = form.said(visit.language)
    actions.receive(
        submission=ticket.submission,
        mailbox=queries.mailbox_of(ticket.receipt),
        said=said,
        at=visit.at,
        likeness=flood.mark("\n".join(asdict(said).values())),
    )
    return Page("sent", {"ticket": ticket})


def _entrance(visit: Visit, where: str) -> Page:
    return Page("entrance", {"receipt": ReceiptForm(initial=visit.values)})


def _open(visit: Visit, where: str, notice: str = "") -> Page:
    """Open the mailbox. Whatever is wrong with a receipt, the answer is one and the same."""
    return _with_mailbox(visit, lambda box: _mailbox(visit, box, notice=notice))


def _add(visit: Visit, where: str) -> Page:
    """Take in a letter, then show the mailbox with it."""

    def add(box: queries.OpenMailbox) -> Page:
        more = LetterForm(visit.values)
        if not more.is_valid():
            return _mailbox(visit, box, more)
        actions.write_more(letter=more.cleaned_data["letter"], box=box, text=more.cleaned_data["text"], at=visit.at)
        again = queries.open_mailbox(visit.values["receipt"])
        return _mailbox(visit, again or box, notice="added")

    return _with_mailbox(visit, add)


def _with_mailbox(visit: Visit, then: Callable[[queries.OpenMailbox], Page]) -> Page:
    """Try the receipt, unless too many wrong ones were tried: then the attempt waits for its lot. A right one isn't counted."""
    is_known, attempt = has_pass(visit.values), _attempt(visit)
    if not is_known and not guesses.may_try(attempt):
        return _waiting(visit, attempt)
    if not openings.acquire(blocking=False):
        if not is_known:
            guesses.was_right()  # nothing was tried
        return _waiting(visit, attempt)
    try:
        return _opened(visit, then, is_known=is_known)
    finally:
        openings.release()


def _opened(visit: Visit, then: Callable[[queries.OpenMailbox], Page], *, is_known: bool) -> Page:
    box = queries.open_mailbox(visit.values.get("receipt", ""))
    if box is None:
        return Page("entrance", {"receipt": ReceiptForm(), "is_wrong": True})
    if not is_known:
        guesses.was_right()
    return then(box)


def _attempt(visit: Visit) -> UUID:
    try:
        return UUID(visit.values.get("attempt", ""))
    except ValueError:
        return uuid4()


def _waiting(visit: Visit, attempt: UUID) -> Page:
    """The attempt waits; what it carries is sent again as it is."""
    carried = {name: visit.values.get(name, "") for name in ("receipt", "text", "letter")}
    go = "add" if visit.values.get("go") == "add" else "open"
    return Page("waiting", {"carried": carried, "attempt": attempt, "go": go, "seconds": ASK_AGAIN}, status=429)


def _mailbox(visit: Visit, box: queries.OpenMailbox, more: LetterForm | None = None, notice: str = "") -> Page:
    form = more or LetterForm(initial={"text": visit.values.get("text", "")} if not notice else {})
    receipt = visit.values["receipt"]
    context = {"box": box, "receipt": receipt, "pass": pass_for(receipt), "more": form, "notice": notice}
    return Page("mailbox", context, status=422 if more else 200)


TURNS: dict[str, Callable[[Visit, str], Page]] = {
    "begin": _begin,
    "next": _next,
    "back": _back,
    "edit": _edit,
    "speak": _speak,
    "send": _send,
    "entrance": _entrance,
    "open": _open,
    "add": _add,
}


# ── The way through the questions ─────────────────────────────────────────


def _way(values: Mapping[str, str]) -> tuple[str, ...]:
    """The places between the first question and sending, as the answers so far make it."""
    numbers = ("numbers",) if values.get("urgency") in CALL_FIRST else ()
    contact = ("contact",) if values.get("identity") == Identity.NAMED else ()
    return ("urgency", *numbers, "what", "where", "you", *contact, "review")


def _asked(place: str, values: Mapping[str, str]) -> Page:
    """A place on the way, with what was typed there before."""
    if place == "review":
        return Page("review", _read_through(values))
    context = _step(place, ConcernForm(initial=values, step=place)) | {"through": values.get("through", "")}
    return Page("numbers" if place == "numbers" else "question", context)


def _step(step: str, form: ConcernForm) -> dict[str, Any]:
    """What a question's template needs; a contact step counts with the step before it."""
    counted = "you" if step == "contact" else step
    number = COUNTED.index(counted) + 1 if counted in COUNTED else 0
    return {"step": step, "asked": form, "number": number, "count": len(COUNTED)}


def _read_through(values: Mapping[str, str]) -> dict[str, Any]:
    return _step("review", ConcernForm(initial=values, step="review")) | {"answers": ConcernForm.shown(values)}


def _broken(visit: Visit, form: ConcernForm) -> Page:
    """The first step with something wrong in it, or the whole plain form."""
    if not visit.by_script:
        return _plain(visit, form)
    step = ConcernForm.first_broken_step(form.errors)
    asked = ConcernForm(visit.values, step=step)
    return Page("question", _step(step, asked) | {"through": "1"}, status=422)


def _plain(visit: Visit, form: ConcernForm | None = None) -> Page:
    """The form for a browser without JavaScript. Its first words are that it leaves traces."""
    asked = form or ConcernForm(initial=visit.values)
    is_wrong = "receipt" in visit.values
    return Page("plain", {"asked": asked, "receipt": ReceiptForm(), "is_wrong": is_wrong}, status=422 if form else 200)
