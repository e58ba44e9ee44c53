"""What can be done with an extract: upload it, say how it's read, import it, throw it away. The worker imports and destroys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from fridhem.foundation.accounts.models import User
from fridhem.foundation.audit.record import record
from fridhem.foundation.crypto import access
from fridhem.foundation.crypto.blind_index import fingerprints
from fridhem.foundation.crypto.destroying import forget
from fridhem.pure.deadlines import openings
from fridhem.pure.extracts.cases import ReadCase, What
from fridhem.pure.extracts.table import read_table
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.importing import permissions, queries, rules
from fridhem.rooms.importing.enums import Status
from fridhem.rooms.importing.models import Extract, Origin, Source
from fridhem.rooms.persons import actions as persons

EACH = 50  # cases in one transaction
FOLLOWED = ["seen", "taken", "known", "told"]


@transaction.atomic
def upload(data: bytes, *, source: str, by: User, at: datetime) -> Extract:
    """Read a file and keep its table sealed, to be looked at. `source`: the name of the system; a new one is remembered.

    Nothing is imported. Raises `Denied`, `BadExtract` with what is wrong with the file.
    """
    permissions.check_may_import(by)
    table = read_table(data)
    found = Source.objects.filter(name__iexact=source).first()
    if found is None:
        found = Source.objects.create(name=source, mapping={}, made_by=by, made_at=at)
        record("importing.source.added", subject=found, by=by, at=at)
    reading = queries.proposed_reading(table, found.mapping)
    content = {
        "heads": table.heads,
        "rows": [(row.number, dict(row.cells)) for row in table.rows],
        "columns": reading.columns,
        "codes": reading.codes,
    }
    extract = Extract.objects.create(source=found, content=content, uploaded_by=by, uploaded_at=at, rows=len(table.rows))
    record("importing.extract.uploaded", subject=extract, by=by, at=at, reason=str(extract.rows))
    return extract


@transaction.atomic
def read(extract: Extract, *, by: User, at: datetime) -> queries.Content:
    """What an extract holds; that it was read is recorded. Raises `Denied`, `NotNow` when it's no longer there."""
    permissions.check_is_the_one(extract, by)
    rules.check_waits(extract.status)
    record("importing.extract.read", subject=extract, by=by, at=at)
    return queries.content_of(extract)


@transaction.atomic
def map_columns(extract: Extract, *, columns: Mapping[str, str], by: User, at: datetime) -> Extract:
    """Say which column is what, for this extract and the next from the same source. Raises `Denied`, `NotNow`."""
    extract = _waiting(extract, by)
    content = {**queries.content_of(extract), "columns": dict(columns)}
    codes = queries.with_codes(queries.table_of(content), queries.reading_of(content)).codes
    return _read_so(extract, {**content, "codes": codes}, by=by, at=at)


@transaction.atomic
def map_codes(extract: Extract, *, codes: Mapping[str, Mapping[str, str]], by: User, at: datetime) -> Extract:
    """Say which of our codes their values are, by field and folded value; an empty one is none. Raises `Denied`, `NotNow`."""
    extract = _waiting(extract, by)
    content = queries.content_of(extract)
    kept = {name: {**content["codes"].get(name, {}), **found} for name, found in codes.items()}
    chosen = {name: {value: code for value, code in found.items() if code} for name, found in kept.items()}
    return _read_so(extract, {**content, "codes": {**content["codes"], **chosen}}, by=by, at=at)


@transaction.atomic
def confirm(extract: Extract, *, by: User, at: datetime) -> Extract:
    """Let the worker import the cases without faults; what is wrong with the others is kept by row. Raises `Denied`, `NotNow`."""
    extract = _waiting(extract, by)
    found = queries.checked(queries.content_of(extract), today=timezone.localdate(at))
    rules.check_something(len(found.cases))
    extract.status, extract.confirmed_at, extract.total = Status.IMPORTING, at, len(found.cases)
    extract.told = [[fault.row, fault.field, fault.what.value] for fault in found.faults]
    extract.save(update_fields=["status", "confirmed_at", "total", "told"])
    record("importing.extract.confirmed", subject=extract, by=by, at=at, reason=str(extract.total))
    return extract


@transaction.atomic
def throw_away(extract: Extract, *, by: User, at: datetime) -> Extract:
    """Say that an extract isn't to be imported; the worker destroys what it holds (`destroy_old`). Raises `Denied`, `NotNow`."""
    extract = _waiting(extract, by)
    extract.status, extract.ended_at = Status.GONE, at
    extract.save(update_fields=["status", "ended_at"])
    record("importing.extract.thrown_away", subject=extract, by=by, at=at)
    return extract


def _waiting(extract: Extract, by: User) -> Extract:
    """The extract as it is now, nobody else's until the transaction ends, and not yet imported."""
    permissions.check_is_the_one(extract, by)
    extract = Extract.objects.select_for_update(of=("self",)).select_related("source").get(pk=extract.pk)
    rules.check_waits(extract.status)
    return extract


def _read_so(extract: Extract, content: queries.Content, *, by: User, at: datetime) -> Extract:
    extract.content = content
    extract.save(update_fields=["content"])
    source = Source.objects.select_for_update().get(pk=extract.source_id)
    source.mapping = {name: content[name] for name in ("columns", "codes")}
    source.save(update_fields=["mapping"])
    record("importing.source.mapped", subject=source, by=by, at=at)
    return extract


# ── By the worker ─────────────────────────────────────────────────────────


