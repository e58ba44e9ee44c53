from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fridhem.design.htmx import page_or_part
from fridhem.foundation.accounts.models import User
from fridhem.rooms.council import actions, permissions, queries
from fridhem.rooms.council.enums import MatterKind, MatterStatus
from fridhem.rooms.council.forms import TakeInForm
from fridhem.rooms.council.tasks import read_incoming

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
    """Hand over several files, for the worker to read."""
    permissions.check_may_take_in(request.user)
    form = TakeInForm(request.POST, request.FILES, sent=_sent(request)) if request.method == "POST" else TakeInForm()
    if not form.is_valid():
        context = {"form": form, "under_way": queries.deliveries_under_way(request.user)}
        return render(request, "council/take_in.html", context, status=422 if form.is_bound else 200)
    files = (actions.File(file.name, file.read()) for file in form.cleaned_data["documents"])
    with transaction.atomic():
        handed_over = actions.hand_over(files, by=request.user, at=timezone.now())
        read_incoming.defer(delivery_id=str(handed_over.pk))
    return redirect("council:delivery", handed_over.pk)


@require_safe
def delivery(request: StaffRequest, delivery_id: UUID) -> HttpResponse:
    """What became of each file that was handed over, so far."""
    permissions.check_may_take_in(request.user)
    found = get_object_or_404(queries.deliveries_visible_to(request.user), pk=delivery_id)
    files = queries.files_of(found)
    return render(request, "council/delivery.html", {"files": files, "done": sum(file.settled for file in files)})


def _sent(request: HttpRequest) -> int:
    """How large the request is, in bytes."""
    return int(request.META.get("CONTENT_LENGTH") or 0)
