"""What does the browser ask, what do we answer. Who doesn't work with the case is told that there is no such page."""

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.foundation.accounts.models import User
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.disclosures import actions, catalogue, forms, permissions, queries, tasks
from fridhem.rooms.disclosures.actions import exports
from fridhem.rooms.disclosures.enums import State


class StaffRequest(HttpRequest):
    """A request on the staff face, where everybody is someone."""

    user: User


PAGE = 50
COLUMNS = ("at", "case", "recipient", "ground", "by", "state", "withheld", "allowed_by", "left_at", "way")


# ── Of one case ───────────────────────────────────────────────────────────


@require_safe
def of_case(request: StaffRequest, number: str) -> HttpResponse:
    """What has been disclosed in a case, or was about to."""
    case = _case(request, number)
    page = Paginator(queries.of_case(case, request.user), PAGE).get_page(request.GET.get("page"))
    rows = [(row, queries.state_of(row).label, catalogue.ground_label(row.ground, _language())) for row in page]
    on_its_way = queries.exports(request.user).filter(case=case, status__in=queries.ON_ITS_WAY)
    context = {"case": case, "page": page, "rows": rows, "exports": on_its_way}
    context["takes_out"] = permissions.takes_out(case, request.user)
    return render(request, "disclosures/of_case.html", context)


