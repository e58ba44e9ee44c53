"""The journal shows every change made behind its back, and survives its process, a torn line and a full disk."""

import json
import resource
from datetime import UTC, datetime, timedelta

import pytest

from fridhem.foundation.keys import journal
from fridhem.foundation.keys.journal import Journal, JournalFull, verify

KEY = b"k" * 32


def write(folder, count, copy=None, begin=0):
    ours = Journal(folder, KEY, copy)
    ours.open()
    for number in range(begin, begin + count):
        ours.write("unwrap", zone="case", names=[f"name-{number}"], user=None)
    ours.close()
    return ours


def test_an_untouched_journal_holds_over_restarts(tmp_path):
    write(tmp_path, 10)
    write(tmp_path, 10)

    assert verify(tmp_path, KEY) == journal.Verdict(count=21, first=1, last=21, faults=())
    assert verify(tmp_path, b"x" * 32).faults


def test_a_new_file_each_month_and_when_one_is_full_holds_the_chain(tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "FILE_BYTES", 1000)
    write(tmp_path, 30)
    files = journal.files(tmp_path)
    assert len(files) > 3

    assert not verify(tmp_path, KEY).faults
    files[0].unlink()  # the oldest may be disposed of in time; what is left still holds
    assert not verify(tmp_path, KEY).faults
    journal.files(tmp_path)[1].unlink()
    assert verify(tmp_path, KEY).faults


@pytest.mark.parametrize("left", [1, 20, -1])
def test_a_line_torn_by_a_crash_is_set_aside_and_the_chain_goes_on(tmp_path, left):
    write(tmp_path, 5)
    last = journal.files(tmp_path)[-1]
    whole = last.read_bytes()
    cut = whole.rfind(b"\n", 0, -1) + 1
    last.write_bytes(whole[: cut + left] if left > 0 else whole + b"\0" * 512)

    ours = write(tmp_path, 5, begin=5)

    assert ours.torn in (1, 20, 512)
    assert not verify(tmp_path, KEY).faults
    assert len(list(tmp_path.glob("*.torn-*"))) == 1


def test_a_cut_tail_is_seen_by_the_copy_of_the_anchors(tmp_path):
    copy = tmp_path / "elsewhere" / "anchors.jsonl"
    ours = Journal(tmp_path / "journal", KEY, copy)
    ours.open()
    for number in range(20):
        ours.write("unwrap", zone="case", names=[str(number)])
    ours.write("anchor", chain="audit", n=1, digest="00")
    ours.close()
    path = journal.files(tmp_path / "journal")[0]
    assert not verify(tmp_path / "journal", KEY, copy).faults
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))

    assert not verify(tmp_path / "journal", KEY).faults
    assert verify(tmp_path / "journal", KEY, copy).faults


def test_the_last_hour_is_found_without_reading_everything(tmp_path):
    write(tmp_path, 5)

    now = datetime.now(UTC)
    assert len(journal.since(tmp_path, now - timedelta(hours=1))) == 6
    assert journal.since(tmp_path, now + timedelta(seconds=1)) == []


def test_a_copy_that_cannot_be_written_stops_nobody(tmp_path):
    (tmp_path / "file").write_text("")
    ours = Journal(tmp_path / "journal", KEY, tmp_path / "file" / "anchors.jsonl")
    ours.open()
    ours.write("anchor", chain="audit", n=1, digest="00")
    ours.close()

    assert ours.copy_trouble
    assert not verify(tmp_path / "journal", KEY).faults


def test_a_full_disk_is_said_and_leaves_no_half_line(tmp_path):
    ours = Journal(tmp_path, KEY)
    ours.open()
    ours.write("unwrap", zone="case", names=["a"])
    path = journal.files(tmp_path)[0]
    size = path.stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, hard))
    try:
        with pytest.raises(JournalFull):
            ours.write("unwrap", zone="case", names=["b"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert path.stat().st_size == size
    ours.write("unwrap", zone="case", names=["c"])
    ours.close()
    assert not verify(tmp_path, KEY).faults
    assert [line.get("names") for line in journal.lines(tmp_path)] == [None, ["a"], ["c"]]


def test_a_service_that_cannot_write_opens_nothing(own):
    from fridhem.foundation.keys.client import KeysAway

    staff = own.asked_by("staff")
    wrapped = staff.wrap("case", "a", bytes(32))
    staff.unwrap([wrapped], user=None, purpose="p")
    size = max(path.stat().st_size for path in own.place.journal.iterdir())
    resource.prlimit(own.running.process.pid, resource.RLIMIT_FSIZE, (size, size))

    with pytest.raises(KeysAway):
        staff.unwrap([wrapped], user=None, purpose="p")


def test_lines_are_plain_json(tmp_path):
    write(tmp_path, 1)

    lines = [json.loads(line) for line in journal.files(tmp_path)[0].read_text().splitlines()]
    assert [sorted(line) for line in lines] == [
        ["after", "at", "mac", "seq", "verb"],
        ["at", "mac", "names", "seq", "user", "verb", "zone"],
    ]
