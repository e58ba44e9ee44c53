"""The files of a case: a list, a page to look at each, a way in, a way out, and the review of what is held apart."""

from base64 import b64encode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.foundation.files import answers, keeping, kinds
from fridhem.foundation.files.enums import Removed, Status
from fridhem.foundation.files.models import File
from fridhem.rooms.casework import permissions, queries
from fridhem.rooms.casework.actions import documents as actions
from fridhem.rooms.casework.forms import AddDocumentForm, HeldDocumentForm
from fridhem.rooms.casework.models import CaseDocument
from fridhem.rooms.casework.views.parts import StaffRequest, case_of, status_of

ROWS = 25
SHEETS = 5  # pages of a document shown at a time
LONGEST_SHOWN = 50_000  # characters of a text


@require_safe
def documents(request: StaffRequest, number: str) -> HttpResponse:
    """All files of the case, newest first."""
    case = case_of(request, number)
    context = {"case": case, "page": Paginator(queries.documents(case), ROWS).get_page(request.GET.get("page"))}
    return render(request, "casework/documents.html", context)


def add(request: StaffRequest, number: str) -> HttpResponse:
    """Add a file: it is cleaned, or held apart, before anyone sees it."""
    case, now = case_of(request, number), timezone.now()
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AddDocumentForm(*given, today=timezone.localdate(now), sent=_sent(request))
    if form.is_bound and form.is_valid():
        document = actions.add_document(case, taken=form.taken, name=form.cleaned_data["document"].name, by=request.user, at=now)
        messages.success(request, _added(document.file))
        return redirect("casework:documents", number)
    return render(request, "casework/add_document.html", {"case": case, "form": form}, status=status_of(form))


@require_safe
def document(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Look at a file: what it is, who added it, and its pages as pictures."""
    found = _document(request, number, id)
    actions.read_document(found, by=request.user, at=timezone.now())
    page = Paginator(range(1, found.file.pages + 1), SHEETS).get_page(request.GET.get("page"))
    context = {
        "case": found.case,
        "document": found,
        "file": found.file,
        "removed": [Removed(code).label for code in found.file.removed],
        "may_review": permissions.may_review(request.user, found),
        **_shown(found.file, page.start_index() - 1 if found.file.pages else 0),
        "page": page if found.file.pages > SHEETS else None,
    }
    return render(request, "casework/document.html", context)


@require_safe
def take_out(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """The file, to save."""
    found = _document(request, number, id)
    opened = actions.take_out_document(found, by=request.user, at=timezone.now())
    return answers.attachment(opened, f"handling-{str(found.pk)[:8]}")


def review(request: StaffRequest, number: str, id: UUID) -> HttpResponse:
    """Decide what becomes of a file that is held apart."""
    found, now = _document(request, number, id), timezone.now()
    permissions.check_may_review(found, request.user)
    form = HeldDocumentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decide = actions.release_document if form.cleaned_data["decision"] == "release" else actions.throw_away_document
        decide(found, by=request.user, at=now)
        return redirect("casework:document", number, found.pk)
    context = {"case": found.case, "document": found, "file": found.file, "form": form}
    return render(request, "casework/review_document.html", context, status=status_of(form))


# ── Parts ─────────────────────────────────────────────────────────────────


def _document(request: StaffRequest, number: str, id: UUID) -> CaseDocument:
    return get_object_or_404(queries.documents(case_of(request, number)), pk=id)


def _sent(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def _added(file: File) -> str:
    if file.status == Status.HELD:
        return _("The file is held apart: %(why)s") % {"why": file.get_held_because_display()}
    if not file.removed:
        return _("The file is in the case.")
    removed = ", ".join(str(Removed(code).label) for code in file.removed)
    return _("The file is in the case. Taken out of it: %(what)s.") % {"what": removed}


def _shown(file: File, first: int) -> dict[str, object]:
    """What the page shows of the content: pictures of pages, or a text; nothing for what must be saved to be read."""
    if file.status != Status.CLEAN:
        return {}
    if file.kind == "text":
        return {"text": keeping.content(file).data.decode()[:LONGEST_SHOWN]}
    drawn = keeping.pages(file, first=first, count=SHEETS)
    urls = (f"data:image/jpeg;base64,{b64encode(sheet).decode()}" for sheet in drawn)
    sheets = list(enumerate(urls, start=first + 1))
    return {"sheets": sheets, "kind": kinds.latest(file.kind).label(get_language() or "sv")}
