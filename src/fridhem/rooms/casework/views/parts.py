"""What the views of the room share."""

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.rooms.casework import queries
from fridhem.rooms.casework.actions.walls import knock
from fridhem.rooms.casework.models import Case


class StaffRequest(HttpRequest):
    """A request on the staff face, where everybody is someone."""

    user: User


def case_of(request: StaffRequest, number: str) -> Case:
    """The case, if the reader needs to know of it. Raises Http404; that someone reached for what is shut to them is told."""
    found = queries.visible_to(request.user).select_related("unit", "person").filter(number=number).first()
    if found is None:
        knock(number, by=request.user, at=timezone.now())
        raise Http404
    return found


def form_page(
    request: StaffRequest, template: str, found: Case, form: Form, heading: str, confirm: str, **more: object
) -> HttpResponse:
    context = {"case": found, "form": form, "heading": heading, "confirm": confirm, **more}
    return render(request, template, context, status=status_of(form))


def status_of(form: Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def view_of(request: StaffRequest, name: str, value: str, label: str, chosen: str, count: int | None = None) -> dict[str, object]:
    """One choice of a segment: the same address with another value, from its first page."""
    query = request.GET.copy()
    query.pop("page", None)
    query[name] = value
    return {"label": label, "url": f"?{query.urlencode()}", "active": value == chosen, "count": count}
