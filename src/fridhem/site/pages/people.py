"""Who works here: the administrator's list of accounts."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.foundation.accounts import actions, queries
from fridhem.foundation.accounts.models import User
from fridhem.pure.refusals import NotNow
from fridhem.site.forms import NewPersonForm, PlaceForm, SearchForm

ON_A_PAGE = 50


def people(request: HttpRequest) -> HttpResponse:
    """The accounts, with what each has to get in by."""
    form = SearchForm(request.GET or None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = queries.found(queries.visible_to(request.user), words)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "site/people/people.html", {"page": page, "search": form})


def new_person(request: HttpRequest) -> HttpResponse:
    """Add an account."""
    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        try:
            user = actions.add(by=request.user, at=timezone.now(), **form.cleaned_data)
        except NotNow as taken:
            form.add_error("username", str(taken))
        else:
            messages.success(request, _("The account is added. Hand out a one-time code now."))
            return redirect("person", user.pk)
    return render(request, "site/people/new.html", {"form": form}, status=422 if form.errors else 200)


def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One account: what it has, and what can be done with it."""
    someone = _someone(request, pk)
    context = {
        "person": someone,
        "ways": queries.ways_in(someone),
        "open_sessions": queries.open_sessions(someone).count(),
        "is_me": someone == request.user,
    }
    return render(request, "site/people/person.html", context)


def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another role or unit."""
    someone = _someone(request, pk)
    form = PlaceForm(request.POST or None, initial={"role": someone.role, "unit": someone.unit.name})
    if form.is_valid():
        actions.move(someone, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Changed. Whoever was signed in must sign in anew."))
        return redirect("person", pk)
    return render(request, "site/people/move.html", {"form": form, "person": someone}, status=422 if form.errors else 200)


def code(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand out a one-time code; it's shown once."""
    someone = _someone(request, pk)
    if request.method == "POST":
        drawn = actions.hand_out_code(someone, by=request.user, at=timezone.now())
        where = request.build_absolute_uri(reverse("one-time-code"))
        return render(request, "site/people/code.html", {"person": someone, "code": drawn, "where": where})
    text = _("It holds for a day and for one use. Give it to the person face to face, or on a telephone number you already know.")
    return _confirm(request, someone, _("Hand out a one-time code to %(name)s?"), text, _("Hand out"))


def deactivate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close an account."""
    someone = _someone(request, pk)
    if request.method == "POST":
        actions.deactivate(someone, by=request.user, at=timezone.now())
        messages.success(request, _("The account is closed, and every session has ended."))
        return redirect("person", pk)
    text = _("Every session ends at once, and passkeys, app and password are taken away. What the person has written stays.")
    return _confirm(request, someone, _("Close the account of %(name)s?"), text, _("Close the account"), kind="danger")


def reactivate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a closed account."""
    someone = _someone(request, pk)
    if request.method == "POST":
        actions.reactivate(someone, by=request.user, at=timezone.now())
        messages.success(request, _("The account is open again. Hand out a one-time code now."))
        return redirect("person", pk)
    text = _("The person gets no key back: hand out a one-time code afterwards.")
    return _confirm(request, someone, _("Open the account of %(name)s again?"), text, _("Open"))


def _someone(request: HttpRequest, pk: UUID) -> User:
    found = queries.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _confirm(request: HttpRequest, someone: User, heading: str, text: str, confirm: str, *, kind: str = "") -> HttpResponse:
    said = {"heading": heading % {"name": someone.name}, "text": text, "confirm": confirm, "kind": kind}
    return render(request, "design/confirm.html", {**said, "back": reverse("person", args=[someone.pk])})
