"""What does the browser ask, what do we answer."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form, model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.design.htmx import page_or_part
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.pages import is_open
from fridhem.pure.refusals import NotNow
from fridhem.rooms.casework.enums import AgeGroup
from fridhem.rooms.support import actions, catalogue, forms, permissions, queries, rules
from fridhem.rooms.support.enums import Age, Documentation

ROWS = 25
OPEN_A_CASE = "casework:open"


class StaffRequest(HttpRequest):
    """A request on the staff face, where everybody is someone."""

    user: User


# ── Offers ────────────────────────────────────────────────────────────────


@require_safe
def offers(request: StaffRequest) -> HttpResponse:
    """What is offered without a needs assessment."""
    search, shown = request.GET.get("q", ""), request.GET.get("visa", "")
    found = queries.listed(request.user, on=timezone.localdate(), search=search, every=shown == "all")
    choices = (("", _("Offered now")), ("all", _("All, also what has ended")))
    context = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "q": search,
        "shown": shown,
        "views": [_view(request, "visa", value, label, shown) for value, label in choices],
        "edits": permissions.edits(request.user),
        "counts": permissions.counts(request.user),
    }
    return page_or_part(request, "support/offers.html", context, part="support/_offers.html")


@require_safe
def leaflet(request: StaffRequest) -> HttpResponse:
    """All that is offered now, to print."""
    today = timezone.localdate()
    found = [(one, queries.consents(one, on=today)) for one in queries.listed(request.user, on=today)]
    return render(request, "support/leaflet.html", {"offers": found, "today": today})


@require_safe
def offer(request: StaffRequest, id: UUID) -> HttpResponse:
    """One offer: whom it's for, on what conditions, and what is written."""
    found, today = get_object_or_404(queries.offers(request.user), pk=id), timezone.localdate()
    is_given = rules.is_given_on(found.valid_from, found.valid_to, today)
    context = {
        "offer": found,
        "consents": queries.consents(found, on=today),
        "ground": queries.ground_of(found, on=today),
        "edits": permissions.edits(request.user),
        "may_count": is_given and found.is_anonymous and permissions.counts(request.user),
        "may_begin": is_given and found.documentation == Documentation.JOURNAL and is_open(OPEN_A_CASE, request.user),
        "is_given": is_given,
    }
    return render(request, "support/offer.html", context)


def add_offer(request: StaffRequest) -> HttpResponse:
    """Say what the board has decided to offer."""
    form = forms.OfferForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        made = actions.add_offer(by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("“%(name)s” is in the catalogue.") % {"name": made.name})
        return redirect("support:offer", made.pk)
    return _form_page(request, form, _("Add an offer"), reverse("support:offers"))


def change_offer(request: StaffRequest, id: UUID) -> HttpResponse:
    """Change an offer, or say when it ends."""
    found = get_object_or_404(queries.offers(request.user), pk=id)
    form = forms.OfferForm(request.POST or None, initial=model_to_dict(found), today=timezone.localdate())
    seen = request.POST.get("seen", "") if request.method == "POST" else queries.digest(found)
    if request.method == "POST" and form.is_valid():
        change = partial(actions.change_offer, found, by=request.user, at=timezone.now(), seen=seen, **form.cleaned_data)
        if _is_done(form, change):
            messages.success(request, _("The offer is changed."))
            return redirect("support:offer", found.pk)
        seen = queries.digest(found)
    return _form_page(request, form, _("Change the offer"), reverse("support:offer", args=[found.pk]), seen)


def begin(request: StaffRequest, id: UUID) -> HttpResponse:
    """Whether someone can have the offer, and then on to open a case for it."""
    found, today = get_object_or_404(queries.offers(request.user), pk=id), timezone.localdate()
    rules.check_has_journal(found.documentation)
    rules.check_is_given(rules.is_given_on(found.valid_from, found.valid_to, today))
    form = forms.BeginForm(request.POST or None, terms=found.terms, today=today)
    if request.method == "POST" and form.is_valid():
        band = rules.band_of(form.cleaned_data["age"], catalogue.bands(on=today).values())
        given = {"process": rules.PROCESS, "age_group": AgeGroup.ADULT if band == Age.ADULT else AgeGroup.CHILD}
        return redirect(f"{reverse(OPEN_A_CASE)}?{urlencode(given)}")
    return render(request, "support/begin.html", {"form": form, "offer": found}, status=_status(form))


# ── Anonymous contacts ────────────────────────────────────────────────────


@require_safe
def contacts(request: StaffRequest) -> HttpResponse:
    """What the unit has counted today."""
    today = timezone.localdate()
    found = queries.visible_to(request.user, on=today)
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": queries.lines(list(page.object_list), on=today),
        "answers": queries.answers(found),
        "today": today,
    }
    return render(request, "support/contacts.html", context)


