"""What `fridhem keys` says and does, from a new vault to one that two custodians brought back."""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from fridhem.cli.main import main
from fridhem.foundation.keys import child, escrow, vault
from fridhem.foundation.keys.client import KeyService, Unopenable
from fridhem.foundation.keys.place import Place, write_json

PHRASE = "fem ord som inte hör ihop"


@pytest.fixture
def data(tmp_path: Path, monkeypatch) -> Path:
    """The folder of a house, with nothing in it but its processes' tokens for the keys."""
    folder = tmp_path / "house"
    tokens = {face: face.encode().hex().ljust(64, "0") for face in ("owner", "staff")}
    (folder / "keys").mkdir(parents=True)
    place = Place(folder / "keys")
    write_json(place.faces, {"tokens": tokens})
    (folder / "faces").mkdir()
    told = {"public_file": str(place.public), "socket": str(place.socket_path()), "token": tokens["owner"]}
    write_json(folder / "faces" / "owner.json", {"keys": told})
    yield folder
    child.stop(place)


def typed(monkeypatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def keys(data: Path, *arguments: str | Path) -> int:
    verb, *rest = map(str, arguments)
    return main(["keys", verb, "--data", str(data), *rest])


def client(data: Path, face: str = "staff") -> KeyService:
    place = Place(data / "keys")
    token = json.loads(place.faces.read_text())["tokens"][face]
    return KeyService(place.public, place.socket_path(), bytes.fromhex(token), face)


def serving(data: Path, phrase: str = PHRASE) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "fridhem.cli.main", "keys", "serve", "--data", str(data)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdin.write(f"{phrase}\n".encode())
    process.stdin.close()
    _await(Place(data / "keys"), process)
    return process


def _await(place: Place, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while not child.answers(place) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)


def test_a_vault_with_a_passphrase_is_made_served_rotated_and_stopped(data, monkeypatch, capsys):
    typed(monkeypatch, PHRASE, PHRASE)
    assert keys(data, "init") == 0
    assert not (data / "keys" / "demo.key").exists()
    serve = serving(data)
    wrapped = client(data).wrap("case", "a", bytes(32))
    assert client(data).unwrap([wrapped], user=None, purpose="p") == [bytes(32)]

    typed(monkeypatch, PHRASE)
    assert keys(data, "rotate", "case") == 0
    assert client(data).newest("case") == 2
    [new] = client(data, "owner").rewrap([wrapped])
    typed(monkeypatch, PHRASE)
    assert keys(data, "retire", "case", "1", "--yes") == 0

    assert client(data).unwrap([new], user=None, purpose="p") == [bytes(32)]
    with pytest.raises(Unopenable):
        client(data).unwrap([wrapped], user=None, purpose="p")
    assert keys(data, "status") == 0
    said = capsys.readouterr().out
    assert "opened by a passphrase" in said and "case         version 2" in said and "Custodians: none" in said
    typed(monkeypatch, PHRASE)
    assert keys(data, "verify") == 0
    assert keys(data, "stop") == 0
    assert serve.wait(10) == 0
    assert keys(data, "status") == 1


def test_a_wrong_passphrase_and_a_short_one_are_refused_with_words(data, monkeypatch, capsys):
    typed(monkeypatch, "kort", "kort")
    assert keys(data, "init") == 1
    typed(monkeypatch, PHRASE, PHRASE + "x")
    assert keys(data, "init") == 1
    assert not (data / "keys" / "vault.age").exists()
    typed(monkeypatch, PHRASE, PHRASE)
    assert keys(data, "init") == 0

    typed(monkeypatch, "fel ord helt och hållet")
    assert keys(data, "rotate", "case") == 1
    assert keys(data, "init") == 1

    said = capsys.readouterr().err
    for words in ("too short", "weren't the same", "The passphrase is wrong", "There is a vault"):
        assert words in said


def test_a_demonstration_house_gets_a_real_lock(data, monkeypatch, capsys):
    place = Place(data / "keys")
    escrow.keep(vault.new(), place, vault.make_key_file(place.key_file))
    held = vault.load(place, vault.read_key_file(place.key_file))
    assert keys(data, "status") == 1
    assert "for demonstrations only" in capsys.readouterr().out

    typed(monkeypatch, PHRASE, PHRASE)
    assert keys(data, "lock") == 0

    assert not place.key_file.exists()
    assert vault.load(place, vault.unlock_with_passphrase(PHRASE, place)) == held


def test_two_custodians_bring_back_what_a_lost_passphrase_closed(data, monkeypatch, capsys, tmp_path):
    typed(monkeypatch, PHRASE, PHRASE)
    assert keys(data, "init") == 0
    for name in ("anna", "bo", "cilla"):
        assert keys(data, "custodian", tmp_path / name) == 0
    publics = [part for name in ("anna", "bo", "cilla") for part in ("--custodian", tmp_path / f"{name}.pub")]
    typed(monkeypatch, PHRASE)
    assert keys(data, "escrow", *publics[:4]) == 1
    typed(monkeypatch, PHRASE)
    assert keys(data, "escrow", *publics) == 0
    typed(monkeypatch, PHRASE)
    assert keys(data, "rotate", "intake") == 0
    wrapped = client(data).wrap("intake", "concern", bytes(32))
    (data / "keys" / "locked.age").unlink()

    anna, cilla = (("--identity", tmp_path / f"{name}.key") for name in ("anna", "cilla"))
    assert keys(data, "recover", *anna) == 1
    assert keys(data, "recover", *anna, *anna) == 1
    assert keys(data, "recover", *anna, *cilla, "--check") == 0
    assert "intake 2" in capsys.readouterr().out
    assert keys(data, "recover", *anna, *cilla) == 1
    typed(monkeypatch, "helt andra ord än de förra", "helt andra ord än de förra")
    assert keys(data, "recover", *anna, *cilla, "--replace") == 0

    serve = serving(data, "helt andra ord än de förra")
    assert client(data).unwrap([wrapped], user=None, purpose="p") == [bytes(32)]
    assert keys(data, "status") == 0
    assert "Custodians: anna, bo, cilla." in capsys.readouterr().out
    assert keys(data, "stop") == 0
    serve.wait(10)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_the_service_serves_as_a_user_of_its_own(monkeypatch):
    with tempfile.TemporaryDirectory(prefix="fridhem-test-") as open_to_nobody:
        Path(open_to_nobody).chmod(0o755)
        place = Place(Path(open_to_nobody) / "keys")
        escrow.keep(vault.new(), place, vault.make_key_file(place.key_file))
        token = b"t" * 32
        write_json(place.faces, {"tokens": {"staff": token.hex()}})
        command = child.command(place, key_file=place.key_file, more=["--user", "nobody"])
        with subprocess.Popen(command) as process:
            _await(place, process)
            staff = KeyService(place.public, place.socket_path(), token, "staff")

            assert staff.unwrap([staff.wrap("case", "a", bytes(32))], user=None, purpose="p") == [bytes(32)]
            assert keys(Path(open_to_nobody), "rotate", "case") == 0
            assert staff.unwrap([staff.wrap("case", "a", bytes(32))], user=None, purpose="p") == [bytes(32)]
            owners = {path.name: path.stat().st_uid for path in place.folder.iterdir()}
            assert owners.pop("demo.key") == 0
            assert owners["vault.age"] != 0 and 0 not in owners.values()
            assert process.poll() is None
            process.terminate()


def test_a_service_that_dies_is_started_again(data):
    place = Place(data / "keys")
    escrow.keep(vault.new(), place, vault.make_key_file(place.key_file))
    running = child.start(place)
    running.process.kill()
    running.process.wait()

    running.mind()

    assert client(data).status()["versions"]["case"] == [1]
    running.stop()