def new(request: StaffRequest, number: str) -> HttpResponse:
    """Prepare a disclosure; it's checked before anything leaves."""
    case, now = _case(request, number), timezone.now()
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.DiscloseForm(*given, case=case, user=request.user, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        made = actions.disclose(case, by=request.user, at=now, **form.cleaned_data)
        return redirect("disclosures:disclosure", made.pk)
    return render(request, "disclosures/new.html", {"case": case, "form": form}, status=_status(form))


def preview(request: StaffRequest, number: str) -> HttpResponse:
    """What would the recipient learn? Nothing is kept."""
    case, now = _case(request, number), timezone.now()
    pieces: list[actions.Preview] = []
    found = None
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.ParcelForm(*given, case=case, user=request.user)
    if request.method == "POST" and form.is_valid():
        pieces, found = actions.preview(case, by=request.user, at=now, **form.cleaned_data)
    context = {"case": case, "form": form, "pieces": pieces, "found": found}
    return render(request, "disclosures/preview.html", context, status=_status(form))


@require_safe
def insight(request: StaffRequest, number: str) -> HttpResponse:
    """What would a party see of the whole case, and what would be withheld and why? Nothing is kept."""
    case = _case(request, number)
    form = forms.RecipientForm(request.GET if "recipient" in request.GET else None, case=case, user=request.user)
    page = Paginator(casework.whole_journal(case), PAGE).get_page(request.GET.get("page"))
    rows = None
    if form.is_valid():
        rows = actions.insight(case, page.object_list, by=request.user, at=timezone.now(), **form.cleaned_data)
    context = {"case": case, "form": form, "rows": rows, "page": page}
    return render(request, "disclosures/insight.html", context, status=_status(form))


def order(request: StaffRequest, number: str) -> HttpResponse:
    """What would be in the whole file for someone, and what not? Then the word to make it."""
    case, now = _case(request, number), timezone.now()
    today = timezone.localdate(now)
    form = forms.ReceiverForm(request.GET if "recipient" in request.GET else None, case=case, today=today)
    context: dict[str, Any] = {"case": case, "form": form}
    if not form.is_valid():
        return render(request, "disclosures/order_export.html", context, status=_status(form))
    whom = form.cleaned_data
    given = exports.preview(case, by=request.user, at=now, **whom)
    last = forms.ExportForm(request.POST if request.method == "POST" else None, given=given, today=today)
    if request.method == "POST" and last.is_valid():
        with transaction.atomic():
            ordered = exports.order(case, by=request.user, at=now, **whom, **last.cleaned_data)
            if ordered.ordered_at == now:
                tasks.pack.defer(export_id=str(ordered.pk))
        return redirect("disclosures:export", ordered.pk)
    context |= {"last": last, "given": given, "left_out": given.content["left_out"], "documents": len(given.documents)}
    return render(request, "disclosures/order_export.html", context, status=_status(last))


def export(request: StaffRequest, id: UUID) -> HttpResponse:
    """How far the whole file has come; then the word to have it checked."""
    found = get_object_or_404(queries.exports(request.user), pk=id)
    if request.method == "POST":
        made = exports.disclose(found, by=request.user, at=timezone.now())
        return redirect("disclosures:disclosure", made.pk)
    return render(request, "disclosures/export.html", {"export": found, "case": found.case})


@require_safe
def disclosure(request: StaffRequest, id: UUID) -> HttpResponse:
    """One disclosure: where it stands, what stops it, what can be done."""
    found = _found(request, id)
    actions.read(found, by=request.user, at=timezone.now())
    return render(request, "disclosures/disclosure.html", _page(request, found))


def allow(request: StaffRequest, id: UUID) -> HttpResponse:
    """Let it pass, as one of two."""
    found = _found(request, id)
    form = forms.AllowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.allow(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("What you said is written down."))
        return redirect("disclosures:disclosure", id)
    return render(request, "disclosures/allow.html", {**_page(request, found), "form": form}, status=_status(form))


def leave(request: StaffRequest, id: UUID) -> HttpResponse:
    """Say how it leaves."""
    found = _found(request, id)
    form = forms.LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.let_leave(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("It has left, and stands in the list of disclosures."))
        return redirect("disclosures:disclosure", id)
    return render(request, "disclosures/leave.html", {**_page(request, found), "form": form}, status=_status(form))


@require_safe
def fetch(request: StaffRequest, id: UUID, file: UUID | None = None) -> HttpResponse:
    """A file, or the text, once it has left."""
    name, data = actions.fetch(_found(request, id), file, by=request.user, at=timezone.now())
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{_safe(name)}"'
    return response


def _page(request: StaffRequest, found: Any) -> dict[str, object]:
    state = queries.state_of(found)
    return {
        "disclosure": found,
        "state": state,
        "label": State(state).label,
        "ground": catalogue.ground_label(found.ground, _language()),
        "lines": queries.lines(found, request.user),
        "faults": queries.faults(found),
        "files": queries.files(found),
        "is_destroyed": queries.is_destroyed(found),
        "allowances": queries.allowances(found),
        "departure": queries.departure(found),
        "is_stopped": state in (State.STOPPED, State.HALF_ALLOWED),
    }


# ── The ledger ────────────────────────────────────────────────────────────


@require_safe
def ledger(request: StaffRequest) -> HttpResponse:
    """Everything that has left or was stopped."""
    form, rows = _ledger(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = list(queries.ledger_rows(list(page), _language()))
    return render(request, "disclosures/ledger.html", {"page": page, "rows": shown, "form": form})


@require_safe
def ledger_file(request: StaffRequest) -> HttpResponse:
    """The ledger as CSV."""
    _form, rows = _ledger(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="utlamnanden.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow(_headings())
    for row in queries.ledger_rows(rows, _language()):
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return response


def _ledger(request: StaffRequest) -> tuple[forms.LedgerForm, Any]:
    actions.read_ledger(by=request.user, at=timezone.now())
    form = forms.LedgerForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.ledger(
        request.user, search=chosen.get("q", ""), recipient=chosen.get("recipient", ""), state=chosen.get("state", "")
    )
    return form, rows


def _headings() -> list[str]:
    what = [_("Made"), _("Case"), _("To"), _("Ground"), _("Decided by"), _("Status"), _("Left out")]
    return [*what, _("Allowed by"), _("Left"), _("How")]


def _cell(value: Any) -> str:
    """A cell as text that no spreadsheet takes for a formula."""
    if hasattr(value, "strftime"):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


# ── Parts ─────────────────────────────────────────────────────────────────


def _case(request: StaffRequest, number: str) -> Any:
    found = get_object_or_404(casework.visible_to(request.user).select_related("unit", "person"), number=number)
    permissions.check_may_disclose(found, request.user)
    return found


def _found(request: StaffRequest, id: UUID) -> Any:
    return get_object_or_404(queries.visible_to(request.user).select_related("case__person", "case__unit", "made_by"), pk=id)


def _safe(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._- ") else "_" for sign in name)[:120] or "fil"


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


def _language() -> str:
    return get_language() or "sv"
