"""What does the browser ask, what do we answer."""

import secrets
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fridhem.design.htmx import page_or_part, wants_part
from fridhem.foundation.accounts.models import User
from fridhem.rooms.casework import queries as casework
from fridhem.rooms.reviews import actions, beforehand, catalogue, exports, forms, permissions, queries, rules
from fridhem.rooms.reviews import report as laid_out
from fridhem.rooms.reviews.enums import Status
from fridhem.rooms.reviews.models import DrawnCase, Review

PAGE = 25
SEED_BITS = 62
FILES = {"csv": exports.CSV_TYPE, "xlsx": exports.XLSX_TYPE}


class StaffRequest(HttpRequest):
    """A request on the staff face, where everybody is someone."""

    user: User


@require_safe
def reviews(request: StaffRequest) -> HttpResponse:
    """The reviews that there are, newest first."""
    page = Paginator(queries.listed(request.user), PAGE).get_page(request.GET.get("page"))
    rows = [(each, _name(each)) for each in page]
    may_draw = permissions.reviews_cases(request.user)
    return render(request, "reviews/reviews.html", {"page": page, "rows": rows, "may_draw": may_draw})


def draw(request: StaffRequest) -> HttpResponse:
    """Draw a sample."""
    today, now = timezone.localdate(), timezone.now()
    form = forms.DrawForm(request.POST or None, routines=catalogue.in_force(on=today), today=today)
    if form.is_valid():
        given = form.cleaned_data
        process = given.pop("process")
        routine = next(each for each in catalogue.in_force(on=today) if each.process == process)
        days = {"first_day": given["first_day"], "last_day": given["last_day"]}
        if queries.population(request.user, process=routine.process, at=now, **days).exists():
            drawn = actions.draw(routine, by=request.user, at=now, seed=secrets.randbits(SEED_BITS), **given)
            return redirect("reviews:review", drawn.pk)
        form.add_error("first_day", _("No case that you may see was opened then. Choose a longer time or another process."))
    return render(request, "reviews/draw.html", {"form": form}, status=_status(form))


@require_safe
def review(request: StaffRequest, id: UUID) -> HttpResponse:
    """The sample, how far it has come and what has been found so far."""
    found = _review(request, id)
    cases = list(queries.drawn(found, request.user))
    ended = sum(one.status in rules.ENDED for one in cases)
    context = {
        "review": found,
        "name": _name(found),
        "cases": cases,
        "ended": ended,
        "unseen": found.size - len(cases),
        "next": next((one for one in cases if one.status not in rules.ENDED), None),
        "lines": laid_out.lines(_routine(found), queries.counts(cases), _language()),
        "measures": queries.measures(found, request.user),
        "is_open": found.status == Status.UNDER_WAY,
        "may_sign": 0 < len(cases) == queries.kept(found),
        "told_before": found.status == Status.UNDER_WAY and queries.is_told_before(found),
    }
    return render(request, "reviews/review.html", context)


def case(request: StaffRequest, id: UUID, place: int) -> HttpResponse:
    """One case held against the routine. htmx saves a draft while one answers; the page works without."""
    one, now = _drawn(request, id, place), timezone.now()
    if request.method != "POST":
        actions.read(one, by=request.user, at=now)
    whole = "finish" in request.POST
    known = beforehand.known(one.case, today=timezone.localdate(now))
    form = forms.CaseForm(
        request.POST or None, routine=_routine(one.review), one=one, known=known, user=request.user, whole=whole
    )
    if form.is_valid():
        one = actions.save(one, by=request.user, at=now, finish=whole, **form.given())
        if not wants_part(request):
            return _onwards(request, one)
    # A draft that was refused stays as it was read, so that the next one is refused too, until both have been seen.
    revision = request.POST.get("revision") if wants_part(request) and form.errors else one.revision
    context = {"one": one, "review": one.review, "name": _name(one.review), "form": form, "revision": revision}
    context |= _neighbours(request, one) | {"is_open": one.review.status == Status.UNDER_WAY}
    return page_or_part(request, "reviews/case.html", context, part="reviews/_saved.html", status=_status(form))


def leave_out(request: StaffRequest, id: UUID, place: int) -> HttpResponse:
    """Leave a case out of the review."""
    one = _drawn(request, id, place)
    form = forms.LeaveOutForm(request.POST or None, one=one, user=request.user)
    if form.is_valid():
        return _onwards(request, actions.leave_out(one, by=request.user, at=timezone.now(), **form.cleaned_data))
    context = {"one": one, "review": one.review, "name": _name(one.review), "form": form}
    return render(request, "reviews/leave_out.html", context, status=_status(form))


