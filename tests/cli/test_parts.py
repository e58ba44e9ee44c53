"""A part of the house that dies is brought up again, and given up when it dies again and again."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from fridhem.cli import parts
from fridhem.cli.parts import GivenUp, Part

COUNTS = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).open('a').write('.'); time.sleep(float(sys.argv[2]))"
HAS_A_CHILD = "import subprocess, sys, time; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); time.sleep(60)"


def part(place: Path, seconds: float) -> Part:
    return Part("lamp", [sys.executable, "-c", COUNTS, str(place), str(seconds)], dict(os.environ))


def wait_for(place: Path, starts: int) -> None:
    deadline = time.monotonic() + 30
    while not place.exists() or len(place.read_text()) < starts:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_part_that_is_killed_is_brought_up_again_and_said_so(tmp_path, capsys):
    lamp = part(tmp_path / "starts", 60)
    lamp.start()
    wait_for(tmp_path / "starts", 1)
    first = lamp.process.pid

    os.kill(first, signal.SIGKILL)
    while not lamp.has_stopped():
        time.sleep(0.01)
    lamp.mind()
    lamp.mind()

    wait_for(tmp_path / "starts", 2)
    assert lamp.process.pid != first
    assert capsys.readouterr().err == "The lamp stopped; bringing it up again.\n"
    parts.stop([lamp])
    assert lamp.has_stopped()


def test_a_part_that_dies_again_and_again_is_given_up(tmp_path):
    lamp = part(tmp_path / "starts", 0)
    lamp.start()

    with pytest.raises(GivenUp, match="The lamp stopped 6 times within a minute"):
        parts.watch([lamp])

    assert (tmp_path / "starts").read_text() == "." * (parts.MOST_STARTS + 1)


def test_what_a_dead_part_left_behind_is_swept_up_first():
    read, write = os.pipe()
    tree = Part("tree", [sys.executable, "-c", HAS_A_CHILD], dict(os.environ))
    kept = os.dup(1)
    os.dup2(write, 1)
    tree.start()
    os.dup2(kept, 1)
    child = int(os.read(read, 20))

    os.kill(tree.process.pid, signal.SIGKILL)
    while not tree.has_stopped():
        time.sleep(0.01)
    assert _lives(child)
    tree.mind()

    deadline = time.monotonic() + 10
    while _lives(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _lives(child)
    parts.stop([tree])


def test_what_others_mind_is_minded_too():
    asked = threading.Event()

    def mind() -> None:
        asked.set()
        raise GivenUp("The lamp oil is out.")

    with pytest.raises(GivenUp, match="oil"):
        parts.watch([], mind)
    assert asked.is_set()


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False
