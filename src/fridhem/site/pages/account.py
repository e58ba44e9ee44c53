"""My account: who I am here, my keys, where I'm signed in."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fridhem.foundation.accounts import actions, queries, sessions
from fridhem.foundation.accounts.adapters import enter
from fridhem.foundation.accounts.enums import STRONG, Entrance
from fridhem.site.forms import PasswordForm
from fridhem.site.pages.signing_in import by_name

NEXT = "after_passkey"


def account(request: HttpRequest) -> HttpResponse:
    """Name, role, unit; passkeys, app, password; open sessions."""
    return render(
        request,
        "site/account/account.html",
        {
            "ways": queries.ways_in(request.user),
            "open_sessions": queries.open_sessions(request.user),
            "this_one": sessions.digest(request.session.session_key),
        },
    )


def open_protected(request: HttpRequest) -> HttpResponse:
    """What to do for the protected zone: use the passkey, or add one; then back to where it was needed."""
    name = "mfa_reauthenticate_webauthn" if queries.has_passkey(request.user) else "mfa_add_webauthn"
    whither = get_next_redirect_url(request) or reverse("account")
    return redirect(f"{reverse(name)}?{urlencode({'next': whither})}")


@require_POST
def end_session(request: HttpRequest, digest: str) -> HttpResponse:
    """End one of my sessions."""
    actions.end_session(digest, by=request.user, at=timezone.now())
    messages.success(request, _("That session has ended."))
    return redirect("account")


# ── Passkeys ──────────────────────────────────────────────────────────────


def _is_strong(request: HttpRequest) -> bool:
    return request.session.get(sessions.ENTRANCE) in STRONG


def _may_add(request: HttpRequest) -> bool:
    """Who may add a passkey: only someone who came in by one, or by the administrator's code. A password can't become more."""
    return _is_strong(request) or bool(request.session.get(sessions.MAY_ADD))


@method_decorator(transaction.atomic, name="post")
class AddPasskey(AddWebAuthnView):
    """Add a passkey. It's tried once before it opens anything."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        whither = get_next_redirect_url(request)
        if whither:
            request.session[NEXT] = whither
        if not _may_add(request):
            return render(
                request, "site/account/code_needed.html", {"has_passkey": queries.has_passkey(request.user)}, status=403
            )
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        given = super().get_context_data(**more)  # which begins one that asks for no finger: ours comes after
        options = auth.begin_registration(self.request.user, True)
        return {**given, "options": options, "by_name": by_name(self.request)}

    def form_valid(self, form: Form) -> HttpResponse:
        super().form_valid(form)
        user, request = self.request.user, self.request
        if not user.has_usable_password():  # recovery codes stand in for an app, after a password: without one they open nothing
            Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        request.session.pop(sessions.MAY_ADD, None)
        messages.success(request, _("The passkey is added."))
        whither = request.session.pop(NEXT, reverse("account"))
        return redirect(
            whither if _is_strong(request) else f"{reverse('mfa_reauthenticate_webauthn')}?{urlencode({'next': whither})}"
        )


@method_decorator(transaction.atomic, name="post")
class RenamePasskey(EditWebAuthnView):
    """Call a passkey something else."""

    success_url = reverse_lazy("account")


@method_decorator(transaction.atomic, name="post")
class RemovePasskey(RemoveWebAuthnView):
    """Remove a passkey."""

    success_url = reverse_lazy("account")

    def form_valid(self, form: Form) -> HttpResponse:
        answer = super().form_valid(form)
        messages.success(self.request, _("The passkey is removed."))
        return answer


@method_decorator(transaction.atomic, name="post")
class PasskeyAgain(ReauthenticateWebAuthnView):
    """Show the passkey once more; a session that began with less becomes one that a passkey opened."""

    def form_valid(self, form: Form) -> HttpResponse:
        answer = super().form_valid(form)
        if not _is_strong(self.request):
            self.request.session.cycle_key()
            enter(self.request, self.request.user, Entrance.PASSKEY)
        return answer

    def form_invalid(self, form: Form) -> HttpResponse:
        messages.error(self.request, _("The passkey couldn't be used. Try again, or use another way in."))
        return redirect(self.request.get_full_path())

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        given = super().get_context_data(**more)
        return {**given, "options": given["js_data"]["request_options"], "next": get_next_redirect_url(self.request) or ""}


# ── Password, app and recovery codes ──────────────────────────────────────


@method_decorator(transaction.atomic, name="post")
class PasswordAgain(ReauthenticateView):
    """The password once more."""


@method_decorator(transaction.atomic, name="post")
class CodeAgain(ReauthenticateByCodeView):
    """A code once more."""


@reauthentication_required
def choose_password(request: HttpRequest) -> HttpResponse:
    """Choose a password; one's other sessions end."""
    form = PasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        kept = sessions.digest(request.session.session_key)
        actions.set_password(request.user, form.cleaned_data["password"], at=timezone.now(), kept=kept)
        _keep_signed_in(request)
        messages.success(request, _("The password is chosen. Your other sessions have ended."))
        return redirect("account")
    return render(request, "site/account/password.html", {"form": form}, status=422 if form.errors else 200)


def _keep_signed_in(request: HttpRequest) -> None:
    """This session goes by the new password."""
    request.session[HASH_SESSION_KEY] = request.user.get_session_auth_hash()


@method_decorator(transaction.atomic, name="post")
class AddApp(ActivateTOTPView):
    """Connect an app that shows codes."""

    def form_valid(self, form: Form) -> HttpResponse:
        answer = super().form_valid(form)
        messages.success(self.request, _("The app is connected."))
        return answer


@method_decorator(transaction.atomic, name="post")
class RemoveApp(DeactivateTOTPView):
    """Disconnect the app."""

    success_url = reverse_lazy("account")


class RecoveryCodes(ViewRecoveryCodesView):
    """The recovery codes, the one time that they're shown."""


@method_decorator(transaction.atomic, name="post")
class NewRecoveryCodes(GenerateRecoveryCodesView):
    """New recovery codes instead of the old."""


add_passkey, rename_passkey, remove_passkey = AddPasskey.as_view(), RenamePasskey.as_view(), RemovePasskey.as_view()
passkey_again, password_again, code_again = PasskeyAgain.as_view(), PasswordAgain.as_view(), CodeAgain.as_view()
add_app, remove_app = AddApp.as_view(), RemoveApp.as_view()
recovery_codes, new_recovery_codes = RecoveryCodes.as_view(), NewRecoveryCodes.as_view()
