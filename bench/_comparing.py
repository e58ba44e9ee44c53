"""The house beside itself without its safety, by turns."""

import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench import _bare, _town
from fridhem.cli.house import House
from fridhem.rooms.persons import queries
from tests.factories import accounts

ROUNDS, IN_A_ROUND = 7, 30  # sealed and bare by turns, so that what else the machine does strikes both
Work = Callable[[], object]


def main(house: House, people: int) -> None:
    """Build the municipality and print each comparison."""
    town = _town.built(people)
    works = [*_pages(town), *_searches(town)]
    _bare.copied(town)
    secrets = {face: json.loads(house.face(face).read_text()) for face in ("owner", "staff")}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{people:,} people with a case each; the leader sees a tenth. Milliseconds, median of {ROUNDS} × {IN_A_ROUND}")
    for what, work in works:
        _compare(what, secrets, work)


def _pages(town: _town.Town) -> Iterator[tuple[str, Work]]:
    """Whole answers, from the request to the last byte, to one who is signed in."""
    client = Client(SERVER_NAME="localhost")
    accounts.sign_in(client, town.leader)
    case, find = reverse("casework:case", args=[town.number]), reverse("casework:find")
    names, numbers = _asked(town)
    yield "a case page", lambda: _seen(client.get(case))
    yield "a name, the page", lambda: _seen(client.post(find, {"name": next(names)}))
    yield "a number, the page", lambda: _seen(client.post(find, {"identity_number": next(numbers)}))


def _seen(answer: HttpResponse) -> None:
    assert answer.status_code == 200, answer.status_code


def _searches(town: _town.Town) -> Iterator[tuple[str, Work]]:
    """The questions alone: the first twenty of those whom the leader may see, opened and ready to be shown."""
    names, numbers = _asked(town)
    on = timezone.localdate()
    yield "a name, two words", _listing(town, lambda: queries.named(next(names), user=town.leader))
    yield "a name, one word", _listing(town, lambda: queries.named("linn", user=town.leader))
    yield "a number", _listing(town, lambda: [queries.with_identity_number(next(numbers), user=town.leader, on=on)])


def _asked(town: _town.Town) -> tuple[Iterator[str], Iterator[str]]:
    """Beginnings of names, and numbers, of a hundred people whom the leader sees."""
    some = town.people[: 100 * _town.UNITS : _town.UNITS]
    names = [" ".join(word[:4] for word in name.split()[1:]) for _id, name, _number in some]
    return cycle(names), cycle([number for _id, _name, number in some])


def _listing(town: _town.Town, found: Callable[[], Any]) -> Work:
    def work() -> None:
        with accounts.at_work(town.leader, "bench"):
            people = list(found()[:20])
            queries.make_ready(people)
            shown = [queries.shown(person) for person in people]
            assert shown and all(one and not one.is_protected for one in shown)

    return work


def _compare(what: str, secrets: Mapping[str, Any], work: Work) -> None:
    """Print the medians of both and their ratio."""
    took: dict[str, list[float]] = {"sealed": [], "bare": []}
    for turn in range(ROUNDS + 1):
        _bare.connect_as(secrets["staff"])
        found = _timed(work)
        with _bare.bare():
            _bare.connect_as(secrets["owner"], schema=_bare.SCHEMA)
            other = _timed(work)
        if turn:  # the first warms up
            took["sealed"] += found
            took["bare"] += other
    ours, limit = (statistics.median(took[side]) * 1000 for side in ("sealed", "bare"))
    print(f"{what:20} {ours:8.2f}  bare {limit:8.2f}  {ours / limit:5.2f} ×", flush=True)


def _timed(work: Work) -> list[float]:
    took = []
    for _ in range(IN_A_ROUND):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return took
