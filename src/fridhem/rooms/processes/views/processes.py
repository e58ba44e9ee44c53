"""How the municipality works, for everyone who works here; and the changing of it, for those who own it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fridhem.foundation.processes import engine
from fridhem.foundation.processes.definition import Definition, Node
from fridhem.foundation.processes.faults import BadProcess
from fridhem.foundation.processes.pictures import Picture, drawn, passed_over
from fridhem.pure.refusals import NotNow
from fridhem.rooms.processes import actions, catalogue, forms, permissions, queries, rules
from fridhem.rooms.processes.enums import Status
from fridhem.rooms.processes.models import Trial, Version
from fridhem.rooms.processes.views.parts import StaffRequest, version_of

# ── Reading ───────────────────────────────────────────────────────────────


@require_safe
def processes(request: StaffRequest) -> HttpResponse:
    """The core processes in force, and for their owners what waits."""
    today = timezone.localdate()
    context = {
        "processes": queries.in_force(on=today),
        "on_the_way": queries.on_the_way(request.user, on=today),
        "owns": permissions.owns(request.user),
    }
    return render(request, "processes/processes.html", context)


@require_safe
def process(request: StaffRequest, key: str) -> HttpResponse:
    """A core process as it is today, and its versions."""
    try:
        definition = queries.newest(key, on=timezone.localdate())
    except KeyError:
        raise Http404 from None
    context = {
        **_shown(definition),
        "number": definition.version,
        "versions": queries.versions(key, user=request.user),
        "shipped": queries.shipped_numbers(key),
        "version": queries.versions(key, user=request.user).filter(number=definition.version).first(),
    }
    return render(request, "processes/process.html", context)


@require_safe
def one_version(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """One version: the drawing, its steps, what is new in it and how far it has come."""
    if version in queries.shipped_numbers(key):
        return render(request, "processes/version.html", {**_shown(queries.definition(key, version)), "number": version})
    found = version_of(request, key, version)
    definition, before = queries.of(found), queries.before(found)
    context = {
        **_shown(definition),
        "number": version,
        "version": found,
        "before": before,
        "changes": rules.changes(before, definition) if before else [],
        "is_owner": permissions.owns(request.user),
        "may_publish": permissions.may_publish(request.user, found),
    }
    return render(request, "processes/version.html", context)


@require_safe
def file(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """The BPMN file of a version, to open in an editor."""
    if version in queries.shipped_numbers(key):
        xml = queries.definition(key, version).xml
    else:
        xml = version_of(request, key, version).xml.encode()
    answer = HttpResponse(xml, content_type="application/xml")
    answer["Content-Disposition"] = f'attachment; filename="{key}-{version}.bpmn"'
    return answer


@dataclass(frozen=True)
class Row:
    """A step as the table of steps tells it."""

    node: Node
    limit: str
    law: str
    ground: str
    form: str
    consult: str


def _shown(definition: Definition) -> dict[str, object]:
    picture = drawn(definition)
    return {
        "definition": definition,
        "picture": picture,
        "steps": _steps(definition, picture),
        "passed_over": passed_over(definition),
        "tables": _tables(definition),
    }


def _tables(definition: Definition) -> list[tuple[str, catalogue.Numbered]]:
    """The decision tables that it asks, each with the step that asks and in the version that decides today."""
    known = queries.tables(on=timezone.localdate()) if definition.decisions else {}
    return [(node.name, known[node.decision]) for node in definition.nodes.values() if node.decision in known]


def _steps(definition: Definition, picture: Picture) -> list[Row]:
    language, rows = get_language() or "sv", []
    for line in picture.lines:
        ground, sheet = line.node.properties.get("ground", ""), queries.sheet(line.node.form)
        rows.append(
            Row(
                line.node,
                rules.time_limit(definition, line.node),
                "; ".join(queries.limit_law(code, language) for code in rules.limits_of(definition, line.node)),
                queries.grounds().label_of(ground, language) if ground else "",
                sheet.name.in_(language) if sheet else line.node.form,
                queries.consulted().get(line.node.properties.get("consult", ""), ""),
            )
        )
    return rows


# ── From file to published ────────────────────────────────────────────────


def upload(request: StaffRequest) -> HttpResponse:
    """Take in a changed diagram as a draft, or say of every fault what is wrong and where."""
    permissions.check_owns(request.user)
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    faults: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            made = actions.upload(data, by=request.user, at=timezone.now(), note=form.cleaned_data["note"])
        except BadProcess as bad:
            faults = bad.faults
        except NotNow as refusal:
            faults = (str(refusal),)
        else:
            messages.success(request, _("The version is a draft. Try it, then propose it."))
            return redirect("processes:version", made.key, made.number)
        form.add_error("file", _("The diagram can't be used yet. Mend what stands above and choose the file again."))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "processes/upload.html", {"form": form, "faults": faults}, status=status)


# ── The sandbox ───────────────────────────────────────────────────────────


def trial(request: StaffRequest, key: str, version: int) -> HttpResponse:
    """Go through a version as a case of nobody would: do its steps, let time pass, see where it leads."""
    permissions.check_owns(request.user)
    found = version_of(request, key, version)
    if found.status == Status.PUBLISHED:
        raise Http404
    tried = queries.trial(found, request.user)
    refused, begin, wait = None, forms.BeginForm(initial={"age_group": "adult"}), forms.WaitForm()
    if request.method == "POST":
        doing = request.POST.get("doing", "")
        if doing == "begin" and (begin := forms.BeginForm(request.POST)).is_valid():
            actions.begin_trial(found, by=request.user, at=timezone.now(), age_group=begin.cleaned_data["age_group"])
            return redirect("processes:trial", key, version)
        if doing == "wait" and tried and (wait := forms.WaitForm(request.POST)).is_valid():
            actions.try_waiting(tried, wait.cleaned_data["days"], by=request.user, at=timezone.now())
            return redirect("processes:trial", key, version)
        if doing == "event" and tried:
            actions.try_event(tried, request.POST.get("event", ""), by=request.user, at=timezone.now())
            return redirect("processes:trial", key, version)
        if doing == "step" and tried:
            refused = _try_step(request, found, tried)
            if refused is None:
                return redirect("processes:trial", key, version)
    context = {"version": found, "begin": begin, "wait": wait, **_tried(found, tried, refused)}
    status = 422 if request.method == "POST" else 200
    return render(request, "processes/trial.html", context, status=status)


def _try_step(request: StaffRequest, found: Version, tried: Trial) -> forms.TryForm | None:
    """Do the step that was sent; the form when it lacks an answer."""
    definition = queries.of(found)
    tasks = {str(task.id): task for task in engine.open_tasks(definition, tried.state)}
    task = tasks.get(request.POST.get("task", ""))
    if task is None:
        raise engine.TaskNotOpen(_("The step isn't open any longer: choose one of those that are."))
    form = forms.TryForm(queries.sheet(task.node.form), request.POST)
    if not form.is_valid():
        return form
    actions.try_step(tried, task.id, by=request.user, at=timezone.now(), answers=form.answers)
    return None


def _tried(found: Version, tried: Trial | None, refused: forms.TryForm | None) -> dict[str, object]:
    if tried is None:
        return {"trial": None}
    definition = queries.of(found)
    tasks = engine.open_tasks(definition, tried.state)
    sent = refused.data.get("task") if refused else None
    open_now = [(task, refused if str(task.id) == sent else _fresh(task.node, task.id)) for task in tasks]
    return {
        "trial": tried,
        "picture": drawn(definition, done=engine.done_nodes(definition, tried.state), current={task.node.id for task in tasks}),
        "open_now": open_now,
        "events": {code: said for code, said in queries.events().items() if engine.awaits(definition, tried.state, code)},
        "is_finished": engine.is_finished(definition, tried.state),
    }


def _fresh(node: Node, task: UUID) -> forms.TryForm:
    return forms.TryForm(queries.sheet(node.form), initial={"task": task}, auto_id=f"{task}-%s")
