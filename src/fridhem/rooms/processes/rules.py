"""What follows from what: whether a diagram fits the house, what is new in it, and when it may be published."""

import ast
import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fridhem.foundation.processes import expressions, soundness
from fridhem.foundation.processes.definition import BRANCH, Definition, Flow, Node, Process
from fridhem.pure.decisions.table import Column, Kind, Table
from fridhem.pure.refusals import NotNow
from fridhem.pure.sheets.sheet import Sheet
from fridhem.rooms.processes.enums import LANES, SIGNED, Status

KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)  # stands in addresses
LONGEST_NAME = 200
# What a process knows from its start: names that a condition may ask for though no step has been asked.
FROM_THE_START: Mapping[str, tuple[str, ...]] = {"age_group": ("adult", "child")}
TABLE_VERSION = "table_version"  # beside a decision table's answers, which version of it gave them


# ── Whether a diagram fits the house ──────────────────────────────────────


def misfits(
    definition: Definition,
    *,
    sheets: Mapping[str, Sheet],
    grounds: Collection[str],
    limits: Collection[str],
    consulted: Collection[str],
    outlined: Collection[str] = (),
    tables: Mapping[str, Table] | None = None,
    others: Collection[str] = (),
    events: Collection[str] = (),
) -> list[str]:
    """What in a diagram the house doesn't know: roles, forms, grounds, time limits, events, whom to consult, answers nobody is
    asked for.

    `others`: the keys of the processes that a case can go on as.

    One sentence each. `outlined`: the processes whose investigation has headings.
    """
    return [
        *_unfit_names(definition),
        *_without_role(definition),
        *_unknown_forms(definition, sheets),
        *_unknown_grounds(definition, grounds),
        *_unknown_limits(definition, limits),
        *_unknown_consulted(definition, consulted),
        *_unknown_next(definition, {*others, definition.key}),
        *_unknown_events(definition, events),
        *_asked_too_early(definition),
        *_unfit_sections(definition, outlined),
        *_unfit_tables(definition, sheets, tables or {}),
        *_unasked(definition, sheets, tables or {}),
    ]


def _unfit_names(definition: Definition) -> Iterator[str]:
    if not KEY.fullmatch(definition.key):
        yield _("The process has the id “%(id)s”: use at most 64 of the letters a–z, digits, - and _.") % {
            "id": definition.key[:80]
        }
    for what in (definition.name, *(text for node in definition.nodes.values() for text in (node.id, node.name))):
        if len(what) > LONGEST_NAME:
            yield _("“%(name)s…” is longer than %(most)s characters: shorten it.") % {"name": what[:40], "most": LONGEST_NAME}


def _without_role(definition: Definition) -> Iterator[str]:
    """The steps that nobody can be asked to do, by their lanes."""
    steps = [node for node in definition.nodes.values() if node.is_human and not node.role]
    for lane in dict.fromkeys(node.lane for node in steps if node.lane):
        yield _("The lane “%(lane)s” names no role: call it one of %(roles)s.") % {"lane": lane, "roles": ", ".join(LANES)}
    for node in steps:
        if not node.lane:
            yield _("“%(step)s” has no lane: place it in the lane of who does it.") % {"step": node.name}


def _unknown_forms(definition: Definition, sheets: Mapping[str, Sheet]) -> Iterator[str]:
    known = ", ".join(sorted(sheets))
    for node in definition.nodes.values():
        if node.kind == "userTask" and not node.form:
            yield _("“%(step)s” has no form: set its form key, to one of: %(known)s.") % {"step": node.name, "known": known}
        elif node.form and node.form not in sheets:
            yield _("“%(step)s” has the form “%(form)s”, which doesn't exist. Choose one of: %(known)s.") % {
                "step": node.name,
                "form": node.form,
                "known": known,
            }


def _unknown_grounds(definition: Definition, grounds: Collection[str]) -> Iterator[str]:
    known = ", ".join(sorted(set(grounds)))
    for node in definition.nodes.values():
        ground = node.properties.get("ground", "")
        if node.is_human and not ground:
            yield _("“%(step)s” doesn't say why it's done: give it the property “ground”, one of: %(known)s.") % {
                "step": node.name,
                "known": known,
            }
        elif ground and ground not in grounds:
            yield _("“%(step)s” has the ground “%(ground)s”, which isn't in the list. Choose one of: %(known)s.") % {
                "step": node.name,
                "ground": ground,
                "known": known,
            }


