"""What can be done with core processes and decision tables: upload a version, try it, propose it, publish it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.foundation.processes import engine, registry
from fridhem.foundation.processes.definition import Definition
from fridhem.foundation.processes.engine import Answers
from fridhem.foundation.processes.faults import BadProcess, BadTable
from fridhem.foundation.processes.reading import read_process
from fridhem.foundation.processes.tables import read_table
from fridhem.foundation.processes.xml import in_utf8
from fridhem.pure.decisions.table import Table
from fridhem.pure.refusals import NotNow
from fridhem.pure.sheets.sheet import Sheet
from fridhem.rooms.processes import catalogue, permissions, queries, rules
from fridhem.rooms.processes.enums import LANES, Kind, Status
from fridhem.rooms.processes.models import Trial, Version

LONGEST_TRIAL = 500  # lines of the log, after which a try is begun anew
CHANGING = 0x70726F63  # the lock under which versions get their numbers and are published


# ── From file to published ────────────────────────────────────────────────


@transaction.atomic
def upload(data: bytes, *, by: User, at: datetime, note: str) -> Version:
    """A draft of a core process from a BPMN 2.0 file, numbered after the newest there is. `note`: what is new in it.

    Raises `BadProcess` with every fault in the user's language, `Denied`, `NotNow` when there's a version with exactly that file.
    """
    permissions.check_owns(by)
    read = read_process(data, roles=LANES, steps=registry.steps())
    if faults := _misfits(read, on=date.max):
        raise BadProcess(faults)
    return _draft(Kind.PROCESS, read.key, read.name, in_utf8(data, BadProcess), by=by, at=at, note=note)


@transaction.atomic
def upload_table(data: bytes, *, by: User, at: datetime, note: str) -> Version:
    """A draft of a decision table from a DMN file, numbered after the newest there is. `note`: what is new in it.

    Raises `BadTable` with every fault in the user's language, `Denied`, `NotNow` when there's a version with exactly that file.
    """
    permissions.check_owns(by)
    read, _number = read_table(data)
    if faults := _table_misfits(read, on=date.max):
        raise BadTable(faults)
    return _draft(Kind.TABLE, read.key, read.name, in_utf8(data, BadTable), by=by, at=at, note=note)


def _draft(kind: Kind, key: str, name: str, xml: str, *, by: User, at: datetime, note: str) -> Version:
    _one_at_a_time()
    same = queries.same_as(key, xml, kind=kind)
    if same:
        raise NotNow(_("That is exactly version %(number)s, which is here already.") % {"number": same})
    version = Version.objects.create(
        kind=kind,
        key=key,
        number=queries.highest(key, kind=kind) + 1,
        name=name,
        xml=xml,
        note=note,
        uploaded_by=by,
        uploaded_at=at,
    )
    record("processes.version.uploaded", subject=version, by=by, at=at, reason=f"{version.key} {version.number}")
    return version


def _one_at_a_time() -> None:
    """Until the transaction ends nobody else gives a number or publishes: what fits now fits then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHANGING])


def _misfits(read: Definition, *, on: date) -> list[str]:
    """What in a diagram doesn't fit the house and the decision tables of a day."""
    return rules.misfits(
        read,
        sheets=catalogue.sheets(),
        grounds={code.code for code in catalogue.grounds()},
        limits={limit.key for limit in catalogue.limits().rows},
        consulted=queries.consulted(),
        tables=_tables(on),
        outlined=queries.outlined(),
        others=queries.keys(on=on),
        events=queries.events(),
    )


def _table_misfits(read: Table, *, on: date) -> list[str]:
    """What in a decision table doesn't fit the house, and the processes and the other tables of a day."""
    return rules.table_misfits(read, sheets=catalogue.sheets(), tables=_tables(on), users=queries.users(read.key))


def _tables(on: date) -> dict[str, Table]:
    return {key: each.table for key, each in queries.tables(on=on).items()}


