"""The process that touches what strangers made: one file in by its standard input, the clean one out, then it ends.

It holds no keys and knows no database, may not write to any file, and gets a bounded share of time and memory. Whatever a
file does to its reader happens here.
"""

import json
import resource
import sys
from typing import Any

from fridhem.foundation.files.cleaning import dispatch, drawing
from fridhem.foundation.files.cleaning.limits import Limits
from fridhem.foundation.files.cleaning.outcome import Unfit, Unfitness

MEMORY = 1_500_000_000  # bytes
SECONDS = 25  # of processor time


def confine() -> None:
    """Let go of what a hostile file could use: disk, memory, time, other processes."""
    for what, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Answer the one order on the command line with a line of JSON and, after it, the bytes."""
    confine()
    order = json.loads(sys.argv[1])
    data = sys.stdin.buffer.read()
    try:
        said, bodies = _answer(order, data)
    except Unfit as unfit:
        said, bodies = {"why": unfit.why}, []
    except MemoryError:
        said, bodies = {"why": Unfitness.TOO_HEAVY}, []
    except Exception:  # noqa: BLE001  (a broken file may fail in any way; what it says is never told)
        said, bodies = {"why": Unfitness.BROKEN}, []
    out = sys.stdout.buffer
    out.write(json.dumps({**said, "bodies": [len(body) for body in bodies]}).encode() + b"\n")
    for body in bodies:
        out.write(body)
    out.flush()


def _answer(order: dict[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    if "draw" in order:
        return {}, drawing.pages(data, order["draw"], order["first"], order["count"])
    limits = {kind: Limits(**values) for kind, values in order["limits"].items()}
    cleaned = dispatch.clean(data, limits, order["largest"])
    return {"kind": cleaned.kind, "removed": sorted(cleaned.removed), "pages": cleaned.pages}, [cleaned.data]


if __name__ == "__main__":
    main()
