"""Who opens too much is stopped; nobody else is."""

import json
import time
from datetime import date
from uuid import uuid4

import pytest

from fridhem.foundation.keys import journal
from fridhem.foundation.keys.client import TooMany
from fridhem.foundation.keys.limits import LOOK_SECONDS, SHIPPED, Limits, read

HOUR = 3600


def limits(tmp_path, *rows):
    path = tmp_path / "limits.json"
    keys = ("of", "zone", "whose", "most", "seconds")
    path.write_text(json.dumps({"limits": [{**dict(zip(keys, row, strict=True)), "from": "2026-01-01"} for row in rows]}))
    return Limits(path)


def test_the_shipped_limits_say_when_and_why():
    rows = json.loads(SHIPPED.read_text())["limits"]

    assert all(len(row["reason"]) > 10 and date.fromisoformat(row["from"]) for row in rows)
    keys = [(row["of"], row["zone"], row["whose"], row["seconds"], row["from"]) for row in rows]
    assert len(set(keys)) == len(keys)
    found = {(each.of, each.zone, each.whose, each.seconds): each.most for each in read(SHIPPED, on=date(2026, 12, 1))}
    assert found["objects", "protected", "person", HOUR] == 40
    assert found["objects", "case", "person", HOUR] == 1500


def test_the_newest_line_counts_from_its_day_and_the_municipalitys_own_before_ours(tmp_path):
    line = {"of": "objects", "zone": "case", "whose": "person", "seconds": HOUR}
    own = tmp_path / "own.json"
    own.write_text(
        json.dumps({"limits": [{**line, "most": 10, "from": "2026-05-01"}, {**line, "most": 20, "from": "2026-04-01"}]})
    )

    def most(day):
        limits = {(each.of, each.zone, each.whose, each.seconds): each.most for each in read(SHIPPED, own, on=day)}
        return limits["objects", "case", "person", HOUR]

    assert [most(date(2026, 3, 31)), most(date(2026, 4, 1)), most(date(2026, 5, 1))] == [1500, 20, 10]


def test_opening_the_same_again_costs_nothing_and_the_hour_slides(tmp_path):
    ours = limits(tmp_path, ("objects", "case", "person", 3, HOUR))

    def open_at(now, *names, person="anna"):
        ours.spend("objects", "case", names, face="staff", person=person, now=now)

    open_at(0, "a", "b")
    for now in range(100):
        open_at(now, "a", "b")
    open_at(200, "c")
    with pytest.raises(TooMany) as refusal:
        open_at(300, "d")
    assert (refusal.value.zone, refusal.value.whose) == ("case", "person")
    assert 99 + HOUR - 300 <= refusal.value.wait <= 99 + HOUR - 300 + 2
    open_at(300, "d", person="bo")
    open_at(300 + refusal.value.wait, "d")


def test_all_or_none_is_counted(tmp_path):
    ours = limits(tmp_path, ("objects", "case", "person", 3, HOUR))
    with pytest.raises(TooMany):
        ours.spend("objects", "case", "abcd", face="staff", person="anna", now=0)

    ours.spend("objects", "case", "abc", face="staff", person="anna", now=1)


def test_a_changed_limit_counts_what_was_already_opened(tmp_path):
    ours = limits(tmp_path, ("objects", "case", "person", 30, HOUR))
    ours.spend("objects", "case", "abcdef", face="staff", person="anna", now=0)
    limits(tmp_path, ("objects", "case", "person", 6, HOUR))
    time.sleep(2 * LOOK_SECONDS)

    with pytest.raises(TooMany):
        ours.spend("objects", "case", "g", face="staff", person="anna", now=1)


def test_one_who_takes_too_much_is_stopped_and_the_others_are_not(own):
    """Also after a restart, and for the rest of the hour; a person at a time, and per zone."""
    own.limit(case=50, protected=5)
    own.kill()
    own.start()
    staff = own.asked_by("staff")
    eager, calm = uuid4(), uuid4()
    wrapped = [staff.wrap("case", str(i), bytes([i]) * 32) for i in range(60)]
    opened = 0
    with pytest.raises(TooMany) as refusal:
        for each in wrapped:
            staff.unwrap([each], user=eager, purpose="casework:list")
            opened += 1

    assert opened == 50
    assert 0 < refusal.value.wait <= HOUR + 1
    own.kill()
    own.start()
    with pytest.raises(TooMany):
        staff.unwrap([wrapped[59]], user=eager, purpose="p")
    assert staff.unwrap([wrapped[3]], user=eager, purpose="p") == [bytes([3]) * 32]  # opened before
    assert len(staff.unwrap([staff.wrap("protected", "x", bytes(32))], user=eager, purpose="p")) == 1  # another zone
    refused = [line for line in journal.lines(own.place.journal) if line["verb"] == "refused"]
    assert {(line["why"], line["user"], line["zone"], line["whose"]) for line in refused} == {
        ("many", str(eager), "case", "person")
    }
    own.limit(case=110)
    assert len(staff.unwrap(wrapped[:50], user=calm, purpose="p")) == 50
    assert len(staff.unwrap(wrapped[50:], user=calm, purpose="p")) == 10


def test_searching_is_limited_too_and_a_staff_process_without_a_name_counts_as_one(own):
    own.limit(case=10)
    staff = own.asked_by("staff")

    with pytest.raises(TooMany):
        for number in range(20):
            staff.fingerprints("case", [str(number)], user=None, purpose="p")
    with pytest.raises(TooMany):
        staff.fingerprints("case", ["more"], user=None, purpose="p")
    assert len(own.asked_by("owner").fingerprints("case", list(map(str, range(10))), user=None, purpose="p")) == 10


def test_a_limit_can_be_for_one_process_only(own):
    limit = {"of": "searches", "zone": "case", "whose": "house", "only": "worker", "most": 5, "seconds": HOUR}
    own.place.limits.write_text(json.dumps({"limits": [{**limit, "from": "2026-01-01", "reason": "a test"}]}))
    time.sleep(2 * LOOK_SECONDS)
    asked = list(map(str, range(10)))

    with pytest.raises(TooMany):
        own.asked_by("worker").fingerprints("case", asked, user=None, purpose="p")
    assert len(own.asked_by("owner").fingerprints("case", asked, user=None, purpose="p")) == 10


def test_a_worker_searches_no_faster_than_all_who_are_signed_in():
    searches = [each for each in read(SHIPPED, on=date.today()) if (each.of, each.zone) == ("searches", "case")]
    most = {(each.whose, each.only): each.most for each in searches}

    assert most["house", "worker"] <= most["face", ""]
