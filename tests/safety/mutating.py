"""Run the tests once for every mutant: `pytest -p tests.safety.mutating --mutants OUT.json --mutants-of N tests/…`.

Django and the database are set up once. Each mutant is a fork in which one check is gone, and the tests that are nearest to it
run until the first that fails.
"""

import json
import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

PATIENCE = 400  # seconds for the tests of one mutant; one that takes longer isn't noticed
ELSEWHERE = {"running_house", "transactional_db", "live_server", "page", "own", "new_service", "superuser"}
REFUSES = re.compile(r"Denied|40[349]|Conflict|visible|nobody|not_|only|stranger|behind_walls|foreign|other")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mutants", help="where to write what became of each")
    parser.addoption("--mutants-of", type=int, default=0, help="how many to try, by chance and always the same; 0: all")
    parser.addoption("--mutants-everywhere", action="store_true", help="the checks of actions too, which take longer to notice")
    parser.addoption("--mutants-like", default="", help="only those whose description has this in it")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    from pytest_django.plugin import blocking_manager_key

    items = [item for item in session.items if _stands_alone(item)]
    _set_up(items)
    with session.config.stash[blocking_manager_key].unblock():
        from tests.safety import mutants

        every, option = mutants.every(), session.config.getoption
        wanted = [one for one in every if option("mutants_like") in str(one) and one.is_first]
        wanted = wanted if option("mutants_everywhere") else [one for one in wanted if "actions" not in one.where]
        many = option("mutants_of")
        tried = random.Random(22).sample(wanted, many) if 0 < many < len(wanted) else wanted
        control = mutants.Mutant("control", "nowhere", "nothing", "", (), False, _nothing)
        with Path(option("mutants")).open("w") as told:
            for one in [*tried, control]:
                print(
                    json.dumps({"every": len(every), "first": len(wanted), **_tried(one, items)}, ensure_ascii=False),
                    file=told,
                    flush=True,
                )
    return True


def _stands_alone(item: pytest.Item) -> bool:
    """Whether the test leaves the database as it was, and needs nobody from outside the process."""
    with_database = item.get_closest_marker("django_db")
    alone = not (with_database and with_database.kwargs.get("transaction")) and not item.get_closest_marker("slow")
    return alone and not ELSEWHERE & set(item.fixturenames)


def _set_up(items: list[pytest.Item]) -> None:
    """Run one test, so that the database is there, and leave it standing for one in another folder."""
    first = next(item for item in items if item.get_closest_marker("django_db"))
    then = next(item for item in items if item.path.parent != first.path.parent)
    runtestprotocol(first, nextitem=then, log=False)


_passes: dict[str, bool] = {}  # whether a test passes when nothing is gone: only such a one can notice


def _nothing() -> None:
    """No check is taken away."""


def _tried(one: Any, items: list[pytest.Item]) -> dict[str, Any]:
    near = sorted((item for item in items if _is_of(item, one)), key=lambda item: -_nearness(item, one))
    near = near[:20] if one.kind == "control" else near
    began = time.monotonic()
    noticed = _noticing(one, near)
    took = round(time.monotonic() - began, 1)
    return {"mutant": str(one), "kind": one.kind, "is_zone": one.is_zone, "noticed": noticed, "seconds": took}


def _noticing(one: Any, near: list[pytest.Item]) -> str:
    """The first test that fails because of the mutant, empty when none does."""
    while near:
        failed = _in_a_fork(one.apply, near, undo=one.undo)
        place = next((n for n, item in enumerate(near) if item.nodeid == failed), None)
        if place is None:  # nothing failed, or the mutant itself is broken
            return failed
        if failed not in _passes:
            _passes[failed] = not _in_a_fork(_nothing, [near[place]])
        if _passes[failed]:
            return failed
        near = near[place + 1 :]
    return ""


def _in_a_fork(apply: Callable[[], None], near: list[pytest.Item], *, undo: str = "") -> str:
    """The first test that failed, empty when none did. `undo` is said to the database afterwards."""
    from django.db import connection

    connection.close()  # a connection can't be shared with a fork
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        said = ""
        try:
            os.close(read)
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1), os.dup2(silence, 2)
            said = _first_failure(apply, near)
        except Exception as error:  # noqa: BLE001 - told, and a fault of the check itself
            said = f"BROKEN {error!r}"
        finally:
            os.write(write, said.encode()[:4000])
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        said = answer.read().decode()
    os.waitpid(child, 0)
    if undo:
        with connection.cursor() as cursor:
            cursor.execute(undo)
    return said


def _first_failure(apply: Callable[[], None], near: list[pytest.Item]) -> str:
    from django.db import connection

    until = time.monotonic() + PATIENCE
    apply()
    connection.close()
    for item, after in zip(near, [*near[1:], near[0]], strict=True):
        reports = runtestprotocol(item, nextitem=after if after is not item else item.session.items[0], log=False)
        if any(report.failed for report in reports):
            return item.nodeid
        if time.monotonic() > until:
            break
    return ""


def _is_of(item: pytest.Item, one: Any) -> bool:
    """Whether the test is of the mutant's room, or of all rooms."""
    folder, *more = item.path.relative_to(item.config.rootpath / "tests").parts
    if folder == "rooms":
        return more[0] == one.room
    if folder == "safety":
        return one.kind == "wall"
    return folder == "architecture" or one.room in {"accounts", "crypto", "site"}


def _nearness(item: pytest.Item, one: Any) -> int:
    """How much a test speaks of what was taken away."""
    text = _text_of(item)
    return (
        3 * sum(word in text for word in one.words if word)
        + min(3, len(REFUSES.findall(text)))
        + 4 * ("tests/architecture/test_who" in item.nodeid)
    )


def _text_of(item: Any) -> str:
    code = item.function.__code__
    lines = item.path.read_text(encoding="utf-8").splitlines()[code.co_firstlineno - 1 :]
    end = next((n for n, line in enumerate(lines[1:], 1) if line.startswith(("def ", "@", "class "))), len(lines))
    return item.name + "\n".join(lines[:end])
