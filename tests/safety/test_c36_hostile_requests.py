"""C36: whatever is sent, the answer is a page that says what is wrong: never a 5xx, never a word of our code.

The staff face meets its requests on PostgreSQL as everyone who works there, with every page and every form; what they
would have changed is taken back after each. Both faces meet the rest over the wire.
"""

import http.client
import itertools
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import TooManyFieldsSent
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import resolve, reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import Unit, User
from fridhem.foundation.accounts.pages import page, policy_of
from fridhem.foundation.accounts.predicates import signed_in
from fridhem.site.urls import staff
from tests.factories import accounts
from tests.running import RunningHouse, free_port
from tests.safety import hostile, world
from tests.safety.hostile import Hostile, Target, forms_of
from tests.safety.test_c20_matrix import Matrix, Try
from tests.safety.wire import Caller, links
from tests.sending import TOLD, OwnFace, wait_until_it_answers

pytestmark = [pytest.mark.django_db, pytest.mark.safety("C36"), pytest.mark.timeout(3600)]

KNOWN = 250  # aimed requests of each part
CODE = (b"Traceback (most recent", b'File "/', b"django.", b"psycopg", b"DataError")


def is_open(address: str, user: User | None) -> bool:
    """Whether the page lets such people in at all."""
    policy = policy_of(resolve(address).func)
    return policy is not None and policy.test(user or AnonymousUser())


def fault(status: int, body: bytes) -> str:
    """What is wrong with an answer; empty when nothing is."""
    said = next((word.decode() for word in CODE if word in body), "")
    return f"{status}" if status >= 500 else said


class StaffFace:
    """The staff face in this process, with everyone of a small municipality signed in."""

    def __init__(self, urlconf: str = "fridhem.site.urls.staff") -> None:
        self.matrix = Matrix(world.build(), urlconf)

    def targets(self, chance: random.Random) -> list[Target]:
        """For each person every address, with rows of their own and of others, and the forms that they are shown."""
        places: dict[str | None, dict[str, list[Try]]] = {}
        for one in self.matrix.tries(chance):
            if one.method == "GET":
                places.setdefault(one.who, {}).setdefault(one.name, []).append(one)
        return [self._target(who, found) for who, found in places.items() if who is None or who in Role.values]

    def _target(self, who: str | None, found: dict[str, list[Try]]) -> Target:
        addresses = [self._address(one) for tries in found.values() for one in tries]
        target = Target(who, addresses, opened=[], forms={})
        for tries in found.values():
            address = self._address(min(tries, key=lambda one: one.foreign != ""))
            if is_open(address, self.matrix.people[who]):
                status, body, _raised = self.answer(Hostile("GET", address, who=who))
                target.opened.extend([address] if status in (200, 405) else [])
                target.forms.update(forms_of(body.decode(errors="replace"), address) if status == 200 else {})
        return target

    def _address(self, one: Try) -> str:
        return reverse(one.name, urlconf=self.matrix.urlconf, kwargs=dict(one.given))

    def answer(self, one: Hostile) -> tuple[int, bytes, str]:
        """Status, body, and what was raised inside if anything was; nothing that it did remains."""
        client = self.matrix.clients[one.who]
        client.cookies = SimpleCookie(self.matrix.cookies[one.who])
        try:
            with transaction.atomic():
                said = hostile.by_client(client, one)
                body = b"".join(said) if said.streaming else said.content
                transaction.set_rollback(True)
        except (LookupError, UnicodeError, TooManyFieldsSent):  # Django's client makes its requests itself; over the wire we do
            return 0, b"", ""
        raised = getattr(said, "exc_info", None)
        return said.status_code, body, repr(raised[1])[:300] if raised else ""


def faults(sent: Iterable[Hostile], answer: Callable[[Hostile], tuple[int, bytes, str]]) -> tuple[list[str], Counter[int]]:
    """What is wrong with the answers, each with the request that was sent; and how many answers had which status."""
    found, statuses = [], Counter()
    for one in sent:
        status, body, raised = answer(one)
        statuses[status] += 1
        if wrong := fault(status, body):
            found.append(f"{wrong} {raised} to {one}")
    return found, statuses


def storm(targets: list[Target], chance: random.Random, many: int, known: int) -> Iterator[Hostile]:
    """So many requests by chance, and so many that are aimed."""
    return itertools.chain(
        itertools.islice(hostile.by_chance(targets, chance), many), itertools.islice(hostile.aimed(targets, chance), known)
    )


def told(statuses: Counter[int]) -> str:
    return ", ".join(f"{number} x {status or 'no request'}" for status, number in sorted(statuses.items()))


def test_the_staff_face_answers_everything(behind_walls, proof, size):
    chance, face = random.Random(36), StaffFace()
    many = size(500, 5000)
    with behind_walls():
        targets = face.targets(chance)
        began = time.monotonic()
        found, statuses = faults(storm(targets, chance, many, KNOWN), face.answer)
    took = time.monotonic() - began

    assert found == []
    places, forms = (sum(len(getattr(each, what)) for each in targets) for what in ("addresses", "forms"))
    proof.measured(
        f"{many} random and {KNOWN} aimed at the staff face, {len(targets)} people, {places} addresses, {forms} forms: 0 of 5xx "
        f"({told(statuses)}) in {took:.0f} s"
    )


