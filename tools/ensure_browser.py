"""Find a Chromium for the browser tests, or install one: the system's package where that may be done, else Playwright's.

Prints nothing when one is there. What can't be had is a failure that says why.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def found() -> str | None:
    """The path of a Chromium on this machine, or None: the environment's CHROMIUM, the system's, then Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    system = next((path for name in NAMES if (path := shutil.which(name))), None)
    return system or _playwright_own()


def _playwright_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _install() -> str | None:
    """Try each way in turn; the reason that the last one failed, or None."""
    ways = []
    if shutil.which("apt-get") and os.geteuid() == 0:
        ways.append(["apt-get update -qq && apt-get install -y -qq chromium"])
    ways.append([f"{sys.executable} -m playwright install chromium"])
    reason = None
    for (way,) in ways:
        print(f"No Chromium found; trying: {way.split(' && ')[-1]}", flush=True)
        done = subprocess.run(way, shell=True, capture_output=True, text=True, timeout=600)
        if done.returncode == 0 and found():
            return None
        reason = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason given"]
    return reason[0] if reason else "no way to install one"


if __name__ == "__main__":
    if not found() and (why := _install()):
        sys.exit(
            f"The browser tests need Chromium, and it couldn't be had: {why}\nInstall it, or name one with CHROMIUM=/path/to/it."
        )
