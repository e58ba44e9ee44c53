"""Moving cases to another version of their process, for the process owner: how many, and by number what stands in the way."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.foundation.processes.definition import Definition
from fridhem.rooms.casework import forms, permissions, tasks
from fridhem.rooms.casework.actions import moves as actions
from fridhem.rooms.casework.queries import moves as known
from fridhem.rooms.casework.views.parts import StaffRequest, status_of
from fridhem.rooms.processes import queries as processes

PAGE = 20


@require_safe
def moves(request: StaffRequest) -> HttpResponse:
    """How many cases run on each version, and what has been ordered."""
    permissions.check_may_move(request.user)
    today = timezone.localdate()
    newest = {definition.key: definition for definition in processes.in_force(on=today)}
    rows = [(running, newest.get(running.key)) for running in known.running()]
    page = Paginator(known.moves(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "casework/moves.html", {"rows": rows, "page": page})


def order(request: StaffRequest, key: str, old: int, new: int) -> HttpResponse:
    """Say which steps became which, and have the cases checked."""
    permissions.check_may_move(request.user)
    before, after = _definition(key, old), _definition(key, new)
    form = forms.MoveForm(request.POST or None, old=before, new=after)
    if request.method == "POST" and form.is_valid():
        given = {"renames": form.renames, "only": form.cleaned_data["only"]}
        move = actions.order(key=key, old=old, new=new, by=request.user, at=timezone.now(), **given)
        tasks.check_move.defer(move_id=str(move.pk))
        return redirect("casework:move", move.pk)
    context = {"form": form, "old": before, "new": after}
    return render(request, "casework/order_move.html", context, status=status_of(form))


def move(request: StaffRequest, id: UUID) -> HttpResponse:
    """How far an order has come, what was found, and the word to carry it out."""
    permissions.check_may_move(request.user)
    found = get_object_or_404(known.moves(request.user), pk=id)
    if request.method == "POST":
        actions.confirm(found, by=request.user, at=timezone.now())
        tasks.carry_out_move.defer(move_id=str(found.pk))
        messages.success(request, _("The cases are being moved. You can leave the page."))
        return redirect("casework:move", id)
    return render(request, "casework/move.html", {"move": found, "definition": _definition(found.key, found.new)})


def _definition(key: str, number: int) -> Definition:
    try:
        return processes.definition(key, number)
    except KeyError:
        raise Http404 from None
