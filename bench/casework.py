"""What a crowd costs: the pages of casework among 100,000 cases with a million steps, beside the same among 1,000.

FRIDHEM_BENCH_CASES says how many cases the large town has, 100,000 without. Median and questions shouldn't grow with the crowd.
"""

import importlib
import os

from bench.safety import opened


def main() -> None:
    """Make a house and print each comparison."""
    with opened() as made:
        importlib.import_module("bench._crowded").main(made, int(os.environ.get("FRIDHEM_BENCH_CASES", "100000")))
