"""A backup becomes the same house on an empty folder, and nothing else does."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from fridhem.cli import safekeeping
from fridhem.foundation.keys import vault
from fridhem.foundation.keys.forgotten import Forgotten
from fridhem.foundation.keys.place import Place
from tests.running import RunningHouse

OPENINGS = 1000


def fridhem(*words: str) -> subprocess.CompletedProcess[str]:
    """The command as someone types it."""
    command = [sys.executable, "-m", "fridhem.cli.main", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def backup(running_house: RunningHouse, tmp_path_factory) -> Path:
    """A backup of the running house, made while it serves."""
    to = tmp_path_factory.mktemp("backups")
    done = fridhem("backup", "--data", str(running_house.data), "--to", str(to))
    assert done.returncode == 0, done.stderr
    ((_made, folder),) = safekeeping.backups_in(to)
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """An empty place on this machine that the database's own user may enter."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.is_relative_to(tmp_path.parents[1]):
            folder.chmod(0o755)
    return tmp_path / "new"


def identities(house: RunningHouse) -> list[str]:
    """Whose keys open it, as words of the command."""
    keys = [str(safekeeping.demonstration_key(house.data, whom)) for whom in ("database", "keys")]
    return ["--identity", keys[0], "--identity", keys[1]]


def some_case(house: RunningHouse) -> tuple[str, str]:
    """The zone and the name of an object of the house."""
    url = json.loads((house.data / "faces" / "owner.json").read_text())["database_url"]
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT zone, subject FROM crypto_object_key WHERE zone = 'case' ORDER BY id LIMIT 1").fetchone()
    assert row is not None
    return row[0], str(row[1])


@pytest.mark.safety("C05")
@pytest.mark.timeout(600)
def test_a_backup_becomes_the_same_house(running_house: RunningHouse, backup: Path, empty: Path, tmp_path: Path, proof):
    zone, name = some_case(running_house)
    was = Place(tmp_path / "keys-that-were")
    shutil.copytree(running_house.data / "keys", was.folder, ignore=shutil.ignore_patterns("socket", "serving"))
    opened = vault.load(was, vault.read_key_file(was.key_file))
    Forgotten(was.forgotten, opened.journal).add(zone, [name])  # destroyed after the backup was made
    began = time.monotonic()

    done = fridhem(
        "restore",
        str(backup),
        "--data",
        str(empty),
        "--keys",
        str(was.folder),
        "--open",
        str(OPENINGS),
        *identities(running_house),
    )

    took = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    assert "all equal" in done.stdout
    assert int(done.stdout.split(" opened, ")[0].split()[-1]) >= OPENINGS
    assert "1 keys removed" in done.stdout
    compared = next(line for line in done.stdout.splitlines() if "Comparing" in line)
    seconds = json.loads((running_house.data / "backups.json").read_text())["seconds"]
    proof.measured(f"{compared.split('… ')[1]}; {OPENINGS} values opened; 1 key destroyed since then stays gone")
    proof.measured(
        f"a backup takes {seconds} s, so one every 5 minutes is possible (RPO); restored and compared in {took:.0f} s (RTO)"
    )


@pytest.mark.safety("C05")
def test_one_flipped_bit_is_refused_and_leaves_nothing(
    running_house: RunningHouse, backup: Path, empty: Path, tmp_path: Path, proof
):
    found = []
    for part in ("database", "keys", "contents"):
        for honest in (False, True):  # the second time, the one who flipped it has mended the manifest too
            copy = tmp_path / f"{part}-{honest}" / backup.name
            shutil.copytree(backup, copy)
            content = bytearray((copy / f"{part}.age").read_bytes())
            content[len(content) // 2] ^= 1
            (copy / f"{part}.age").write_bytes(content)
            if honest:
                manifest = json.loads((copy / "manifest.json").read_text())
                counted = safekeeping.Counted(safekeeping.Nowhere())
                counted.write(bytes(content))
                manifest["parts"][part]["sha256"] = counted.sum.hexdigest()
                (copy / "manifest.json").write_text(json.dumps(manifest))
            done = fridhem("restore", str(copy), "--data", str(empty), *identities(running_house))
            found.append((done.returncode, empty.exists() and any(empty.iterdir())))
            assert "damaged" in done.stderr or "can't be opened" in done.stderr, done.stderr
            assert "Traceback" not in done.stderr

    assert found == [(1, False)] * 6
    proof.measured(f"1 flipped bit in {len(found)} places, with and without a mended manifest: all refused, nothing left behind")


@pytest.mark.safety("C05")
def test_one_of_the_two_keys_opens_nothing(running_house: RunningHouse, backup: Path, empty: Path, proof):
    database, keys = identities(running_house)[1::2]
    for alone in (database, keys):
        done = fridhem("restore", str(backup), "--data", str(empty), "--identity", alone)
        assert done.returncode == 1
        assert "can't be opened" in done.stderr
        assert not empty.exists() or not any(empty.iterdir())
    proof.measured("either key alone restores nothing")
