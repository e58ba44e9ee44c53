"""How fast the engine is and how much it keeps, beside bare SpiffWorkflow with the same diagrams and the same answers.

A step is what the house does with it: read the state as it's kept, see what is open, do one of them, write the state down. The
bare library does the same by its own serializer, and, as a lower limit that no house can live by, without ever writing anything.
FRIDHEM_BENCH_STEPS says how many steps each process does at least in each round, 50 without.
"""

import json
import os
import random
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.camunda.parser.CamundaParser import CamundaParser
from SpiffWorkflow.camunda.serializer.config import CAMUNDA_CONFIG
from SpiffWorkflow.task import TaskState

from fridhem.foundation.processes import engine
from fridhem.foundation.processes.definition import Definition
from fridhem.pure.decisions.deciding import decide
from fridhem.pure.decisions.table import Table
from fridhem.rooms.processes import catalogue

ROUNDS = 7  # each of the three by turns, so that what else the machine does strikes all
LONGEST = 40  # steps of a case
Case = list[tuple[str, Mapping[str, str]]]  # the node of each step and what is answered there
Way = Callable[[Case], int]  # goes through a case to its last step, and gives the bytes that are kept of it
SERIALIZER = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(CAMUNDA_CONFIG))


def main() -> None:
    """Print a line for each process that ships: steps each second, bytes of a case, and the ratios."""
    settings.configure(USE_TZ=True, TIME_ZONE="Europe/Stockholm", USE_I18N=False)
    least = int(os.environ.get("FRIDHEM_BENCH_STEPS", "50"))
    print("process                 steps |  ours/s  kept/s       ×   free/s       × | bytes    kept       ×")
    for (key, _version), definition in catalogue.shipped().items():
        cases = _cases(definition, least)
        drawn = _drawn(definition)
        ways = {"ours": partial(_ours, definition), "kept": partial(_kept, *drawn), "free": partial(_free, *drawn)}
        speed, size = _measured(ways, cases)
        print(
            f"{key:24}{sum(map(len, cases)):5} | {speed['ours']:7.0f} {speed['kept']:7.0f}  {speed['ours'] / speed['kept']:6.2f}"
            f"  {speed['free']:7.0f}  {speed['ours'] / speed['free']:6.2f} |"
            f" {size['ours']:6,} {size['kept']:7,}  {size['ours'] / size['kept']:6.2f}",
            flush=True,
        )


def _cases(definition: Definition, least: int) -> list[Case]:
    """Cases that go where chance leads, with `least` steps together."""
    chance, cases = random.Random(11), []
    while sum(map(len, cases)) < least:
        cases.append(_case(definition, chance))
    return cases


def _case(definition: Definition, chance: random.Random) -> Case:
    """What arrows and tables ask for is answered; the rest lies in the case, and not in the process."""
    asked = definition.steering | {column.name for table in _tables().values() for column in table.inputs}
    state, way = _begun(definition), []
    while (found := engine.open_tasks(definition, state)) and len(way) < LONGEST:
        task = chance.choice(found)
        questions = catalogue.sheets()[task.node.form].questions
        answers = {question.name: chance.choice(question.codes) for question in questions if question.name in asked}
        state = engine.complete(definition, state, task.id, answers, at=timezone.now(), ask=_ask)
        way.append((task.node.id, answers))
    return way


def _measured(ways: Mapping[str, Way], cases: list[Case]) -> tuple[dict[str, float], dict[str, int]]:
    """Steps each second, the median of the rounds, and the bytes of a case, their mean."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    size = {}
    for turn in range(ROUNDS + 1):
        for name, way in ways.items():
            began = time.perf_counter()
            size[name] = round(statistics.mean(way(case) for case in cases))
            if turn:  # the first warms up
                took[name].append(time.perf_counter() - began)
    steps = sum(map(len, cases))
    return {name: steps / statistics.median(seconds) for name, seconds in took.items()}, size


# ── Ours ──────────────────────────────────────────────────────────────────


def _ours(definition: Definition, case: Case) -> int:
    kept = json.dumps(_begun(definition))
    for node, answers in case:
        state = json.loads(kept)
        task = next(task for task in engine.open_tasks(definition, state) if task.node.id == node)
        kept = json.dumps(engine.complete(definition, state, task.id, answers, at=timezone.now(), ask=_ask))
    return len(kept.encode())


def _begun(definition: Definition) -> engine.State:
    return engine.start(definition, at=timezone.now(), ask=_ask)


def _ask(name: str, answers: engine.Answers) -> engine.Answers:
    """Nothing but decision tables is asked in what ships."""
    return decide(_tables()[engine.decision(name)], answers)


def _tables() -> dict[str, Table]:
    """The newest of each decision table that ships."""
    return {key: found.table for (key, _number), found in sorted(catalogue.tables().items(), key=lambda each: each[0])}


# ── Bare ──────────────────────────────────────────────────────────────────


def _drawn(definition: Definition) -> tuple[Any, dict[str, Any]]:
    """The file as it ships, read by the library's own parser, with its tables. It wants the spans of time in quotes."""
    tree = etree.fromstring(definition.xml)
    for span in tree.iter("{*}timeDuration"):
        span.text = repr(span.text.strip())
    parser = CamundaParser()
    parser.add_bpmn_xml(tree)
    for file in (catalogue.ROOM / "tables").glob("*.dmn"):
        parser.add_dmn_file(str(file))
    return parser.get_spec(definition.key), parser.get_subprocess_specs(definition.key)


def _kept(spec: Any, others: dict[str, Any], case: Case) -> int:
    kept = SERIALIZER.serialize_json(_started(spec, others))
    for node, answers in case:
        workflow = SERIALIZER.deserialize_json(kept)
        _do(workflow, node, answers)
        kept = SERIALIZER.serialize_json(workflow)
    return len(kept.encode())


def _free(spec: Any, others: dict[str, Any], case: Case) -> int:
    workflow = _started(spec, others)
    for node, answers in case:
        _do(workflow, node, answers)
    return 0


def _started(spec: Any, others: dict[str, Any]) -> BpmnWorkflow:
    workflow = BpmnWorkflow(spec, others)
    workflow.do_engine_steps()
    return workflow


def _do(workflow: BpmnWorkflow, node: str, answers: Mapping[str, str]) -> None:
    task = next(task for task in workflow.get_tasks(state=TaskState.READY) if task.task_spec.bpmn_id == node)
    task.data.update(answers)
    task.run()
    workflow.do_engine_steps()
