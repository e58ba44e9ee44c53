"""What safety costs: a case page, and searches among many people, sealed and walled against the same on plain rows.

FRIDHEM_BENCH_PEOPLE says how many people the municipality knows, 100,000 without. Here the house is made ready, before Django can
be imported; `_comparing` measures.
"""

import importlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from fridhem.cli import house, prepare
from fridhem.foundation.keys.limits import SHIPPED
from fridhem.foundation.keys.place import write_json


def main() -> None:
    """Make a house and print each comparison."""
    with opened() as made:
        importlib.import_module("bench._comparing").main(made, int(os.environ.get("FRIDHEM_BENCH_PEOPLE", "100000")))


@contextmanager
def opened() -> Iterator[house.House]:
    """A prepared house in a folder of its own, this process its staff face in the owner's role. Gone after the block."""
    with tempfile.TemporaryDirectory(prefix="fridhem-bench-") as folder:
        data = Path(folder)
        data.chmod(0o755)
        made = house.prepare(data, serve_keys=True)
        try:
            limits = json.loads(SHIPPED.read_text())["limits"]
            write_json(made.keys.limits, {"limits": [{**row, "most": 10**9} for row in limits]})  # measured again and again
            prepare.update(made)
            owner, staff = (json.loads(made.face(name).read_text()) for name in ("owner", "staff"))
            made.face("bench").write_text(json.dumps({**staff, "database_url": owner["database_url"]}))
            os.environ.update(made.environment("bench"))
            django.setup()
            yield made
        finally:
            made.stop()
