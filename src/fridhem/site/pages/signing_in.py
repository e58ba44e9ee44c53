"""Signing in and out. The demonstration's one-click sign-ins exist only where `FRIDHEM_DEMO` is on."""

from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.core.internal import ratelimit
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import flows
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from fridhem.foundation.accounts import actions, providers, sessions
from fridhem.foundation.accounts.adapters import AccountAdapter, enter
from fridhem.foundation.accounts.enums import Entrance
from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.site.forms import OneTimeCodeForm

BACKEND = "django.contrib.auth.backends.ModelBackend"


def by_name(request: HttpRequest) -> bool:
    """Whether the page is asked for by a host with a name: browsers make no passkeys for a bare address such as 127.0.0.1."""
    return any(sign.isalpha() for sign in request.get_host().partition(":")[0])


class SignIn(LoginView):
    """The sign-in page: passkey first, then the municipality's own sign-in, then password."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        ways = {"providers": providers.sign_in().providers, "by_name": by_name(self.request)}
        return {**super().get_context_data(**more), **ways, "next": get_next_redirect_url(self.request) or ""}

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """The page's forms may lead to the providers too."""
        answer = super().render_to_response(context, **more)
        answer._csp_update = {"form-action": sorted(set().union(*(one.origins for one in providers.sign_in().providers)))}
        return answer


@method_decorator(transaction.atomic, name="post")
class SignInByPasskey(LoginWebAuthnView):
    """Signing in by a passkey and nothing else. There is nothing to guess, so nothing is counted and nobody is locked out."""

    def form_valid(self, form: LoginWebAuthnForm) -> HttpResponse:
        key = form.cleaned_data["credential"]
        whither = get_next_redirect_url(self.request)
        return flows.perform_passwordless_login(self.request, key, Login(user=key.user, redirect_url=whither))

    def form_invalid(self, form: LoginWebAuthnForm) -> HttpResponse:
        record("accounts.user.sign_in_failed", subject=None, by=None, at=timezone.now(), reason=Entrance.PASSKEY)
        messages.error(self.request, _("The passkey couldn't be used. Try again, or use another way in."))
        return redirect("sign-in")


@method_decorator(transaction.atomic, name="post")
class SecondStep(AuthenticateView):
    """After the password: a passkey or a code."""


sign_in, sign_in_by_passkey, second_step = SignIn.as_view(), SignInByPasskey.as_view(), SecondStep.as_view()


def closed(request: HttpRequest) -> HttpResponse:
    """Say that the account is closed, to someone who has shown that it's theirs."""
    return render(request, "account/closed.html", status=403)


@sensitive_post_parameters("code")
def one_time_code(request: HttpRequest) -> HttpResponse:
    """Come in by the administrator's code, to add a passkey; for who is signed in already it only opens that page."""
    form = OneTimeCodeForm(request.POST or None)
    if form.is_valid():
        if not _may_try(request):
            form.add_error("code", _("Too many tries. Wait five minutes."))
        elif user := _use(request, form.cleaned_data["code"]):
            return _to_new_passkey(request, user)
        else:
            form.add_error("code", _("The code is wrong, used or too old. Ask for a new one."))
    return render(request, "account/one_time_code.html", {"form": form}, status=422 if form.errors else 200)


def _may_try(request: HttpRequest) -> bool:
    """A hundred bits aren't guessed; the limit only keeps the noise down, for one address at a time."""
    key = AccountAdapter()._get_login_attempts_cache_key(request, username="one-time code")
    return bool(ratelimit.consume(request, app="allauth.account", action="one_time_code", key=key))


def _use(request: HttpRequest, code: str) -> User | None:
    """The person whose code it is; someone who is signed in can use their own only."""
    user = actions.use_code(code, at=timezone.now())
    return None if request.user.is_authenticated and request.user != user else user


def _to_new_passkey(request: HttpRequest, user: User) -> HttpResponse:
    if not request.user.is_authenticated:
        login(request, user, backend=BACKEND)
        enter(request, user, Entrance.ONE_TIME_CODE)
    request.session[sessions.MAY_ADD] = True
    return redirect("mfa_add_webauthn")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language in a cookie and go back."""
    return set_language(request)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and go to the first page."""
    AccountAdapter().logout(request)
    return redirect("start")


@require_POST
def step_in(request: HttpRequest, username: str) -> HttpResponse:
    """Become one of the demonstration's people with one click: one of those that it made itself, never anyone else."""
    if not settings.FRIDHEM_DEMO:
        raise Http404
    user = get_object_or_404(User, username=username, is_active=True, is_invented=True)
    login(request, user, backend=BACKEND)
    enter(request, user, Entrance.DEMONSTRATION)
    return redirect("start")
