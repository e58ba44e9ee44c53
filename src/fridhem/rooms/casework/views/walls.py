"""To whom a case is shut."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from fridhem.rooms.casework import forms, permissions, queries
from fridhem.rooms.casework.actions.walls import put_wall
from fridhem.rooms.casework.views.parts import StaffRequest, case_of, form_page


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
