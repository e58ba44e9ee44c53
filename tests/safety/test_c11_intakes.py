"""C11: a concern leaves no trace of the machine that it came from: not where it lies, not in any log, not on any page."""

import http.client
import ipaddress
import json
import secrets
import subprocess
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
import pytest

from fridhem.foundation.database import programs
from tests.running import RunningHouse
from tests.safety import canaries
from tests.safety.canaries import Hit
from tests.safety.test_c38_uploads import superuser_of
from tests.safety.wire import Caller
from tests.sending import TOLD, begin

SENDERS = 4


@dataclass(frozen=True)
class Machine:
    """What a browser and the machines on the way tell of a sender; nobody else's tell the same."""

    own: str  # the address that the connection comes from
    ipv4: str
    ipv6: str
    mark: str

    @property
    def headers(self) -> dict[str, str]:
        """As a browser and a row of proxies would send them."""
        return {
            "User-Agent": f"Mozilla/5.0 (Agent{self.mark}) Gecko",
            "Referer": f"https://referer{self.mark}.example/sok?q=query{self.mark}",
            "Accept-Language": f"sv, x-{self.mark};q=0.5",
            "X-Forwarded-For": f"{self.ipv4}, {self.ipv6}, 10.0.0.1",
            "Forwarded": f'for="[{self.ipv6}]";by={self.ipv4};host=host{self.mark}',
            "X-Real-IP": self.ipv4,
            "CF-Connecting-IP": self.ipv6,
            "True-Client-IP": self.ipv4,
            "Via": f"1.1 via{self.mark}",
            "Origin": f"https://origin{self.mark}.example",
            "Cookie": f"c=cookie{self.mark}; session=session{self.mark}",
            "X-Request-Id": f"request{self.mark}",
            "Sec-CH-UA-Platform": f'"Platform{self.mark}"',
        }

    @property
    def canaries(self) -> tuple[str, ...]:
        """Every word that would tell of this machine; all that is marked shares its mark."""
        return (self.own, self.ipv4, self.ipv6, ipaddress.ip_address(self.ipv6).exploded, self.mark)


def machine(place: int) -> Machine:
    """The machine of this place in a row. Its addresses are of the nets that are kept for tests, and of this machine."""
    high, low = divmod(place, 250)
    mark = f"q{secrets.token_hex(6)}z"
    six = f"2001:db8:{secrets.randbelow(65_000) + 1:x}:{place + 4096:x}:{secrets.randbelow(65_000) + 1:x}:7:11:c11"
    return Machine(f"127.211.{high + 101}.{low + 1}", f"198.18.{high + 101}.{low + 1}", six, mark)


def sends(house: RunningHouse, told: Machine, ticket: str) -> bool:
    """Send a concern from that machine; whether its receipt was acknowledged."""
    place = urlsplit(house.public_url)
    line = http.client.HTTPConnection(place.hostname, place.port, timeout=120, source_address=(told.own, 0))
    form = {"Content-Type": "application/x-www-form-urlencoded", "X-Steps": "1"}
    body = urllib.parse.urlencode({"go": "send", "ticket": ticket, "what": "Det skriks.", **TOLD})
    try:
        line.request("POST", f"/?from=query{told.mark}", body, {**told.headers, **form})
        answer = line.getresponse()
        said = answer.read().decode()
        return answer.status == 200 and not set(told.canaries) & set(said.split())
    finally:
        line.close()


def everywhere(house: RunningHouse) -> Iterator[tuple[str, bytes]]:
    """The dump, all that lies in the house's folder, and what its pages of health, figures and record answer."""
    with psycopg.connect(superuser_of(house), autocommit=True) as connection:
        dump = programs.path("pg_dump", connection)
        connection.execute("CHECKPOINT")
    way = programs.environment(superuser_of(house))
    yield "dump", subprocess.run([dump, "--no-password"], env=way, capture_output=True, check=True).stdout
    yield from pages(house)
    yield from canaries.files(house.data.parent)


TELLING = ("/", "/halsa", "/intern/halsa/", "/intern/inkorg/", "/metrics")


def pages(house: RunningHouse) -> Iterator[tuple[str, bytes]]:
    """The pages that tell how the house is, as the administrator, the reception and a stranger read them."""
    for base, person in ((house.staff_url, "arvid"), (house.staff_url, "mona"), (house.public_url, None)):
        caller = Caller(base).steps_in(person) if person else Caller(base)
        for path in TELLING:
            answer = caller.asks(path)
            yield f"page {path} for {person}", json.dumps(dict(answer.headers)).encode() + answer.body


@pytest.fixture
def in_clear(running_house: RunningHouse) -> Iterator[Machine]:
    """A machine that a careless house would have kept: in a column, in a log and among the temporary files."""
    told, house = machine(9_999), running_house
    log, file = house.data / "logs" / "planted.jsonl", house.temporary / "planted"
    log.write_text(json.dumps({"headers": told.headers, "peer": told.own, "long": told.canaries[3]}))
    file.write_bytes(b"\n-".join(one for word in told.canaries for each in canaries.forms(word).values() for one in each))
    with psycopg.connect(superuser_of(house), autocommit=True) as connection:
        connection.execute("INSERT INTO accounts_unit (id, name) VALUES (gen_random_uuid(), %s)", [told.mark])
        yield told
        connection.execute("DELETE FROM accounts_unit WHERE name = %s", [told.mark])
    log.unlink()
    file.unlink()


def missed(told: Machine, hits: set[Hit]) -> set[str]:
    """Where or how the one in clear wasn't found."""
    forms = {(word, form) for word in told.canaries for form in canaries.forms(word)}
    found = {(hit.word, hit.form) for hit in hits if hit.place == "temporary/planted"}
    logged = {hit.word for hit in hits if hit.place == "house/logs/planted.jsonl"}
    places = [hit.place for hit in hits if hit.word == told.mark]
    stored = {place for place in ("dump", "house/postgres/base/") if not any(one.startswith(place) for one in places)}
    return stored | (set(told.canaries) - logged) | {" as ".join(each) for each in forms - found}


@pytest.mark.safety("C11")
@pytest.mark.timeout(1800)
def test_a_concern_keeps_no_trace_of_the_machine_that_sent_it(running_house: RunningHouse, in_clear: Machine, proof, size):
    machines = [machine(place) for place in range(size(60, 1000))]

    with ThreadPoolExecutor(SENDERS) as crowd:
        tickets = list(crowd.map(lambda _one: begin(running_house.public_url)[0], machines))
        taken_in = sum(crowd.map(lambda one, ticket: sends(running_house, one, ticket), machines, tickets))

    assert taken_in == len(machines)
    tally: dict[str, int] = {}
    words = [word for one in (*machines, in_clear) for word in one.canaries]
    hits = canaries.search(words, canaries.counted(everywhere(running_house), tally))
    assert missed(in_clear, hits) == set()
    assert {hit for hit in hits if hit.word not in in_clear.canaries} == set()
    proof.measured(
        f"0 hits of {len(words) - len(in_clear.canaries):,} traces of {len(machines):,} machines (own address, "
        f"{len(in_clear.headers)} headers with IPv4, IPv6 and marks, an address with a query) in {tally['places']:,} files and "
        f"answers of {tally['bytes'] / 1e6:,.0f} MB; a machine kept in clear is found"
    )