def _check_fits(version: Version, *, since: date) -> None:
    """Hold a version against the house once more: since it was uploaded others may have been published. Raises `NotNow`."""
    for day in queries.turning_days(since=since):
        if version.kind == Kind.TABLE:
            faults = _table_misfits(queries.table_of(version).table, on=day)
        else:
            faults = _misfits(queries.of(version), on=day)
        if faults:
            raise NotNow(_("The version doesn't fit what is used from its day: %(fault)s") % {"fault": " ".join(faults)})


def _check_comes_last(version: Version, valid_from: date) -> None:
    """The highest number decides, so numbers and first days follow each other. Raises `NotNow`."""
    for number, day in queries.published(version.key, kind=Kind(version.kind)):
        rules.check_comes_after(number, day, version.number, valid_from)


@transaction.atomic
def discard(version: Version, *, by: User, at: datetime) -> None:
    """Throw a draft away. Raises `Denied`, `NotNow`."""
    permissions.check_owns(by)
    version = _locked(version)
    rules.check_is_draft(version.status)
    record("processes.version.discarded", subject=version, by=by, at=at, reason=f"{version.key} {version.number}")
    version.delete()


@transaction.atomic
def propose(version: Version, *, by: User, at: datetime, valid_from: date) -> Version:
    """Ask another person to publish a version that has been tried, from a day. Raises `Denied`, `NotNow`."""
    permissions.check_owns(by)
    version = _locked(version)
    rules.check_may_be_proposed(version.status, tried_at=version.tried_at, valid_from=valid_from, today=timezone.localdate(at))
    _check_comes_last(version, valid_from)
    _check_fits(version, since=valid_from)
    version.status, version.proposed_by, version.proposed_at, version.valid_from = Status.PROPOSED, by, at, valid_from
    version.save(update_fields=["status", "proposed_by", "proposed_at", "valid_from"])
    record("processes.version.proposed", subject=version, by=by, at=at, reason=valid_from.isoformat())
    return version


@transaction.atomic
def send_back(version: Version, *, by: User, at: datetime) -> Version:
    """Make a proposal a draft again: by the one who would publish it, or by its owner. Raises `Denied`, `NotNow`."""
    if not permissions.owns(by):
        permissions.check_may_publish(by, version)
    version = _locked(version)
    rules.check_is_proposed(version.status)
    version.status, version.proposed_by, version.proposed_at, version.valid_from = Status.DRAFT, None, None, None
    version.save(update_fields=["status", "proposed_by", "proposed_at", "valid_from"])
    record("processes.version.sent_back", subject=version, by=by, at=at)
    return version


@transaction.atomic
def publish(version: Version, *, by: User, at: datetime, seen: str) -> Version:
    """Let new cases begin on a proposed version from its day, or a table decide by it; from today when that day has passed.

    `seen`: the `Version.proposal` that was read. Raises `Denied`, `NotNow`, also when it has been proposed anew since, or when
    something that was published meanwhile no longer fits with it.
    """
    version = _locked(version)
    permissions.check_may_publish(by, version)
    rules.check_is_proposed(version.status)
    rules.check_was_read(version.proposal, seen)
    assert version.valid_from is not None
    version.status, version.published_by, version.published_at = Status.PUBLISHED, by, at
    version.valid_from = max(version.valid_from, timezone.localdate(at))
    _one_at_a_time()
    _check_comes_last(version, version.valid_from)
    _check_fits(version, since=version.valid_from)
    version.save(update_fields=["status", "published_by", "published_at", "valid_from"])
    record("processes.version.published", subject=version, by=by, at=at, reason=f"{version.key} {version.number}")
    return version


# ── The sandbox ───────────────────────────────────────────────────────────


@transaction.atomic
def begin_trial(version: Version, *, by: User, at: datetime, age_group: str = "adult") -> Trial:
    """Begin to try a version, from its start; what was tried before by the same person is forgotten. Raises `Denied`."""
    permissions.check_owns(by)
    state = engine.start(queries.of(version), {"age_group": age_group}, at=at, ask=_nobody)
    trial, _made = Trial.objects.update_or_create(
        version=version, user=by, defaults={"state": state, "clock": at, "log": [_line(at, _("The case began."))]}
    )
    return trial


