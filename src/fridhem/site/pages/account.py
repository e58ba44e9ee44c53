"""Signing in and out. The demonstration's one-click sign-ins exist only where `FRIDHEM_DEMO` is on."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record


class SignIn(LoginView):
    """The sign-in page; every entrance is a line in the record."""

    template_name = "site/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        record("accounts.user.signed_in", subject=form.get_user(), by=form.get_user(), at=timezone.now())
        return answer


sign_in = SignIn.as_view()


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language in a cookie and go back."""
    return set_language(request)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and go to the first page."""
    assert isinstance(request.user, User), "the staff face lets nobody else in"
    record("accounts.user.signed_out", subject=request.user, by=request.user, at=timezone.now())
    logout(request)
    return redirect("start")


@require_POST
def step_in(request: HttpRequest, username: str) -> HttpResponse:
    """Become one of the demonstration's people with one click."""
    if not settings.FRIDHEM_DEMO:
        raise Http404
    user = get_object_or_404(User, username=username, is_active=True)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    record("accounts.user.stepped_in", subject=user, by=user, at=timezone.now())
    return redirect("start")
