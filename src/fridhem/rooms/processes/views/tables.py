"""The decision tables: read by everyone who works here, tried by anyone, changed by their owner."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.foundation.processes.definition import Definition
from fridhem.foundation.processes.faults import BadTable
from fridhem.pure.decisions import deciding
from fridhem.pure.decisions.table import Table
from fridhem.pure.refusals import NotNow
from fridhem.rooms.processes import actions, forms, permissions, queries, wording
from fridhem.rooms.processes.catalogue import Numbered
from fridhem.rooms.processes.enums import Kind, Status
from fridhem.rooms.processes.models import Version
from fridhem.rooms.processes.views.parts import StaffRequest, version_of
from fridhem.rooms.processes.wording import Words

MOST_TURNS = 50  # cases that get another answer, of which one page tells


# ── Reading ───────────────────────────────────────────────────────────────


@require_safe
def tables(request: StaffRequest) -> HttpResponse:
    """The decision tables in force, and for their owners what waits."""
    today = timezone.localdate()
    context = {
        "tables": queries.tables(on=today).values(),
        "on_the_way": queries.on_the_way(request.user, on=today, kind=Kind.TABLE),
        "owns": permissions.owns(request.user),
    }
    return render(request, "processes/tables.html", context)


@require_safe
def table(request: StaffRequest, key: str) -> HttpResponse:
    """A decision table as it decides today, who asks it, and its versions."""
    today = timezone.localdate()
    found = queries.tables(on=today).get(key)
    if found is None:
        raise Http404
    versions = queries.versions(key, user=request.user, kind=Kind.TABLE)
    context = {
        **_shown(found, queries.words(found.table, on=today)),
        "versions": versions,
        "shipped": queries.shipped_numbers(key, kind=Kind.TABLE),
        "version": next((version for version in versions if version.number == found.number), None),
        "users": _users(key),
    }
    return render(request, "processes/table.html", context)


@require_safe
def one_version(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """One version: its rules, what is new in it and how far it has come."""
    today, (found, uploaded) = timezone.localdate(), _found(request, key, version)
    before = queries.table_before(uploaded) if uploaded else None
    both = [found.table, before.table] if before else [found.table]
    words = queries.words(*both, on=today)
    context = {**_shown(found, words), "version": uploaded, "before": before}
    if uploaded:
        context |= {
            "is_owner": permissions.owns(request.user),
            "may_publish": permissions.may_publish(request.user, uploaded),
        }
    if before:
        turns = wording.turns(before.table, found.table, words)
        context |= {
            "changes": wording.changes(before.table, found.table, words),
            "turns": turns if turns is None else turns[:MOST_TURNS],
            "more": len(turns or ()) - MOST_TURNS,
        }
    return render(request, "processes/table_version.html", context)


@require_safe
def file(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """The DMN file of a version, to open in an editor."""
    found, _uploaded = _found(request, key, version)
    answer = HttpResponse(found.xml, content_type="application/xml")
    answer["Content-Disposition"] = f'attachment; filename="{key}-{version}.dmn"'
    return answer


@dataclass(frozen=True)
class Head:
    """A column of the page: what it's called, and its values in words."""

    label: str
    name: str
    values: str


def _shown(found: Numbered, words: Words) -> dict[str, object]:
    table = found.table
    return {
        "table": table,
        "number": found.number,
        "inputs": _heads(table, words, inputs=True),
        "outputs": _heads(table, words, inputs=False),
        "lines": wording.lines(table, words),
        "default": wording.default(table, words),
        "policy": wording.policy(table),
    }


def _heads(table: Table, words: Words, *, inputs: bool) -> list[Head]:
    columns = table.inputs if inputs else table.outputs
    return [Head(column.label, column.name, wording.values(column, words)) for column in columns]


def _users(key: str) -> list[Definition]:
    return [definition for definition in queries.in_force(on=timezone.localdate()) if key in definition.decisions]


def _found(request: StaffRequest, key: str, version: int) -> tuple[Numbered, Version | None]:
    """A table in one version, and its row unless it ships. Raises Http404."""
    if version in queries.shipped_numbers(key, kind=Kind.TABLE):
        return queries.table(key, version), None
    uploaded = version_of(request, key, version, Kind.TABLE)
    return queries.table_of(uploaded), uploaded


# ── Trying and uploading ──────────────────────────────────────────────────


def trial(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """Fill in the questions and see which rule decides, and why. It's about nobody, and nothing of it is kept."""
    found, uploaded = _found(request, key, version)
    words = queries.words(found.table, on=timezone.localdate())
    form = forms.TryTableForm(found.table, words, request.POST if request.method == "POST" else None)
    context = {**_shown(found, words), "form": form, "version": uploaded}
    if request.method == "POST" and form.is_valid():
        decided = deciding.explained(found.table, form.answers)
        if uploaded and uploaded.status == Status.DRAFT and permissions.owns(request.user):
            actions.note_tried(uploaded, by=request.user, at=timezone.now())
        context |= {
            "lines": wording.lines(found.table, words, decided),
            "why": wording.why(found.table, decided, form.answers, words),
            "result": wording.result(found.table, decided.answers, words),
        }
    return render(request, "processes/try_table.html", context, status=422 if request.method == "POST" and form.errors else 200)


def upload(request: StaffRequest) -> HttpResponse:
    """Take in a changed table as a draft, or say of every fault what is wrong, where, and what to do."""
    permissions.check_owns(request.user)
    form = forms.UploadTableForm(request.POST or None, request.FILES or None)
    faults: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            made = actions.upload_table(data, by=request.user, at=timezone.now(), note=form.cleaned_data["note"])
        except BadTable as bad:
            faults = bad.faults
        except NotNow as refusal:
            faults = (str(refusal),)
        else:
            messages.success(request, _("The version is a draft. Try it, then propose it."))
            return redirect("processes:table-version", made.key, made.number)
        form.add_error("file", _("The decision table can't be used yet. Mend what stands above and choose the file again."))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "processes/upload_table.html", {"form": form, "faults": faults}, status=status)