@transaction.atomic
def try_step(trial: Trial, task: UUID, *, by: User, at: datetime, answers: Mapping[str, str]) -> Trial:
    """Do an open step of the try. When it comes to an end the version has been tried.

    Raises `Denied`, `NotNow` for a step that isn't open or an answer that is missing.
    """
    trial = _own(trial, by)
    definition = queries.of(trial.version)
    open_now = {one.id: one.node for one in engine.open_tasks(definition, trial.state)}
    if task not in open_now:
        raise engine.TaskNotOpen(_("The step isn't open any longer: choose one of those that are."))
    node = open_now[task]
    sheet = queries.sheet(node.form)
    if sheet and sheet.wrong_answers(answers):
        raise NotNow(_("Answer every question of the step before you finish it."))
    tables = _tables(date.max)
    asked = {column.name for key in definition.decisions for column in tables[key].inputs}
    steering = {name: code for name, code in answers.items() if name in definition.steering | asked}
    trial.state = engine.complete(definition, trial.state, task, steering, at=trial.clock, ask=_nobody)
    said = ", ".join(_chosen(sheet, answers)) if sheet else ""
    _log(trial, f"{node.name}: {said}" if said else node.name)
    return _kept(trial, at=at)


@transaction.atomic
def try_waiting(trial: Trial, days: int, *, by: User, at: datetime) -> Trial:
    """Let so many days pass in the try. Raises `Denied`."""
    trial = _own(trial, by)
    trial.clock += timedelta(days=days)
    trial.state = engine.pass_time(queries.of(trial.version), trial.state, at=trial.clock, ask=_nobody)
    _log(trial, ngettext("%(days)d day passed.", "%(days)d days passed.", days) % {"days": days})
    return _kept(trial, at=at)


@transaction.atomic
def try_event(trial: Trial, event: str, *, by: User, at: datetime) -> Trial:
    """Let something happen in the try that the diagram has a branch for. Raises `Denied`, `NotNow`."""
    trial = _own(trial, by)
    trial.state = engine.raise_event(queries.of(trial.version), trial.state, event, at=trial.clock, ask=_nobody)
    _log(trial, _("It happened: %(event)s.") % {"event": queries.events().get(event, event)})
    return _kept(trial, at=at)


def _nobody(name: str, answers: Answers) -> Answers:
    """In the sandbox nothing is done for real; a decision table is asked, since it does nothing: as it will be."""
    table = engine.decision(name)
    return queries.decide(table, answers, on=date.max) if table else {}


@transaction.atomic
def note_tried(version: Version, *, by: User, at: datetime) -> Version:
    """Say that the draft of a table was tried to an answer, by its owner. What was filled in is kept nowhere.

    Raises `Denied`, `NotNow`.
    """
    permissions.check_owns(by)
    version = _locked(version)
    rules.check_is_draft(version.status)
    version.tried_at = at
    version.save(update_fields=["tried_at"])
    return version


def _chosen(sheet: Sheet, answers: Mapping[str, str]) -> list[str]:
    """The words of the answers."""
    words = {(question.name, answer.code): answer.words.sv for question in sheet.questions for answer in question.answers}
    return [words[name, code] for name, code in answers.items()]


def _own(trial: Trial, by: User) -> Trial:
    permissions.check_owns(by)
    return Trial.objects.select_for_update(of=["self"]).select_related("version").get(pk=trial.pk, user=by)


def _log(trial: Trial, what: str) -> None:
    trial.log = [*trial.log, _line(trial.clock, what)][-LONGEST_TRIAL:]


def _line(at: datetime, what: str) -> list[str]:
    return [date_format(timezone.localdate(at), "j b Y"), what]


def _kept(trial: Trial, *, at: datetime) -> Trial:
    if engine.is_finished(queries.of(trial.version), trial.state):
        _log(trial, _("The case came to its end."))
        Version.objects.filter(pk=trial.version_id, status=Status.DRAFT).update(tried_at=at)
    trial.save(update_fields=["state", "clock", "log"])
    return trial


def _locked(version: Version) -> Version:
    return Version.objects.select_for_update().get(pk=version.pk)
