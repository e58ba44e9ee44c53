"""To whom a case is shut, and whom a colleague must not handle."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fridhem.rooms.casework import forms, permissions, queries
from fridhem.rooms.casework.actions.walls import put_wall
from fridhem.rooms.casework.views.parts import StaffRequest, case_of, form_page, status_of
from fridhem.rooms.persons import actions as persons
from fridhem.rooms.persons import queries as people


def wall(request: StaffRequest, number: str) -> HttpResponse:
    """Shut the case to a colleague."""
    found = case_of(request, number)
    permissions.check_may_lead(found, request.user)
    form = forms.WallForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        put_wall(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The case is shut to %(name)s.") % {"name": form.cleaned_data["user"].name})
        return redirect("casework:case", number)
    text = _(
        "The colleague won't see the case at all, not even that it is, whatever their role. An emergency opening doesn't help."
    )
    heading = _("Shut the case to a colleague")
    return form_page(request, "casework/wall.html", found, form, heading, _("Shut"), text=text, walls=queries.walls(found))


def recusals(request: StaffRequest) -> HttpResponse:
    """Whom one must not handle, said by oneself or one's leader; that there is someone, and never who."""
    today, now = timezone.localdate(), timezone.now()
    form = forms.RecusalForm(request.POST or None, by=request.user, today=today)
    if request.method == "POST" and form.is_valid():
        persons.recuse(**{"user": request.user, **form.cleaned_data}, by=request.user, at=now)
        messages.success(request, _("It's said: the person's cases are shut from now on."))
        return redirect("casework:recusals")
    context = {"form": form, "own": people.recusals(request.user), "to_lift": people.recusals_to_lift(request.user)}
    return render(request, "casework/recusals.html", context, status=status_of(form))


@require_POST
def lift(request: StaffRequest, id: UUID) -> HttpResponse:
    """The conflict is over, or was a mistake."""
    found = get_object_or_404(people.recusals_to_lift(request.user), pk=id)
    persons.lift_recusal(found, by=request.user, at=timezone.now())
    messages.success(request, _("It's lifted: %(name)s can handle the person again.") % {"name": found.user.name})
    return redirect("casework:recusals")
