"""What was acknowledged is there: under a crowd, and when the public face is killed (SAFETY, C01 and C04)."""

import concurrent.futures
import html
import http.client
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.running import RunningHouse, free_port

TOLD = {"urgency": "later", "children": "no", "relation": "unsaid", "identity": "anonymous", "language": "sv"}
LOST = (OSError, http.client.HTTPException)  # how an answer goes missing
KILLS = 20
SENDERS = 4


def post(url: str, **said: str) -> str:
    """The page that the face answers with, as its script would get it."""
    body = urllib.parse.urlencode(said).encode()
    request = urllib.request.Request(url, body, {"X-Steps": "1"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read().decode()


def begin(url: str) -> tuple[str, str]:
    """A form that begins: its ticket and its receipt."""
    page = post(url, go="next", at="you", **TOLD)
    ticket = html.unescape(re.search('name="ticket" value="([^"]*)"', page)[1])
    return ticket, re.search(r"\d{4}(?: \d{4}){4}", page)[0]


def letters(url: str, receipt: str) -> list[str]:
    """What lies in the mailbox of a receipt, from the sender."""
    page = post(url, go="open", receipt=receipt, language="sv")
    return [re.sub("<[^>]+>", "", text).strip() for text in re.findall('class="concern-words"[^>]*>(.*?)</div>', page, re.S)]


def test_fifty_of_the_same_submission_at_once_are_one_concern(running_house):
    ticket, receipt = begin(running_house.public_url)

    with concurrent.futures.ThreadPoolExecutor(50) as crowd:
        sent = [
            crowd.submit(post, running_house.public_url, go="send", ticket=ticket, what="Samma ord.", **TOLD) for _ in range(50)
        ]
        pages = {each.result() for each in sent}

    assert len(pages) == 1
    assert receipt in pages.pop()
    assert letters(running_house.public_url, receipt) == ["Samma ord."]


@dataclass
class OwnFace:
    """A public face of our own, on the running house's database, that can be killed and started again."""

    house: RunningHouse
    port: int
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        secrets = self.house.data / "faces" / "public.json"
        environment = {**os.environ, "FRIDHEM_SECRETS": str(secrets), "FRIDHEM_DATA": str(self.house.data)}
        words = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        command = [sys.executable, "-m", "granian", *words, "--blocking-threads", "4", "fridhem.site.wsgi:application"]
        self.process = subprocess.Popen(
            command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def own_face(running_house) -> Iterator[OwnFace]:
    face = OwnFace(running_house, free_port())
    face.start()
    yield face
    face.kill()


def keep_sending(face: OwnFace, until: threading.Event, acknowledged: dict[str, str], unanswered: dict[str, str]) -> None:
    """Send one concern after another. What wasn't answered is sent again with the same ticket, as a person would."""
    number = 0
    while not until.is_set():
        number += 1
        try:
            ticket, receipt = begin(face.url)
        except LOST:
            time.sleep(0.05)
            continue
        what = f"Ord {threading.get_ident()} {number}"
        unanswered[receipt] = what
        while not until.is_set():
            try:
                page = post(face.url, go="send", ticket=ticket, what=what, **TOLD)
            except LOST:
                time.sleep(0.05)
                continue
            assert receipt in page
            acknowledged[receipt] = unanswered.pop(receipt)
            break


@pytest.mark.slow
def test_no_acknowledged_concern_is_lost_when_the_face_is_killed(own_face):
    acknowledged, unanswered, done = {}, {}, threading.Event()
    senders = [threading.Thread(target=keep_sending, args=(own_face, done, acknowledged, unanswered)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()

    chance = random.Random(7)
    for _ in range(KILLS):
        reached = len(acknowledged)
        deadline = time.monotonic() + 30
        while len(acknowledged) == reached and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(chance.uniform(0, 0.4))
        own_face.kill()
        own_face.start()
    done.set()
    for sender in senders:
        sender.join(60)

    url = own_face.house.public_url
    found = {receipt: letters(url, receipt) for receipt in acknowledged}
    assert len(acknowledged) >= KILLS
    assert found == {receipt: [what] for receipt, what in acknowledged.items()}
    assert all(letters(url, receipt) in ([], [what]) for receipt, what in unanswered.items())
