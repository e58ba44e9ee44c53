"""What does the browser ask, what do we answer. Who doesn't work with a case is told that there is no such page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.foundation.accounts.models import User
from fridhem.pure.instruments.definition import Definition, Kind
from fridhem.pure.instruments.faults import BadInstrument
from fridhem.pure.refusals import NotNow
from fridhem.rooms.assessments import actions, catalogue, forms, permissions, queries, rules
from fridhem.rooms.assessments.enums import Outcome, Status
from fridhem.rooms.assessments.models import Version
from fridhem.rooms.casework import queries as casework


class StaffRequest(HttpRequest):
    """A request on the staff face, where everybody is someone."""

    user: User


PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# ── What waits ────────────────────────────────────────────────────────────


@require_safe
def reviews(request: StaffRequest) -> HttpResponse:
    """What is to be assessed again, and where the last result says danger."""
    today, which = timezone.localdate(), request.GET.get("which", "")
    due = queries.reviews(request.user, until=today + queries.SOON)
    choices = (
        ("", _("All"), due),
        ("mine", _("In my cases"), queries.mine(due, request.user)),
        ("danger", _("Danger"), queries.dangers(request.user)),
    )
    found = {value: rows for value, _label, rows in choices}.get(which, due)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": queries.lines(page.object_list),
        "dangers": queries.dangers(request.user).count(),
        "views": [_segment(value, label, which, rows.count()) for value, label, rows in choices],
    }
    return render(request, "assessments/reviews.html", context)


def _segment(value: str, label: str, chosen: str, count: int) -> dict[str, Any]:
    return {"label": label, "url": f"?which={value}" if value else "?", "active": value == chosen, "count": count}


# ── In a case ─────────────────────────────────────────────────────────────


@require_safe
def of_case(request: StaffRequest, number: str) -> HttpResponse:
    """What has been assessed in a case, and the instruments to assess by."""
    case = _case(request, number)
    page = Paginator(queries.of_case(case.pk, request.user), PAGE).get_page(request.GET.get("page"))
    context = {
        "case": case,
        "page": page,
        "lines": queries.lines(page.object_list),
        "instruments": queries.in_force(on=timezone.localdate()),
        "is_open": case.status == "open",
    }
    return render(request, "assessments/of_case.html", context)


def assess(request: StaffRequest, number: str, key: str, version: int) -> HttpResponse:
    """Fill in an instrument. When the answers lead to more questions the page comes back with them, and nothing is lost."""
    case, now = _case(request, number), timezone.now()
    used, today = _usable(key, version), timezone.localdate(now)
    data = request.POST if request.method == "POST" else None
    about = forms.AboutForm(data, people=queries.people(case, request.user), today=today)
    day = about.cleaned_data.get("happened_on", today) if data and (about.is_valid() or about.cleaned_data) else today
    form = forms.InstrumentForm(used.definition, data, shown=_shown(request), today=day)
    if data and about.is_valid() and form.is_valid() and not form.has_more:
        made = actions.assess(
            case, used, by=request.user, at=now, given=form.filled.answers, person=_person(about), happened_on=day
        )
        return redirect("assessments:assessment", made.pk)
    context = {"case": case, "used": used, "about": about, "form": form}
    return render(request, "assessments/assess.html", context, status=_status(about, form))


def not_done(request: StaffRequest, number: str, key: str, version: int) -> HttpResponse:
    """Say why an instrument wasn't used."""
    case, now = _case(request, number), timezone.now()
    used = _usable(key, version)
    form = forms.NotDoneForm(request.POST or None, people=queries.people(case, request.user), today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("outcome", "words", "review_on")}
        actions.not_assessed(case, used, by=request.user, at=now, person=_person(form), **given)
        messages.success(request, _("What you said is written down."))
        return redirect("assessments:of-case", number)
    return render(request, "assessments/not_done.html", {"case": case, "used": used, "form": form}, status=_status(form))


