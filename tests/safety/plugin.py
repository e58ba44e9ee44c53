"""The checks of the safety bar. Each says what it measured; `make safety` prints them as one table."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.safety.bar import BAR, CANNOT


@dataclass
class Proof:
    """What one check measured, in words."""

    check: str
    said: list[str] = field(default_factory=list)

    def measured(self, what: str) -> None:
        """Say what was measured, with its size: `0 of 12,400 answers leaked`."""
        self.said.append(what)


@dataclass
class Outcome:
    """One test of a check: what it measured, and whether it held."""

    said: list[str]
    holds: bool


OUTCOMES = pytest.StashKey[dict[str, list[Outcome]]]()
PROOF = pytest.StashKey[Proof]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="the checks of the safety bar at their full sizes")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[OUTCOMES] = {}


@pytest.fixture
def proof(request: pytest.FixtureRequest) -> Proof:
    """Where a check says what it measured."""
    mark = request.node.get_closest_marker("safety")
    assert mark is not None and mark.args[0] in BAR, "mark the test with its check: @pytest.mark.safety('C20')"
    return request.node.stash.setdefault(PROOF, Proof(mark.args[0]))


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """How much to try: `size(20, 100)` is 20, and 100 with `--full`."""
    return lambda usual, full: full if request.config.getoption("--full") else usual


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    report = (yield).get_result()
    mark = item.get_closest_marker("safety")
    if mark is None or not (report.when == "call" or (report.when == "setup" and not report.passed)):
        return
    said = item.stash[PROOF].said if PROOF in item.stash else []
    words = said or [report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else "no measure"]
    item.config.stash[OUTCOMES].setdefault(mark.args[0], []).append(Outcome(words, report.passed))


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    found = config.stash.get(OUTCOMES, {})
    if not found:
        return
    terminalreporter.section("the safety bar")
    for check, (question, bar) in BAR.items():
        terminalreporter.write_line(f"{check}  {question}  |  bar: {bar}")
        if check in found:
            for outcome in found[check]:
                terminalreporter.write_line(f"     {'holds' if outcome.holds else 'FAILS'}  {'; '.join(outcome.said)}")
        else:
            terminalreporter.write_line(f"     not run: {CANNOT.get(check, 'not among the checks of this run')}")