def _unknown_limits(definition: Definition, limits: Collection[str]) -> Iterator[str]:
    known = ", ".join(sorted(set(limits)))
    timed = {node.attached_to for node in definition.nodes.values() if node.attached_to}
    for node in definition.nodes.values():
        limit, step = node.properties.get("limit", ""), node.name or node.id
        if limit and limit not in limits:
            yield _("“%(step)s” has the time limit “%(limit)s”, which isn't in the list. Choose one of: %(known)s.") % {
                "step": step,
                "limit": limit,
                "known": known,
            }
        elif limit and not node.span and node.id not in timed:
            yield _("“%(step)s” names the time limit “%(limit)s” but has no timer: put one on its border.") % {
                "step": step,
                "limit": limit,
            }


def _unknown_next(definition: Definition, known: Collection[str]) -> Iterator[str]:
    """The ends that go on as a process that isn't there."""
    for node in definition.nodes.values():
        for name, key in node.properties.items():
            if name.startswith("continues_") and key not in known:
                yield _("“%(end)s” goes on as “%(key)s”, which is no process. Choose one of: %(known)s.") % {
                    "end": node.name or node.id,
                    "key": key,
                    "known": ", ".join(sorted(known)),
                }


def _unknown_consulted(definition: Definition, consulted: Collection[str]) -> Iterator[str]:
    for node in definition.nodes.values():
        named = node.properties.get("consult", "")
        if named and named not in consulted:
            yield _("“%(step)s” says to consult “%(name)s”, whom nobody knows. Choose one of: %(known)s.") % {
                "step": node.name,
                "name": named,
                "known": ", ".join(sorted(consulted)),
            }


def _unknown_events(definition: Definition, events: Collection[str]) -> Iterator[str]:
    for event, branch in definition.branches.items():
        if event not in events:
            yield _("“%(step)s” begins by “%(event)s”, which never happens here. Choose one of: %(known)s.") % {
                "step": branch.name or branch.id,
                "event": event,
                "known": ", ".join(sorted(events)) or "–",
            }


def _asked_too_early(definition: Definition) -> Iterator[str]:
    """What a branch would ask for before a person has done anything in it: nothing may hinder that it begins."""
    for branch in definition.branches.values():
        for node in _before_anyone(definition, definition.inside(branch)):
            flows = (flow for process in definition.processes for flow in process.after.get(node.id, ()) if flow.condition)
            asked = {name for flow in flows for name in expressions.names(flow.condition)} - set(FROM_THE_START)
            for name in sorted(asked) or [name for name in (node.decision, node.step) if name]:
                yield _(
                    "“%(branch)s” asks for “%(name)s” before anybody has done anything in it: begin with a person's step."
                ) % {
                    "branch": branch.name or branch.id,
                    "name": name,
                }


def _before_anyone(definition: Definition, process: Process) -> Iterator[Node]:
    """What a process passes from its start without a person."""
    onward = {id: [flow.target for flow in process.after[id] if not node.is_human] for id, node in process.nodes.items()}
    for id in sorted(soundness.reach([node.id for node in process.nodes.values() if node.kind == "startEvent"], onward)):
        yield process.nodes[id]
        if process.nodes[id].is_called:
            yield from _before_anyone(definition, definition.inside(process.nodes[id]))


def _unfit_sections(definition: Definition, outlined: Collection[str]) -> Iterator[str]:
    for node in definition.nodes.values():
        asked = node.properties.get("sections", "")
        if asked and asked != SIGNED:
            yield _("“%(step)s” gives “sections” the value “%(value)s”: write “%(known)s”.") % {
                "step": node.name,
                "value": asked,
                "known": SIGNED,
            }
        elif asked and definition.key not in outlined:
            yield _("“%(step)s” waits for signed sections, but “%(process)s” has no headings. These have: %(known)s.") % {
                "step": node.name,
                "process": definition.key,
                "known": ", ".join(sorted(outlined)),
            }


