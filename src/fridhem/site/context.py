"""What every page knows: the municipality's name, the menu, where the exit leads."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from fridhem.site import navigation


def house(request: HttpRequest) -> dict[str, Any]:
    """Context for every template."""
    user = getattr(request, "user", None)
    return {
        "municipality": settings.FRIDHEM_MUNICIPALITY,
        "languages_of_staff": [(code, name) for code, name in settings.LANGUAGES if code in settings.STAFF_LANGUAGES],
        "exit_url": settings.FRIDHEM_EXIT_URL,
        "face": settings.FRIDHEM_FACE,
        "is_demo": settings.FRIDHEM_DEMO,
        "public_url": settings.FRIDHEM_PUBLIC_URL,
        "navigation": navigation.menu(user, request.path) if user is not None and user.is_authenticated else [],
    }
