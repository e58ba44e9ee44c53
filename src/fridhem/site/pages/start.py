"""The first page: what the house is, and for those who work here, where today's work is."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fridhem.foundation.accounts.models import User


@login_not_required
def start(request: HttpRequest) -> HttpResponse:
    """Introduce the house; in the demonstration, let the visitor step into each role."""
    people = User.objects.filter(is_active=True).select_related("unit").order_by("role") if settings.FRIDHEM_DEMO else []
    return render(request, "site/start.html", {"people": people})
