"""`fridhem read FILE…`: what council documents say, each fact with its place in the text. Needs no database."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from fridhem.pure.reader import MAX_BYTES, Reading, Reason, UnreadableError, read

REASONS = {
    Reason.EMPTY: "the file is empty",
    Reason.NO_TEXT: "there is no text in it: scanned pictures can't be read yet",
    Reason.ENCRYPTED: "it is locked with a password",
    Reason.BROKEN: "the file is broken",
    Reason.TOO_LARGE: f"it is too large, or unpacks to something too large (at most {MAX_BYTES // 1_000_000} MB)",
    Reason.UNKNOWN_FORMAT: "it is no PDF, DOCX or plain text",
}
FIELDS = (("kind", "document_type"), ("municipality", "municipality"), ("body", "body"), ("date", "date"), ("title", "title"))


def add_parser(subjects: argparse._SubParsersAction) -> None:
    """Add `read` to the command line."""
    parser = subjects.add_parser("read", help="read council documents: kind, body, date, registry numbers, decisions")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="PDF, DOCX or plain text; the content decides")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, with the place of every fact")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read every file; say on stderr which could not be read and why, and return 1 if there was one."""
    failed = False
    for path in arguments.files:
        try:
            reading = _read(path)
        except (UnreadableError, OSError) as error:
            reason = REASONS[error.reason] if isinstance(error, UnreadableError) else error.strerror or "it can't be opened"
            print(f"{path}: {reason}", file=sys.stderr)
            failed = True
            continue
        if reading.cut:
            print(f"{path}: only the first {len(reading.segments)} pages were read", file=sys.stderr)
        if arguments.json:
            print(json.dumps({"id": path.stem} | reading.as_record(), ensure_ascii=False), flush=True)
        else:
            print("\n".join(_summary(path, reading)), end="\n\n", flush=True)
    return 1 if failed else 0


def _read(path: Path) -> Reading:
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableError(Reason.TOO_LARGE)
    return read(path.read_bytes())


def _summary(path: Path, reading: Reading) -> Iterator[str]:
    yield str(path)
    for label, key in FIELDS:
        yield f"  {label + ':':14} {reading.value(key) or '–'}"
    numbers = ", ".join(f"{number['number']} ({number['role']})" for number in reading.values("diarienummer"))
    yield f"  {'numbers:':14} {numbers or '–'}"
    for decision in reading.values("proposed_decisions"):
        yield f"  {decision['status'] + ':':14} {decision['body'] or '–'}: {decision['stance']}: {decision['text']}"
