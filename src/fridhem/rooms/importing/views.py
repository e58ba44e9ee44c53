"""What does the browser ask, what do we answer. An extract is a page for the one who uploaded it, and for nobody else."""

import csv
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.foundation.accounts.models import User
from fridhem.pure.extracts.table import BadExtract
from fridhem.rooms.importing import actions, forms, permissions, queries, rules, tasks
from fridhem.rooms.importing.enums import Status
from fridhem.rooms.importing.models import Extract


class StaffRequest(HttpRequest):
    """A request on the staff face, where everybody is someone."""

    user: User


PAGE, FIRST = 50, 5


@require_safe
def extracts(request: StaffRequest) -> HttpResponse:
    """What one has uploaded, and what became of it."""
    permissions.check_may_import(request.user)
    page = Paginator(queries.visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "fields": rules.schema().fields}
    return render(request, "importing/extracts.html", context)


@require_safe
def schema(request: StaffRequest) -> HttpResponse:
    """What we ask of an extract, for the one who makes it: a Table Schema."""
    answer = HttpResponse(rules.SCHEMA.read_bytes(), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="arenden.tableschema.json"'
    return answer


def upload(request: StaffRequest) -> HttpResponse:
    """Take in a file to be looked at, or say what is wrong with it."""
    permissions.check_may_import(request.user)
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = {"source": form.cleaned_data["source"], "by": request.user, "at": timezone.now()}
        try:
            made = actions.upload(form.cleaned_data["file"].read(), **given)
        except BadExtract as bad:
            for fault in dict.fromkeys(map(rules.in_words, bad.faults)):
                form.add_error("file", fault)
        else:
            return redirect("importing:columns", made.pk)
    context = {"form": form, "sources": queries.sources(request.user)}
    return render(request, "importing/upload.html", context, status=_status(form))


def columns(request: StaffRequest, id: UUID) -> HttpResponse:
    """Say which column is what."""
    found, now = _extract(request, id), timezone.now()
    content = actions.read(found, by=request.user, at=now)
    form = forms.ColumnsForm(request.POST or None, heads=content["heads"], columns=content["columns"])
    if request.method == "POST" and form.is_valid():
        actions.map_columns(found, columns=form.columns, by=request.user, at=now)
        return redirect("importing:codes", id)
    heading, confirm = _("Which column is what?"), _("Go on to the codes")
    return _form(request, found, form, heading, confirm)


def codes(request: StaffRequest, id: UUID) -> HttpResponse:
    """Say which of our codes theirs are."""
    found, now = _extract(request, id), timezone.now()
    content = actions.read(found, by=request.user, at=now)
    given = {"unlike": queries.unlike(content), "codes": content["codes"], "lists": queries.lists()}
    form = forms.CodesForm(request.POST or None, **given)
    if request.method == "POST" and form.is_valid():
        actions.map_codes(found, codes=form.codes, by=request.user, at=now)
        return redirect("importing:extract", id)
    return _form(request, found, form, _("Which code is which?"), _("Go on to look at it all"))


def extract(request: StaffRequest, id: UUID) -> HttpResponse:
    """What an extract comes to, and the word to import it; afterwards how far it has come, and what was left out."""
    found, now = _extract(request, id), timezone.now()
    if request.method == "POST":
        actions.confirm(found, by=request.user, at=now)
        tasks.carry_out.defer(extract_id=str(found.pk))
        messages.success(request, _("The cases are being imported. You can leave the page."))
        return redirect("importing:extract", id)
    context: dict[str, Any] = {"extract": found, "waits": found.status == Status.UPLOADED}
    if context["waits"]:
        content = actions.read(found, by=request.user, at=now)
        checked = queries.checked(content, today=timezone.localdate(now))
        context |= {"checked": checked, "first": queries.first_rows(content, FIRST), "fields": rules.schema().fields}
        context["rows"] = len(content["rows"])
    faults = _faults(context["checked"]) if context["waits"] else found.told
    page = Paginator(faults, PAGE).get_page(request.GET.get("page"))
    return render(request, "importing/extract.html", {**context, "page": page, "lines": _lines(page.object_list)})


@require_safe
def faults(request: StaffRequest, id: UUID) -> HttpResponse:
    """Every row that isn't imported, as CSV: its number, the column, what is wrong and what to do. Never what stands there."""
    found, now = _extract(request, id), timezone.now()
    told = found.told
    if found.status == Status.UPLOADED:
        told = _faults(queries.checked(actions.read(found, by=request.user, at=now), today=timezone.localdate(now)))
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="inte-inlast.csv"'
    writer = csv.writer(answer, delimiter=";")
    writer.writerow([_("Row"), _("Column"), _("What is wrong"), _("What you can do")])
    writer.writerows(_lines(told))
    return answer


def throw_away(request: StaffRequest, id: UUID) -> HttpResponse:
    """Say that it isn't to be imported."""
    found = _extract(request, id)
    if request.method == "POST":
        actions.throw_away(found, by=request.user, at=timezone.now())
        tasks.destroy_old.defer()
        messages.success(request, _("The extract is thrown away."))
        return redirect("importing:extracts")
    context = {
        "heading": _("Throw away the extract"),
        "text": _("What was uploaded is destroyed. How its columns and codes are read is kept for the next one."),
        "confirm": _("Throw away"),
        "kind": "warning",
        "back": reverse("importing:extract", args=[id]),
    }
    return render(request, "design/confirm.html", context)


def _extract(request: StaffRequest, id: UUID) -> Extract:
    return get_object_or_404(queries.visible_to(request.user), pk=id)


def _form(request: StaffRequest, found: Extract, form: Any, heading: str, confirm: str) -> HttpResponse:
    context = {"extract": found, "form": form, "heading": heading, "confirm": confirm}
    return render(request, "importing/form.html", context, status=_status(form))


def _faults(checked: Any) -> list[list[Any]]:
    return [[fault.row, fault.field, fault.what.value] for fault in checked.faults]


def _lines(told: Iterable[list[Any]]) -> list[tuple[int, str, str, str]]:
    """Each fault in words: row, column, what is wrong, what to do."""
    return [(row, rules.schema()[field].title, *map(str, rules.TOLD[what])) for row, field, what in told]


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
