"""Statistics for the staff: the released table, what is under way, and the files."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fridhem.pure.disclosure.safe_table import SafeTable
from fridhem.rooms.statistics import actions, charts, cubes, exports, permissions, queries, report
from fridhem.rooms.statistics.definitions import DEFINITIONS, Definition
from fridhem.rooms.statistics.enums import Table
from fridhem.rooms.statistics.forms import OrderForm, ViewForm
from fridhem.rooms.statistics.models import Release
from fridhem.rooms.statistics.tasks import count_and_protect

DEFINITION = DEFINITIONS[Table.GRANTED_REASONS]
FILES = ("tabell.csv", "tabell.xlsx", "allt.csv")


def table(request: HttpRequest) -> HttpResponse:
    """The released table as the reader wants it, with its chart; or how to get one."""
    released = list(queries.in_force(request.user, DEFINITION.key))
    context = {
        "words": DEFINITION.words(_language()),
        "may_release": permissions.may_release(request.user),
        "waiting": queries.waiting(request.user)[:20],
    }
    if not released:
        return render(request, "statistics/table.html", context)
    tables = {release.year: queries.table_of(release) for release in released}
    return _shown(request, "statistics/table.html", tables, released, context)


def preview(request: HttpRequest, release_id: Any) -> HttpResponse:
    """A table that is ready, as its readers would see it, for the one who releases it."""
    permissions.check_may_release(request.user)
    ready = get_object_or_404(queries.visible_to(request.user).exclude(table=""), pk=release_id)
    context = {"words": DEFINITION.words(_language()), "release": ready, "may_release": True}
    return _shown(request, "statistics/preview.html", {ready.year: queries.table_of(ready)}, [ready], context)


def order(request: HttpRequest) -> HttpResponse:
    """Order a year's table."""
    permissions.check_may_release(request.user)
    form = OrderForm(request.POST or None, years=cubes.years())
    if not form.is_valid():
        return render(
            request, "statistics/order.html", {"form": form, "words": DEFINITION.words(_language())}, status=_status(form)
        )
    with transaction.atomic():
        ordered = actions.order(key=DEFINITION.key, year=form.cleaned_data["year"], by=request.user, at=timezone.now())
        count_and_protect.defer(release_id=str(ordered.pk))
    return redirect("statistics:progress", ordered.pk)


def progress(request: HttpRequest, release_id: Any) -> HttpResponse:
    """How far the worker has come."""
    permissions.check_may_release(request.user)
    ordered = get_object_or_404(queries.visible_to(request.user), pk=release_id)
    return render(request, "statistics/progress.html", {"release": ordered, "words": DEFINITION.words(_language())})


@require_POST
def sign(request: HttpRequest, release_id: Any) -> HttpResponse:
    """Release a table that was read through."""
    ready = get_object_or_404(queries.visible_to(request.user), pk=release_id)
    actions.sign(ready, by=request.user, at=timezone.now())
    messages.success(request, _("The table for %(year)s is released.") % {"year": ready.year})
    return redirect("statistics:table")


def file(request: HttpRequest, kind: str) -> HttpResponse:
    """The shown table as CSV or XLSX, or every cell of every released year as CSV."""
    if kind not in FILES:
        raise Http404
    released = list(queries.in_force(request.user, DEFINITION.key))
    if not released:
        return redirect("statistics:table")
    tables, language = {release.year: queries.table_of(release) for release in released}, _language()
    if kind == "allt.csv":
        return _attached(exports.whole_csv(tables, language), exports.CSV_TYPE, f"{DEFINITION.key}.csv")
    form = _form(request, tables)
    if not form.is_valid():
        return redirect("statistics:table")
    view = form.view()
    grid = report.grid(tables, view, DEFINITION, language)
    if kind == "tabell.csv":
        return _attached(exports.grid_csv(grid), exports.CSV_TYPE, f"{DEFINITION.key}-{view.year}.csv")
    about = exports.About(tuple(_about(DEFINITION, released, language)))
    return _attached(exports.grid_xlsx(grid, about, language), exports.XLSX_TYPE, f"{DEFINITION.key}-{view.year}.xlsx")


# ── Parts of the answers ──────────────────────────────────────────────────


def _shown(
    request: HttpRequest, template: str, tables: dict[int, SafeTable], released: list[Release], context: dict[str, Any]
) -> HttpResponse:
    form, language = _form(request, tables), _language()
    context |= {"form": form, "about": _about(DEFINITION, released, language), "query": request.GET.urlencode()}
    if form.is_valid():
        view = form.view()
        context |= {
            "grid": report.grid(tables, view, DEFINITION, language),
            "chart": mark_safe(charts.chart(tables, view, DEFINITION, language)),  # noqa: S308  (drawn by us, texts escaped)
            "hidden": tables[view.year].hidden,
            "size": tables[view.year].size,
            "year": view.year,
        }
    return render(request, template, context, status=_status(form))


def _form(request: HttpRequest, tables: dict[int, SafeTable]) -> ViewForm:
    """The reader's choice; what isn't said is as the definition lays the table out."""
    first = {"year": str(max(tables)), "rows": DEFINITION.rows, "columns": DEFINITION.columns}
    said = {name: request.GET[name] for name in request.GET}
    return ViewForm({**first, **said}, tables=tables, language=_language())


def _about(definition: Definition, released: list[Release], language: str) -> list[tuple[str, str]]:
    words = definition.words(language)
    taken = ", ".join(f"{one.year}: {date_format(timezone.localtime(one.extracted_at), 'j F Y')}" for one in released)
    return [
        (_("Table"), words["title"]),
        (_("What is counted"), words["unit"]),
        (_("Source"), words["source"]),
        (_("Date of extract"), taken),
        (_("Responsible"), words["responsible"]),
    ]


def _attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


def _language() -> str:
    return "en" if (get_language() or "sv").startswith("en") else "sv"
