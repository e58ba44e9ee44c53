"""C22: permission checks are taken away in turn, and a test notices.

Usually some pages' policies and predicates, by chance; with `--full` all of them and the checks of actions, where more than 5 %
that nobody notices fail. Of a few by chance one may go unnoticed: two of twelve come once in eight times where the bar is just
met. A view's own question, a query's filter and a row's wall stand behind another wall: they are found, counted and not tried.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TESTS = ("tests/architecture", "tests/rooms", "tests/site", "tests/foundation")

# What changes nothing when it's taken away, by its place without the line, and why.
THE_ZONE_IS_THEIRS = "only those named have the zone that is asked for beside it; it stands there for when others are given it"
EQUIVALENT = {
    "code rooms/oversight/permissions.py: guards_the_record: has_role(Role.PRIVACY_OFFICER)": THE_ZONE_IS_THEIRS,
    "code rooms/casework/permissions.py: works_with_cases: has_role(Role.PERSONAL_CONTACT)": THE_ZONE_IS_THEIRS,
    "code rooms/disclosures/permissions.py: reads_ledger: has_role(Role.PRIVACY_OFFICER)": THE_ZONE_IS_THEIRS,
}


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
    counted = [one for one in tried if re.sub(r":\d+:", ":", one["mutant"], count=1) not in EQUIVALENT]
    assert not [one for one in counted if one["noticed"].startswith("BROKEN")]
    unnoticed = [one["mutant"] for one in counted if not one["noticed"]]
    zones = [one for one in counted if one["is_zone"]]
    assert not [one["mutant"] for one in zones if not one["noticed"]], "each check of a zone"
    assert len(unnoticed) <= max(len(counted) * 0.05, bool(many)), unnoticed
    not_these = "".join(f" (not {one})" for one in unnoticed)
    proof.measured(
        f"{len(counted) - len(unnoticed)} of {len(counted)} noticed{not_these}, {len(zones)} of {len(zones)} checks of zones; "
        f"sampled of {control['first']} pages and predicates{' and actions' * (not many)}; {control['every']} checks in all"
    )
