"""The investigation of a case, section by section: what is written and signed, write, sign, read, print."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fridhem.rooms.casework import forms, permissions, queries, rules
from fridhem.rooms.casework.actions import sections as actions
from fridhem.rooms.casework.enums import CaseStatus
from fridhem.rooms.casework.models import Case
from fridhem.rooms.casework.queries import sections
from fridhem.rooms.casework.queries.sections import Chapter, Place
from fridhem.rooms.casework.views.parts import StaffRequest, case_of, form_page

ROWS = 20
FORM = "casework/section_form.html"


@require_safe
def investigation(request: StaffRequest, number: str) -> HttpResponse:
    """The headings of the investigation: which are empty, drafts or signed."""
    found = case_of(request, number)
    context = {"case": found, "chapters": _chapters(found), "may_write": _may_write(request, found)}
    return render(request, "casework/investigation.html", context)


@require_safe
def section(request: StaffRequest, number: str, heading: str) -> HttpResponse:
    """What is written under a heading, and what was signed before it."""
    found = case_of(request, number)
    place = sections.place(found, heading)
    if place.newest:
        actions.read_section(place.newest, by=request.user, at=timezone.now())
    earlier = sections.revisions(found, heading).filter(revision__lt=place.revision)
    context = {
        **_beside(request, found, place),
        "page": Paginator(earlier, ROWS).get_page(request.GET.get("page")),
        "may_write": _may_write(request, found) and sections.is_under(place, found),
        "may_sign": bool(place.newest and not place.newest.signed_at) and permissions.investigates(request.user),
    }
    return render(request, "casework/section.html", context)


def write(request: StaffRequest, number: str, heading: str) -> HttpResponse:
    """Write under a heading."""
    found = case_of(request, number)
    permissions.check_may_investigate(found, request.user)
    place = sections.place(found, heading)
    rules.check_heading(heading, sections.outline(found))
    if place.newest:
        actions.read_section(place.newest, by=request.user, at=timezone.now())
    form = forms.SectionForm(request.POST or None, case=found, place=place, by=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.write_section(found, heading, by=request.user, at=timezone.now(), **given)
        messages.success(request, _("The section is signed.") if given["sign"] else _("The section is saved."))
        return redirect("casework:section", number, heading)
    back = reverse("casework:investigation", args=[number])
    named = place.heading.name.in_(get_language() or "sv")
    return form_page(request, FORM, found, form, named, _("Save the section"), back=back, **_beside(request, found, place))


@require_POST
def sign(request: StaffRequest, number: str, heading: str) -> HttpResponse:
    """Sign what was read."""
    found, form = case_of(request, number), forms.SignForm(request.POST)
    read = form.cleaned_data["revision"] if form.is_valid() else 0
    actions.sign_section(found, heading, by=request.user, at=timezone.now(), revision=read)
    messages.success(request, _("The section is signed."))
    return redirect("casework:section", number, heading)


@require_safe
def whole(request: StaffRequest, number: str) -> HttpResponse:
    """The whole investigation on one page, to be printed: what is signed, and drafts where nothing is."""
    found, now = case_of(request, number), timezone.now()
    chapters = _chapters(found)
    actions.read_investigation(found, by=request.user, at=now)
    context = {"case": found, "chapters": chapters, "printed_at": now}
    return render(request, "casework/print_investigation.html", context)


# ── Parts ─────────────────────────────────────────────────────────────────


def _chapters(case: Case) -> list[Chapter]:
    found = sections.chapters(case)
    if not found:
        raise Http404
    return found


def _may_write(request: StaffRequest, case: Case) -> bool:
    return case.status == CaseStatus.OPEN and permissions.investigates(request.user)


def _beside(request: StaffRequest, case: Case, place: Place) -> dict[str, object]:
    """What stands elsewhere about the same: steps that have been done, and who is in the case."""
    return {
        "case": case,
        "place": place,
        "steps": sections.steps_beside(case, place.heading),
        "members": queries.members(case, request.user) if place.heading.people else [],
    }
