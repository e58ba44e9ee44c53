"""Time limits: to extend, stop and let go on in a case; what is about to be missed and what was, in all that one sees."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.rooms.casework import forms, permissions, queries, rules
from fridhem.rooms.casework.actions import limits as actions
from fridhem.rooms.casework.enums import ExtensionAnswer, Pressing
from fridhem.rooms.casework.queries import limits as known
from fridhem.rooms.casework.queries import paging
from fridhem.rooms.casework.views.parts import StaffRequest, case_of, form_page, status_of, view_of

PAGE = 50
MISSED = timedelta(days=90)  # the period that is shown first
ASKED = 20  # extensions that wait for an answer
FORM = "casework/limit.html"


# ── In all cases that one sees ────────────────────────────────────────────


@require_safe
def limits(request: StaffRequest) -> HttpResponse:
    """What is about to be missed, what is late and what stands still."""
    today, when = timezone.localdate(), request.GET.get("when", "")
    form = forms.LimitsForm(request.GET, user=request.user)
    every = known.under_limit(request.user, **form.chosen)
    counts = known.counted(every, today=today)
    found = every.filter(known.within(when, today=today))
    context = {
        "form": form if form.fields else None,
        "when": when,
        "page": paging.page_of(found, request.GET.get("page"), size=PAGE),
        "views": [view_of(request, "when", each.value, str(each.label), when, count=counts[each]) for each in Pressing],
        "waiting": known.waiting(request.user)[:ASKED] if permissions.leads_cases(request.user) else [],
    }
    return render(request, "casework/limits.html", context)


@require_safe
def missed(request: StaffRequest) -> HttpResponse:
    """The steps that were done after their last day, in a period."""
    today = timezone.localdate()
    given = request.GET.copy()
    given.setdefault("first", (today - MISSED).isoformat())
    given.setdefault("last", today.isoformat())
    form = forms.MissedForm(given, user=request.user)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        period = {"first": form.cleaned_data["first"], "last": form.cleaned_data["last"]}
        found = known.missed(request.user, **period, **form.chosen)
        page = paging.page_of(found, request.GET.get("page"), size=PAGE)
        context |= {"page": page, "rows": [(step, known.days_late(step, was_due=step.was_due)) for step in page]}
    return render(request, "casework/missed.html", context, status=status_of(form))


# ── In a case ─────────────────────────────────────────────────────────────


def extend(request: StaffRequest, number: str, node: str) -> HttpResponse:
    """Extend a time limit, or ask the team leader to: by who is asking, and by whether the law or routine wants two."""
    case, now = case_of(request, number), timezone.now()
    permissions.check_may_write(case, request.user)
    found = _running(case, node, timezone.localdate(now))
    rules.check_may_be_extended(found.limit, found.clock)
    rules.check_not_asked(is_asked=found.asked is not None)
    decides = permissions.leads(request.user, case) and not found.limit.four_eyes
    form = forms.ExtendForm(request.POST or None, found=found, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        act = actions.extend if decides else actions.ask_to_extend
        act(case, node, by=request.user, at=now, **form.cleaned_data)
        said = _("The time limit is extended.") if decides else _("The extension is asked for: it waits for the team leader.")
        messages.success(request, said)
        return redirect("casework:case", number)
    heading = _("Extend the time limit") if decides else _("Ask for an extension")
    return form_page(request, FORM, case, form, heading, heading, time_limit=found)


def answer(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Decide on an extension that was asked for."""
    case, now = case_of(request, number), timezone.now()
    extension = get_object_or_404(case.extensions.select_related("asked_by", "note"), pk=id)
    extension.case = case
    permissions.check_may_answer(extension, request.user)
    rules.check_waits_for_answer(extension.answer)
    today = timezone.localdate(now)
    found = _running(case, extension.node, today)
    form = forms.AnswerExtensionForm(request.POST or None, found=found, until=extension.until, today=today)
    if request.method == "POST" and form.is_valid():
        extension = actions.answer_extension(extension, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, ExtensionAnswer(extension.answer).label)
        return redirect("casework:case", number)
    heading = _("Decide on an extension")
    return form_page(request, FORM, case, form, heading, _("Decide"), time_limit=found, extension=extension)


def pause(request: StaffRequest, number: str, node: str) -> HttpResponse:
    """Let a time limit stand still."""
    case, now = case_of(request, number), timezone.now()
    permissions.check_may_lead(case, request.user)
    today = timezone.localdate(now)
    found = _running(case, node, today)
    rules.check_may_stand_still(found.limit, found.clock, today=today)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.pause(case, node, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("The time limit stands still."))
        return redirect("casework:case", number)
    heading = _("Stop the time limit")
    text = _("The days until you let it go on aren't counted.")
    return form_page(request, FORM, case, form, heading, heading, time_limit=found, text=text)


def resume(request: StaffRequest, number: str, node: str) -> HttpResponse:
    """Let a time limit go on."""
    case, now = case_of(request, number), timezone.now()
    permissions.check_may_lead(case, request.user)
    found = _running(case, node, timezone.localdate(now))
    rules.check_stands_still(found.clock)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.resume(case, node, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("The time limit goes on."))
        return redirect("casework:case", number)
    heading = _("Let the time limit go on")
    return form_page(request, FORM, case, form, heading, heading, time_limit=found)


def _running(case: queries.Case, node: str, on: date) -> known.TimeLimit:
    rules.check_open(case.status)
    return known.one(case, node, on=on)
