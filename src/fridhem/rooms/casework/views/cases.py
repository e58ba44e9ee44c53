"""What does the browser ask, what do we answer. Who may not see a case is told that there is no such page."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.design.htmx import page_or_part
from fridhem.rooms.casework import actions, catalogue, forms, permissions, picture, queries, slots
from fridhem.rooms.casework.actions import way
from fridhem.rooms.casework.enums import CaseStatus, StepStatus
from fridhem.rooms.casework.models import Case, Step
from fridhem.rooms.casework.queries import emergencies, limits, links, paging, sections, work
from fridhem.rooms.casework.views.parts import StaffRequest, case_of, form_page, status_of, view_of
from fridhem.rooms.persons import actions as persons
from fridhem.rooms.persons import queries as people
from fridhem.rooms.processes import queries as processes

PAGE = 50  # cases
NOTES = 20
PEOPLE = 20
DOCUMENTS = 5  # the newest
FORM = "casework/form.html"


# ── Lists ─────────────────────────────────────────────────────────────────


@require_safe
def cases(request: StaffRequest) -> HttpResponse:
    """The cases that the reader works with, or leads."""
    form = forms.SearchForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    status = chosen.get("status", "")
    found = queries.listed(request.user, search=chosen.get("q", ""), status=status)
    context = {
        "page": paging.page_of(found, request.GET.get("page"), size=PAGE),
        "q": chosen.get("q", ""),
        "status": status,
        "views": [view_of(request, "status", value, label, status) for value, label in _statuses()],
        "may_open": permissions.opens_cases(request.user),
    }
    return page_or_part(request, "casework/cases.html", context, part="casework/_cases.html")


def find(request: StaffRequest) -> HttpResponse:
    """The cases about one person, by the exact identity number; or the people of the reader's cases, by name."""
    form = forms.FindForm(request.POST or None, today=timezone.localdate())
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        typed, number = form.cleaned_data["name"], form.cleaned_data["identity_number"]
        context = _named(request, typed) if typed else _numbered(request, number)
    return render(request, "casework/find.html", {"form": form, **context}, status=status_of(form))


def _numbered(request: StaffRequest, number: str) -> dict[str, Any]:
    person = persons.find(identity_number=number, by=request.user, at=timezone.now())
    if person is None:
        return {"nothing": True}
    found, known = list(queries.with_person(request.user, person.pk)), queries.known_to_be(person_id=person.pk)
    return {"found": found, "known": known, "nothing": not found and not known}


def _named(request: StaffRequest, typed: str) -> dict[str, Any]:
    found = persons.search(name=typed, by=request.user, at=timezone.now())
    page = Paginator(found.order_by("pk"), PEOPLE).get_page(request.POST.get("page"))
    people = queries.in_cases(list(page.object_list), request.user)
    return {"page": page, "people": people, "typed": typed, "nothing": not people}


# ── One case ──────────────────────────────────────────────────────────────


@require_safe
def case(request: StaffRequest, number: str) -> HttpResponse:
    """Where the case stands, what is due and why, the journal, the interventions, the people."""
    found = case_of(request, number)
    actions.read_case(found, by=request.user, at=timezone.now())
    return render(request, "casework/case.html", _case_page(request, found))


def _case_page(request: StaffRequest, found: Case) -> dict[str, object]:
    steps = list(queries.steps(found))
    is_leader = permissions.leads(request.user, found)
    is_open = found.status == CaseStatus.OPEN
    to_do = [one for one in steps if one.status == StepStatus.OPEN]
    delegated = set() if is_leader else work.delegated_steps(request.user, found)
    return {
        "case": found,
        "picture": picture.of(found, steps),
        "weighings": picture.weighings(found),
        "limits": limits.of(found, on=timezone.localdate()),
        "to_do": [(one, is_leader or request.user.has_role(one.role) or one.pk in delegated) for one in to_do],
        "is_over": is_open and not to_do and way.is_finished(found),
        "runs": is_open and not to_do and queries.running(found),
        "page": Paginator(queries.journal(found), NOTES).get_page(request.GET.get("page")),
        "has_investigation": sections.outline(found) is not None,
        "linked": links.of(found, request.user),
        "known_links": links.known(found),
        "earlier": queries.earlier(found, request.user),
        "may_link": permissions.opens_cases(request.user),
        "interventions": queries.interventions(found),
        "decisions": queries.decisions(found),
        "team": queries.team(found),
        "members": queries.members(found, request.user),
        "may_reveal": people.may_reveal_details(request.user),
        "documents": queries.documents(found)[:DOCUMENTS],
        "panels": slots.case_page.panels(found.pk, request.user),
        "is_leader": is_leader,
        "decides": is_leader or bool(delegated),
        "emergency": emergencies.open_now(found, request.user, at=timezone.now()),
        "is_open": is_open,
    }


