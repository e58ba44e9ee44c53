"""Keeping and destroying, for those who see to it: by number and rule, never by name."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from procrastinate.exceptions import AlreadyEnqueued

from fridhem.design.htmx import page_or_part
from fridhem.pure.retention.words import cite
from fridhem.rooms.council import queries as council
from fridhem.rooms.retention import actions, catalogue, forms, permissions, queries, rules, tasks
from fridhem.rooms.retention.enums import Outcome
from fridhem.rooms.retention.models import Matter
from fridhem.rooms.statistics import queries as statistics

PAGE = 50


# ── What is kept ──────────────────────────────────────────────────────────


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is due, what is kept and why: figures, and every matter by its number."""
    permissions.check_may_see(request.user)
    today = timezone.localdate()
    chosen = {name: request.GET.get(name, "")[:60].replace("\0", "") for name in ("q", "outcome", "ground")}
    found = queries.listed(request.user, today=today, search=chosen["q"], outcome=chosen["outcome"], ground=chosen["ground"])
    counts = queries.counts(request.user, today=today)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        **chosen,
        "page": page,
        "rows": [(matter, _why(matter)) for matter in page],
        "today": today,
        "counts": counts,
        "kept": [(Outcome(outcome).label, _ground(ground), n, _address(outcome, ground)) for outcome, ground, n in counts.kept],
        "elsewhere": _elsewhere(request),
        "assessed_on": queries.assessed_on(request.user),
        "waiting": queries.waiting_for(request.user),
        "may_propose": permissions.may_propose(request.user),
    }
    return page_or_part(request, "retention/overview.html", context, part="retention/_matters.html")


@require_safe
def matter(request: HttpRequest, id: UUID) -> HttpResponse:
    """One matter: what is to be done with it, why, and the holds on it."""
    permissions.check_may_see(request.user)
    found = get_object_or_404(queries.visible_to(request.user), pk=id)
    context = {
        "matter": found,
        "why": _why(found),
        "holds": queries.holds_on(found),
        "may_hold": permissions.may_hold(request.user),
        "may_lift": permissions.may_lift(request.user),
        "may_read_words": permissions.may_read_words(request.user),
    }
    return render(request, "retention/matter.html", context)


@require_POST
def assess(request: HttpRequest) -> HttpResponse:
    """Judge everything again now, and not only in the night."""
    permissions.check_may_see(request.user)
    _assess_soon()
    messages.success(request, _("Everything is being judged again. Load the page in a moment."))
    return redirect("retention:overview")


@require_safe
def rule_table(request: HttpRequest) -> HttpResponse:
    """Every rule, of every period, with its law and how sure we are of it."""
    permissions.check_may_see_proof(request.user)
    return render(request, "retention/rules.html", {"rules": [(rule, cite(rule, _language())) for rule in catalogue.rules()]})


# ── Legal hold ────────────────────────────────────────────────────────────


@require_safe
def holds(request: HttpRequest) -> HttpResponse:
    """The holds in force."""
    permissions.check_may_see(request.user)
    page = Paginator(queries.holds_in_force(request.user), PAGE).get_page(request.GET.get("page"))
    numbers = queries.numbers_of(list(page))
    rows = [(put, put.case_id or put.concern_id, numbers.get(str(put.pk), "")) for put in page]
    return render(request, "retention/holds.html", {"page": page, "rows": rows, "may_lift": permissions.may_lift(request.user)})


def hold(request: HttpRequest, id: UUID) -> HttpResponse:
    """Put a legal hold."""
    permissions.check_may_hold(request.user)
    found = get_object_or_404(queries.visible_to(request.user), pk=id)
    form = forms.HoldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.hold(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("%(number)s won't be disposed of until the hold is lifted.") % {"number": found.number})
        return redirect("retention:matter", found.pk)
    context = {
        "form": form,
        "heading": _("Legal hold on %(number)s") % {"number": found.number},
        "text": _("It stays whatever the rules say and whoever has approved what, until the hold is lifted."),
        "confirm": _("Put the hold"),
        "back": reverse("retention:matter", args=[found.pk]),
    }
    return render(request, "design/confirm.html", context, status=_status(form))


