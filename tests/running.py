"""The real house, started as its users start it: shared by the tests that need one running."""

import contextlib
import http.server
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class RunningHouse:
    """Where the started house answers, where its exit button leads, its folder, and where it may put temporary files."""

    public_url: str
    staff_url: str
    exit_url: str
    data: Path
    temporary: Path


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    """The innocent page that the exit button leads to."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write("<!doctype html><html lang=sv><title>Vädret</title><h1>Vädret i dag</h1>".encode())

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def exit_url() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


@pytest.fixture(scope="session")
def running_house(exit_url: str) -> Iterator[RunningHouse]:
    """`fridhem start` with the demonstration municipality in a folder of its own."""
    with started(exit_url=exit_url) as house:
        yield house


@contextlib.contextmanager
def started(*words: str, exit_url: str = "", **settings: str) -> Iterator[RunningHouse]:
    """`fridhem start WORDS` in a folder of its own, until the block ends. `settings` are environment variables."""
    with tempfile.TemporaryDirectory(prefix="fridhem-browser-") as folder:
        data = Path(folder)
        data.chmod(0o755)
        public, staff = free_port(), free_port()
        temporary = data / "temporary"
        temporary.mkdir()
        own = {"FRIDHEM_EXIT_URL": exit_url, "PYTHONUNBUFFERED": "1", "TMPDIR": str(temporary)}
        environment = {**os.environ, **own, **settings}
        for name in ("FRIDHEM_SECRETS", "FRIDHEM_DATA", "FRIDHEM_DATABASE_URL"):
            environment.pop(name, None)
        place = ["--data", str(data / "house"), "--public-port", str(public), "--staff-port", str(staff)]
        log = data / "start.log"
        with log.open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "fridhem.cli.main", "start", *place, *words],
                env=environment,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        house = RunningHouse(f"http://127.0.0.1:{public}/", f"http://127.0.0.1:{staff}/", exit_url, data / "house", temporary)
        try:
            _wait_until_open(log, process)
            yield house
        finally:
            process.terminate()
            process.wait(30)
            (ROOT / ".fridhem").mkdir(exist_ok=True)
            (ROOT / ".fridhem" / "browser-tests.log").write_bytes(log.read_bytes())


def _wait_until_open(log: Path, process: subprocess.Popen[bytes], patience: float = 900) -> None:
    deadline = time.monotonic() + patience
    while "Ctrl-C closes" not in log.read_text(encoding="utf-8"):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"The house didn't open:\n{log.read_text(encoding='utf-8')}")
        time.sleep(0.2)
