"""What can be known: releases, and the safe tables in them."""

from functools import lru_cache
from uuid import UUID

from django.db.models import QuerySet

from fridhem.foundation.accounts.models import User
from fridhem.pure.disclosure.safe_table import SafeTable, restore
from fridhem.rooms.statistics import permissions, rules
from fridhem.rooms.statistics.enums import Status
from fridhem.rooms.statistics.models import Release


def visible_to(user: User) -> QuerySet[Release]:
    """Released tables for everyone on the staff; those who release see all."""
    if not user.is_active:
        return Release.objects.none()
    found = Release.objects.select_related("ordered_by", "released_by").defer("table")
    return found if permissions.may_release(user) else found.filter(status=Status.RELEASED)


def in_force(user: User, key: str) -> QuerySet[Release]:
    """The released tables of a definition, newest year first."""
    return visible_to(user).filter(key=key, status=Status.RELEASED).order_by("-year")


def released_count(user: User) -> int:
    """How many tables are in force, of every definition and year: what is archived."""
    return visible_to(user).filter(status=Status.RELEASED).count()


def waiting(user: User) -> QuerySet[Release]:
    """What is under way, ready to read through, or stopped: for those who release."""
    return visible_to(user).filter(status__in=(*rules.UNDER_WAY, Status.READY, Status.FAILED)).order_by("-ordered_at")


def table_of(release: Release) -> SafeTable:
    """The release's table; its certificate is checked as it is read. Raises NotSafe, ValueError."""
    return _restored(release.pk, release.extracted_at.isoformat() if release.extracted_at else "")


@lru_cache(maxsize=16)
def _restored(pk: UUID, _version: str) -> SafeTable:
    return restore(Release.objects.only("table").get(pk=pk).table)
