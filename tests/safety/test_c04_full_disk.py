"""C04: a full disk is told before anyone writes; what was under way is answered clearly, and nothing acknowledged is lost."""

import contextlib
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from fridhem.cli import house, prepare
from fridhem.foundation.database.embedded import DatabaseUnavailable
from tests.running import free_port
from tests.sending import LOST, TOLD, Crowd, OwnFace, begin, letters, post, wait_until_it_answers

DISK = 500  # MB
SPARE = 60_000_000  # bytes that the careful face wants to see free
LONG = "Ord " * 2000


@pytest.fixture
def small_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fridhem-disk-") as folder:
        try:
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=755", "tmpfs", folder], check=True, capture_output=True
            )
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("a disk of its own can't be mounted here: that takes root")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def small_house(small_disk) -> Iterator[house.House]:
    ready = house.prepare(small_disk / "house", serve_keys=True)
    try:
        prepare.update(ready)
        yield ready
    finally:
        ready.stop()


@contextlib.contextmanager
def serving(ready: house.House, monkeypatch: pytest.MonkeyPatch, spare: int) -> Iterator[OwnFace]:
    """A public face that closes when less than so many bytes are free."""
    monkeypatch.setenv("FRIDHEM_SPARE_ROOM", str(spare))
    face = OwnFace(ready.data, free_port())
    face.start()
    try:
        wait_until_it_answers(face.url)
        yield face
    finally:
        face.kill()


def fill(folder: Path) -> Path:
    """A file that takes all that is left."""
    ballast = folder / "ballast"
    with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(b"\0" * 65536)
    return ballast


def refused(url: str, **said: str) -> str:
    """The page with which the face refuses. Fails when it didn't."""
    with pytest.raises(urllib.error.HTTPError) as refusal:
        post(url, **said)
    assert refusal.value.code == 503, refusal.value.code
    return refusal.value.read().decode()


def send_until_refused(url: str, folder: Path) -> tuple[dict[str, str], str]:
    """One after another to a disk that is kept full: receipt → words of those that were acknowledged, and the refusal."""
    taken: dict[str, str] = {}
    for number in range(500):
        fill(folder)
        try:
            ticket, receipt = begin(url)
            page = post(url, go="send", ticket=ticket, what=f"{number} {LONG}", **TOLD)
        except urllib.error.HTTPError as refusal:
            assert refusal.code == 503, refusal.code
            return taken, refusal.read().decode()
        assert receipt in page
        taken[receipt] = f"{number} {LONG}".strip()
    pytest.fail("the disk never was full")


def until_open(ready: house.House, url: str, patience: float = 60) -> float:
    """Wait, as the house does, until the form is open again; seconds."""
    began = time.monotonic()
    while time.monotonic() < began + patience:
        if ready.server and not ready.server.is_alive():
            with contextlib.suppress(DatabaseUnavailable):
                ready.server.revive()
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return time.monotonic() - began
        except LOST:
            time.sleep(0.5)
    pytest.fail("it didn't open again")


@pytest.mark.safety("C04")
@pytest.mark.timeout(900)
def test_a_full_disk_loses_nothing_and_is_told_before_anyone_writes(small_disk, small_house, monkeypatch, proof):
    with serving(small_house, monkeypatch, SPARE) as careful, serving(small_house, monkeypatch, 0) as bold:
        crowd = Crowd(careful)
        with crowd.sending(2):
            for _ in range(3):
                crowd.wait_for_one_more()
        ticket, receipt = begin(careful.url)
        ballast = fill(small_disk)
        time.sleep(6)  # what the face knew of the disk is old now

        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(careful.url)
        first = refusal.value.read().decode()
        assert refusal.value.code == 503
        assert 'name="what"' not in first and 'href="tel:112"' in first
        assert 'name="what"' not in refused(careful.url, go="begin", language="sv")
        under_way = refused(careful.url, go="send", ticket=ticket, what="Under tiden", **TOLD)
        assert receipt not in under_way and 'href="tel:112"' in under_way

        taken, said = send_until_refused(bold.url, small_disk)
        assert 'href="tel:112"' in said and not any(each in said for each in taken)

        ballast.unlink()
        away = until_open(small_house, careful.url)
        assert letters(careful.url, receipt) == [], "nothing was half saved"
        assert receipt in post(careful.url, go="send", ticket=ticket, what="Under tiden", **TOLD)
        assert letters(careful.url, receipt) == ["Under tiden"]
        crowd.acknowledged |= taken
        assert crowd.lost_or_wrong() == {}
    proof.measured(
        f"a disk of {DISK} MB filled to the last byte: refused before typing, with numbers; what was under way refused and not "
        f"half saved; {len(crowd.acknowledged)} kept, {len(taken)} of them on the full disk, 0 lost; open after {away:.1f} s"
    )
