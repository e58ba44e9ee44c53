from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fridhem.design.htmx import page_or_part
from fridhem.foundation.accounts.models import User
from fridhem.rooms.council import actions, permissions, queries
from fridhem.rooms.council.enums import MatterKind, MatterStatus
from fridhem.rooms.council.forms import TakeInForm

ROWS = 25


class StaffRequest(HttpRequest):
    """A request from someone who has signed in: `LoginRequiredMiddleware` lets nobody else here."""

    user: User


@require_safe
def matters(request: StaffRequest) -> HttpResponse:
    """All matters, newest first."""
    search, kind, status = (request.GET.get(name, "") for name in ("q", "kind", "status"))
    found = queries.listed(request.user, search=search, kind=kind, status=status)
    context = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "q": search,
        "kind": kind,
        "status": status,
        "kinds": MatterKind.choices,
        "statuses": MatterStatus.choices,
        "may_take_in": permissions.may_take_in(request.user),
    }
    return page_or_part(request, "council/matters.html", context, part="council/_matters.html")


@require_safe
def documents(request: StaffRequest) -> HttpResponse:
    """All documents, newest first."""
    search = request.GET.get("q", "")
    found = queries.documents_listed(request.user, search=search)
    context = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "q": search,
        "may_take_in": permissions.may_take_in(request.user),
    }
    return page_or_part(request, "council/documents.html", context, part="council/_documents.html")


@require_safe
def matter(request: StaffRequest, matter_id: UUID) -> HttpResponse:
    """One matter: its documents in time, its numbers and decisions by body."""
    found = get_object_or_404(queries.matters_shown(request.user), pk=matter_id)
    documents = list(queries.timeline(found))
    context = {
        "matter": found,
        "documents": documents,
        "positions": queries.positions(documents),
        "mentions": queries.mentions(found),
    }
    return render(request, "council/matter.html", context)


@require_safe
def document(request: StaffRequest, document_id: UUID) -> HttpResponse:
    """One document: its text with what was found in it."""
    found = get_object_or_404(queries.documents_shown(request.user), pk=document_id)
    context = {"document": found, "pieces": queries.marked_text(found), "findings": queries.found_in(found)}
    return render(request, "council/document.html", context)


def take_in(request: StaffRequest) -> HttpResponse:
    """Hand over several files; the answer has one line for each."""
    permissions.check_may_take_in(request.user)
    form = TakeInForm(request.POST, request.FILES, sent=_sent(request)) if request.method == "POST" else TakeInForm()
    if not form.is_valid():
        return render(request, "council/take_in.html", {"form": form}, status=422 if form.is_bound else 200)
    files = (actions.File(file.name, file.read()) for file in form.cleaned_data["documents"])
    lines = actions.take_in(files, by=request.user, at=timezone.now())
    return render(request, "council/taken_in.html", {"lines": lines})


def _sent(request: HttpRequest) -> int:
    """How large the request is, in bytes."""
    return int(request.META.get("CONTENT_LENGTH") or 0)
