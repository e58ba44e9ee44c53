"""A virus scanner to ask: the real clamd where it is installed, otherwise a process for the tests that speaks its protocol."""

import shutil
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.factories.hostile_files import EICAR

IS_REAL = shutil.which("clamd") is not None
SETTINGS = """LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}/tmp
Foreground yes
StreamMaxLength 30M
"""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A scanner that knows EICAR, by a signature of our own; its address."""
    for name in ("signatures", "tmp"):
        (folder / name).mkdir()
    (folder / "signatures" / "own.ndb").write_text(f"Eicar-Own:0:*:{EICAR[:48].hex()}\n")
    (folder / "clamd.conf").write_text(SETTINGS.format(folder=folder))
    address = folder / "clamd.sock"
    command = ["clamd", "-c", str(folder / "clamd.conf")] if IS_REAL else [sys.executable, __file__, str(address)]
    with (folder / "log").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while not address.exists():
            assert process.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.1)
        yield f"unix:{address}"
    finally:
        process.kill()
        process.wait()


def _serve(address: str) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        while True:
            line, _ = door.accept()
            with line, line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack("!I", stream.read(4))[0]:
                    data += stream.read(size)
                line.sendall(b"stream: Eicar-Own FOUND\0" if EICAR[:48] in data else b"stream: OK\0")


if __name__ == "__main__":
    _serve(sys.argv[1])