@require_safe
def assessment(request: StaffRequest, id: UUID) -> HttpResponse:
    """What an assessment came to, what was answered, and how it has been before."""
    found = get_object_or_404(queries.visible_to(request.user), pk=id)
    actions.read(found, by=request.user, at=timezone.now())
    history = queries.scored(queries.history(found, request.user)[:PAGE])
    context = {
        "row": found,
        "line": next((line for line in history if line.row.pk == found.pk), None) or queries.scored([found])[0],
        "used": queries.instrument(found.instrument, found.version),
        "answers": queries.answers(found),
        "history": history if len(history) > 1 else [],
        "is_done": found.outcome == Outcome.DONE,
    }
    return render(request, "assessments/assessment.html", context)


def _case(request: StaffRequest, number: str) -> Any:
    found = get_object_or_404(casework.visible_to(request.user).select_related("unit", "person"), number=number)
    permissions.check_may_assess(found, request.user)
    return found


def _usable(key: str, version: int) -> queries.Instrument:
    try:
        return queries.usable(key, version, on=timezone.localdate())
    except KeyError:
        raise Http404 from None


def _person(form: Any) -> UUID | None:
    said = form.cleaned_data.get("person")
    return UUID(said) if said else None


def _shown(request: StaffRequest) -> list[str]:
    return request.POST.get("shown", "").split()


# ── Instruments ───────────────────────────────────────────────────────────


@require_safe
def instruments(request: StaffRequest) -> HttpResponse:
    """The instruments in force, and for their owners what waits."""
    context = {
        "instruments": queries.in_force(on=timezone.localdate()),
        "unpublished": queries.unpublished(request.user),
        "owns": permissions.owns(request.user),
    }
    return render(request, "assessments/instruments.html", context)


