"""Decisions and what follows on them: decide, read, say when she was told, follow up."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.rooms.casework import catalogue, forms, queries
from fridhem.rooms.casework.actions import decisions as actions
from fridhem.rooms.casework.queries import sections
from fridhem.rooms.casework.views.parts import StaffRequest, case_of, form_page, status_of

ROWS = 50
FORM = "casework/form.html"


def decide(request: StaffRequest, number: str) -> HttpResponse:
    """Decide in the board's name."""
    found, now = case_of(request, number), timezone.now()
    form = forms.DecideForm(request.POST or None, case=found, by=request.user, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        made = actions.decide(found, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("The decision is made. Say here when she has been told."))
        return redirect("casework:decision", number, made.pk)
    text = _("You decide now, in the board's name. You see the decisions that the delegation order gives your role.")
    return form_page(request, FORM, found, form, _("Decide"), _("Decide"), text=text)


def decision(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """One decision with its law, its reasons and how it's appealed; where nobody has, say when she was told."""
    case, now = case_of(request, number), timezone.now()
    found = get_object_or_404(queries.decisions(case), pk=id)
    actions.read_decision(found, by=request.user, at=now)
    form = forms.ToldForm(request.POST or None, decision=found, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        actions.tell(found, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("It is written when she was told."))
        return redirect("casework:decision", number, id)
    has_investigation = sections.outline(case) is not None
    context = {
        "case": case,
        "decision": found,
        "has_investigation": has_investigation,
        "form": form if form.errors or not found.told_on else None,
    }
    return render(request, "casework/decision.html", context, status=status_of(form))


@require_safe
def to_follow_up(request: StaffRequest) -> HttpResponse:
    """The interventions whose day to be followed up has come."""
    found = queries.to_follow_up(request.user, today=timezone.localdate())
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "casework/to_follow_up.html", {"page": page})


def follow_up(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Write how an intervention goes."""
    found, now = case_of(request, number), timezone.now()
    one = get_object_or_404(queries.interventions(found), pk=id)
    form = forms.FollowUpForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        actions.follow_up(one, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("The follow-up is in the journal."))
        return redirect("casework:case", number)
    name = catalogue.label("interventions", one.kind, get_language() or "sv")
    heading = _("Follow up: %(intervention)s") % {"intervention": name}
    return form_page(request, FORM, found, form, heading, _("Save"))
