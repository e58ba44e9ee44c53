"""Refusals from the rooms become answers, in one place."""

import logging

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fridhem.foundation.accounts.conflicts import tell_of_conflict
from fridhem.foundation.accounts.models import User
from fridhem.foundation.keys.client import KeyMissing, KeysAway, TooMany
from fridhem.pure.refusals import Conflict, Denied, NotNow
from fridhem.rooms.intake.views import public

logger = logging.getLogger(__name__)


def answer(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The page for an expected refusal; None for what isn't expected."""
    if isinstance(error, Conflict) and isinstance(request.user, User):
        tell_of_conflict(error.subject, by=request.user, at=timezone.now())
    match error:
        case Denied():
            return page(request, 403, _("You may not do this"), str(error))
        case NotNow():
            return page(request, 409, _("This can't be done right now"), str(error))
        case ObjectDoesNotExist():  # it was there, or open to the reader, when the page began, and isn't any more
            logger.warning("gone before the page was ready", exc_info=error)
            return not_found(request)
        case OperationalError() if settings.FRIDHEM_FACE == "public":  # the database is away, or its disk is full
            return public.no_room(request)
        case TooMany():
            return page(request, 429, _("You have opened very much in a short time"), _too_many(error))
        case KeysAway():
            said = _("The key service doesn't answer. Nothing is lost: wait a moment and try again, or tell support.")
            return page(request, 503, _("This can't be opened right now"), said)
        case KeyMissing():
            return page(request, 403, _("This can't be opened by you"), _("Ask your manager if you need it for your work."))
    return None


def _too_many(error: TooMany) -> str:
    minutes = max(1, round(error.wait / 60))
    return ngettext(
        "To protect people's data there is a limit to how much one person opens in an hour. Wait %(minutes)d minute, or ask a "
        "colleague if it can't wait.",
        "To protect people's data there is a limit to how much one person opens in an hour. Wait %(minutes)d minutes, or ask a "
        "colleague if it can't wait.",
        minutes,
    ) % {"minutes": minutes}


def page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """A page in the face's own dress that says what happened and what to do."""
    layout = "design/public.html" if settings.FRIDHEM_FACE == "public" else "design/staff.html"
    context = {"title": title, "text": text, "layout": layout}
    return render(request, "site/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400, _("The request couldn't be read"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403, _("You may not do this"), _("Ask your manager if you need it for your work."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404, _("The page doesn't exist"), _("Check the address, or start from the first page."))


def server_error(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        500,
        _("Something went wrong"),
        _("Nothing was saved. Try again, and tell support if it happens again."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, 403, _("The form was open too long"), _("Go back, load the page again and send once more."))