def lift(request: HttpRequest, id: UUID) -> HttpResponse:
    """Lift a legal hold."""
    permissions.check_may_lift(request.user)
    put = get_object_or_404(queries.hold_visible_to(request.user), pk=id)
    form = forms.LiftForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with transaction.atomic():
            actions.lift(put, by=request.user, at=timezone.now(), words=form.cleaned_data["words"])
            _assess_soon()
        messages.success(request, _("The hold is lifted. The rules decide again from the next assessment."))
        return redirect("retention:holds")
    context = {"form": form, "heading": _("Lift the hold"), "confirm": _("Lift the hold"), "back": reverse("retention:holds")}
    return render(request, "design/confirm.html", context, status=_status(form))


# ── The list ──────────────────────────────────────────────────────────────


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Every disposal list."""
    permissions.check_may_see(request.user)
    page = Paginator(queries.lists_visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "retention/lists.html", {"page": page, "may_propose": permissions.may_propose(request.user)})


def propose(request: HttpRequest) -> HttpResponse:
    """Make a list of all that is due."""
    permissions.check_may_propose(request.user)
    if request.method == "POST":
        made = actions.propose(by=request.user, at=timezone.now())
        return redirect("retention:list", made.pk)
    due = queries.due_count(request.user, today=timezone.localdate())
    context = {
        "heading": _("Propose a disposal list"),
        "text": ngettext(
            "%(n)d matter is due. A team leader reads the list and decides; nothing is destroyed before that.",
            "%(n)d matters are due. A team leader reads the list and decides; nothing is destroyed before that.",
            due,
        )
        % {"n": due},
        "confirm": _("Make the list"),
        "back": reverse("retention:lists"),
    }
    return render(request, "design/confirm.html", context)


@require_safe
def disposal_list(request: HttpRequest, id: UUID) -> HttpResponse:
    """One list: its lines, what became of them, and what the reader may do."""
    permissions.check_may_see(request.user)
    found = get_object_or_404(queries.lists_visible_to(request.user), pk=id)
    search = request.GET.get("q", "")[:12].replace("\0", "")
    context = {
        "list": found,
        "q": search,
        "page": Paginator(queries.lines(found, search=search), PAGE).get_page(request.GET.get("page")),
        "seal": queries.seal_now(found),
        "may_approve": permissions.may_approve(request.user) and found.proposed_by_id != request.user.pk,
        "may_exclude": permissions.may_exclude(request.user),
        "settled": queries.settled(found),
    }
    return render(request, "retention/list.html", context)


def exclude(request: HttpRequest, id: UUID, line_id: UUID) -> HttpResponse:
    """Take a line out of the list."""
    permissions.check_may_exclude(request.user)
    found = get_object_or_404(queries.lists_visible_to(request.user), pk=id)
    line = get_object_or_404(queries.lines(found), pk=line_id)
    form = forms.ExcludeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.exclude(line, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("%(number)s is taken out of the list.") % {"number": line.number})
        return redirect("retention:list", found.pk)
    context = {
        "form": form,
        "heading": _("Take %(number)s out of the list") % {"number": line.number},
        "confirm": _("Take it out"),
        "back": reverse("retention:list", args=[found.pk]),
    }
    return render(request, "design/confirm.html", context, status=_status(form))


def approve(request: HttpRequest, id: UUID) -> HttpResponse:
    """Decide that what the list holds is destroyed; asked for on a page of its own, because it can't be undone."""
    permissions.check_may_approve(request.user)
    found = get_object_or_404(queries.lists_visible_to(request.user), pk=id)
    seal = request.POST.get("seal") or request.GET.get("seal", "")
    if request.method == "POST":
        with transaction.atomic():
            actions.approve(found, by=request.user, at=timezone.now(), digest=seal)
            tasks.carry_out.defer(list_id=str(found.pk))
        return redirect("retention:list", found.pk)
    return render(request, "retention/approve.html", {"list": found, "seal": seal})


