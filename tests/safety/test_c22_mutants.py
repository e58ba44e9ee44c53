"""C22: permission checks are taken away in turn, and a test notices.

Usually some pages' policies and predicates, by chance; with `--full` all of them and the checks of actions. A view's own
question, a query's filter and a row's wall stand behind another wall: they are found and counted, and not tried yet.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TESTS = ("tests/architecture", "tests/rooms", "tests/site", "tests/foundation")

# What changes nothing when it's taken away, and why: another wall asks the same of the same people.
EQUIVALENT: dict[str, str] = {}


@pytest.mark.safety("C22")
@pytest.mark.slow
@pytest.mark.timeout(20_000)
def test_a_test_notices_each_check_that_is_gone(proof, size, tmp_path):
    many, told = size(12, 0), tmp_path / "told.jsonl"
    own = {name: value for name, value in os.environ.items() if not name.startswith(("FRIDHEM_", "DJANGO_", "PYTEST_"))}

    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.safety.mutating", "--mutants", told, "--mutants-of", str(many)]
    everywhere = [] if many else ["--mutants-everywhere"]
    done = subprocess.run([*command, *everywhere, *TESTS], cwd=ROOT, env=own, capture_output=True, text=True, check=False)

    tried = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()] if told.exists() else []
    assert tried, done.stdout[-3000:] + done.stderr[-3000:]
    control = tried.pop()
    assert (control["kind"], control["noticed"]) == ("control", ""), "with nothing gone, no test fails"
    counted = [one for one in tried if one["mutant"] not in EQUIVALENT]
    assert not [one for one in counted if one["noticed"].startswith("BROKEN")]
    unnoticed = [one["mutant"] for one in counted if not one["noticed"]]
    zones = [one for one in counted if one["is_zone"]]
    assert not [one["mutant"] for one in zones if not one["noticed"]], "each check of a zone"
    assert len(unnoticed) <= len(counted) * 0.05, unnoticed
    proof.measured(
        f"{len(counted) - len(unnoticed)} of {len(counted)} noticed, {len(zones)} of {len(zones)} checks of zones; sampled of "
        f"{control['first']} pages and predicates{' and actions' * (not many)}; {control['every']} checks were found in all"
    )
