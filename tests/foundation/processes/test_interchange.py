"""Diagrams from other editors: the public interchange models are read and run, or refused with place and reason."""

import importlib.util
import re
from pathlib import Path

import pytest
from django.utils import translation

from fridhem.foundation.processes import engine
from fridhem.foundation.processes.faults import BadProcess
from fridhem.foundation.processes.history import Happened, replayed
from fridhem.foundation.processes.pictures import drawn
from fridhem.foundation.processes.reading import read_process
from tests.foundation.processes.test_history import Lived, standing

ROOT = Path(__file__).parent.parent.parent.parent
MODELS = ROOT.parent / "shared" / "bpmn" / "miwg"
ADMITTED = {  # the roles by which a model's pool is chosen → the steps in the order that they are done, first first
    ("A.1.0", ""): ["Task 1", "Task 2", "Task 3"],
    ("A.4.0", ""): ["Task 1", "Task 2"],
    ("A.4.0", "Lane 1"): ["Task 3", "Task 4", "Task 5", "Task 6"],
    ("A.4.1", ""): ["Task 1", "Task 2"],
    ("A.4.1", "Lane 3"): ["Task 3", "Task 4", "Task 5", "Task 6"],
}
pytestmark = pytest.mark.skipif(not MODELS.is_dir(), reason="the interchange models aren't beside the project")


def model(name: str) -> bytes:
    return (MODELS / f"{name}.bpmn").read_bytes()


def tool():
    spec = importlib.util.spec_from_file_location("interchange_page", ROOT / "tools" / "interchange_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("name", "lane"), ADMITTED)
def test_what_is_read_runs_to_its_end_and_is_drawn(name, lane):
    definition = read_process(model(name), roles={lane: "caseworker"})
    case = Lived(definition)

    done = []
    while found := engine.open_tasks(definition, case.state):
        picture = str(drawn(definition, current={task.node.id for task in found}).svg)
        assert all(f'data-node="{task.node.id}"' in picture for task in found)
        done.append(found[0].node.name)
        case.happen(Happened.DONE, found[0].node.id, answers={})
        assert standing(definition, replayed(definition, case.events)) == standing(definition, case.state)

    assert done == ADMITTED[name, lane]
    assert engine.is_finished(definition, case.state)


@pytest.mark.parametrize("name", sorted({file.stem for file in MODELS.glob("*.bpmn")} - {name for name, _lane in ADMITTED}))
def test_what_is_not_read_is_refused_with_place_and_reason(name):
    with translation.override("sv"), pytest.raises(BadProcess) as refused:
        read_process(model(name), roles={})

    for fault in refused.value.faults:
        assert re.search(r"”.+”|rad \d+|\d+ element", fault), fault
        assert re.search(r"[a-zåäö–”)]\.$", fault), fault


def test_the_page_says_what_the_reader_answers():
    module = tool()

    assert module.PAGE.read_text("utf-8") == module.page()