@require_POST
def resume(request: HttpRequest, id: UUID) -> HttpResponse:
    """Let the worker go on with a list that was interrupted; harmless when it's still at it."""
    permissions.check_may_see(request.user)
    found = get_object_or_404(queries.lists_visible_to(request.user), pk=id)
    tasks.carry_out.defer(list_id=str(found.pk))
    return redirect("retention:list", found.pk)


def withdraw(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give up a list that nobody has approved."""
    permissions.check_may_exclude(request.user)
    found = get_object_or_404(queries.lists_visible_to(request.user), pk=id)
    if request.method == "POST":
        actions.withdraw(found, by=request.user, at=timezone.now())
        return redirect("retention:lists")
    context = {
        "heading": _("Withdraw the list"),
        "text": _("Nothing is destroyed. What is due can be proposed again."),
        "confirm": _("Withdraw it"),
        "back": reverse("retention:list", args=[found.pk]),
    }
    return render(request, "design/confirm.html", context)


# ── Proof ─────────────────────────────────────────────────────────────────


@require_safe
def proofs(request: HttpRequest) -> HttpResponse:
    """That it was destroyed, by whose decision and by which law; never what."""
    permissions.check_may_see_proof(request.user)
    page = Paginator(queries.proofs_visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "retention/proofs.html", {"page": page, "may_see": permissions.may_see(request.user)})


@require_safe
def proof_file(request: HttpRequest) -> HttpResponse:
    """Every proof as CSV, with semicolons and a byte order mark, as spreadsheets in Sweden open it."""
    permissions.check_may_see_proof(request.user)
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(_proof_rows(request))
    headers = {"Content-Disposition": 'attachment; filename="gallrat.csv"'}
    return HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers)


# ── Parts of the answers ──────────────────────────────────────────────────


def _proof_rows(request: HttpRequest) -> Iterator[list[Any]]:
    yield [
        _("Proof"), _("Kind"), _("Rule"), _("Law"), _("Gone by"), _("Proposed by"), _("Approved by"), _("Destroyed at"),
        _("Rows"), _("Keys"), _("Digest of what was destroyed"), _("Digest of the line"), _("List"),
    ]  # fmt: skip
    for proof in queries.proofs_visible_to(request.user).iterator(2000):
        yield [
            proof.pk, proof.get_kind_display(), proof.rule, proof.law, proof.gone_by, proof.proposed_by.name,
            proof.approved_by.name, timezone.localtime(proof.destroyed_at).isoformat(timespec="seconds"), proof.rows,
            proof.keys, proof.destroyed, proof.line, proof.list_id,
        ]  # fmt: skip


def _assess_soon() -> None:
    """Ask the worker to judge again, unless it's already asked to."""
    try:
        with transaction.atomic():
            tasks.assess.defer()
    except AlreadyEnqueued:
        return


def _why(found: Matter) -> list[str]:
    return rules.words_of(found.grounds, rules=catalogue.rules(), on=found.assessed_on, language=_language())


def _ground(ground: str) -> str:
    """A ground in words, without its law: for a row of figures."""
    today = timezone.localdate()
    for rule in catalogue.rules():
        if rule.key == ground and rule.is_valid_on(today):
            return rule.label(_language())
    return "".join(rules.words_of([ground], rules=(), on=today, language=_language()))


def _address(outcome: str, ground: str) -> str:
    return "?" + urlencode({"outcome": outcome, "ground": ground})


def _elsewhere(request: HttpRequest) -> Iterable[tuple[str, int, str]]:
    """What is kept for ever and isn't disposed of here: how many, and by which rule."""
    today = timezone.localdate()
    laws = {rule.key: cite(rule, _language()) for rule in catalogue.rules() if rule.is_valid_on(today)}
    return (
        (_("Released tables"), statistics.released_count(request.user), laws["statistics"]),
        (_("Papers of the board and the council"), council.documents_visible_to(request.user).count(), laws["council_documents"]),
    )


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


def _language() -> str:
    return "en" if (get_language() or "sv").startswith("en") else "sv"
