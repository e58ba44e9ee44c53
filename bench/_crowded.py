"""The same pages of casework among few and among many cases, by turns."""

import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping

import dj_database_url
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import _crowd
from fridhem.cli.house import House
from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from tests.factories import accounts

FEW = 1000  # cases in the small town
SMALL, LARGE = "fridhem", "fridhem_large"  # their databases
ROUNDS, IN_A_ROUND = 7, 5  # small and large by turns, so that what else the machine does strikes both
Page = Callable[[], object]


def main(house: House, many: int) -> None:
    """Build both towns and print each comparison."""
    town = _crowd.founded()
    pages = {}
    owner, staff = (json.loads(house.face(face).read_text())["database_url"] for face in ("owner", "staff"))
    _copy_database(owner)
    for name, size in ((LARGE, many), (SMALL, FEW)):
        _connect(owner, name)
        began = time.perf_counter()
        _crowd.grown(town, size)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        print(f"{_crowd.counted()}, seeded in {time.perf_counter() - began:.0f} s", flush=True)
        pages[name] = list(_pages(town))
    print(f"Milliseconds, median of {ROUNDS} × {IN_A_ROUND}, and questions to the database: {FEW:,} cases, {many:,} cases")
    for (what, few), (_what, crowd) in zip(pages[SMALL], pages[LARGE], strict=True):
        _compare(what, staff, {SMALL: few, LARGE: crowd})


def _pages(town: _crowd.Town) -> Iterator[tuple[str, Page]]:
    """Whole answers, from the request to the last byte, to someone who is signed in; in the town that is spoken with now."""
    steady, tenth = town.steady, town.tenth
    for who, user, number in (
        ("caseworker", steady.workers[0], steady.number),
        ("leader of 300", steady.leader, steady.number),
        ("leader of a tenth", tenth.leader, tenth.number),
    ):
        see = _seeing(user)
        yield f"{who}: my work", see(reverse("casework:work"))
        if user.role == Role.TEAM_LEADER:
            yield f"{who}: the unit's work", see(reverse("casework:work") + "?whose=unit")
        yield f"{who}: time limits", see(reverse("casework:limits"))
        yield f"{who}: missed", see(reverse("casework:missed-limits"))
        yield f"{who}: the cases", see(reverse("casework:cases"))
        yield f"{who}: a case", see(reverse("casework:case", args=[number]))


def _seeing(user: User) -> Callable[[str], Page]:
    client = Client(SERVER_NAME="localhost")
    accounts.sign_in(client, user)

    def see(address: str) -> Page:
        def page() -> None:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)

        return page

    return see


def _copy_database(owner: str) -> None:
    """Let the large town begin as the small one."""
    _connect(owner, "postgres")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {LARGE} TEMPLATE {SMALL}")


def _connect(url: str, database: str) -> None:
    """From now on this process speaks to that database, by the role of `url`."""
    connection.close()
    connection.settings_dict.update({**dj_database_url.parse(url, conn_max_age=600), "NAME": database})


def _compare(what: str, staff: str, pages: Mapping[str, Page]) -> None:
    """Print the medians of both, their ratio, and how many questions each asked."""
    took: dict[str, list[float]] = {SMALL: [], LARGE: []}
    asked: dict[str, int] = {}
    for turn in range(ROUNDS):
        for town in (SMALL, LARGE)[:: 1 if turn % 2 else -1]:
            _connect(staff, town)
            with CaptureQueriesContext(connection) as questions:  # and warms up
                pages[town]()
            asked[town] = min(asked.get(town, len(questions)), len(questions))  # a session is kept once in a while
            took[town] += _timed(pages[town])
    few, many = (statistics.median(took[town]) * 1000 for town in (SMALL, LARGE))
    same = "" if asked[SMALL] == asked[LARGE] else "  MORE QUESTIONS"
    print(f"{what:36} {few:8.1f} {many:8.1f}  {many / few:5.2f} ×  {asked[SMALL]:3} {asked[LARGE]:3}{same}", flush=True)


def _timed(page: Page) -> list[float]:
    took = []
    for _ in range(IN_A_ROUND):
        began = time.perf_counter()
        page()
        took.append(time.perf_counter() - began)
    return took
