"""Every answer is sealed off, and no log tells who or what."""

from pathlib import Path

import pytest

from tests.running import RunningHouse
from tests.safety.wire import Answer, Caller, links

MUST = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
CANARY = "Kanariefagel7737"
PAGES = 120  # of each person, at the usual size


def faults(answer: Answer) -> list[str]:
    """What is wrong with the headers of one answer."""
    found = [name for name, value in MUST.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("content-security-policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy or "*" in policy:
        found.append("content-security-policy")
    if "camera=()" not in answer.headers.get("permissions-policy", ""):
        found.append("permissions-policy")
    if answer.headers.get("server", ""):
        found.append("server")
    if "cache-control" not in answer.headers:
        found.append("cache-control")
    return found


def crawl(caller: Caller, begin: str, most: int) -> dict[str, Answer]:
    """Every address that the pages name, at most so many."""
    seen: dict[str, Answer] = {}
    waiting = [begin]
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        if path in seen or "/logga-ut/" in path or "/prova/" in path:
            continue
        seen[path] = caller.asks(path)
        if "text/html" in seen[path].headers.get("content-type", ""):
            waiting += links(seen[path])
    return seen


def mistakes(caller: Caller) -> dict[str, Answer]:
    """Answers that are no pages: refusals, wrong methods, wrong forms, a stranger's host, too much at once."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return {
        "404": caller.asks("/finns-inte/"),
        "404 file": caller.asks("/static/finns-inte.css"),
        "405": caller.asks("/", "DELETE"),
        "made-up method": caller.asks("/", "BREW"),
        "no token": caller.asks("/logga-in/", "POST", b"x=1", form),
        "413": caller.asks("/", "POST", b"go=" + b"x" * 1_100_000, form),
        "fields": caller.asks("/", "POST", "&".join(f"f{n}=1" for n in range(1001)).encode(), form),
        "charset": caller.asks("/", "POST", b"go=x", {"Content-Type": "application/x-www-form-urlencoded; charset=utf-99"}),
        "redirect": caller.asks("/intern/inkorg"),
        "sign in first": Caller(caller.base).asks("/intern/inkorg/"),
        "host": caller.asks("/", headers={"Host": "example.org"}),
        "nul": caller.asks("/%00%ff/?q=%00"),
    }


@pytest.mark.safety("C37")
@pytest.mark.timeout(600)
def test_every_answer_of_both_faces_is_sealed_off(running_house: RunningHouse, proof, size):
    wrong: dict[str, list[str]] = {}
    statuses: set[int] = set()
    number = 0
    visits = [(running_house.public_url, None), (running_house.staff_url, None)]
    visits += [(running_house.staff_url, name) for name in ("mona", "viola", "sofia", "arvid")]
    for base, person in visits:
        caller = Caller(base)
        if person:
            caller.steps_in(person)
        for path, answer in {**crawl(caller, "/", size(PAGES, 2000)), **mistakes(caller)}.items():
            number += 1
            statuses.add(answer.status)
            if found := faults(answer):
                wrong[f"{person or base} {path}"] = found

    assert wrong == {}
    assert {200, 302, 400, 403, 404, 405, 413} <= statuses
    proof.measured(f"all {number} answers of both faces carry every header; statuses {sorted(statuses)}")


def test_a_missing_header_is_found():
    bare = Answer(200, {**MUST, "server": "granian", "content-security-policy": "default-src 'self' 'unsafe-inline'"}, b"")

    assert faults(bare) == ["content-security-policy", "permissions-policy", "server", "cache-control"]


def written(house: RunningHouse) -> dict[Path, bytes]:
    """Every log of a running house: what it said at the keyboard, what each process wrote, what the database wrote."""
    places = [house.data.parent / "start.log", house.data / "postgres" / "log", *(house.data / "logs").iterdir()]
    return {place: place.read_bytes() for place in places}


@pytest.mark.safety("C37")
def test_no_log_tells_who_asked_for_what(running_house: RunningHouse, proof):
    known = {
        "User-Agent": f"{CANARY}/1.0",
        "Referer": f"http://{CANARY}.example/",
        "X-Forwarded-For": "198.51.100.77",
        "Accept-Language": f"sv, {CANARY};q=0.1",
    }
    asked = 0
    for base, person in ((running_house.public_url, None), (running_house.staff_url, None), (running_house.staff_url, "mona")):
        caller = Caller(base)
        if person:
            caller.steps_in(person)
        for path in (f"/{CANARY}/", f"/?q={CANARY}", f"/intern/arenden/?q={CANARY}", f"/static/{CANARY}.css"):
            for method in ("GET", "POST", CANARY.upper()):
                caller.asks(path, method, f"what={CANARY}".encode() if method == "POST" else b"", known)
                asked += 1

    logs = written(running_house)
    found = [
        place.name for place, text in logs.items() for word in (CANARY, CANARY.upper(), "198.51.100.77") if word.encode() in text
    ]
    assert found == []
    assert b'"event": "answered"' in logs[running_house.data / "logs" / "staff.jsonl"]  # it does write what it may
    proof.measured(f"0 hits in {len(logs)} logs ({sum(map(len, logs.values())):,} bytes) after {asked} requests with canaries")
