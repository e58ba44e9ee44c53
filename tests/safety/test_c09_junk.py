"""C09: those who are in danger get through while someone sends junk by the thousand, from one address or from a hundred."""

import http.client
import random
import threading
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from tests.running import RunningHouse, free_port
from tests.sending import LOST, TOLD, OwnFace, begin, letters, post, wait_until_it_answers

pytestmark = pytest.mark.safety("C09")

BETWEEN = 3600 / 10_000  # seconds between one piece of junk and the next: 10,000 an hour
REAL = 2.0  # seconds between one who means it and the next
IN_TIME = 10.0  # seconds, for 95 of 100


def post_from(address: str, url: str, **said: str) -> int:
    """The status of what is answered to a form sent from one of this machine's many addresses."""
    place = urllib.parse.urlsplit(url)
    line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=120, source_address=(address, 0))
    line.request("POST", "/", urllib.parse.urlencode(said), {"X-Steps": "1", "Content-Type": "application/x-www-form-urlencoded"})
    with line.getresponse() as answer:
        answer.read()
    line.close()
    return answer.status


@dataclass
class Flooded:
    """What happened meanwhile."""

    url: str
    junk: list[int] = field(default_factory=list)  # statuses
    real: dict[str, float] = field(default_factory=dict)  # receipt → seconds until it was acknowledged
    lost: int = 0

    def throw_junk(self, address: str, words: str) -> None:
        try:
            ticket, _receipt = begin(self.url)
            self.junk.append(post_from(address, self.url, go="send", ticket=ticket, what=words, **TOLD))
        except LOST:
            self.junk.append(0)

    def mean_it(self, number: int) -> None:
        try:
            post(self.url, go="start", language="sv")  # a page that is closed is a 503
            ticket, receipt = begin(self.url)
            began = time.monotonic()
            told = receipt in post(self.url, go="send", ticket=ticket, what=f"På riktigt {number}", **TOLD)
        except LOST:
            self.lost += 1
            return
        if told:
            self.real[receipt] = time.monotonic() - began

    def faults(self) -> list[str]:
        """What the bar asks for and didn't get."""
        came, all_ = len(self.real), len(self.real) + self.lost
        kept = sum(len(letters(self.url, receipt)) == 1 for receipt in self.real)
        late = sorted(self.real.values())[int(0.95 * came)] if came else IN_TIME + 1
        wrong = [f"{kept} of {all_} came in"] if kept < 0.99 * all_ or not all_ else []
        return wrong + ([f"p95 {late:.1f} s"] if late > IN_TIME else [])


def flood(url: str, addresses: list[str], many: int, chance: random.Random) -> Flooded:
    """So much junk at the bar's rate, and those who mean it at theirs, until the junk is out."""
    happened, over = Flooded(url), threading.Event()

    def those_who_mean_it() -> None:
        number = 0
        with ThreadPoolExecutor(16) as people:
            while not over.wait(REAL):
                number += 1
                people.submit(happened.mean_it, number)

    real = threading.Thread(target=those_who_mean_it)
    real.start()
    began = time.monotonic()
    with ThreadPoolExecutor(64) as machine:
        for number in range(many):
            words = "Skräp!" if number % 2 else f"Skräp {chance.random()}"
            machine.submit(happened.throw_junk, addresses[number % len(addresses)], words)
            time.sleep(max(0.0, began + (number + 1) * BETWEEN - time.monotonic()))
    over.set()
    real.join()
    return happened


@pytest.fixture
def own_face(running_house: RunningHouse) -> Iterator[OwnFace]:
    face = OwnFace(running_house.data, free_port())
    face.start()
    wait_until_it_answers(face.url)
    yield face
    face.kill()


@pytest.mark.timeout(10_000)
@pytest.mark.parametrize("machines", [1, 100])
def test_those_who_mean_it_get_through(own_face, proof, size, machines):
    many = size(70, 10_000)
    addresses = [f"127.0.9.{number + 1}" for number in range(machines)]

    happened = flood(own_face.url, addresses, many, random.Random(9))

    assert happened.faults() == []
    assert happened.junk.count(200) == many, "junk is taken in too: nothing stops for everyone"
    slowest = sorted(happened.real.values())
    proof.measured(
        f"{many} pieces of junk from {machines} addresses, 10,000 an hour: {len(slowest)} of {len(slowest) + happened.lost} "
        f"real ones in and read back, p95 {slowest[int(0.95 * len(slowest))]:.1f} s, slowest {slowest[-1]:.1f} s; no stop"
    )


def test_a_face_that_is_away_is_found(own_face, proof):
    happened = Flooded(own_face.url)
    happened.mean_it(1)
    own_face.kill()
    happened.mean_it(2)
    own_face.start()
    wait_until_it_answers(own_face.url)

    assert happened.faults() == ["1 of 2 came in"]
    proof.measured("a face that is away is found")