def carry_out(extract_id: UUID, *, at: datetime) -> Extract:
    """Import the cases of a confirmed extract, some at a time, each time in a transaction of its own; then destroy its table.

    Safe to do again after an interruption, and by two at once: what was imported isn't imported again.
    """
    extract = Extract.objects.select_related("uploaded_by").get(pk=extract_id)
    if extract.status != Status.IMPORTING:
        return extract
    assert extract.confirmed_at is not None, "the database says so"
    cases = queries.checked(queries.content_of(extract), today=timezone.localdate(extract.confirmed_at)).cases
    while (extract := _take_some(extract_id, cases, at=at)).seen < extract.total:
        pass
    return _finish(extract_id, at=at)


@transaction.atomic
def _take_some(extract_id: UUID, cases: Sequence[ReadCase], *, at: datetime) -> Extract:
    extract = Extract.objects.select_for_update(of=("self",)).select_related("uploaded_by__unit").get(pk=extract_id)
    some = cases[extract.seen : extract.seen + EACH]
    if extract.status != Status.IMPORTING or not some:
        return extract
    numbers, contents = _indexes(extract.source_id, some)
    origins = Origin.objects.filter(source=extract.source_id, number_index__in=numbers)
    before = {bytes(number): bytes(content) for number, content in origins.values_list("number_index", "content_index")}
    rows = list(zip(some, numbers, contents, strict=True))
    changed = [case for case, number, content in rows if before.get(number, content) != content]
    new = [row for row in rows if row[1] not in before]
    refused = _take(extract, new, at=at)
    extract.seen += len(some)
    extract.taken += len(new) - len(refused)
    extract.known += len(some) - len(new) - len(changed)
    extract.told += [[case.row, "case_number", What.CHANGED.value] for case in changed]
    extract.told += [[case.row, "identity_number", What.NOT_YOURS.value] for case in refused]
    extract.save(update_fields=FOLLOWED)
    return extract


def _indexes(source: UUID, cases: Sequence[ReadCase]) -> tuple[list[bytes], list[bytes]]:
    """The blind indexes of the cases' numbers at the source, and of all that they say. Digests, so that every sign counts."""
    numbers = [sha256(f"{source} {case.number}".encode()).hexdigest() for case in cases]
    contents = [sha256(f"{source} {case.number} {case.content}".encode()).hexdigest() for case in cases]
    found = fingerprints([*numbers, *contents], zone="case")
    return found[: len(cases)], found[len(cases) :]


def _take(extract: Extract, rows: Sequence[tuple[ReadCase, bytes, bytes]], *, at: datetime) -> list[ReadCase]:
    """Make cases of them, at the unit of the one who imports; those that are refused, since that person must not handle them."""
    by = extract.uploaded_by
    names = {case.identity_number: case.name for case, _number, _content in rows if case.identity_number}
    people = persons.find_or_register(names, by=by, at=at)
    fits = [row for row in rows if not row[0].identity_number or people[row[0].identity_number]]
    made = casework.take_over([_former(case, by, people) for case, _number, _content in fits], by=by, at=at) if fits else []
    origins = [
        Origin(
            source_id=extract.source_id,
            case=ours,
            extract=extract,
            number=case.number,
            number_index=number,
            content_index=content,
        )
        for ours, (case, number, content) in zip(made, fits, strict=True)
    ]
    access.begin(origins)
    Origin.objects.bulk_create(origins)
    return [case for case, _number, _content in rows if case.identity_number and not people[case.identity_number]]


def _former(case: ReadCase, by: User, people: Mapping[str, UUID | None]) -> casework.FormerCase:
    granted = tuple(
        casework.FormerIntervention(one.kind, one.reasons, one.decided_on, one.ended_on, one.outcome)
        for one in case.interventions
    )
    assert by.unit is not None, "a team leader leads a unit"
    return casework.FormerCase(
        number="",
        unit=by.unit,
        district=case.district,
        age_group=case.age_group,
        opened_on=case.opened_on,
        closed_on=case.closed_on,
        closing_reason=case.closing_reason,
        interventions=granted,
        person_id=people.get(case.identity_number),
    )


@transaction.atomic
def _finish(extract_id: UUID, *, at: datetime) -> Extract:
    extract = Extract.objects.select_for_update().get(pk=extract_id)
    if extract.status != Status.IMPORTING:
        return extract
    extract.status, extract.content, extract.ended_at = Status.DONE, None, at
    extract.save(update_fields=["status", "content", "ended_at"])
    record("importing.extract.imported", subject=extract, by=None, at=at, reason=f"{extract.taken} {extract.known}")
    forget([("case", extract.pk)])
    return extract


def destroy_old(*, at: datetime) -> int:
    """Destroy what is thrown away or has lain here as long as an extract may (`openings`), half imported or not; how many."""
    too_old = at - openings.lasts("extract", on=timezone.localdate(at))
    old = Q(status=Status.GONE) | Q(uploaded_at__lte=too_old)
    found = Extract.objects.filter(old, content__isnull=False).values_list("pk", flat=True)
    return sum(_destroy(pk, at=at) for pk in list(found))


@transaction.atomic
def _destroy(extract_id: UUID, *, at: datetime) -> bool:
    extract = Extract.objects.select_for_update().get(pk=extract_id)
    if extract.__dict__["content"] is None:
        return False
    extract.status, extract.content, extract.ended_at = Status.GONE, None, extract.ended_at or at
    extract.save(update_fields=["status", "content", "ended_at"])
    record("importing.extract.destroyed", subject=extract, by=None, at=at)
    forget([("case", extract.pk)])
    return True
