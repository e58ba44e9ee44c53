"""What every page knows: the municipality's name, the menu, where the exit leads."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from fridhem.foundation.accounts import entrances
from fridhem.foundation.accounts.enums import ZONES_OF
from fridhem.foundation.accounts.models import User
from fridhem.site import navigation


def house(request: HttpRequest) -> dict[str, Any]:
    """Context for every template."""
    user = getattr(request, "user", None)
    closed = isinstance(user, User) and entrances.withheld_from(user.pk) & ZONES_OF[user.role]
    return {
        "municipality": settings.FRIDHEM_MUNICIPALITY,
        "languages_of_staff": [(code, name) for code, name in settings.LANGUAGES if code in settings.STAFF_LANGUAGES],
        "exit_url": settings.FRIDHEM_EXIT_URL,
        "face": settings.FRIDHEM_FACE,
        "is_demo": settings.FRIDHEM_DEMO,
        "public_url": settings.FRIDHEM_PUBLIC_URL,
        "open_protected": reverse("open-protected") if closed else "",
        "navigation": navigation.menu(user, request.path) if user is not None and user.is_authenticated else [],
    }
