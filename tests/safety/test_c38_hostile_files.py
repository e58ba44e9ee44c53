"""C38: what comes from outside is refused, made anew, or held apart; never passed on as it was."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from fridhem.foundation.files.enums import Reason
from fridhem.foundation.files.taking_in import Cleaned, Quarantined, Refused, Taken, take_in
from tests.factories import hostile_files, virus_scanner
from tests.factories.telling_files import everything_in

TODAY = date(2026, 11, 21)
MARKS = (hostile_files.HARM, b"/JavaScript", b"/Launch", b"<script", b"WEBSERVICE", b"DDEAUTO", b"MZ\x90", b"file:///hemligt")


def passed_on(taken: Taken) -> list[bytes]:
    """The harm that staff could meet in what was let through."""
    return [mark for mark in MARKS if mark in everything_in(taken.data)] if isinstance(taken, Cleaned) else []


@pytest.mark.safety("C38")
@pytest.mark.timeout(600)
def test_hostile_files_are_refused_made_anew_or_held_apart(proof, settings, tmp_path):
    made = {name: make() for name, make in hostile_files.HOSTILE.items()}
    with virus_scanner.running(tmp_path) as address:
        settings.FRIDHEM_CLAMD = address
        with ThreadPoolExecutor(2) as hands:
            became = dict(zip(made, hands.map(lambda data: take_in(data, on=TODAY), made.values()), strict=True))

    assert {name: passed_on(taken) for name, taken in became.items() if passed_on(taken)} == {}
    assert isinstance(became["EICAR"], Quarantined)
    assert became["EICAR"].reason == Reason.FLAGGED
    counted = Counter(type(taken).__name__.lower() for taken in became.values())
    scanner = "clamd itself" if virus_scanner.IS_REAL else "a scanner made for the test"
    proof.measured(f"{len(made)} hostile files: {dict(counted)}, 0 passed on; with {scanner}")
    assert len(made) >= 60


@pytest.mark.safety("C38")
def test_harm_that_were_passed_on_would_be_found(proof):
    chosen = ("PDF with ", "DOCX that calls", "XLSX that", "SVG")
    untouched = {name: make() for name, make in hostile_files.HOSTILE.items() if name.startswith(chosen)}

    missed = [name for name, data in untouched.items() if not passed_on(Cleaned("pdf", data))]

    proof.measured(f"control: the search finds the harm in {len(untouched) - len(missed)} of {len(untouched)} originals")
    assert missed == ["PDF with huge picture"]  # its size is its harm


@pytest.mark.safety("C38")
def test_a_scanner_that_does_not_answer_lets_nothing_through(proof, settings, tmp_path):
    for address in (f"unix:{tmp_path}/nobody", "tcp://127.0.0.1:1", "nonsense"):
        settings.FRIDHEM_CLAMD = address

        taken = take_in(b"Hej", on=TODAY)

        assert taken == Quarantined(b"Hej", Reason.UNSCANNED)
    settings.FRIDHEM_CLAMD = ""
    assert isinstance(take_in(b"Hej", on=TODAY), Cleaned)
    assert isinstance(take_in(b"", on=TODAY), Refused)
    proof.measured("a named scanner that is silent: 3 of 3 held apart")