def _unfit_tables(definition: Definition, sheets: Mapping[str, Sheet], tables: Mapping[str, Table]) -> Iterator[str]:
    """The decision tables that aren't there, or that ask for what isn't answered when a case comes to them, or otherwise."""
    asked = _asked(definition, sheets, tables)
    for node in definition.nodes.values():
        if node.decision and node.decision not in tables:
            yield _("“%(step)s” asks the decision table “%(table)s”, which doesn't exist. Choose one of: %(known)s.") % {
                "step": node.name,
                "table": node.decision,
                "known": ", ".join(sorted(tables)) or "–",
            }
        for column in tables[node.decision].inputs if node.decision in tables else ():
            given = {"table": node.decision, "name": column.name, "step": node.name or node.id}
            answers = asked.get(column.name, {})
            if not answers:
                yield _("The decision table “%(table)s” asks for “%(name)s”, which no step in the process asks.") % given
            elif column.name not in FROM_THE_START and not _known_before(definition, answers)[node.id]:
                yield (
                    _("The decision table “%(table)s” asks for “%(name)s”, which isn't answered on every way to “%(step)s”.")
                    % given
                )
            yield from _unfit_answers(column, answers.values(), given)


def _unfit_answers(column: Column, answers: Iterable[Column], given: Mapping[str, str]) -> Iterator[str]:
    """The answers to a table's question that it doesn't know."""
    if any(answer.kind != column.kind for answer in answers):
        yield _("The decision table “%(table)s” asks for “%(name)s”, which is answered by another kind of value.") % given
    elif unknown := {code for answer in answers for code in answer.codes} - set(column.codes):
        yield _("The decision table “%(table)s” doesn't know the answer “%(code)s” to “%(name)s”.") % {
            **given,
            "code": ", ".join(sorted(unknown)),
        }
    elif not all(column.among.spans(answer.among) for answer in answers):
        yield _("The decision table “%(table)s” doesn't know every number that “%(name)s” can be.") % given


def _known_before(definition: Definition, givers: Collection[str]) -> Mapping[str, bool]:
    """At which nodes something has been answered, whichever way the case came there. `givers`: the nodes that answer it."""
    sources: dict[str, list[str]] = {id: [] for id in definition.nodes}
    callers: dict[str, list[str]] = {process.id: [] for process in definition.processes}
    inside = {id: process.id for process in definition.processes for id in process.nodes}
    for process in definition.processes:
        for flow in process.flows:
            sources[flow.target].append(flow.source)
        for node in process.nodes.values():
            if node.is_called:
                callers[node.calls].append(node.id)
    known = dict.fromkeys(definition.nodes, True)

    def after(id: str) -> bool:
        node = definition.nodes[id]
        return known[id] or id in givers or (node.is_called and _at_every_end(definition.inside(node), known))

    def before(node: Node) -> bool:
        if node.attached_to:
            return known[node.attached_to]  # a step that is broken off answers nothing
        if node.kind == "startEvent":
            called = callers[inside[node.id]]
            return bool(called) and all(known[id] for id in called)
        came = [after(id) for id in sources[node.id]]
        return any(came) if node.kind == "parallelGateway" else bool(came) and all(came)

    while lost := [node.id for node in definition.nodes.values() if known[node.id] and not before(node)]:
        known.update(dict.fromkeys(lost, False))
    return known


def _at_every_end(process: Process, known: Mapping[str, bool]) -> bool:
    return all(known[node.id] for node in process.nodes.values() if node.kind == "endEvent")


def _asked(definition: Definition, sheets: Mapping[str, Sheet], tables: Mapping[str, Table]) -> dict[str, dict[str, Column]]:
    """What can be answered in a process, by persons and by decision tables: question → node → its answers.

    What is known from the start has no node.
    """
    asked = {name: {"": Column(name, name, Kind.CODE, codes)} for name, codes in FROM_THE_START.items()}
    for node in definition.nodes.values():
        for question in sheets[node.form].questions if node.form in sheets else ():
            column = Column(question.name, question.name, Kind.CODE, question.codes)
            asked.setdefault(question.name, {})[node.id] = column
        for column in tables[node.decision].outputs if node.decision in tables else ():
            asked.setdefault(column.name, {})[node.id] = column
    return asked


