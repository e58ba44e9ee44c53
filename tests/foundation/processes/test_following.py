"""A log of cases that were run elsewhere is read, or refused with words, and held against the process."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from fridhem.foundation.processes.following import follow
from fridhem.foundation.processes.logs import BadLog, Logged, LoggedCase, read_log
from fridhem.foundation.processes.reading import read_process
from tests.factories.processes import ROLES, chain, clock

TODAY = dt.date(2026, 11, 20)
ZONE = ZoneInfo("Europe/Stockholm")
CSV = """\
Ärende;Steg;Klart;Påbörjat;Enhet;Avslutat
A-1;First;2026-03-02 10:00;2026-03-02 09:00;Vuxen;ja
A-2;First;2026-03-02 10:00;;Vuxen;nej
A-1;Second;2026-03-20T08:00+01:00;;Barn;ja
A-2;Brought a cake;2026-03-03;;Vuxen;nej
"""
XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <trace><string key="concept:name" value="A-1"/>
    <event><string key="concept:name" value="First"/><string key="lifecycle:transition" value="start"/>
      <date key="time:timestamp" value="2026-03-02T09:00:00+01:00"/></event>
    <event><string key="concept:name" value="First"/><string key="lifecycle:transition" value="complete"/>
      <string key="org:group" value="Vuxen"/><date key="time:timestamp" value="2026-03-02T10:00:00.000+01:00"/></event>
    <event><string key="concept:name" value="Second"/><string key="org:group" value="Barn"/>
      <date key="time:timestamp" value="2026-03-20T08:00:00+01:00"/></event>
  </trace>
  <trace><string key="concept:name" value="A-2"/><boolean key="closed" value="false"/>
    <event><string key="concept:name" value="First"/><string key="org:group" value="Vuxen"/>
      <date key="time:timestamp" value="2026-03-02T10:00:00+01:00"/></event>
    <event><string key="concept:name" value="Brought a cake"/>
      <date key="time:timestamp" value="2026-03-03T00:00:00+01:00"/></event>
  </trace>
</log>"""


def at(day: int, hour: int = 0) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, tzinfo=ZONE)


CASES = [
    LoggedCase("A-1", (Logged("First", at(2, 10), at(2, 9)), Logged("Second", at(20, 8))), "Barn"),
    LoggedCase("A-2", (Logged("First", at(2, 10)), Logged("Brought a cake", at(3))), "Vuxen", is_closed=False),
]


@pytest.mark.parametrize(
    "log", [CSV, CSV.replace(";", ","), "\ufeff" + CSV, XES, XES.replace(' xmlns="http://www.xes-standard.org/"', "")]
)
def test_both_kinds_of_log_say_the_same(log):
    assert read_log(log.encode(), on=TODAY) == CASES


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("", "saknar ärende, steg, klart"),
        ("ärende;steg\n1;x", "saknar klart"),
        ("ärende;steg;klart", "inga händelser"),
        ("ärende;steg;klart\n;x;2026-01-01", "Rad 2: ”ärende” är tomt"),
        ("ärende;steg;klart\n1;x;i går", "Rad 2: tiden går inte att läsa"),
        ("ärende;steg;klart\n19850709-9805;x;2026-01-01", "Rad 2: ärendet är angivet med ett personnummer"),
        (f"ärende;steg;klart\n1;{'x' * 201};2026-01-01", "längre än 200 tecken"),
        ('ärende;steg;klart\n1;"x"y;2026-01-01', "Rad 2: citattecknen går inte ihop"),
        ('"ärende"x;steg;klart\n1;y;2026-01-01', "saknar ärende, steg, klart"),
        ("<log>", "inte hel XML"),
        ("<other/>", "inte XES"),
        ('<!DOCTYPE log [<!ENTITY x "y">]><log/>', "dokumenttyp"),
        ("<log/>", "inga händelser"),
        (XES.replace("A-2", "A-1"), "Ärende 2: ett annat heter likadant"),
        (XES.replace("A-1", "850709-9805"), "Ärende 1: ärendet är angivet med ett personnummer"),
        (XES.replace("2026-03-03T00:00:00+01:00", "later"), "Ärende 2: tiden går inte att läsa"),
    ],
)
def test_what_is_no_log_is_refused_with_words(log, said):
    with pytest.raises(BadLog) as refused:
        read_log(log.encode(), on=TODAY)

    assert said in " ".join(refused.value.faults)


@pytest.mark.parametrize("data", [b"\xff\xfe<", b"\x00" * 10])
def test_bytes_that_are_no_text_are_refused(data):
    with pytest.raises(BadLog):
        read_log(data, on=TODAY)


def test_only_so_many_faults_are_told():
    with pytest.raises(BadLog) as refused:
        read_log(b"case;activity;done_at\n" + b"1;x;never\n" * 500, on=TODAY)

    assert len(refused.value.faults) == 30


def test_each_step_is_counted_by_what_happened_to_it():
    limit = clock("second", "P14D")
    definition = read_process(chain("first", "second", "third", extra=limit, drawn=("second_clock",)), roles=ROLES)
    heard = []

    found = follow(definition, CASES * 1000, told=heard.append)

    first, second, third = (found.steps[id] for id in ("first", "second", "third"))
    assert (found.cases, found.conforming, found.unknown, heard) == (2000, 0, Counter({"Brought a cake": 1000}), [1000, 2000])
    assert (first.cases, first.done, first.skipped, first.timed, first.median_hours) == (2000, 2000, 0, 0, 1)
    assert (second.cases, second.timed, second.late, second.median_hours) == (1000, 1000, 1000, 18 * 24 - 2)
    assert (third.cases, third.skipped, third.unexpected, third.median_hours) == (0, 1000, 0, None)


def test_a_step_in_time_is_not_late():
    definition = read_process(chain("first", extra=clock("first", "P14D"), drawn=("first_clock",)), roles=ROLES)
    begins, last = at(2, 9), at(16, 23)

    found = follow(
        definition, [LoggedCase("1", (Logged("First", done, begins),)) for done in (last, last + dt.timedelta(hours=1))]
    )

    assert (found.conforming, found.steps["first"].timed, found.steps["first"].late) == (2, 2, 1)
