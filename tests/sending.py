"""Sending concerns over the wire, to a public face of our own that can be killed."""

import concurrent.futures
import html
import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TOLD = {"urgency": "later", "children": "no", "relation": "unsaid", "identity": "anonymous", "language": "sv"}
LOST = (OSError, http.client.HTTPException)  # how an answer goes missing


def post(url: str, **said: str) -> str:
    """The page that the face answers with, as its script would get it."""
    body = urllib.parse.urlencode(said).encode()
    request = urllib.request.Request(url, body, {"X-Steps": "1"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.read().decode()


def begin(url: str) -> tuple[str, str]:
    """A form that begins: its ticket and its receipt."""
    page = post(url, go="next", at="you", **TOLD)
    ticket = html.unescape(re.search('name="ticket" value="([^"]*)"', page)[1])
    return ticket, re.search(r"\d{4}(?: \d{4}){4}", page)[0]


def letters(url: str, receipt: str) -> list[str]:
    """What lies in the mailbox of a receipt, from the sender. Waits for its turn, as the page does."""
    page, attempt = None, str(uuid.uuid4())
    while page is None:
        try:
            page = post(url, go="open", receipt=receipt, attempt=attempt, language="sv")
        except urllib.error.HTTPError as answer:
            if answer.code != 429:
                raise
            time.sleep(1)
    return [re.sub("<[^>]+>", "", text).strip() for text in re.findall('class="concern-words"[^>]*>(.*?)</div>', page, re.S)]


@dataclass
class OwnFace:
    """A public face of our own, on the database of the house in `data`, that can be killed and started again."""

    data: Path
    port: int
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        secrets = self.data / "faces" / "public.json"
        environment = {**os.environ, "FRIDHEM_SECRETS": str(secrets), "FRIDHEM_DATA": str(self.data)}
        words = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        command = [sys.executable, "-m", "granian", *words, "--blocking-threads", "4", "fridhem.site.wsgi:application"]
        self.process = subprocess.Popen(
            command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


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


@dataclass
class Crowd:
    """Senders who send one concern after another to a face, and remember what they were told."""

    face: OwnFace
    acknowledged: dict[str, str] = field(default_factory=dict)
    unanswered: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def sending(self, senders: int = 8) -> Iterator[None]:
        """Let them send until the block ends."""
        done = threading.Event()
        words = (self.face, done, self.acknowledged, self.unanswered)
        people = [threading.Thread(target=keep_sending, args=words) for _ in range(senders)]
        for person in people:
            person.start()
        try:
            yield
        finally:
            done.set()
            for person in people:
                person.join(60)

    def wait_for_one_more(self, patience: float = 60) -> None:
        """Wait until one more concern has been acknowledged."""
        reached, deadline = len(self.acknowledged), time.monotonic() + patience
        while len(self.acknowledged) == reached and time.monotonic() < deadline:
            time.sleep(0.02)

    def lost_or_wrong(self) -> dict[str, list[str]]:
        """Receipt → what lies in its mailbox, for those that don't hold what was acknowledged, or hold half a thing."""
        told = {receipt: [[what]] for receipt, what in self.acknowledged.items()}
        told |= {receipt: [[], [what]] for receipt, what in self.unanswered.items()}
        with concurrent.futures.ThreadPoolExecutor(4) as hands:
            found = dict(zip(told, hands.map(lambda receipt: letters(self.face.url, receipt), told), strict=True))
        return {receipt: said for receipt, said in found.items() if said not in told[receipt]}


def wait_until_it_answers(url: str, patience: float = 60) -> None:
    """Wait until something answers at `url`, whatever it says."""
    deadline = time.monotonic() + patience
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            assert time.monotonic() < deadline, f"nothing answers at {url}"
            time.sleep(0.1)
