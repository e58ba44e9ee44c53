"""The other side of `cleaning.__main__`: start the confined process, give it one file, and believe little of what it says."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fridhem.foundation.files.cleaning import sniffing, text
from fridhem.foundation.files.cleaning.outcome import Clean, Removed, Unfit, Unfitness
from fridhem.foundation.files.kinds import Kind

SECONDS = 40  # by the clock on the wall
COMMAND = (sys.executable, "-I", "-m", "fridhem.foundation.files.cleaning")
ENVIRONMENT = {"LANG": "C.UTF-8"}  # not ours: it names the file with our secrets


def clean(data: bytes, kinds: Mapping[str, Kind]) -> Clean:
    """The file made anew in a process of its own; plain text here, since nothing takes it apart. Raises `Unfit`."""
    if not data.startswith(b"PK") and sniffing.kind_of(data) == "text" and "text" in kinds:
        return text.clean(data, kinds["text"].limits)
    order = {
        "limits": {kind: asdict(row.limits) for kind, row in kinds.items()},
        "largest": {kind: row.largest for kind, row in kinds.items()},
    }
    said, (body,) = _ask(order, data)
    return Clean(said["kind"], body, frozenset(Removed(word) for word in said["removed"]), int(said["pages"]))


def draw(data: bytes, kind: str, *, first: int, count: int) -> list[bytes]:
    """Pages of a clean PDF or picture as JPEGs. Raises `Unfit` for other kinds."""
    return _ask({"draw": kind, "first": first, "count": count}, data)[1]


def _ask(order: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    try:
        done = subprocess.run(
            [*COMMAND, json.dumps(order)], input=data, capture_output=True, timeout=SECONDS, env=ENVIRONMENT, cwd="/", check=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise Unfit(Unfitness.TOO_HEAVY) from None
    head, _newline, rest = done.stdout.partition(b"\n")
    said = json.loads(head)
    if "why" in said:
        raise Unfit(Unfitness(said["why"]))
    bodies = []
    for length in said["bodies"]:
        bodies.append(rest[:length])
        rest = rest[length:]
    return said, bodies
