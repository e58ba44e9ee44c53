"""Our engine on the recorded problems, judged by a program that shares no code with it.

The problems, the judge and the recorded figures of other tools are expected beside the repository, in `../shared/disclosure`.
`FRIDHEM_BENCH_PROBLEMS` names other problems than the default ones, with commas between them.
"""

import csv
import importlib
import os
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from fridhem.pure.codes.dimension import Dimension
from fridhem.pure.cubes.counting import count_columns
from fridhem.pure.cubes.raw_table import RawTable
from fridhem.pure.disclosure.protect import Protected, protect_all

SHARED = Path(__file__).parent.parent.parent / "shared" / "disclosure"
PROBLEMS = "P1,P2,P3,P4,L1s,P5,P5s"
COARSER = {"district": "area", "police": "area"}  # dimensions that group the values of another
HEAD = "problem   cells  small | further  prototype  optimum | CPU s  GaussSuppression |  A0  A1  A2"


def main() -> None:
    """Protect every problem, let the judge attack, and print a line for each beside what is recorded of other tools."""
    if not (SHARED / "gen.py").exists():
        sys.exit(f"The problems and the judge aren't there: {SHARED} must hold gen.py, audit.py and figures.csv.")
    sys.path.insert(0, str(SHARED))
    gen, judge = importlib.import_module("gen"), importlib.import_module("audit")
    recorded = _recorded()
    print(HEAD)
    for name in os.environ.get("FRIDHEM_BENCH_PROBLEMS", PROBLEMS).split(","):
        tables = raw_tables(gen, name)
        began = time.process_time()
        protected = protect_all(tables)
        seconds = time.process_time() - began
        leaks = _judged(judge, name, tables, protected)
        print(_line(name, protected, seconds, leaks, recorded.get(name, {})), flush=True)


def raw_tables(gen: ModuleType, name: str) -> list[RawTable]:
    """The tables of one of the generator's problems, counted by our own code."""
    _n, seed, tables = gen.PROBLEMS[name]
    variables, places, counts = gen.inner(name)
    leaves = {v: [gen.dim(v).codes[i] for i in gen.dim(v).leaf_nodes] for v in variables}
    columns: dict[str, Any] = {v: np.array(leaves[v])[places[:, i]] for i, v in enumerate(variables)}
    columns["n"] = counts
    groups = _groups(gen, seed)
    return [count_columns(columns, [_dimension(gen, v, groups, len(tables)) for v in t], weight="n") for t in tables]


def _dimension(gen: ModuleType, name: str, groups: dict[str, dict[str, str]], tables: int) -> Dimension:
    found = gen.dim(name)
    linked = {"variable": COARSER[name], "groups": groups[name]} if name in COARSER and tables > 1 else {}
    return Dimension(name, tuple(found.codes), tuple(int(p) for p in found.parent), **linked)


def _groups(gen: ModuleType, seed: int) -> dict[str, dict[str, str]]:
    """Which district and police district every area lies in."""
    area = gen.dim("area")
    codes = [area.codes[i] for i in area.leaf_nodes]
    police = gen.model(seed)["police"]
    return {
        "district": {code: area.codes[area.parent[i]] for code, i in zip(codes, area.leaf_nodes, strict=True)},
        "police": {code: f"P{police[k] + 1:02d}" for k, code in enumerate(codes)},
    }


def _judged(judge: ModuleType, name: str, tables: list[RawTable], protected: Protected) -> dict[str, Any]:
    """What the judge can compute: the small counts that each attacker finds."""
    problem = judge.Problem(name)
    primary, hidden = np.zeros(problem.ncell, bool), np.zeros(problem.ncell, bool)
    rule = protected.tables[0].rule
    for ids, raw, safe in zip(problem.ids, tables, protected.tables, strict=True):
        assert np.array_equal(problem.value[ids], raw.counts), "the judge counts as we do"
        primary[ids], hidden[ids] = rule.hides(raw.counts), ~safe.shown
    return dict(judge.audit(problem, primary, hidden, zeros_public=True))


def _recorded() -> dict[str, dict[str, str]]:
    """Per problem: the prototype's and the best public tool's figures, and the exact optimum where it is known."""
    found: dict[str, dict[str, str]] = {}
    with (SHARED / "figures.csv").open() as lines:
        for row in csv.DictReader(lines):
            own = found.setdefault(row["problem"], {})
            if row["tool"].startswith("GaussSuppression") and row["variant"] == "nz":
                own["gauss"] = row["cpu_s"]
            elif row["tool"].startswith("prototype"):
                own.setdefault("prototype", row["secondary"])
            elif row["tool"].startswith("exact") and row["status"].startswith("optimal"):
                own["optimum"] = min(own.get("optimum", row["secondary"]), row["secondary"], key=int)
    return found


def _line(name: str, protected: Protected, seconds: float, leaks: dict[str, Any], known: dict[str, str]) -> str:
    record = protected.record
    gauss = float(known["gauss"]) if known.get("gauss") else None
    ratio = f"{gauss:7.2f} = {gauss / seconds:5.1f} ×" if gauss else "              –"
    cells, small, further = len(record.hidden), record.small_cells, record.further_cells
    return (
        f"{name:7} {cells:7} {small:6} | {further:7}  {known.get('prototype', '–'):>9}  {known.get('optimum', '–'):>7} | "
        f"{seconds:5.2f}  {ratio:>16} | {leaks['A0_linear_prim']:3} {leaks['A1_exact_prim']:3} {leaks['A2_exact_prim']:3}"
    )
