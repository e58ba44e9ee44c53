"""What is to be done and by whom: My work, who does a step, who stands in, what is delegated, cases that change hands."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.casework import forms, permissions, queries
from fridhem.rooms.casework.actions import staffing as actions
from fridhem.rooms.casework.enums import When
from fridhem.rooms.casework.queries import paging
from fridhem.rooms.casework.queries import work as known
from fridhem.rooms.casework.views.parts import StaffRequest, case_of, form_page, status_of, view_of
from fridhem.rooms.processes import queries as processes

PAGE = 50


@require_safe
def work(request: StaffRequest) -> HttpResponse:
    """What is to be done, the soonest time limit first: by the reader, at the reader's unit or by a role."""
    user, today = request.user, timezone.localdate()
    whose, when = request.GET.get("whose", ""), request.GET.get("when", "")
    every = known.whose(user, whose)
    counts = known.counted(every, today=today)
    found = every.filter(known.within(when, today=today))
    limits = [("", _("All")), *((each.value, str(each.label)) for each in When)]
    context = {
        "page": known.page_of(found, user, request.GET.get("page"), today=today, size=PAGE),
        "views": [view_of(request, "when", value, label, when, count=counts[value]) for value, label in limits],
        "people": [view_of(request, "whose", value, label, whose) for value, label in _whose(request)],
        "is_mine": not whose,
        "gives": not whose or permissions.leads_cases(user),
        "leads": permissions.leads_cases(user),
        "opens": permissions.opens_cases(user),
        "standing_in": known.standing_in(user, today=today),
        "to_follow_up": queries.to_follow_up(user, today=today).count(),
        "to_sign": queries.unsigned(user).count(),
        "unassigned": queries.unassigned(user).count(),
    }
    return render(request, "casework/work.html", context)


def _whose(request: StaffRequest) -> list[tuple[str, str]]:
    unit = [(known.UNIT, _("The unit's"))] if permissions.leads_cases(request.user) else []
    return [("", _("Mine")), *unit, *((role, str(Role(role).label)) for role in processes.roles())]


def who(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Take a step, give it to a colleague in the case, or hand it back."""
    found = case_of(request, number)
    one = get_object_or_404(queries.steps(found), pk=id)
    permissions.check_may_give(one, request.user)
    form = forms.GiveForm(request.POST or None, step=one, by=request.user)
    if request.method == "POST" and form.is_valid():
        given = actions.give(one, by=request.user, at=timezone.now(), to=form.cleaned_data["to"])
        name = given.assigned_to.name if given.assigned_to else _("whoever has the role")
        messages.success(request, _("“%(step)s” is done by %(name)s.") % {"step": one.name, "name": name})
        return redirect("casework:work")
    heading = _("Who does “%(step)s”?") % {"step": one.name}
    return form_page(request, "casework/form.html", found, form, heading, _("Save"))


# ── Standing in ───────────────────────────────────────────────────────────


def absences(request: StaffRequest) -> HttpResponse:
    """Who is away and who stands in: of oneself, and of the unit for its leader."""
    now, today = timezone.now(), timezone.localdate()
    form = forms.AbsenceForm(request.POST or None, by=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        said = actions.say_absent(**form.cleaned_data, by=request.user, at=now)
        messages.success(request, _("%(name)s stands in.") % {"name": said.stand_in.name})
        return redirect("casework:absences")
    context = {
        "form": form,
        "absences": known.absences(request.user, today=today),
        "leads": permissions.leads_cases(request.user),
    }
    return render(request, "casework/absences.html", context, status=status_of(form))


@require_POST
def end_absence(request: StaffRequest, id: UUID) -> HttpResponse:
    """Back before the last day."""
    found = get_object_or_404(known.absences(request.user, today=timezone.localdate()), pk=id)
    actions.end_absence(found, by=request.user, at=timezone.now())
    messages.success(request, _("%(name)s no longer stands in.") % {"name": found.stand_in.name})
    return redirect("casework:absences")


def delegations(request: StaffRequest) -> HttpResponse:
    """What the leader has let others decide, and until when."""
    now, today = timezone.now(), timezone.localdate()
    choices = known.deciding(on=today, language=get_language() or "sv")
    form = forms.DelegationForm(request.POST or None, by=request.user, today=today, choices=choices)
    if request.method == "POST" and form.is_valid():
        actions.delegate(**form.cleaned_data, by=request.user, at=now)
        messages.success(request, _("%(name)s decides in your place.") % {"name": form.cleaned_data["to"].name})
        return redirect("casework:delegations")
    names = dict(choices)
    rows = [(one, names.get(f"{one.process}/{one.form}", one.form)) for one in known.delegations(request.user, today=today)]
    return render(request, "casework/delegations.html", {"form": form, "rows": rows}, status=status_of(form))


@require_POST
def end_delegation(request: StaffRequest, id: UUID) -> HttpResponse:
    """Take it back."""
    found = get_object_or_404(known.delegations(request.user, today=timezone.localdate()), pk=id)
    actions.end_delegation(found, by=request.user, at=timezone.now())
    messages.success(request, _("%(name)s no longer decides in your place.") % {"name": found.user.name})
    return redirect("casework:delegations")


# ── Cases that change hands ───────────────────────────────────────────────


def hand_over(request: StaffRequest) -> HttpResponse:
    """Choose from whom to whom, look through the cases, then let them change hands."""
    sent = request.POST or (request.GET if "user" in request.GET else None)
    form = forms.HandOverForm(sent, by=request.user)
    chosen = form.cleaned_data if form.is_valid() else None
    if request.method == "POST" and chosen:
        moved = actions.hand_over(chosen["user"], to=chosen["to"], by=request.user, at=timezone.now())
        words = ngettext("%(count)s case is now with %(name)s.", "%(count)s cases are now with %(name)s.", len(moved))
        messages.success(request, words % {"count": len(moved), "name": chosen["to"].name})
        return redirect("casework:hand-over")
    context = {"form": form, **(_to_look_through(request, chosen) if chosen else {})}
    return render(request, "casework/hand_over.html", context, status=status_of(form))


def _to_look_through(request: StaffRequest, chosen: dict[str, Any]) -> dict[str, Any]:
    found = known.to_hand_over(chosen["user"], to=chosen["to"], by=request.user)
    page = paging.page_of(found, request.GET.get("page"), size=PAGE)
    moving = known.changing_hands(chosen["user"], to=chosen["to"], by=request.user).count()
    return {"chosen": chosen, "page": page, "moving": moving}
