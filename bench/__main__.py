"""Run every benchmark of the house, or those named: `python -m bench [NAME …]`.

A benchmark prints figures and their ratio to a bare lower limit or a peer measured in the same run. Nothing here fails on a time.
"""

import importlib
import sys
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))

if __name__ == "__main__":
    for name in sys.argv[1:] or NAMES:
        print(f"── {name} ──", flush=True)
        importlib.import_module(f"bench.{name}").main()
