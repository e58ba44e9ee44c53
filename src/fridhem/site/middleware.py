"""What holds for every answer, said once."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.pages import policy_of
from fridhem.foundation.database.acting import Acting, acting
from fridhem.site import errors

Next = Callable[[HttpRequest], HttpResponse]


def no_store(get_response: Next) -> Next:
    """Nothing from a page stays in a cache."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return answer


def for_whom(get_response: Next) -> Next:
    """Everything below knows for whom the page is made, and which page it is: row security, the keys, the record."""

    def answer(request: HttpRequest) -> HttpResponse:
        with acting(_acting(request)):
            return get_response(request)

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
        response = get_response(request)
        response["Cache-Control"] = "no-store"
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
