"""The staff face's own middleware: whose session it is. The public face never loads this."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from fridhem.foundation.accounts import arrivals, entrances, sessions
from fridhem.foundation.accounts.models import User
from fridhem.foundation.database.acting import Acting, acting

Next = Callable[[HttpRequest], HttpResponse]


def whose_session(get_response: Next) -> Next:
    """The session of the one who asks: in use, still let in by who vouched for them, and what it keeps closed to them."""

    def answer(request: HttpRequest) -> HttpResponse:
        user, now = request.user, timezone.now()
        if not isinstance(user, User):
            return get_response(request)
        with acting(Acting(user.pk, "session", role=user.role, unit=user.unit_id)):
            welcome = arrivals.still_welcome(request.session, user, now)
        if not welcome:
            request.session.flush()
            return redirect("sign-in")
        sessions.touch(request.session, now)
        with entrances.withholding(user.pk, closed_in(request)):
            return get_response(request)

    return answer


def closed_in(request: HttpRequest) -> frozenset[str]:
    """The zones that this session keeps closed, by how it was opened and by the provider's group."""
    by_entrance = entrances.withheld_by(request.session.get(sessions.ENTRANCE, ""))
    return by_entrance | frozenset(request.session.get(sessions.WITHHELD, ()))