def measure(request: StaffRequest, id: UUID) -> HttpResponse:
    """Say what is to be done."""
    found, today = _review(request, id), timezone.localdate()
    form = forms.MeasureForm(request.POST or None, owners=casework.at_the_unit(request.user), today=today)
    if form.is_valid():
        actions.decide_measure(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return redirect("reviews:review", found.pk)
    return render(request, "reviews/measure.html", {"review": found, "name": _name(found), "form": form}, status=_status(form))


@require_POST
def finish_measure(request: StaffRequest, id: UUID, measure: UUID) -> HttpResponse:
    """Say that it's done."""
    found = get_object_or_404(queries.measures(_review(request, id), request.user), pk=measure)
    actions.finish_measure(found, by=request.user, at=timezone.now())
    return redirect("reviews:review", id)


def sign_off(request: StaffRequest, id: UUID) -> HttpResponse:
    """Say what was found, and freeze the review."""
    found = _review(request, id)
    form = forms.SignForm(request.POST or None)
    if form.is_valid():
        actions.sign_off(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The review is signed off. The report can be read, printed and saved."))
        return redirect("reviews:report", found.pk)
    return render(request, "reviews/sign_off.html", {"review": found, "name": _name(found), "form": form}, status=_status(form))


# ── The report ────────────────────────────────────────────────────────────


@require_safe
def report(request: StaffRequest, id: UUID) -> HttpResponse:
    """The figures that may be told, and to those of the unit the words too."""
    found, lines = _report(request, id)
    is_ours = permissions.may_review(request.user, found)
    words = {"findings": found.findings, "measures": queries.measures(found, request.user)} if is_ours else {}
    context = {"review": found, "name": _name(found), "lines": lines, "is_ours": is_ours, "about": _about(found), **words}
    return render(request, "reviews/report.html", context)


@require_safe
def file(request: StaffRequest, id: UUID, kind: str) -> HttpResponse:
    """The figures as CSV or XLSX."""
    found, lines = _report(request, id)
    if kind not in FILES or not lines:
        raise Http404
    actions.take_out(found, by=request.user, at=timezone.now())
    content = exports.as_csv(lines) if kind == "csv" else exports.as_xlsx(lines, _about(found))
    name = f"egenkontroll-{found.process}-{found.last_day}.{kind}"
    return HttpResponse(content, content_type=FILES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _report(request: StaffRequest, id: UUID) -> tuple[Review, list[laid_out.Line] | None]:
    """With its lines, none when there are no figures; None when the reader may not be told them."""
    found = get_object_or_404(queries.visible_to(request.user).filter(status=Status.SIGNED), pk=id)
    if not queries.tells_all(found, request.user):
        return found, None
    table = queries.table_of(found)
    return found, laid_out.of_table(_routine(found), table, _language()) if table else []


def _about(found: Review) -> list[tuple[str, str]]:
    """What the report is of. Not how many cases there were, or were drawn: those figures aren't protected."""
    days = f"{_day(found.first_day)} – {_day(found.last_day)}"
    pairs = [(_("Core process"), _name(found)), (_("Cases opened"), days), (_("Unit"), found.unit.name)]
    signed = _("%(name)s, %(day)s") % {"name": found.signed_by.name, "day": _day(timezone.localdate(found.signed_at))}
    return [*pairs, (_("Signed off by"), signed)]


# ── Parts of the answers ──────────────────────────────────────────────────


def _review(request: StaffRequest, id: UUID) -> Review:
    return get_object_or_404(queries.to_review(request.user), pk=id)


def _drawn(request: StaffRequest, id: UUID, place: int) -> DrawnCase:
    return get_object_or_404(queries.drawn(_review(request, id), request.user), number=place)


def _onwards(request: StaffRequest, one: DrawnCase) -> HttpResponse:
    """To the next case that isn't ended when this one is, otherwise to the list."""
    waiting = queries.drawn(one.review, request.user).exclude(status__in=rules.ENDED)
    after = waiting.filter(number__gt=one.number).first() or waiting.first()
    if one.status in rules.ENDED and after:
        return redirect("reviews:case", one.review_id, after.number)
    return redirect("reviews:review", one.review_id)


def _neighbours(request: StaffRequest, one: DrawnCase) -> dict[str, Any]:
    """Where the case stands among those that the reader sees, and the ones before and after it."""
    numbers = list(queries.drawn(one.review, request.user).values_list("number", flat=True))
    place = numbers.index(one.number)
    before, after = numbers[:place], numbers[place + 1 :]
    return {
        "place": place + 1,
        "of": len(numbers),
        "previous": before[-1] if before else None,
        "after": after[0] if after else None,
    }


def _routine(found: Review) -> catalogue.Routine:
    return catalogue.routine(found.process, valid_from=found.routine_from)


def _name(found: Review) -> str:
    return _routine(found).sheet.name.in_(_language())


def _day(day: Any) -> str:
    return date_format(day, "j F Y")


def _status(form: Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def _language() -> str:
    return "en" if (get_language() or "sv").startswith("en") else "sv"