def step(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """The form of a step, or what was answered when it's already done."""
    found = case_of(request, number)
    one = get_object_or_404(queries.steps(found), pk=id)
    left = sections.left_for(one) if one.status == StepStatus.OPEN else []
    context = {"step": one, "about": picture.about(one), "interventions": queries.interventions(found), "left": left}
    context |= {"has_investigation": sections.outline(found) is not None}
    if one.status != StepStatus.OPEN:
        return _step_done(request, found, one)
    permissions.check_may_do(one, request.user)
    form = forms.StepForm(processes.sheet(one.form), request.POST or None, running=queries.running(found), unsigned=len(left))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        went_on = actions.complete_step(one, by=request.user, at=timezone.now(), answers=form.answers, text=text)
        messages.success(request, _("“%(step)s” is done.") % {"step": one.name})
        if went_on.pk != found.pk:
            messages.info(request, _("The case goes on as %(number)s. This is it.") % {"number": went_on.number})
        return redirect("casework:case", went_on.number)
    return form_page(request, "casework/step.html", found, form, one.name, _("Finish the step"), **context)


def _step_done(request: StaffRequest, found: Case, one: Step) -> HttpResponse:
    """Who did the step. Whoever comes second with the form gets back what they wrote, since it wasn't saved."""
    actions.read_step(one, by=request.user, at=timezone.now())
    context = {"case": found, "step": one, "notes": queries.step_notes(one), "written": request.POST.get("text", "")}
    return render(request, "casework/step_done.html", context, status=409 if request.method == "POST" else 200)


def grant(request: StaffRequest, number: str) -> HttpResponse:
    """Decide on an intervention with its reason codes."""
    found, now = case_of(request, number), timezone.now()
    permissions.check_may_grant(found, request.user)
    given = {"today": timezone.localdate(now), "opened_on": found.opened_on, "decisions": queries.decisions(found)}
    form = forms.GrantForm(request.POST or None, **given)
    if request.method == "POST" and form.is_valid():
        actions.grant_intervention(found, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("The intervention is granted."))
        return redirect("casework:case", number)
    text = _("You decide now. Only codes that are valid today can be chosen.")
    return form_page(request, FORM, found, form, _("Grant an intervention"), _("Grant"), text=text)


def end(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Say when an intervention ended and how it went."""
    found, now = case_of(request, number), timezone.now()
    one = get_object_or_404(queries.interventions(found), pk=id)
    form = forms.EndForm(request.POST or None, start=one.start, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        actions.end_intervention(one, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("The intervention has ended."))
        return redirect("casework:case", number)
    name = catalogue.label("interventions", one.kind, get_language() or "sv")
    return form_page(request, FORM, found, form, _("End: %(intervention)s") % {"intervention": name}, _("End the intervention"))


def assign(request: StaffRequest, number: str) -> HttpResponse:
    """Let a colleague work with the case."""
    found = case_of(request, number)
    permissions.check_may_lead(found, request.user)
    form = forms.AssignForm(request.POST or None, case=found)
    if request.method == "POST" and form.is_valid():
        actions.assign(found, by=request.user, at=timezone.now(), user=form.cleaned_data["user"])
        messages.success(request, _("%(name)s now works with the case.") % {"name": form.cleaned_data["user"].name})
        return redirect("casework:case", number)
    return form_page(request, FORM, found, form, _("Add a colleague"), _("Add"))


def close(request: StaffRequest, number: str) -> HttpResponse:
    """Close before the process has come to its end."""
    found = case_of(request, number)
    permissions.check_may_lead(found, request.user)
    form = forms.CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.close_case(found, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("The case is closed."))
        return redirect("casework:case", number)
    text = _("The case is closed without going through the rest of the process. Steps that are open are no longer needed.")
    return form_page(request, FORM, found, form, _("Close the case"), _("Close the case"), text=text)


def open_new(request: StaffRequest) -> HttpResponse:
    """Open a case for someone who asks for it. The address may say by which process and for which age group."""
    now = timezone.now()
    permissions.check_may_open(request.user)
    said = {name: request.GET[name] for name in ("process", "age_group") if name in request.GET}
    form = forms.OpenForm(request.POST or None, today=timezone.localdate(now), unit=request.user.unit, initial=said)
    if request.method == "POST" and form.is_valid():
        return redirect("casework:case", _open(request, form.cleaned_data, now).number)
    return render(request, "casework/open.html", {"form": form}, status=status_of(form))


def _open(request: StaffRequest, given: dict[str, Any], now: datetime) -> Case:
    return actions.open_for(
        name=given.pop("name"), identity_number=given.pop("identity_number"), by=request.user, at=now, **given
    )


# ── Parts ─────────────────────────────────────────────────────────────────


def _statuses() -> list[tuple[str, str]]:
    return [("", _("All")), *((status.value, str(status.label)) for status in CaseStatus)]
