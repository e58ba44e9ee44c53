"""What the pages have in common."""

from django.http import Http404, HttpRequest

from fridhem.foundation.accounts.models import User
from fridhem.rooms.processes import queries
from fridhem.rooms.processes.enums import Kind
from fridhem.rooms.processes.models import Version


class StaffRequest(HttpRequest):
    """A request on the staff face, where everybody is someone."""

    user: User


def version_of(request: StaffRequest, key: str, version: int, kind: Kind = Kind.PROCESS) -> Version:
    """An uploaded version that the user may see. Raises Http404."""
    found = queries.version(key, version, user=request.user, kind=kind)
    if found is None:
        raise Http404
    return found
