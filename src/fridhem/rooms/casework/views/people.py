"""The people of a case. Names come masked where they must; a protected detail is shown alone, once, to one who says why."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.rooms.casework import forms, queries
from fridhem.rooms.casework.actions import people as actions
from fridhem.rooms.casework.views.parts import StaffRequest, case_of, form_page, status_of
from fridhem.rooms.persons import queries as persons
from fridhem.rooms.persons.enums import RevealReason

FORM = "casework/people_form.html"


@require_safe
def people(request: StaffRequest, number: str) -> HttpResponse:
    """Who is who in the case, and of which kinds there are protected details."""
    found = case_of(request, number)
    context = {
        "case": found,
        "members": queries.members(found, request.user),
        "may_handle": persons.may_know_of_details(request.user),
        "may_reveal": persons.may_reveal_details(request.user),
    }
    return render(request, "casework/people.html", context)


def identify(request: StaffRequest, number: str) -> HttpResponse:
    """Say who the case is about."""
    found, now = case_of(request, number), timezone.now()
    form = forms.PersonForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        actions.identify(found, by=request.user, at=now, **form.cleaned_data)
        return redirect("casework:people", number)
    return form_page(request, FORM, found, form, _("Who is the case about?"), _("Save"))


def relate(request: StaffRequest, number: str) -> HttpResponse:
    """Add someone to the case."""
    found, now = case_of(request, number), timezone.now()
    form = forms.RelateForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        actions.relate(found, by=request.user, at=now, **form.cleaned_data)
        return redirect("casework:people", number)
    return form_page(request, FORM, found, form, _("Add someone to the case"), _("Add"))


def unrelate(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Take someone out of the case."""
    found = case_of(request, number)
    queries.relation(found, id)
    if request.method == "POST":
        actions.unrelate(found, id, by=request.user, at=timezone.now())
        messages.success(request, _("The person is no longer in the case."))
        return redirect("casework:people", number)
    text = _("The person stays in the register, but has nothing more to do with this case.")
    form = Form()
    return form_page(request, FORM, found, form, _("Take out of the case"), _("Take out"), text=text)


def protect(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Set the mark of protection."""
    found = case_of(request, number)
    one = queries.member(found, id, request.user)
    form = forms.ProtectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.protect(found, id, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The mark is set, and holds everywhere from now on."))
        return redirect("casework:people", number)
    text = _("Whoever is protected is hidden in lists, searches and letters, in every case.")
    return form_page(request, FORM, found, form, _("Protected identity"), _("Save"), text=text, about=one.role)


def reveal(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Who someone in the case is, for one who says why."""
    found = case_of(request, number)
    one = queries.member(found, id, request.user)
    reason, revealed = request.POST.get("reason", ""), None
    if request.method == "POST" and reason in RevealReason.values:
        revealed = actions.reveal(found, id, by=request.user, at=timezone.now(), reason=reason)
    context = {"case": found, "role": one.role, "reasons": RevealReason.choices, "revealed": revealed}
    return render(request, "casework/reveal.html", context)


# ── Protected details ─────────────────────────────────────────────────────


def add_detail(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Keep something that could lead to the person."""
    found, now = case_of(request, number), timezone.now()
    one = queries.member(found, id, request.user)
    form = forms.DetailForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        actions.add_detail(found, id, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("The detail is kept. It's shown only to one who says why."))
        return redirect("casework:people", number)
    return form_page(request, FORM, found, form, _("Add a protected detail"), _("Save"), about=one.role)


def reveal_detail(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """One protected detail, shown once in the answer to the reason: no address, title or log ever holds it."""
    found = case_of(request, number)
    row, value = queries.detail(found, id), ""
    form = forms.RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        value = actions.reveal_detail(found, id, by=request.user, at=timezone.now(), **form.cleaned_data)
    may = persons.may_reveal_details(request.user)
    looks = persons.reveals(row) if may else []
    context = {"case": found, "detail": row, "form": form, "value": value, "may_reveal": may, "looks": looks}
    return render(request, "casework/reveal_detail.html", context, status=status_of(form))


def change_detail(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """A new value in the place of the old one."""
    found = case_of(request, number)
    row = queries.detail(found, id)
    form = forms.ChangeDetailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_detail(found, id, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The new detail is kept."))
        return redirect("casework:people", number)
    return form_page(request, FORM, found, form, _("Change a protected detail"), _("Save"), about=row.get_kind_display())


def end_detail(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Say when a detail stopped being true."""
    found, now = case_of(request, number), timezone.now()
    row = queries.detail(found, id)
    form = forms.EndDetailForm(request.POST or None, today=timezone.localdate(now), valid_from=row.valid_from)
    if request.method == "POST" and form.is_valid():
        actions.end_detail(found, id, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("The detail has ended. It's still held against what leaves the house."))
        return redirect("casework:people", number)
    return form_page(request, FORM, found, form, _("End a protected detail"), _("End it"), about=row.get_kind_display())