def _unasked(definition: Definition, sheets: Mapping[str, Sheet], tables: Mapping[str, Table]) -> Iterator[str]:
    asked = {
        name: {code for answer in answers.values() for code in answer.codes}
        for name, answers in _asked(definition, sheets, tables).items()
    }
    has_service_steps = any(node.kind == "serviceTask" for node in definition.nodes.values())
    for process in definition.processes:
        for flow in process.flows:
            for name, codes in _compared(flow.condition):
                given = {"arrow": flow.name or flow.id, "name": name}
                if name not in asked and not has_service_steps:
                    yield _("The arrow “%(arrow)s” asks for “%(name)s”, which no step in the process asks.") % given
                elif name in asked and (unknown := codes - asked[name]):
                    yield _("The arrow “%(arrow)s” waits for the answer “%(code)s” to “%(name)s”, which nobody can give.") % {
                        **given,
                        "code": ", ".join(sorted(unknown)),
                    }


def _compared(condition: str) -> Iterator[tuple[str, set[str]]]:
    """Each answer that a condition asks for, with the codes that it's compared with. The condition has been checked."""
    if not condition:
        return
    tree = ast.parse(condition.strip(), mode="eval")
    inside: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
            texts = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}
            inside.update(names)
            yield from ((name, texts) for name in names)
    yield from ((node.id, set()) for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id not in inside)


# ── Whether a decision table fits the house ───────────────────────────────


def table_misfits(
    table: Table, *, sheets: Mapping[str, Sheet], tables: Mapping[str, Table], users: Collection[Definition]
) -> list[str]:
    """What in a table the house doesn't know, and what it would break in the processes that ask it: `users`.

    `tables`: the others. One sentence each.
    """
    faults = [*_unknown_questions(table, sheets, tables), *_taken_answers(table, sheets)]
    return faults or list(_broken_users(table, tables, sheets, users))


def _unknown_questions(table: Table, sheets: Mapping[str, Sheet], tables: Mapping[str, Table]) -> Iterator[str]:
    """The columns that ask for what nobody asks, and those that list answers that nobody can give."""
    known = _answerable(table, sheets, tables)
    for place, column in enumerate(table.inputs, 1):
        given = {"place": place, "column": column.label, "name": column.name}
        if column.name not in known:
            near = difflib.get_close_matches(column.name, known, n=3) or sorted(known)
            yield _("Column %(place)s, “%(column)s”, asks for “%(name)s”, which no sheet asks. Write one of: %(known)s.") % {
                **given,
                "known": ", ".join(near),
            }
            continue
        kinds, codes = known[column.name]
        if column.kind not in kinds:
            yield _("Column %(place)s, “%(column)s”, is of another kind than the answers to “%(name)s”: choose %(kind)s.") % {
                **given,
                "kind": ", ".join(WRITTEN[kind] for kind in sorted(kinds)),
            }
        elif unknown := [code for code in column.codes if code not in codes]:
            yield _(
                "Column %(place)s, “%(column)s”, lists “%(code)s”, which isn't among the answers to “%(name)s”: %(known)s."
            ) % {**given, "code": ", ".join(unknown), "known": ", ".join(codes)}


# How a file writes the kinds of columns.
WRITTEN: Mapping[Kind, str] = {Kind.CODE: "string", Kind.NUMBER: "integer", Kind.BOOLEAN: "boolean"}
Answerable = dict[str, tuple[set[Kind], list[str]]]  # question → the kinds of its answers, and its codes


def _answerable(table: Table, sheets: Mapping[str, Sheet], tables: Mapping[str, Table]) -> Answerable:
    """What a table can ask for: what a sheet asks, what is known from the start and what other tables answer."""
    found: Answerable = {name: ({Kind.CODE}, list(codes)) for name, codes in FROM_THE_START.items()}
    asked = [(question.name, Kind.CODE, question.codes) for sheet in sheets.values() for question in sheet.questions]
    others = [column for key, other in tables.items() if key != table.key for column in other.outputs]
    for name, kind, codes in (*asked, *((column.name, column.kind, column.codes) for column in others)):
        kinds, listed = found.setdefault(name, (set(), []))
        kinds.add(kind)
        listed += [code for code in codes if code not in listed]
    return found


def _taken_answers(table: Table, sheets: Mapping[str, Sheet]) -> Iterator[str]:
    """The answers that have the name of what a person is asked, or of what the house keeps itself."""
    asked = {question.name for sheet in sheets.values() for question in sheet.questions}
    for place, column in enumerate(table.outputs, len(table.inputs) + 1):
        if column.name in asked | {*FROM_THE_START, TABLE_VERSION}:
            yield _(
                "Column %(place)s, “%(column)s”, answers “%(name)s”, a name that is taken: give the answer a name of its own."
            ) % {"place": place, "column": column.label, "name": column.name}


