"""The cases that belong to a case: open one for someone in it, link one by its number, end a link."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fridhem.rooms.casework import catalogue, forms, queries
from fridhem.rooms.casework.actions import links as actions
from fridhem.rooms.casework.queries import links
from fridhem.rooms.casework.views.parts import StaffRequest, case_of, form_page

FORM = "casework/form.html"


def open_linked(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """A case of their own for someone in the case: first what they are to the one it's about, then a form filled in by that."""
    found, now = case_of(request, number), timezone.now()
    one = queries.member(found, id, request.user)
    if one.is_subject:
        raise Http404
    today, language = timezone.localdate(now), get_language() or "sv"
    kinds = dict(catalogue.link_choices(today, language))
    kind = request.GET.get("kind", "")
    if kind not in kinds:
        return render(request, "casework/link_kinds.html", {"case": found, "role": one.role, "kinds": kinds.items()})
    initial = {"unit": request.user.unit, "district": found.district}
    form = forms.OpenLinkedForm(
        request.POST or None, kind=catalogue.link_kinds()[kind], initial=initial, today=today, unit=request.user.unit
    )
    if request.method == "POST" and form.is_valid():
        opened = actions.open_linked(found, id, kind=kind, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("The case is opened and linked. Only you work with both."))
        return redirect("casework:case", opened.number)
    text = _("Nothing of what is in this case is copied. Write only what belongs in the file of that person.")
    heading = _("A case of their own: %(kind)s") % {"kind": kinds[kind]}
    return form_page(request, FORM, found, form, heading, _("Open the case"), text=text)


def link(request: StaffRequest, number: str) -> HttpResponse:
    """Link a case that one sees, by its number."""
    found, now = case_of(request, number), timezone.now()
    form = forms.LinkForm(request.POST or None, case=found, by=request.user, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        actions.link(found, form.cleaned_data["number"], kind=form.cleaned_data["kind"], by=request.user, at=now)
        messages.success(request, _("The cases are linked. It opens neither of them to anyone."))
        return redirect("casework:case", number)
    text = _("Those who work with one of the cases don't get to see the other by it.")
    return form_page(request, FORM, found, form, _("Link a case"), _("Link"), text=text)


def unlink(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """End a link."""
    found = case_of(request, number)
    one = next((linked for linked in links.of(found, request.user) if linked.link.pk == id), None)
    if one is None:
        raise Http404
    if request.method == "POST":
        actions.end_link(one.link, by=request.user, at=timezone.now())
        messages.success(request, _("The link has ended."))
        return redirect("casework:case", number)
    text = _("What leaves either case is still held against what is protected in the other.")
    heading = _("End the link to %(number)s") % {"number": one.case.number}
    return form_page(request, FORM, found, Form(), heading, _("End it"), text=text)
