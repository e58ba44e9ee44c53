"""What holds for every answer, said once."""

import codecs
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.pages import policy_of
from fridhem.foundation.audit.record import record
from fridhem.foundation.crypto import object_keys
from fridhem.foundation.database.acting import Acting, acting
from fridhem.site import errors

Next = Callable[[HttpRequest], HttpResponse]
HOUR = 3600.0  # seconds
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
log = structlog.stdlib.get_logger("fridhem.site")


def sealed_off(get_response: Next) -> Next:
    """What no other middleware says of every answer: no cache keeps it, nobody else's page uses it, nothing names the server."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Server"] = ""
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


def only_utf8(get_response: Next) -> Next:
    """A request that says it's written in anything but UTF-8 isn't read: every page of ours asks in it. (See also `reading`.)"""

    def answer(request: HttpRequest) -> HttpResponse:
        is_ours = request.encoding is None or codecs.lookup(request.encoding).name == "utf-8"
        if not is_ours or not getattr(request, "is_readable", True):
            return errors.bad_request(request)
        return get_response(request)

    return answer


def for_whom(get_response: Next) -> Next:
    """Everything below knows for whom the page is made, and which page it is: row security, the keys, the record.

    A page that opened something sealed, and said nothing of it itself, is a reading all the same: the list of cases, a form with
    a name above it. If that can't be written down, nothing is shown.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        with acting(_acting(request)) as who:
            response = get_response(request)
            if who.user and object_keys.opened(who) and not who.said:
                record("site.page.shown", subject=None, by=request.user, at=timezone.now())
            return response

    return answer


def _acting(request: HttpRequest) -> Acting:
    try:
        page = resolve(request.path_info).view_name
    except Resolver404:
        page = "nowhere"
    user = request.user
    if not isinstance(user, User):
        return Acting(None, page)
    return Acting(user.pk, page, role=user.role, unit=user.unit_id, zones=user.zones)


def no_trace(get_response: Next) -> Next:
    """The public face neither asks nor keeps who is asking: the sender's address is gone before any code can see it."""

    def answer(request: HttpRequest) -> HttpResponse:
        for known in (
            "REMOTE_ADDR",
            "REMOTE_HOST",
            "REMOTE_PORT",
            "HTTP_X_FORWARDED_FOR",
            "HTTP_X_REAL_IP",
            "HTTP_USER_AGENT",
        ):
            request.META.pop(known, None)
        return get_response(request)

    return answer


def each_answer(get_response: Next) -> Next:
    """A line for every answer of the staff face: which page, how it went, how long it took. No address, no person."""

    def answer(request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        response = get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else ""
        ms = round((time.monotonic() - began) * 1000)
        log.info(
            "answered",
            view=view,
            method=request.method if request.method in METHODS else "other",
            status=response.status_code,
            ms=ms,
        )
        return response

    return answer


def only_counted(get_response: Next) -> Next:
    """The public face writes no line of a visit: how many answers of each kind an hour had is all that is kept."""
    answers: Counter[int] = Counter()
    guard = threading.Lock()
    since = time.monotonic()

    def answer(request: HttpRequest) -> HttpResponse:
        nonlocal since
        response = get_response(request)
        with guard:
            answers[response.status_code] += 1
            if time.monotonic() - since >= HOUR:
                log.info("counted", answers={str(status): number for status, number in sorted(answers.items())})
                answers.clear()
                since = time.monotonic()
        return response

    return answer


class refusals:  # noqa: N801  (a middleware, named like its neighbours)
    """A refusal anywhere in a room becomes a page that says what to do (see `errors`)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.answer(request, exception)


class policies:  # noqa: N801  (a middleware, named like its neighbours)
    """A page opens for those it says it's for, before its view runs. One that doesn't say isn't there."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Next, args: Any, given: Any) -> HttpResponse | None:
        policy = policy_of(view)
        if policy is None:
            return errors.not_found(request)
        if policy.test(getattr(request, "user", None)):
            return None
        return errors.forbidden(request)