def _broken_users(
    table: Table, tables: Mapping[str, Table], sheets: Mapping[str, Sheet], users: Collection[Definition]
) -> Iterator[str]:
    """What wouldn't fit in the processes that ask, said once with the versions that it concerns."""
    found: dict[tuple[str, str], list[int]] = {}
    now, before = {**tables, table.key: table}, tables.get(table.key)
    for definition in users:
        faults = [*_unfit_tables(definition, sheets, now), *_unasked(definition, sheets, now)]
        if before:
            faults += _astray(definition, before, table)
        for fault in dict.fromkeys(faults):
            found.setdefault((definition.name, fault), []).append(definition.version)
    for (name, fault), numbers in found.items():
        yield _("“%(process)s”, version %(numbers)s: %(fault)s") % {
            "process": name,
            "numbers": ", ".join(map(str, numbers)),
            "fault": fault,
        }
    if found:
        yield _("Cases run by those versions. To ask or answer something else: a new id, and a new version of the process.")


def _astray(definition: Definition, before: Table, table: Table) -> Iterator[str]:
    """The answers that would take a way that nobody has drawn: those of another kind, and new codes that no arrow waits for."""
    waited: dict[str, set[str]] = {}
    for process in definition.processes:
        for flow in process.flows:
            for name, codes in _compared(flow.condition):
                waited.setdefault(name, set()).update(codes)
    was = {column.name: column for column in before.outputs if column.name in waited}
    for column in table.outputs:
        if column.name not in was:
            continue
        new = [code for code in column.codes if code not in waited[column.name] | set(was[column.name].codes)]
        if column.kind != was[column.name].kind:
            yield _("The arrows compare “%(name)s” as another kind of value: leave its kind as it is.") % {"name": column.name}
        elif new:
            yield _("No arrow waits for the new answer “%(code)s” to “%(name)s”: it would take the default arrow.") % {
                "code": ", ".join(new),
                "name": column.name,
            }


def said_by_arrows(definition: Definition, answers: Sequence[Column]) -> Iterator[tuple[tuple[str, str], str]]:
    """What the arrows of a process call a table's answers: (answer, code) → words. A last code is what the default arrow says."""
    for process in definition.processes:
        for flows in process.after.values():
            for column in answers:
                said = {code: flow.name for flow in flows if (code := _waits_for(flow, column.name)) in column.codes}
                left = [code for code in column.codes if code not in said]
                default = next((flow for flow in flows if flow.is_default), None)
                if said and default and len(left) == 1 and len(said) == len(flows) - 1:
                    said[left[0]] = default.name
                yield from (((column.name, code), name) for code, name in said.items() if name)


def _waits_for(flow: Flow, name: str) -> str:
    """The one code of an answer that an arrow waits for; empty when it asks for anything else."""
    if not flow.condition:
        return ""
    match ast.parse(flow.condition.strip(), mode="eval").body:
        case ast.Compare(left=ast.Name(id=asked), ops=[ast.Eq()], comparators=[ast.Constant(value=str(code))]) if asked == name:
            return code
    return ""


# ── What is new ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Change:
    """One thing that differs between two versions: the step, what of it, how it was and is; empty where it wasn't or isn't."""

    step: str
    what: str
    was: str = ""
    now: str = ""


def changes(old: Definition, new: Definition) -> list[Change]:
    """What differs for those who work by them: steps, who does them, time limits, grounds and ways on.

    Whoever publishes a version goes by this: what differs otherwise than in the drawing is told, if only that it does.
    """
    steps = {id: node for d in (old, new) for id, node in d.nodes.items() if _is_told(node)}
    found: list[Change] = []
    for id, node in steps.items():
        if id not in old.nodes:
            found.append(Change(node.name, _("New step"), now=node.lane))
        elif id not in new.nodes:
            found.append(Change(node.name, _("The step is gone"), was=node.lane))
        else:
            before, after = _told(old, old.nodes[id]), _told(new, new.nodes[id])
            found += [Change(node.name, what, before[what], after[what]) for what in after if before[what] != after[what]]
    if not found and (old.processes, old.properties) != (new.processes, new.properties):
        found.append(Change(new.name, _("Something else differs: compare the diagrams in an editor before you publish")))
    return found


