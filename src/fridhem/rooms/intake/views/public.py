"""The public face: one address, one title, no cookie.

Where there is JavaScript, the page sends each step with fetch() and puts the answer in its own place: no step leaves an entry
in the history, a body in the session files or a page in the cache (SAFETY, section 1). Without it, the same address answers
with one plain form that first says that it leaves traces. What was typed lives in the page only, until it is sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fridhem.rooms.intake import actions, queries
from fridhem.rooms.intake.enums import Identity, Languages, Urgency
from fridhem.rooms.intake.forms.public import ConcernForm, LetterForm, ReceiptForm, Ticket

MAX_BODY = 1_000_000  # bytes; a form filled to the brim with four-byte signs is well below
CALL_FIRST = (Urgency.NOW, Urgency.TODAY, Urgency.UNSURE)
ASKED_OF_ALL = ("urgency", "what", "where", "you")
COUNTED = (*ASKED_OF_ALL, "review")
WITHOUT_SCRIPT = ("plain", "sent", "mailbox", "too_large")


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
        "texts": queries.public_texts(visit.language, visit.at),
        **page.context,
    }
    return render(request, "intake/public/page.html", context, status=page.status)


# ── What each button leads to ─────────────────────────────────────────────


def _turn(visit: Visit) -> Page:
    go, _, where = visit.values.get("go", "").partition(":")
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
    actions.receive(
        submission=ticket.submission,
        mailbox=queries.mailbox_of(ticket.receipt),
        said=form.said(visit.language),
        at=visit.at,
    )
    return Page("sent", {"ticket": ticket})


def _entrance(visit: Visit, where: str) -> Page:
    return Page("entrance", {"receipt": ReceiptForm(initial=visit.values)})


def _open(visit: Visit, where: str, notice: str = "") -> Page:
    """Open the mailbox. Whatever is wrong with a receipt, the answer is one and the same."""
    box = queries.open_mailbox(visit.values.get("receipt", ""))
    if box is None:
        return Page("entrance", {"receipt": ReceiptForm(), "is_wrong": True})
    more = LetterForm(initial={"text": visit.values.get("text", "")} if not notice else {})
    return Page("mailbox", {"box": box, "receipt": visit.values["receipt"], "more": more, "notice": notice})


def _add(visit: Visit, where: str) -> Page:
    box = queries.open_mailbox(visit.values.get("receipt", ""))
    if box is None:
        return Page("entrance", {"receipt": ReceiptForm(), "is_wrong": True})
    more = LetterForm(visit.values)
    if not more.is_valid():
        return Page("mailbox", {"box": box, "receipt": visit.values["receipt"], "more": more}, status=422)
    actions.write_more(letter=more.cleaned_data["letter"], box=box, text=more.cleaned_data["text"], at=visit.at)
    return _open(visit, where, notice="added")


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
