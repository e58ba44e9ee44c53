"""Run every benchmark of the house, or those named: `python -m bench [--cases N] [NAME …]`.

A benchmark prints figures and their ratio to a bare lower limit or a peer measured in the same run. Nothing here fails on a time.
"""

import argparse
import importlib
import os
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", help="how many cases the benchmarks of cases make (FRIDHEM_BENCH_CASES)")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    given = parser.parse_args()
    if given.cases:
        os.environ["FRIDHEM_BENCH_CASES"] = given.cases
    for name in given.names or NAMES:
        print(f"── {name} ──", flush=True)
        importlib.import_module(f"bench.{name}").main()
