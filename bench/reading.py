"""How well and how fast council papers are read: the score on labelled documents, beside the time of only opening them.

The documents and their labels are not part of the product: they are looked for in ../shared/documents, or where
FRIDHEM_BENCH_DOCUMENTS says.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fridhem.pure.reader import read

PLACE = Path(os.environ.get("FRIDHEM_BENCH_DOCUMENTS", Path(__file__).parent.parent.parent / "shared" / "documents"))


def main() -> None:
    """Read every labelled text, print the score of each kind of fact, and the time against decoding the same bytes."""
    files = sorted((PLACE / "texts").glob("*.txt"))
    if not files:
        print(f"No labelled documents in {PLACE}: name their folder with FRIDHEM_BENCH_DOCUMENTS.")
        return
    texts = {path.stem: path.read_bytes() for path in files}
    began = time.perf_counter()
    bare = sum(len(data.decode("utf-8", "replace")) for data in texts.values())
    bare_seconds = time.perf_counter() - began
    began = time.perf_counter()
    found = [{"id": name, **read(data).as_record()} for name, data in texts.items()]
    seconds = time.perf_counter() - began
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as record:
        record.write("\n".join(json.dumps(one, ensure_ascii=False) for one in found))
        record.flush()
        subprocess.run([sys.executable, str(PLACE / "score.py"), str(PLACE / "labels"), record.name], check=True)
    print(f"{len(files)} documents, {bare} characters in {seconds:.2f} s: {bare / seconds:,.0f} characters a second,")
    print(f"{seconds / bare_seconds:,.0f} × only decoding them")