def _is_told(node: Node) -> bool:
    return bool(node.may_have_timer or node.step or node.decision or node.kind == BRANCH)


def _told(definition: Definition, node: Node) -> dict[str, str]:
    """What a step says of itself, in words."""
    return {
        _("What it's called"): node.name,
        _("Who does it"): node.lane,
        _("What it begins by"): node.event,
        _("Form"): node.form,
        _("Decision table"): node.decision,
        _("Time limit"): ", ".join(_timers(definition, node)),
        _("What the time limit rests on"): ", ".join(limits_of(definition, node)),
        _("Ground"): node.properties.get("ground", ""),
        _("Whom to consult"): node.properties.get("consult", ""),
        _("What must be signed"): node.properties.get("sections", ""),
        _("How"): node.documentation,
        _("What comes after"): ", ".join(_onwards(definition, node.id)),
    }


def _timers(definition: Definition, node: Node) -> Iterator[str]:
    """The timers on a step's border: what they are called, how long they are, and where they lead."""
    for process in definition.processes:
        for timer in process.timers.get(node.id, ()):
            onwards = ", ".join(_onwards(definition, timer.id))
            kind = _("breaks the step off") if timer.interrupts else ""
            yield "; ".join(part for part in (f"{timer.name} ({timer.span})", kind, onwards and f"→ {onwards}") if part)


def time_limit(definition: Definition, node: Node) -> str:
    """The names of the timers on a step's border."""
    return ", ".join(timer.name for process in definition.processes for timer in process.timers.get(node.id, ()))


def limits_of(definition: Definition, node: Node) -> list[str]:
    """The laws and routines, by their codes, that the timers on a step's border rest on."""
    timers = (timer for process in definition.processes for timer in process.timers.get(node.id, ()))
    return sorted({limit for timer in timers if (limit := definition.limit_of(timer))})


def _onwards(definition: Definition, id: str) -> list[str]:
    """The steps and ends that can come directly after a step, with the words of the arrows on the way there."""
    process = next(process for process in definition.processes if id in process.nodes)
    found, seen, waiting = [], {id}, [("", flow) for flow in process.after[id]]
    while waiting:
        said, flow = waiting.pop(0)
        node = process.nodes[flow.target]
        words = " ".join(part for part in (said, flow.name, flow.condition and f"[{flow.condition}]") if part)
        if node.is_human or node.kind == "endEvent":
            found.append(f"{node.name or node.id} ({words})" if words else node.name or node.id)
        elif node.id not in seen:
            seen.add(node.id)
            waiting += [(words, onward) for onward in process.after[node.id]]
    return found


# ── From draft to published ───────────────────────────────────────────────


def check_is_draft(status: str) -> None:
    """Raises `NotNow`."""
    if status != Status.DRAFT:
        raise NotNow(_("Only a draft can be changed: upload a new version instead."))


def check_may_be_proposed(status: str, *, tried_at: datetime | None, valid_from: date, today: date) -> None:
    """Raises `NotNow`."""
    check_is_draft(status)
    if tried_at is None:
        raise NotNow(_("Try the version first: go through it to an end in the sandbox."))
    if valid_from < today:
        raise NotNow(_("A version can't begin before it's published: write today or a later day."))


def check_is_proposed(status: str) -> None:
    """Raises `NotNow`."""
    if status != Status.PROPOSED:
        raise NotNow(_("The version isn't waiting to be published: someone else was first, or it's a draft again."))


def check_was_read(proposal: str, seen: str) -> None:
    """Nobody agrees to something else than what she has read. Raises `NotNow`."""
    if proposal != seen:
        raise NotNow(_("The version has been changed or proposed anew since you read it: read it once more, then publish it."))


def check_comes_after(published: int, its_day: date, number: int, valid_from: date) -> None:
    """Whether a version comes after one that is published, by its number and its first day. Raises `NotNow`."""
    if published > number:
        raise NotNow(
            _("Version %(number)s is published already, and the highest number decides: throw this one away, and upload it anew.")
            % {"number": published}
        )
    if its_day > valid_from:
        raise NotNow(
            _("Version %(number)s is published and begins on %(day)s: let this one begin then, or later.")
            % {"number": published, "day": date_format(its_day, "j F Y")}
        )
