"""A house is prepared once, found again, and says what is wrong when it can't be."""

import fcntl
import json
import socket
import stat
from pathlib import Path

import psycopg
import pytest

from fridhem.cli import house
from fridhem.cli.main import main
from fridhem.foundation.database.embedded import DatabaseUnavailable


def test_the_public_process_is_given_public_halves_only(test_house):
    public = json.loads(test_house.face("public").read_text())
    staff = json.loads(test_house.face("staff").read_text())

    assert set(public["keys"]) == {"public_file"}
    assert set(staff["keys"]) == {"public_file", "socket", "token"}
    assert public["secret_key"] != staff["secret_key"]


def test_the_secrets_are_for_the_owners_eyes_only(test_house):
    files = [test_house.data / "secrets.json", *(test_house.face(name) for name in house.FACES)]

    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_each_process_signs_in_as_its_own_role(test_house):
    for name, role in house.FACES.items():
        with psycopg.connect(json.loads(test_house.face(name).read_text())["database_url"]) as connection:
            assert connection.execute("SELECT current_user, usesuper FROM pg_user WHERE usename = current_user").fetchone() == (
                role,
                False,
            )


def test_nobody_signs_in_without_the_password(test_house):
    url = json.loads(test_house.face("staff").read_text())["database_url"]
    stranger = url.replace(url.split(":")[2].split("@")[0], "guessed")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(stranger)


def test_preparing_again_keeps_the_secrets(test_house):
    before = (test_house.data / "secrets.json").read_bytes()

    house.prepare(test_house.data)

    assert (test_house.data / "secrets.json").read_bytes() == before


def test_a_folder_that_cannot_be_made_is_told_with_the_way_out(tmp_path):
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(DatabaseUnavailable, match="FRIDHEM_DATA"):
        house.prepare(tmp_path / "file" / "house")


def test_a_damaged_database_is_told_with_the_way_out(tmp_path):
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("18\n")

    with pytest.raises(DatabaseUnavailable, match="FRIDHEM_DATABASE_URL"):
        house.prepare(tmp_path)


def test_a_server_that_does_not_answer_is_told(tmp_path):
    with pytest.raises(DatabaseUnavailable, match="FRIDHEM_DATABASE_URL"):
        house.prepare(tmp_path, server_url=f"postgresql://nobody@127.0.0.1:{_closed_port()}/postgres", patience=0.0)


def test_a_taken_port_is_told_before_anything_starts(tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        code = main(["start", "--data", str(tmp_path / "house"), "--public-port", port, "--staff-port", "0"])

    assert code == 1
    assert "FRIDHEM_PUBLIC_PORT" in capsys.readouterr().err
    assert not Path(tmp_path / "house").exists()


def test_a_house_that_is_open_is_not_opened_twice(tmp_path, capsys):
    with (tmp_path / "open").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        code = main(["start", "--data", str(tmp_path), "--public-port", str(_closed_port()), "--staff-port", str(_closed_port())])

    assert code == 1
    assert "already open" in capsys.readouterr().err


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
