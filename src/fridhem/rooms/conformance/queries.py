"""What can be known: measurements, and the safe tables in them."""

from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet

from fridhem.foundation.accounts.models import User
from fridhem.pure.disclosure.safe_table import SafeTable, restore
from fridhem.rooms.conformance import permissions
from fridhem.rooms.conformance.enums import Status
from fridhem.rooms.conformance.models import Measurement


def visible_to(user: User) -> QuerySet[Measurement]:
    """Every measurement, for those who measure."""
    found = Measurement.objects.select_related("ordered_by").defer("table", "cases", "log")
    return found if permissions.measures(user) else found.none()


def listed(user: User) -> QuerySet[Measurement]:
    """Newest first, without those that a newer one has replaced."""
    return visible_to(user).exclude(status=Status.REPLACED)


def table_of(measurement: Measurement) -> SafeTable:
    """The steps by what happened to them; its certificate is checked as it's read. Raises NotSafe, ValueError."""
    return _restored(measurement.pk, "table")


def cases_of(measurement: Measurement) -> SafeTable | None:
    """The cases of a log by whether they followed the process; None for our own cases."""
    return _restored(measurement.pk, "cases") if measurement.version else None


@lru_cache(maxsize=32)
def _restored(pk: UUID, column: str) -> SafeTable:
    """A table that is ready is never changed, so it's read once."""
    return restore(Measurement.objects.values_list(column, flat=True).get(pk=pk))
