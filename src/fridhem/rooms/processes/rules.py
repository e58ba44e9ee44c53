"""What follows from what: whether a diagram fits the house, what is new in it, and when it may be published."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from fridhem.foundation.processes.definition import Definition, Node
from fridhem.pure.decisions.table import Table
from fridhem.pure.refusals import NotNow
from fridhem.pure.sheets.sheet import Sheet
from fridhem.rooms.processes.enums import LANES, Status

KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)  # stands in addresses
LONGEST_NAME = 200
SIGNED = "signed"  # the value of `sections`: the step waits until each section of the investigation is signed
# What a process knows from its start: names that a condition may ask for though no step has been asked.
FROM_THE_START: Mapping[str, tuple[str, ...]] = {"age_group": ("adult", "child")}


# ── Whether a diagram fits the house ──────────────────────────────────────


def misfits(
    definition: Definition,
    *,
    sheets: Mapping[str, Sheet],
    grounds: Collection[str],
    limits: Collection[str],
    consulted: Collection[str],
    outlined: Collection[str],
    tables: Mapping[str, Table] | None = None,
) -> list[str]:
    """What in a diagram the house doesn't know: roles, forms, grounds, time limits, whom to consult, answers nobody is asked for.

    One sentence each. `outlined`: the processes whose investigation has headings.
    """
    return [
        *_unfit_names(definition),
        *_without_role(definition),
        *_unknown_forms(definition, sheets),
        *_unknown_grounds(definition, grounds),
        *_unknown_limits(definition, limits),
        *_unknown_consulted(definition, consulted),
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


def _unknown_consulted(definition: Definition, consulted: Collection[str]) -> Iterator[str]:
    for node in definition.nodes.values():
        named = node.properties.get("consult", "")
        if named and named not in consulted:
            yield _("“%(step)s” says to consult “%(name)s”, whom nobody knows. Choose one of: %(known)s.") % {
                "step": node.name,
                "name": named,
                "known": ", ".join(sorted(consulted)),
            }


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
    """The decision tables that aren't there, or that ask for what nobody is asked or for other answers."""
    asked = _asked(definition, sheets, tables)
    for node in definition.nodes.values():
        if node.decision and node.decision not in tables:
            yield _("“%(step)s” asks the decision table “%(table)s”, which doesn't exist. Choose one of: %(known)s.") % {
                "step": node.name,
                "table": node.decision,
                "known": ", ".join(sorted(tables)) or "–",
            }
        for column in tables[node.decision].inputs if node.decision in tables else ():
            given = {"table": node.decision, "name": column.name}
            if column.name not in asked:
                yield _("The decision table “%(table)s” asks for “%(name)s”, which no step in the process asks.") % given
            elif unknown := asked[column.name] - set(column.codes):
                yield _("The decision table “%(table)s” doesn't know the answer “%(code)s” to “%(name)s”.") % {
                    **given,
                    "code": ", ".join(sorted(unknown)),
                }


def _asked(definition: Definition, sheets: Mapping[str, Sheet], tables: Mapping[str, Table]) -> dict[str, set[str]]:
    """What can be answered in a process, by persons and by decision tables: question → codes."""
    asked: dict[str, set[str]] = {name: set(codes) for name, codes in FROM_THE_START.items()}
    for node in definition.nodes.values():
        for question in sheets[node.form].questions if node.form in sheets else ():
            asked.setdefault(question.name, set()).update(question.codes)
        for column in tables[node.decision].outputs if node.decision in tables else ():
            asked.setdefault(column.name, set()).update(column.codes)
    return asked


def _unasked(definition: Definition, sheets: Mapping[str, Sheet], tables: Mapping[str, Table]) -> Iterator[str]:
    asked = _asked(definition, sheets, tables)
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
    steps = {id: node for d in (old, new) for id, node in d.nodes.items() if node.may_have_timer or node.step or node.decision}
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


def _told(definition: Definition, node: Node) -> dict[str, str]:
    """What a step says of itself, in words."""
    return {
        _("What it's called"): node.name,
        _("Who does it"): node.lane,
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
