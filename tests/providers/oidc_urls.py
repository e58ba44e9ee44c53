"""The OpenID provider's pages, and what it says of someone."""

import json
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.contrib.auth.models import Group, User
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt


class Adapter(DefaultOIDCAdapter):
    """Says the groups, and how the person was known."""

    def get_claims(self, purpose: str, user: User, client: Any, scopes: Any, email: Any = None, **more: Any) -> dict[str, Any]:
        told = super().get_claims(purpose, user, client, scopes, email=email, **more)
        groups = list(user.groups.values_list("name", flat=True))
        return {**told, "name": f"{user.first_name} Kommun", "groups": groups, "acr": user.last_name}


@csrf_exempt
def control(request: HttpRequest) -> HttpResponse:
    """Change what is said of someone."""
    told = json.loads(request.body)
    user = User.objects.get(username=told["username"])
    if "groups" in told:
        user.groups.set([Group.objects.get_or_create(name=group)[0] for group in told["groups"]])
    user.is_active = told.get("active", user.is_active)
    user.save()
    return HttpResponse("ok")


urlpatterns = [
    path("control", control),
    path("accounts/", include("allauth.urls")),
    path("", include("allauth.idp.urls")),
]