class Careless(http.client.HTTPConnection):
    """Sends what it is told, as the attacker's own program does."""

    def _validate_path(self, url: str) -> None:
        """Anything is an address."""

    def _validate_method(self, method: str) -> None:
        """Anything is a method."""

    def _encode_request(self, request: str) -> bytes:
        return request.encode("latin-1", "replace")


class Wire:
    """A running face, met over the wire by a visitor or by people who are signed in."""

    def __init__(self, base: str, people: Iterable[str] = ()) -> None:
        self.place = urlsplit(base)
        self.callers = {None: Caller(base), **{name: Caller(base).steps_in(name) for name in people}}
        self.lines: dict[str | None, Careless] = {}

    def target(self, who: str | None, addresses: list[str]) -> Target:
        """The addresses, and those that open, with their forms."""
        target = Target(who, addresses, [], {})
        for address in addresses:
            answer = self.callers[who].asks(address)
            if answer.status == 200:
                target.opened.append(address)
                target.forms.update(forms_of(answer.page, address))
        return target

    def answer(self, one: Hostile) -> tuple[int, bytes, str]:
        """Status and body; 0 when the line was closed, which is an answer too. One that stays silent is a fault."""
        line = self.lines.pop(one.who, None) or Careless(self.place.hostname or "", self.place.port, timeout=30)
        try:
            said = self._asks(line, one)
            body = said.read()
        except TimeoutError:
            return 599, b"", "no answer in 30 s"
        except (OSError, http.client.HTTPException, ValueError):
            line.close()
            return 0, b"", ""
        self.lines[one.who] = line
        return said.status, body, ""

    def _asks(self, line: Careless, one: Hostile) -> http.client.HTTPResponse:
        own = "; ".join(f"{name}={value}" for name, value in self.callers[one.who].cookies.items())
        sent = {"Host": self.place.netloc, "Content-Length": str(len(one.body)), **one.headers}
        sent["Cookie"] = "; ".join(filter(None, (own, one.headers.get("Cookie"))))
        line.putrequest(one.method, one.path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            line.putheader(name, value.encode("latin-1", "replace"))
        line.endheaders(one.body)
        return line.getresponse()


@pytest.fixture
def own_face(running_house: RunningHouse) -> Iterator[OwnFace]:
    """A public face of our own: its bucket of wrong receipts is nobody else's."""
    face = OwnFace(running_house.data, free_port())
    face.start()
    wait_until_it_answers(face.url)
    yield face
    face.kill()


def test_the_public_face_answers_everything_over_the_wire(own_face, proof, size):
    chance, wire, many = random.Random(37), Wire(own_face.url), size(800, 4000)
    target = wire.target(None, ["/", "/halsa"])
    for step in ("begin", "entrance", "send", "next"):
        target.forms |= {f"/?{step}": fields for fields in forms_of(wire.callers[None].steps(go=step, **TOLD).page, "/").values()}
    began = time.monotonic()

    found, statuses = faults(storm([target], chance, many, KNOWN), wire.answer)

    assert found == []
    assert wire.callers[None].asks("/").status == 200
    proof.measured(
        f"{many} random and {KNOWN} aimed at the public face over the wire: {told(statuses)} in {time.monotonic() - began:.0f} s"
    )


def test_the_staff_face_answers_everything_over_the_wire(running_house, proof, size):
    """Without the form's token nothing is changed there; each body is read all the same."""
    chance, many = random.Random(38), size(200, 1000)
    wire = Wire(running_house.staff_url, ("mona", "kerstin", "sofia", "arvid"))
    targets = [
        wire.target(who, ["/", *(each for each in links(caller.asks("/")) if "logga-ut" not in each)][:12])
        for who, caller in wire.callers.items()
    ]
    began = time.monotonic()

    found, statuses = faults(storm(targets, chance, many, KNOWN), wire.answer)

    assert found == []
    assert all(caller.asks("/").status == 200 for caller in wire.callers.values())
    proof.measured(
        f"{many} random and {KNOWN} aimed at the staff face over the wire: {told(statuses)} in {time.monotonic() - began:.0f} s"
    )


def breaks(request: HttpRequest) -> HttpResponse:
    """What the bar's own prototype did: asks PostgreSQL for what it was given."""
    given = {**request.GET.dict(), **request.POST.dict()}
    return HttpResponse(str([Unit.objects.filter(name=value).exists() for value in given.values()]))


urlpatterns = [*staff.urlpatterns, page("brister/", breaks, name="breaks", open_to=signed_in)]
handler400, handler403, handler404, handler500 = staff.handler400, staff.handler403, staff.handler404, staff.handler500


def test_a_page_that_breaks_is_found(client, proof):
    client.raise_request_exception = False
    client.force_login(accounts.user())
    target = Target(None, ["/brister/"], ["/brister/"])

    def answer(one: Hostile) -> tuple[int, bytes, str]:
        with transaction.atomic():
            said = hostile.by_client(client, one)
            transaction.set_rollback(True)
        return said.status_code, b"".join(said) if said.streaming else said.content, ""

    with override_settings(ROOT_URLCONF=__name__):
        found, _statuses = faults(storm([target], random.Random(39), 300, KNOWN), answer)

    assert any(each.startswith("500") and "%00" in each for each in found)
    assert fault(200, b"<pre>Traceback (most recent call last)") and not fault(404, b"ord")
    proof.measured(f"a page that breaks is found ({len(found)} times in {300 + KNOWN})")
