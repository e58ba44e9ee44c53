"""What does the browser ask, what do we answer."""

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.design.htmx import page_or_part
from fridhem.foundation.accounts.models import User
from fridhem.rooms.oversight import actions, forms, permissions, queries, rules
from fridhem.rooms.oversight.enums import Answer, Standing


class StaffRequest(HttpRequest):
    """A request on the staff face, where everybody is someone."""

    user: User


ROWS = 25


# ── Reviews ───────────────────────────────────────────────────────────────


@require_safe
def reviews(request: StaffRequest) -> HttpResponse:
    """The weeks that have been drawn."""
    page = Paginator(queries.reviews(request.user), ROWS).get_page(request.GET.get("page"))
    return render(request, "oversight/reviews.html", _context(request, page=page, tab="reviews"))


@require_safe
def review(request: StaffRequest, id: UUID) -> HttpResponse:
    """A week's questions."""
    found = get_object_or_404(queries.reviews(request.user), pk=id)
    search, standing = request.GET.get("q", ""), request.GET.get("standing", "")
    questions = queries.listed(request.user, found, search=search, standing=standing)
    context = {
        "review": found,
        "rules": rules.sampling(timezone.localdate(found.drawn_at)),
        "page": Paginator(questions, ROWS).get_page(request.GET.get("page")),
        "q": search,
        "standing": standing,
        "views": [_view(request, "standing", value, label, standing) for value, label in [("", _("All")), *Standing.choices]],
    }
    return page_or_part(request, "oversight/review.html", context, part="oversight/_questions.html")


@require_safe
def export(request: StaffRequest, id: UUID) -> HttpResponse:
    """A week's questions as CSV, for the reviewer's own file."""
    found = get_object_or_404(queries.reviews(request.user), pk=id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="loggkontroll-{found.since}.csv"'
    response.write("\ufeff")
    out = csv.writer(response, delimiter=";")
    out.writerow([_("Colleague"), _("Unit"), _("When"), _("Why it was drawn"), _("Answer"), _("Outcome"), _("Decided by")])
    for one in actions.export_review(found, by=request.user, at=timezone.now()):
        decided = one.decided_by.name if one.decided_by else ""
        when = f"{timezone.localtime(one.read_at):%Y-%m-%d %H:%M}"
        out.writerow([one.colleague.name, one.colleague.unit.name, when, ", ".join(one.why), *_words(one), decided])
    return response


def _words(one: Any) -> list[str]:
    return [str(one.get_answer_display()), str(one.get_outcome_display())]


def question(request: StaffRequest, id: UUID) -> HttpResponse:
    """One question: what was read, what was answered, what came of it."""
    found = get_object_or_404(queries.visible_to(request.user), pk=id)
    form = forms.DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.decide(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The question is finished."))
        return redirect("oversight:review", found.review_id)
    due = rules.breach_due(found.decided_at, found.outcome) if found.decided_at else None
    context = {"question": found, "line": queries.line_of(found), "form": form, "breach_due": due}
    return render(request, "oversight/question.html", context, status=_status(form))


# ── What I have been asked ────────────────────────────────────────────────


@require_safe
def asked(request: StaffRequest) -> HttpResponse:
    """What the reader has been asked: unanswered first."""
    page = Paginator(queries.asked_of(request.user).order_by("answer", "-read_at"), ROWS).get_page(request.GET.get("page"))
    return render(request, "oversight/asked.html", {"page": page})


def answer(request: StaffRequest, id: UUID) -> HttpResponse:
    """Say why."""
    found = get_object_or_404(queries.asked_of(request.user), pk=id)
    form = forms.AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.answer(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Thank you. Your answer is with the one who reviews."))
        return redirect("oversight:asked")
    context = {"question": found, "line": queries.line_of(found), "form": form, "in_person": Answer.IN_PERSON.label}
    return render(request, "oversight/answer.html", context, status=_status(form))


# ── Alerts ────────────────────────────────────────────────────────────────


@require_safe
def alerts(request: StaffRequest) -> HttpResponse:
    """What someone must look into."""
    standing = request.GET.get("visa", "")
    found = queries.alerts_shown(request.user, answered=standing == "answered")
    choices = (("", _("Open")), ("answered", _("Looked into")))
    views = [_view(request, "visa", value, label, standing) for value, label in choices]
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = _context(request, page=page, shown=queries.alert_lines(page, user=request.user), views=views, tab="alerts")
    return render(request, "oversight/alerts.html", context)


def acknowledge(request: StaffRequest, id: UUID) -> HttpResponse:
    """Say what an alert was."""
    found = get_object_or_404(queries.alerts_shown(request.user), pk=id)
    form = forms.AcknowledgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.acknowledge(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The alert has been looked into."))
        return redirect("oversight:alerts")
    context = {"alert": queries.alert_lines([found], user=request.user)[0], "form": form}
    return render(request, "oversight/acknowledge.html", context, status=_status(form))


# ── The record ────────────────────────────────────────────────────────────


@require_safe
def browse(request: StaffRequest) -> HttpResponse:
    """The record, by colleague, case or day. Looking is recorded."""
    form = forms.RecordForm(request.GET or None)
    context = _context(request, form=form, tab="record")
    if form.is_bound and form.is_valid():
        found = actions.read_record(by=request.user, at=timezone.now(), **form.cleaned_data)
        page = Paginator(found, ROWS).get_page(request.GET.get("page"))
        context |= {"page": page, "lines": queries.lines(page)}
    return render(request, "oversight/browse.html", context, status=_status(form))


def extract(request: StaffRequest) -> HttpResponse:
    """A person's own extract: who has read and done what in the case, and why, to print."""
    form = forms.ExtractForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lines = actions.make_extract(by=request.user, at=timezone.now(), case_number=form.cleaned_data["number"])
        context = {"lines": lines, "number": form.cleaned_data["number"].strip().upper(), "made_at": timezone.now()}
        return render(request, "oversight/extract.html", context)
    return render(request, "oversight/ask_extract.html", _context(request, form=form, tab="extract"), status=_status(form))


# ── Parts ─────────────────────────────────────────────────────────────────


def _context(request: StaffRequest, **more: Any) -> dict[str, Any]:
    return {"reviews_here": permissions.reviews(request.user), "guards": permissions.guards_the_record(request.user), **more}


def _status(form: Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def _view(request: StaffRequest, name: str, value: str, label: Any, chosen: str) -> dict[str, object]:
    """One choice of a segment: the same address with another value, from its first page."""
    query = request.GET.copy()
    query.pop("page", None)
    query[name] = value
    return {"label": label, "url": f"?{query.urlencode()}", "active": value == chosen}
