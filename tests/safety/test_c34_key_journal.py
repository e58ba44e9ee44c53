"""C34, the key service's journal: whatever is done to it behind its back is found."""

import random

import pytest

from fridhem.foundation.keys import journal
from fridhem.foundation.keys.journal import Journal, verify

KEY = b"k" * 32
KINDS = ("edit", "delete", "insert", "swap", "cut the end")


@pytest.mark.safety("C34")
def test_every_change_of_the_journal_is_found(tmp_path, proof, size):
    drawn = random.Random(34)
    copy = tmp_path / "copy.jsonl"
    ours = Journal(tmp_path / "journal", KEY, copy)
    ours.open()
    for number in range(400):
        ours.write("unwrap", zone="case", names=[f"n{number}"], user=None, face="staff")
    ours.write("head")
    ours.close()
    path = journal.files(tmp_path / "journal")[0]
    whole = path.read_bytes()
    assert not verify(tmp_path / "journal", KEY, copy).faults, "untouched, it holds"

    found, tried = 0, size(500, 1000)
    for number in range(tried):
        path.write_bytes(_changed(whole.splitlines(keepends=True), KINDS[number % len(KINDS)], drawn))
        found += bool(verify(tmp_path / "journal", KEY, copy).faults)

    assert found == tried
    proof.measured(f"key journal: {found} of {tried} edits, deletions, insertions, swaps and cut ends found")


@pytest.mark.safety("C34")
def test_a_long_journal_is_verified_in_time(tmp_path, proof, size):
    import time

    ours = Journal(tmp_path, KEY)
    ours.open()
    count = size(50_000, 300_000)
    for number in range(count):
        ours.write("unwrap", face="staff", user="u", purpose="casework:case", zone="case", names=[str(number)])
    ours.close()

    began = time.process_time()
    verdict = verify(tmp_path, KEY)
    rate = verdict.count / (time.process_time() - began)

    assert not verdict.faults and verdict.count == count + 1
    assert rate > 20_000
    proof.measured(f"key journal: {rate:,.0f} lines verified a second of processor time")


def _changed(lines, kind, drawn):
    at = drawn.randrange(1, len(lines) - 1)
    match kind:
        case "edit":
            place = drawn.randrange(len(lines[at]) - 1)
            line = bytearray(lines[at])
            line[place] = (line[place] - 31) % 94 + 33 if line[place] != 10 else 48
            lines[at] = bytes(line)
        case "delete":
            del lines[at]
        case "insert":
            lines.insert(at, lines[drawn.randrange(len(lines))])
        case "swap":
            lines[at], lines[at - 1] = lines[at - 1], lines[at]
        case _:
            del lines[at + 1 :]
    return b"".join(lines)
