"""The `fridhem` command: one module per subject, each with `add_parser` and `run`."""

import argparse
import sys
from collections.abc import Sequence

from fridhem.cli import backup, keys, prepare, read, record, restore, start

SUBJECTS = (start, prepare, keys, record, backup, restore, read)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: the process's own) and return its exit code."""
    parser = argparse.ArgumentParser(prog="fridhem", description="A municipality's work against violence in close relationships.")
    subjects = parser.add_subparsers(dest="subject", required=True, metavar="command")
    for subject in SUBJECTS:
        subject.add_parser(subjects)
    arguments = parser.parse_args(argv)
    return arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