@require_safe
def version(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """One version: its questions, its levels, whose text it is and how far it has come."""
    definition, found = _definition(request, key, version)
    context = {
        "definition": definition,
        "number": version,
        "version": found,
        "name": definition.name.in_(_language()),
        "about": definition.about.in_(_language()),
        "questions": _questions(definition),
        "levels": [(level, level.words.in_(_language()), level.advice.in_(_language())) for level in definition.levels],
        "versions": queries.versions(key, user=request.user),
        "shipped": queries.shipped_numbers(key),
        "is_owner": permissions.owns(request.user),
        "may_publish": found is not None and permissions.may_publish(request.user, found),
    }
    return render(request, "assessments/version.html", context)


@require_safe
def file(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """The XLSForm of a version, to open in an editor."""
    _read, found = _definition(request, key, version)
    answer = HttpResponse(bytes(found.file) if found else catalogue.workbook(key), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{key}-{version}.xlsx"'
    return answer


def upload(request: StaffRequest) -> HttpResponse:
    """Take in a form as a draft, or say of every fault what is wrong and where."""
    permissions.check_owns(request.user)
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.upload(
                form.cleaned_data["file"].read(), by=request.user, at=timezone.now(), note=form.cleaned_data["note"]
            )
        except BadInstrument as bad:
            faults = [rules.in_words(fault) for fault in bad.faults]
        except NotNow as refusal:
            faults = [str(refusal)]
        else:
            messages.success(request, _("The version is a draft. Try it, then propose it."))
            return redirect("assessments:version", made.key, made.number)
        form.add_error("file", _("The form can't be used yet. Mend what stands above and choose the file again."))
    return render(request, "assessments/upload.html", {"form": form, "faults": faults}, status=_status(form))


def trial(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """Fill in a form to see how it looks and what it comes to. Nothing is kept but that its owner tried it."""
    definition, found = _definition(request, key, version)
    data, now = request.POST if request.method == "POST" else None, timezone.now()
    form = forms.InstrumentForm(definition, data, shown=_shown(request), today=timezone.localdate(now))
    level = words = advice = None
    is_whole = data is not None and form.is_valid() and not form.has_more
    if is_whole:
        level = form.filled.level
        words, advice = (level.words.in_(_language()), level.advice.in_(_language())) if level else ("", "")
        if found and found.status == Status.DRAFT and permissions.owns(request.user):
            actions.note_tried(found, form.filled, by=request.user, at=now)
    context = {
        "definition": definition,
        "name": definition.name.in_(_language()),
        "number": version,
        "form": form,
        "is_whole": is_whole,
        "level": level,
        "words": words,
        "advice": advice,
    }
    return render(request, "assessments/trial.html", context, status=_status(form))


def discard(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """Throw a draft away."""
    permissions.check_owns(request.user)
    found = _version(request, key, version)
    if request.method == "POST":
        actions.discard(found, by=request.user, at=timezone.now())
        messages.success(request, _("The draft is gone."))
        return redirect("assessments:instruments")
    text = _("The file goes. What is published stays as it is.")
    return _confirm(request, found, _("Throw away the draft"), text, _("Throw away"), kind="warning")


def propose(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """Ask another person to publish the version."""
    permissions.check_owns(request.user)
    found, now = _version(request, key, version), timezone.now()
    form = forms.ProposeForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        actions.propose(found, by=request.user, at=now, valid_from=form.cleaned_data["valid_from"])
        messages.success(request, _("The version is proposed. Another process owner or a team leader publishes it."))
        return redirect("assessments:version", key, version)
    text = _("Another process owner or a team leader reads the form, and publishes it or sends it back.")
    return _confirm(request, found, _("Propose the version"), text, _("Propose"), form=form)


def publish(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """Let it be used. The page of the version says which proposal was read."""
    found = _version(request, key, version)
    permissions.check_may_publish(request.user, found)
    now = timezone.now()
    if request.method == "POST":
        actions.publish(found, by=request.user, at=now, seen=request.POST.get("seen", ""))
        messages.success(request, _("The version is published."))
        return redirect("assessments:version", key, version)
    rules.check_is_proposed(found.status)
    seen = request.GET.get("sett", found.proposal)
    rules.check_was_read(found.proposal, seen)
    assert found.valid_from is not None
    day = date_format(max(found.valid_from, timezone.localdate(now)), "j F Y")
    text = _("From %(day)s it's used. A published version is never changed: what is wrong is put right in a new one.")
    form = forms.PublishForm(initial={"seen": seen})
    return _confirm(request, found, _("Publish the version"), text % {"day": day}, _("Publish"), form=form)


def send_back(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """Make a proposal a draft again."""
    found = _version(request, key, version)
    if not permissions.owns(request.user):
        permissions.check_may_publish(request.user, found)
    if request.method == "POST":
        actions.send_back(found, by=request.user, at=timezone.now())
        messages.success(request, _("The version is a draft again."))
        return redirect("assessments:version", key, version)
    text = _("It can be proposed again, or thrown away. Tell its owner what you want changed.")
    return _confirm(request, found, _("Send the version back"), text, _("Send back"))


def _questions(definition: Definition) -> list[tuple[str, str, str, str]]:
    """Each question with its group, what kind it is and its answers, in words."""
    language, kinds = _language(), _kinds()
    return [
        (
            question.group.in_(language),
            question.words.in_(language) or question.name,
            kinds[question.kind],
            ", ".join(choice.words.in_(language) for choice in question.choices),
        )
        for question in definition.questions
    ]


def _kinds() -> dict[str, str]:
    return {
        Kind.SELECT_ONE: _("One answer"),
        Kind.SELECT_MULTIPLE: _("Several answers"),
        Kind.INTEGER: _("Whole number"),
        Kind.DECIMAL: _("Number with decimals"),
        Kind.DATE: _("Day"),
        Kind.TEXT: _("Text"),
        Kind.NOTE: _("To read"),
        Kind.CALCULATE: _("Is counted"),
    }


def _version(request: StaffRequest, key: str, version: int) -> Version:
    return get_object_or_404(queries.instruments_visible_to(request.user), key=key, number=version)


def _definition(request: StaffRequest, key: str, version: int) -> tuple[Definition, Version | None]:
    if version in queries.shipped_numbers(key):
        return queries.instrument(key, version).definition, None
    found = _version(request, key, version)
    return queries.of(found), found


def _confirm(
    request: StaffRequest, found: Version, heading: str, text: str, confirm: str, *, kind: str = "", form: Any = None
) -> HttpResponse:
    context = {
        "heading": heading,
        "text": text,
        "confirm": confirm,
        "kind": kind,
        "form": form,
        "back": reverse("assessments:version", args=[found.key, found.number]),
    }
    return render(request, "design/confirm.html", context, status=_status(form) if form else 200)


def _status(*forms: Any) -> int:
    return 422 if any(form.is_bound and form.errors for form in forms) else 200


def _language() -> str:
    return get_language() or "sv"