def count(request: StaffRequest) -> HttpResponse:
    """Count an anonymous contact."""
    now = timezone.now()
    given = {"initial": {"offer": request.GET.get("insats", "")}, "today": timezone.localdate(now), "user": request.user}
    form = forms.ContactForm(request.POST or None, **given)
    if request.method == "POST" and form.is_valid():
        actions.count_contact(**form.cleaned_data, by=request.user, at=now)
        messages.success(request, _("The contact is counted. Nobody can see who it was, or that you wrote it."))
        return redirect("support:contacts")
    return render(request, "support/count.html", {"form": form}, status=_status(form))


def undo(request: StaffRequest, id: UUID) -> HttpResponse:
    """Take back a contact of today."""
    now = timezone.now()
    today = timezone.localdate(now)
    found = get_object_or_404(queries.visible_to(request.user, on=today), pk=id)
    if request.method == "POST":
        actions.undo_contact(found, by=request.user, at=now)
        messages.success(request, _("The contact is taken back."))
        return redirect("support:contacts")
    (line,) = queries.lines([found], on=today)
    said = ", ".join((found.offer.name, found.get_way_display(), line.age_group, line.violence, line.given))
    context = {
        "heading": _("Take the contact back?"),
        "text": _("%(contact)s. It's deleted, and isn't counted.") % {"contact": said},
        "confirm": _("Take it back"),
        "kind": "warning",
        "back": reverse("support:contacts"),
    }
    return render(request, "design/confirm.html", context)


# ── Whom to call ──────────────────────────────────────────────────────────


@require_safe
def calls(request: StaffRequest) -> HttpResponse:
    """Whom to call in each situation, and who answers now."""
    found = queries.calls(request.user, at=timezone.localtime())
    return render(request, "support/calls.html", {"calls": found, "edits": permissions.edits(request.user)})


@require_safe
def poster(request: StaffRequest) -> HttpResponse:
    """The same to print, which doesn't know what time it is."""
    found = queries.calls(request.user, at=timezone.localtime())
    return render(request, "support/poster.html", {"calls": found, "is_poster": True, "today": timezone.localdate()})


@require_safe
def numbers(request: StaffRequest) -> HttpResponse:
    """The municipality's own numbers, for those who answer for them."""
    page, today = Paginator(queries.numbers(request.user), ROWS).get_page(request.GET.get("page")), timezone.localdate()
    rows = [(one, queries.situation_names(one.situations, on=today)) for one in page]
    return render(request, "support/numbers.html", {"page": page, "rows": rows})


def add_number(request: StaffRequest) -> HttpResponse:
    """Say where someone answers."""
    form = forms.NumberForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        actions.add_number(by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The number stands on the page."))
        return redirect("support:numbers")
    return _form_page(request, form, _("Add a number"), reverse("support:numbers"))


def change_number(request: StaffRequest, id: UUID) -> HttpResponse:
    """Change a number, or say when it ends."""
    found = get_object_or_404(queries.numbers(request.user), pk=id)
    form = forms.NumberForm(request.POST or None, initial=model_to_dict(found), today=timezone.localdate())
    seen = request.POST.get("seen", "") if request.method == "POST" else queries.digest(found)
    if request.method == "POST" and form.is_valid():
        change = partial(actions.change_number, found, by=request.user, at=timezone.now(), seen=seen, **form.cleaned_data)
        if _is_done(form, change):
            messages.success(request, _("The number is changed."))
            return redirect("support:numbers")
        seen = queries.digest(found)
    return _form_page(request, form, _("Change the number"), reverse("support:numbers"), seen)


# ── Parts ─────────────────────────────────────────────────────────────────


def _form_page(request: StaffRequest, form: Form, heading: str, back: str, seen: str = "") -> HttpResponse:
    """`seen`: what was said by what the form was filled in from; the page remembers it."""
    context = {"form": form, "heading": heading, "back": back, "seen": seen}
    return render(request, "support/form.html", context, status=_status(form))


def _is_done(form: Form, change: Callable[[], object]) -> bool:
    """Make the change. That somebody else changed it meanwhile is told in the form, which keeps what was typed."""
    try:
        change()
    except NotNow as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _status(form: Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def _view(request: StaffRequest, name: str, value: str, label: Any, chosen: str) -> dict[str, object]:
    """One choice of a segment: the same address with another value, from its first page."""
    query = request.GET.copy()
    query.pop("page", None)
    query[name] = value
    return {"label": label, "url": f"?{query.urlencode()}", "active": value == chosen}
