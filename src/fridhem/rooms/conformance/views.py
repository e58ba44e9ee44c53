"""How well the processes are followed: what has been measured, and the figures in a table and on the drawing."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.foundation.processes import diagram
from fridhem.foundation.processes.definition import Definition
from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.rooms.conformance import actions, queries, report, tasks
from fridhem.rooms.conformance.enums import Status
from fridhem.rooms.conformance.forms import LogForm, OrderForm, PartForm
from fridhem.rooms.conformance.models import Measurement
from fridhem.rooms.processes import queries as processes

PAGE = 20


@require_safe
def measurements(request: HttpRequest) -> HttpResponse:
    """What has been measured, newest first."""
    page = Paginator(queries.listed(request.user), PAGE).get_page(request.GET.get("page"))
    names = dict(_processes())
    rows = [(each, names.get(each.key, each.key)) for each in page]
    return render(request, "conformance/measurements.html", {"page": page, "rows": rows})


def order(request: HttpRequest) -> HttpResponse:
    """Ask how a process was followed in a year."""
    form = OrderForm(request.POST or None, processes=_processes(), year=timezone.localdate().year)
    if form.is_valid():
        with transaction.atomic():
            ordered = actions.order(**form.cleaned_data, by=request.user, at=timezone.now())
            tasks.count.defer(measurement_id=str(ordered.pk))
        return redirect("conformance:measurement", ordered.pk)
    return render(request, "conformance/order.html", {"form": form}, status=_status(form))


def upload(request: HttpRequest) -> HttpResponse:
    """Hand in a log from another system."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LogForm(*given, processes=_processes(), today=timezone.localdate())
    if form.is_valid():
        key, now = form.cleaned_data["key"], timezone.now()
        version = processes.newest(key, on=timezone.localdate()).version
        with transaction.atomic():
            handed = actions.hand_in(form.cleaned_data["file"], key=key, version=version, by=request.user, at=now)
            tasks.count.defer(measurement_id=str(handed.pk))
        return redirect("conformance:measurement", handed.pk)
    return render(request, "conformance/upload.html", {"form": form}, status=_status(form))


@require_safe
def measurement(request: HttpRequest, id: UUID) -> HttpResponse:
    """How far it has come; then the figures."""
    found = get_object_or_404(queries.visible_to(request.user), pk=id)
    context = {"measurement": found, "name": dict(_processes()).get(found.key, found.key)}
    if found.status == Status.READY:
        return _shown(request, found, context)
    return render(request, "conformance/progress.html", context)


# ── Parts of the answers ──────────────────────────────────────────────────


def _shown(request: HttpRequest, found: Measurement, context: dict[str, object]) -> HttpResponse:
    table = queries.table_of(found)
    form = PartForm(request.GET, table=table, language=_language())
    part = form.part() if form.is_valid() else {}
    lines = report.lines(table, found.medians, part)
    definition = _drawn(found, table, part)
    context |= {"form": form, "lines": lines, "drawing": _drawing(definition, lines), "version": definition.version}
    context |= {"hidden": table.hidden, "size": table.size}
    if cases := queries.cases_of(found):
        context |= {"cases": [cases.value(), cases.value(case="followed"), cases.value(case="deviated")]}
    return render(request, "conformance/measurement.html", context, status=_status(form))


def _drawn(found: Measurement, table: SafeTable, part: dict[str, str]) -> Definition:
    """The version that is asked for, or that a log was held against, or else the newest."""
    if version := part.get("version") or found.version:
        return processes.definition(found.key, int(version))
    return processes.newest(found.key, on=timezone.localdate())


def _drawing(definition: Definition, lines: list[report.Line]) -> str:
    marks = report.marks(lines)
    names = {id: node.name for id, node in definition.nodes.items()}
    told = "; ".join(f"{names[step]}: {mark.words}" for step, mark in marks.items() if step in names)
    return diagram.draw(definition, title=definition.name, description=told or _("Too few to tell."), marks=marks)


def _processes() -> list[tuple[str, str]]:
    return [(definition.key, definition.name) for definition in processes.in_force(on=timezone.localdate())]


def _status(form: LogForm | OrderForm | PartForm) -> int:
    return 422 if form.is_bound and form.errors else 200


def _language() -> str:
    return "en" if (get_language() or "sv").startswith("en") else "sv"
