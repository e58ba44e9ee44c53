"""The inbox, and the page of one concern."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fridhem.rooms.intake import actions, queries, rules
from fridhem.rooms.intake.enums import Status
from fridhem.rooms.intake.forms.staff import (
    AnswerForm,
    CloseForm,
    HandOverForm,
    ProtectionForm,
    ReceivedForm,
    TakeUpForm,
    WallForm,
)

if TYPE_CHECKING:
    from fridhem.rooms.intake.models import Concern

PAGE = 25  # rows
LABELS = {"open": gettext_lazy("Waiting for us"), "mine": gettext_lazy("Mine"), "closed": gettext_lazy("Finished")}


@dataclass(frozen=True)
class View:
    """One of the inbox's views, as the segment shows it."""

    label: Any
    url: str
    active: bool
    count: int | None


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("visa", "")
    view = asked if asked in queries.VIEWS else "open"
    page = Paginator(queries.inbox(request.user, view), PAGE).get_page(request.GET.get("page"))
    actions.list_inbox(by=request.user, at=timezone.now())
    counts = queries.counts(request.user)
    views = [View(LABELS[name], f"?visa={name}", name == view, counts[name]) for name in queries.VIEWS]
    return render(request, "intake/staff/inbox.html", {"page": page, "lines": queries.lines(page), "views": views, "view": view})


def concern(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, _find(request, pk), AnswerForm())


def _page(request: HttpRequest, found: "Concern", form: forms.Form, status: int = 200) -> HttpResponse:
    now = timezone.now()
    dossier = queries.dossier(found)
    actions.read(found, by=request.user, at=now)
    context = {
        "concern": found,
        "dossier": dossier,
        "answer": form,
        "alike": queries.alike(found, request.user).count(),
        "received": ReceivedForm(),
        "may": {to.value: rules.may_step(found.status, to) for to in Status},
        "is_mine": found.assigned_to_id == request.user.pk,
    }
    return render(request, "intake/staff/concern.html", context, status=status)


@require_POST
def assess(request: HttpRequest, pk: UUID) -> HttpResponse:
    actions.assess(_find(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("The concern is yours to assess."))
    return redirect("intake:concern", pk)


@require_POST
def close_alike(request: HttpRequest, pk: UUID) -> HttpResponse:
    number = actions.close_alike(_find(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("%(number)s concerns that said the same are closed.") % {"number": number})
    return redirect("intake:concern", pk)


def wall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Shut the concern to a colleague whom it names or who stands close to it."""
    found = _find(request, pk)
    form = WallForm(request.POST or None, by=request.user)
    if form.is_valid():
        actions.put_wall(found, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("The concern is shut to %(name)s.") % {"name": form.cleaned_data["user"].name})
        return redirect("intake:concern", pk)
    context = {
        "concern": found,
        "form": form,
        "heading": _("Shut the concern to a colleague"),
        "button_text": _("Shut"),
        "back": reverse("intake:concern", args=[pk]),
        "walls": queries.walls(found),
    }
    return render(request, "intake/staff/wall.html", context, status=422 if form.is_bound else 200)


@require_POST
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _find(request, pk)
    form = AnswerForm(request.POST, stops=lambda text: actions.stops_answer(found, text=text, by=request.user, at=timezone.now()))
    if not form.is_valid():
        return _page(request, found, form, status=422)
    actions.answer(found, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("The answer lies in the sender's mailbox."))
    return redirect("intake:concern", pk)


def _by_form(
    form_class: type[forms.Form], heading: Any, button: Any, act: Callable[..., Any], done: Any
) -> Callable[[HttpRequest, UUID], HttpResponse]:
    """A view that shows a form about a concern, and does what was filled in."""

    def view(request: HttpRequest, pk: UUID) -> HttpResponse:
        found = _find(request, pk)
        sent = request.POST if request.method == "POST" else None
        form = form_class(sent, initial=_begin_with(request, found, form_class))
        if form.is_valid():
            act(found, **_given(form), by=request.user, at=timezone.now())
            messages.success(request, done)
            return redirect("intake:concern", pk)
        context = {
            "concern": found,
            "form": form,
            "heading": heading,
            "button_text": button,
            "back": reverse("intake:concern", args=[pk]),
        }
        return render(request, "intake/staff/form.html", context, status=422 if form.is_bound else 200)

    return view


def _given(form: forms.Form) -> dict[str, Any]:
    given = dict(form.cleaned_data)
    if "caseworker" in given:
        given["team"] = [given.pop("caseworker")]
    return given


def _begin_with(request: HttpRequest, found: "Concern", form_class: type[forms.Form]) -> dict[str, str]:
    """A case begins with the sender's own words: opening them here is a reading like any other."""
    if form_class is not TakeUpForm or request.method != "GET":
        return {}
    actions.read(found, by=request.user, at=timezone.now())
    return {"summary": queries.summary_of(found)}


protection = _by_form(
    ProtectionForm,
    gettext_lazy("Immediate protection assessment"),
    gettext_lazy("Save the assessment"),
    actions.assess_protection,
    gettext_lazy("The protection assessment is written down."),
)
take_up = _by_form(
    TakeUpForm,
    gettext_lazy("Take up the concern"),
    gettext_lazy("Open the case"),
    actions.take_up,
    gettext_lazy("The concern is a case now."),
)
hand_over = _by_form(
    HandOverForm,
    gettext_lazy("Hand over the concern"),
    gettext_lazy("Hand over"),
    actions.hand_over,
    gettext_lazy("Handed over. It stays in the inbox until someone has said that it arrived."),
)
received = _by_form(
    ReceivedForm,
    gettext_lazy("The hand-over arrived"),
    gettext_lazy("Save the receipt"),
    actions.confirm_hand_over,
    gettext_lazy("The hand-over has its receipt."),
)
close = _by_form(
    CloseForm,
    gettext_lazy("Close the concern"),
    gettext_lazy("Close without a case"),
    actions.close,
    gettext_lazy("The concern is closed."),
)


def _find(request: HttpRequest, pk: UUID) -> "Concern":
    found = queries.visible_to(request.user).select_related("assigned_to", "case").filter(pk=pk).first()
    if found is None:
        actions.knock(pk, by=request.user, at=timezone.now())
        raise Http404
    return found
