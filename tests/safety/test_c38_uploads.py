"""C38: while hostile files are sent to the staff face, and after, not one of their bytes lies in clear on the disk."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fridhem.cli.start import _granian
from tests.factories import hostile_files
from tests.running import RunningHouse, free_port
from tests.safety.wire import Answer, Caller
from tests.sending import wait_until_it_answers

BOUNDARY = "fridhem-boundary"
PLAIN = b"Brevet. " + hostile_files.HARM + b"\n" + b"Lorem ipsum. " * 100_000


@pytest.fixture
def staff_face(running_house: RunningHouse, tmp_path: Path) -> Iterator[tuple[Caller, Path]]:
    """A staff face of our own on the running house, with a folder of its own for temporary files, and Viola signed in."""
    temporary, port = tmp_path / "temporary", free_port()
    temporary.mkdir()
    own = {"FRIDHEM_SECRETS": str(running_house.data / "faces" / "staff.json"), "FRIDHEM_DATA": str(running_house.data)}
    environment = {**os.environ, **own, "FRIDHEM_DEMO": "1", "TMPDIR": str(temporary)}
    process = subprocess.Popen(_granian(port), env=environment, start_new_session=True)
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}/")
        yield Caller(f"http://127.0.0.1:{port}/").steps_in("viola"), temporary
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def upload(caller: Caller, path: str, name: str, data: bytes, **more: str) -> Answer:
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', caller.asks(path).page)[1]
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in more.items()]
    parts += [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n']
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="document"; filename="{name}"\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
    sent = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Origin": caller.base.rstrip("/")}
    return caller.asks(path, "POST", body, sent)


def in_clear(folder: Path, what: bytes) -> list[str]:
    """The files under `folder` that hold `what`."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and what in path.read_bytes()]


@pytest.mark.safety("C38")
@pytest.mark.timeout(600)
def test_no_byte_of_an_upload_lies_in_clear_on_the_disk(staff_face, running_house, proof, size):
    caller, temporary = staff_face
    number = re.search(r"/intern/arenden/(V-\w+)/", caller.asks("/intern/arenden/?status=open").page)[1]
    path = f"/intern/arenden/{number}/handlingar/ny/"
    given = [(name, make) for name, make in hostile_files.HOSTILE.items() if "bomb" not in name][:: size(3, 1)]
    before = temporary.stat().st_mtime_ns

    kept = upload(caller, path, "ONT7777.txt", PLAIN)
    answers = {name: upload(caller, path, f"{name} ONT7777.pdf", make(), keep_original="on") for name, make in given}

    with psycopg.connect(superuser_of(running_house), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        pieces = connection.execute("SELECT count(*) FROM files_piece").fetchone()[0]
    assert kept.status == 302
    assert {name: answer.status for name, answer in answers.items() if answer.status not in (302, 422)} == {}
    assert pieces > len(given) // 2
    assert temporary.stat().st_mtime_ns == before, "something was written to the folder for temporary files"
    assert in_clear(running_house.data, hostile_files.HARM) == []
    planted = running_house.data / "planted"
    planted.write_bytes(hostile_files.HARM)
    assert in_clear(running_house.data, hostile_files.HARM) == [str(planted)]
    planted.unlink()
    proof.measured(
        f"{len(given) + 1} uploads through a real face: 0 files in its temporary folder, 0 bytes in clear under the data folder"
    )


def superuser_of(house: RunningHouse) -> str:
    secrets = json.loads((house.data / "secrets.json").read_text())
    staff = json.loads((house.data / "faces" / "staff.json").read_text())["database_url"]
    host, name = staff.partition("@")[2], "postgres"
    return f"postgresql://{name}:{secrets['passwords'][name]}@{host}"
