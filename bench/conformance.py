"""How long it takes to hold a log of many cases against a process, beside reading its lines alone.

FRIDHEM_BENCH_CASES says how many cases the log has, 100,000 without.
"""

import csv
import io
import os
import random
import resource
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings

from fridhem.foundation.processes.definition import Definition
from fridhem.foundation.processes.following import follow
from fridhem.foundation.processes.logs import read_log
from fridhem.foundation.processes.tokens import Marking, Net
from fridhem.rooms.processes import catalogue

TODAY = date(2026, 11, 20)
SKIPPED = 0.1  # of all steps
PROCESS = "vinr_adult"


def main() -> None:
    """Print the seconds of each part, and the ratio to the bare lower limit."""
    settings.configure(USE_TZ=True, TIME_ZONE="Europe/Stockholm", USE_I18N=False)
    many = int(os.environ.get("FRIDHEM_BENCH_CASES", "100000"))
    definition = catalogue.shipped()[PROCESS, 1]
    data = _log(definition, many)
    lines = data.count(b"\n")
    bare = _timed("reading the lines alone", lambda: sum(1 for _row in csv.reader(io.StringIO(data.decode()))))[0]
    took, cases = _timed("reading the log", lambda: read_log(data, on=TODAY))
    held, found = _timed("holding it against the process", lambda: follow(definition, cases))
    whole = (took + held) / bare
    print(f"{many:,} cases, {lines:,} events: {many / held:,.0f} cases/s held; in all {whole:.0f} × bare")
    print(f"{found.conforming:,} followed the process; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB at most")


def _log(definition: Definition, many: int) -> bytes:
    """Cases that go as the arrows lead, with some steps left out."""
    chance, net, out = random.Random(5), Net(definition), io.StringIO()

    @cache
    def after(marking: Marking, step: str) -> list[Marking]:
        return sorted(net.after(marking, step))

    out.write("case,activity,done_at\n")
    for case in range(many):
        marking, at = min(net.begun()), datetime(2026, 1, 1, 9) + timedelta(days=case % 300)
        while steps := sorted(net.open_steps(marking)):
            step = chance.choice(steps)
            marking = chance.choice(after(marking, step))
            at += timedelta(days=chance.randint(0, 20), minutes=case % 60)
            if chance.random() > SKIPPED:
                out.write(f"A-{case},{step},{at:%Y-%m-%d %H:%M}\n")
    return out.getvalue().encode()


def _timed(what: str, work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = work()
    took = time.perf_counter() - began
    print(f"{what:32} {took:8.2f} s", flush=True)
    return took, answer
