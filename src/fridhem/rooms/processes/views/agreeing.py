"""From draft to published by two: the same way for a core process and for a decision table."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fridhem.rooms.processes import actions, forms, permissions, rules
from fridhem.rooms.processes.enums import Kind
from fridhem.rooms.processes.models import Version
from fridhem.rooms.processes.views.parts import StaffRequest, version_of

ADDRESSES = {Kind.PROCESS: "processes:version", Kind.TABLE: "processes:table-version"}
LISTS = {Kind.PROCESS: "processes:processes", Kind.TABLE: "processes:tables"}
FORMS = {Kind.PROCESS: forms.ProposeForm, Kind.TABLE: forms.ProposeTableForm}
PUBLISHED = {
    Kind.PROCESS: gettext_lazy(
        "From %(day)s new cases begin on “%(name)s”, version %(number)s. A published version is never changed: what is wrong is "
        "put right in a new one."
    ),
    Kind.TABLE: gettext_lazy(
        "From %(day)s “%(name)s”, version %(number)s, decides in every case. A published version is never changed: what is wrong "
        "is put right in a new one."
    ),
}


def discard(request: StaffRequest, key: str, version: int, kind: Kind = Kind.PROCESS) -> HttpResponse:
    """Throw a draft away."""
    permissions.check_owns(request.user)
    found = version_of(request, key, version, kind)
    if request.method == "POST":
        actions.discard(found, by=request.user, at=timezone.now())
        messages.success(request, _("The draft is gone."))
        return redirect(LISTS[kind])
    text = _("The file and what was tried with it go. What is published stays as it is.")
    return _confirm(request, found, _("Throw away the draft"), text, _("Throw away"), kind="warning")


def propose(request: StaffRequest, key: str, version: int, kind: Kind = Kind.PROCESS) -> HttpResponse:
    """Ask another person to publish the version."""
    permissions.check_owns(request.user)
    found = version_of(request, key, version, kind)
    now = timezone.now()
    form = FORMS[kind](request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        actions.propose(found, by=request.user, at=now, valid_from=form.cleaned_data["valid_from"])
        messages.success(request, _("The version is proposed. Another process owner or a team leader publishes it."))
        return redirect(ADDRESSES[kind], key, version)
    text = _("Another process owner or a team leader reads what is new, and publishes it or sends it back.")
    return _confirm(request, found, _("Propose the version"), text, _("Propose"), form=form)


def publish(request: StaffRequest, key: str, version: int, kind: Kind = Kind.PROCESS) -> HttpResponse:
    """Let new cases begin on it. The page of the version says which proposal was read."""
    found = version_of(request, key, version, kind)
    permissions.check_may_publish(request.user, found)
    now = timezone.now()
    if request.method == "POST":
        actions.publish(found, by=request.user, at=now, seen=request.POST.get("seen", ""))
        messages.success(request, _("The version is published."))
        return redirect(ADDRESSES[kind], key, version)
    rules.check_is_proposed(found.status)
    seen = request.GET.get("sett", found.proposal)
    rules.check_was_read(found.proposal, seen)
    assert found.valid_from is not None
    day = date_format(max(found.valid_from, timezone.localdate(now)), "j F Y")
    text = PUBLISHED[kind] % {"day": day, "name": found.name, "number": found.number}
    form = forms.PublishForm(initial={"seen": seen})
    return _confirm(request, found, _("Publish the version"), text, _("Publish"), form=form)


def send_back(request: StaffRequest, key: str, version: int, kind: Kind = Kind.PROCESS) -> HttpResponse:
    """Make a proposal a draft again."""
    found = version_of(request, key, version, kind)
    if not permissions.owns(request.user):
        permissions.check_may_publish(request.user, found)
    if request.method == "POST":
        actions.send_back(found, by=request.user, at=timezone.now())
        messages.success(request, _("The version is a draft again."))
        return redirect(ADDRESSES[kind], key, version)
    text = _("It can be proposed again, or thrown away. Tell its owner what you want changed.")
    return _confirm(request, found, _("Send the version back"), text, _("Send back"))


def _confirm(
    request: StaffRequest, found: Version, heading: str, text: str, confirm: str, *, kind: str = "", form: object = None
) -> HttpResponse:
    context = {
        "heading": heading,
        "text": text,
        "confirm": confirm,
        "kind": kind,
        "form": form,
        "back": reverse(ADDRESSES[Kind(found.kind)], args=[found.key, found.number]),
    }
    refused = getattr(form, "is_bound", False) and getattr(form, "errors", None)
    return render(request, "design/confirm.html", context, status=422 if refused else 200)
