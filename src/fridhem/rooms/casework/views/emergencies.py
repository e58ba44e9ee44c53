"""A case that one doesn't work with: that it is, opening it in an emergency, and the review of that."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fridhem.rooms.casework import forms, permissions, queries
from fridhem.rooms.casework.actions import emergencies as actions
from fridhem.rooms.casework.actions.walls import knock
from fridhem.rooms.casework.models import BreakGlass
from fridhem.rooms.casework.queries import emergencies
from fridhem.rooms.casework.views.parts import StaffRequest, status_of

ROWS = 50


@require_safe
def known(request: StaffRequest, number: str) -> HttpResponse:
    """That there is a case, at which unit and whom to ask: nothing of what is in it."""
    return render(request, "casework/known.html", {"known": _known(request, number)})


def break_glass(request: StaffRequest, number: str) -> HttpResponse:
    """Say why the case must be opened now."""
    found = _known(request, number)
    form = forms.EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = actions.ask(found.number, by=request.user, at=timezone.now(), **form.cleaned_data)
        return redirect("casework:emergency", asked.pk)
    return render(request, "casework/break_glass.html", {"known": found, "form": form}, status=status_of(form))


@require_safe
def listed(request: StaffRequest) -> HttpResponse:
    """What waits for approval and review, and one's own."""
    now = timezone.now()
    context = {
        "asked_for": emergencies.asked_for(request.user, at=now)[:ROWS],
        "to_review": emergencies.to_review(request.user)[:ROWS],
        "own": emergencies.own(request.user)[:ROWS],
        "reviewed": emergencies.reviewed(request.user)[:ROWS],
        "leads": permissions.leads_cases(request.user),
    }
    return render(request, "casework/emergencies.html", context)


def emergency(request: StaffRequest, id: UUID) -> HttpResponse:
    """One opening, with what the reader can do: open, approve, close, review."""
    one = _emergency(request, id)
    form = forms.EmergencyReviewForm(request.POST or None) if permissions.may_review_emergency(request.user, one) else None
    if request.method == "POST" and form and form.is_valid():
        actions.review(one, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The review is written down."))
        return redirect("casework:emergencies")
    context = {
        "emergency": one,
        "form": form if one.opened_at and not one.reviewed_at else None,
        "is_mine": permissions.asked(request.user, one),
        "may_approve": permissions.may_approve(request.user, one),
        "going_on": bool(one.until and one.until > timezone.now()),
    }
    return render(request, "casework/emergency.html", context, status=status_of(form) if form else 200)


@require_POST
def approve(request: StaffRequest, id: UUID) -> HttpResponse:
    """Be the second person."""
    actions.approve(_emergency(request, id), by=request.user, at=timezone.now())
    messages.success(request, _("The case is open to your colleague. You are named in the review."))
    return redirect("casework:emergencies")


@require_POST
def open_alone(request: StaffRequest, id: UUID) -> HttpResponse:
    """Open without a second person."""
    opened = actions.open_alone(_emergency(request, id), by=request.user, at=timezone.now())
    return redirect("casework:case", opened.number)


@require_POST
def close(request: StaffRequest, id: UUID) -> HttpResponse:
    """End it before its time."""
    actions.close(_emergency(request, id), by=request.user, at=timezone.now())
    messages.success(request, _("The case is closed to you. The opening will be reviewed."))
    return redirect("casework:emergency", id)


def _known(request: StaffRequest, number: str) -> queries.Known:
    for found in queries.known_to_be(number=number):
        return found
    knock(number, by=request.user, at=timezone.now())
    raise Http404


def _emergency(request: StaffRequest, id: UUID) -> BreakGlass:
    return get_object_or_404(emergencies.visible_to(request.user), pk=id)
