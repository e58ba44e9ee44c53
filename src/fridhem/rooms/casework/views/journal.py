"""The journal of a case: write, change, sign, add; what waits for a signature; the whole of it to print."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fridhem.rooms.casework import forms, permissions, queries, rules
from fridhem.rooms.casework.actions import journal as actions
from fridhem.rooms.casework.models import Note
from fridhem.rooms.casework.views.parts import StaffRequest, case_of, form_page

ROWS = 50
FORM = "casework/note_form.html"


def write(request: StaffRequest, number: str) -> HttpResponse:
    """Write in the journal."""
    found, now = case_of(request, number), timezone.now()
    form = forms.NoteForm(request.POST or None, today=timezone.localdate(now), case=found, by=request.user)
    if request.method == "POST" and form.is_valid():
        actions.write_note(found, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("The note is in the journal."))
        return redirect("casework:case", number)
    return form_page(request, FORM, found, form, _("Write in the journal"), _("Save the note"))


@require_safe
def note(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """One note with what was added to it, and what the reader can do with it."""
    found, today = _note(request, number, id), timezone.localdate()
    actions.read_note(found, by=request.user, at=timezone.now())
    is_draft = rules.is_draft(found.signed_at, found.open_until, today=today)
    is_mine = permissions.wrote(request.user, found)
    context = {
        "case": found.case,
        "note": found,
        "may_change": is_mine and is_draft,
        "may_sign": is_mine and found.signed_at is None,
        "may_add": not is_draft,
    }
    return render(request, "casework/note.html", context)


def change(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Put one's own draft right."""
    found, now = _note(request, number, id), timezone.now()
    permissions.check_is_the_writer(found, request.user)
    given = {"today": timezone.localdate(now), "case": found.case, "by": request.user, "note": found}
    form = forms.ChangeNoteForm(request.POST or None, **given)
    if request.method == "POST" and form.is_valid():
        actions.change_note(found, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("The note is changed."))
        return redirect("casework:read-note", number, id)
    return form_page(request, FORM, found.case, form, _("Change the note"), _("Save the note"))


@require_POST
def sign(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Sign what was read."""
    found, form = _note(request, number, id), forms.SignForm(request.POST)
    read = form.cleaned_data["revision"] if form.is_valid() else 0
    actions.sign_note(found, by=request.user, at=timezone.now(), revision=read)
    messages.success(request, _("The note is signed."))
    return redirect("casework:read-note", number, id)


def add(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Write something that stands beside a note that can't be changed."""
    found, now = _note(request, number, id), timezone.now()
    today = timezone.localdate(now)
    rules.check_is_final(found.signed_at, found.open_until, today=today)
    form = forms.AdditionForm(request.POST or None, today=today, case=found.case, by=request.user)
    if request.method == "POST" and form.is_valid():
        added = actions.add_to_note(found, by=request.user, at=now, **form.cleaned_data)
        messages.success(request, _("It stands beside the note."))
        return redirect("casework:read-note", number, added.to_id)
    return form_page(request, FORM, found.case, form, _("Add to the note"), _("Save"), note=found)


@require_safe
def unsigned(request: StaffRequest) -> HttpResponse:
    """The reader's own notes that wait for a signature; for a leader also how many others have left unsigned."""
    context = {
        "page": Paginator(queries.unsigned(request.user), ROWS).get_page(request.GET.get("page")),
        "left": queries.left_unsigned(request.user, today=timezone.localdate()),
        "leads": permissions.leads_cases(request.user),
    }
    return render(request, "casework/unsigned.html", context)


@require_safe
def whole(request: StaffRequest, number: str) -> HttpResponse:
    """The whole journal on one page, oldest first, to be printed."""
    found, now = case_of(request, number), timezone.now()
    actions.read_journal(found, by=request.user, at=now)
    context = {
        "case": found,
        "notes": queries.whole_journal(found),
        "decisions": queries.decisions(found),
        "steps": queries.signed_steps(found),
        "printed_at": now,
    }
    return render(request, "casework/journal.html", context)


def _note(request: StaffRequest, number: str, id: UUID) -> Note:
    case = case_of(request, number)
    note = get_object_or_404(queries.journal(case), pk=id)
    note.case = case
    return note
