"""C20: every address x method x person x object, from the resolver itself: nobody learns of what isn't theirs, nothing breaks.

The requests meet the database as the staff face does. What is told of a foreign object must be what is told of
one that isn't there.
"""

import random
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from fridhem.foundation.accounts import pages
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.pages import page
from fridhem.foundation.accounts.predicates import signed_in
from fridhem.rooms.casework.models import Case
from fridhem.rooms.processes.models import Version
from fridhem.site.urls import staff
from tests.factories import accounts
from tests.safety import world
from tests.safety.world import MODELS, World, own

pytestmark = [pytest.mark.django_db, pytest.mark.safety("C20")]

METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS")
ABSENT = {"number": "V-ABSNT", "version": 9, "id": uuid.UUID(int=7)}
# An answer here says more of a foreign case than that there is none, and to whom is data: tried by its own tests.
TOLD_ELSEWHERE = {"casework:find", "casework:known", "casework:break-glass"}
VARIES = re.compile(r"\b[A-Za-z0-9]{64}\b|<time[^>]*>[^<]*</time>")  # the CSRF token, and what the clock says


@dataclass(frozen=True)
class Try:
    """One request: by whom (None: a visitor), and the rows that its address names."""

    name: str
    method: str
    who: str | None
    given: tuple[tuple[str, Any], ...]
    foreign: str = ""  # which part of the address names a row that isn't theirs

    @property
    def absent(self) -> "Try":
        """The same request for something that isn't there."""
        gone = {self.foreign: ABSENT.get(self.foreign, ABSENT["id"])}
        return Try(self.name, self.method, self.who, tuple({**dict(self.given), **gone}.items()))


class Matrix:
    """Everyone at the door of every page."""

    def __init__(self, made: World, urlconf: str = "fridhem.site.urls.staff") -> None:
        self.made, self.urlconf = made, urlconf
        self.people: dict[str | None, User | None] = {None: None, **made.people}
        self.theirs = {name: self._own(user) for name, user in self.people.items()}
        self.secret = {name: [w for w, row in made.canaries.items() if row.pk not in self.theirs[name]] for name in self.people}
        self.clients = {name: self._client(user) for name, user in self.people.items()}
        self.cookies = {
            name: {key: morsel.value for key, morsel in client.cookies.items()} for name, client in self.clients.items()
        }
        self.rows = [row for model in MODELS for row in model._default_manager.all()[:40]]
        self.answers: dict[Try, tuple[int, str]] = {}

    def _own(self, user: User | None) -> set:
        return set().union(*(own(user, model) for model in MODELS)) if user else set()

    def _client(self, user: User | None) -> Client:
        client = Client(raise_request_exception=False)
        if user:
            accounts.sign_in(client, user)
        return client

    def tries(self, chance: random.Random) -> Iterator[Try]:
        """Every address with every method for everyone, with rows of both units and with none."""
        cases = list(Case.objects.exclude(person=None))
        for pattern, name in pages.walk(get_resolver(self.urlconf).url_patterns):
            for who in self.people:
                for given in self._given(pattern, name, cases, chance):
                    if not self._fits(name, given):
                        given = tuple((key, 1) for key, _row in given)
                    foreign = next((key for key, row in given if self._is_foreign(row, who)), "")
                    values = _values(given)
                    for method in METHODS:
                        yield Try(name, method, who, values, foreign)

    def _fits(self, name: str, given: tuple) -> bool:
        """Whether the address takes such values: a library's own rows have numbers, ours have ids."""
        try:
            return bool(reverse(name, urlconf=self.urlconf, kwargs=dict(_values(given))))
        except NoReverseMatch:
            return False

    def _is_foreign(self, row: Any, who: str | None) -> bool:
        return isinstance(row, models.Model) and not isinstance(row, User) and row.pk not in self.theirs[who]

    def _given(self, pattern: URLPattern, name: str, cases: list[Case], chance: random.Random) -> list[tuple]:
        """What the parts of the address may be: the rows of a case go with the case's number, and with the other's."""
        parts = _parts(name, self.urlconf)
        if "number" in parts:
            return [self._filled(parts, case, chance) for case in cases]
        return [self._filled(parts, None, chance) for _ in range(3 if parts else 1)]

    def _filled(self, parts: list[str], case: Case | None, chance: random.Random) -> tuple:
        filled = []
        for part in parts:
            match part:
                case "number":
                    filled.append((part, case))
                case "username":
                    filled.append((part, chance.choice(list(self.made.people.values())).username))
                case "kind":
                    filled.append((part, "tabell.csv"))
                case "key":
                    filled.append((part, chance.choice(["vinr_adult", "travel_protection"])))
                case "heading":
                    filled.append((part, "violence"))
                case "version":
                    filled.append((part, chance.choice([1, *Version.objects.all()])))
                case "place":
                    filled.append((part, 1))
                case "old" | "new":
                    filled.append((part, chance.choice([1, 2])))
                case _:
                    filled.append((part, chance.choice(self.rows)))
        return tuple(filled)

    def answer(self, one: Try) -> tuple[int, str]:
        """Its status and its text, with what names the object taken out."""
        if one not in self.answers:
            with override_settings(ROOT_URLCONF=self.urlconf), transaction.atomic():
                address = reverse(one.name, urlconf=self.urlconf, kwargs=dict(one.given))
                client = self.clients[one.who]
                client.cookies = SimpleCookie(self.cookies[one.who])  # as they signed in: nothing is carried from page to page
                said = client.generic(one.method, address)
                text = b"".join(said) if said.streaming else said.content
                transaction.set_rollback(True)
            self.answers[one] = said.status_code, text.decode(errors="replace") + str(dict(said.headers))
        return self.answers[one]

    def faults(self, one: Try) -> list[str]:
        """What is wrong with the answer."""
        status, text = self.answer(one)
        found = [f"{status}"] if status >= 500 else []
        named = {str(value) for _key, value in one.given}
        found += [f"tells {word}" for word in self.secret[one.who] if word in text and word not in named]
        if one.foreign and one.name not in TOLD_ELSEWHERE and self._bare(one) != self._bare(one.absent):
            found.append(f"differs from what isn't there, {self._difference(one)}")
        return [f"{one.method} {one.name} by {one.who}: {fault}" for fault in found]

    def _difference(self, one: Try) -> str:
        here, there = self._bare(one), self._bare(one.absent)
        lines = zip(here[1].splitlines(), there[1].splitlines(), strict=False)
        return f"{here[0]} and {there[0]}: " + next((f"{a[-200:]} | {b[-200:]}" for a, b in lines if a != b), "")

    def _bare(self, one: Try) -> tuple[int, str]:
        status, text = self.answer(one)
        for _key, value in one.given:  # a number of one digit stands in much else
            text = text.replace(f"/{value}/", "/X/") if isinstance(value, int) else text.replace(str(value), "X")
        return status, VARIES.sub("", text)


def _values(given: tuple) -> tuple:
    numbered = {"number": Case, "version": Version}
    return tuple((key, row.number if isinstance(row, numbered.get(key, ())) else getattr(row, "pk", row)) for key, row in given)


def _parts(name: str, urlconf: str) -> list[str]:
    """The named parts of an address."""
    known = get_resolver(urlconf)
    for space in name.split(":")[:-1]:
        known = known.namespace_dict[space][1]
    (found,) = {tuple(parts) for possible in known.reverse_dict.getlist(name.split(":")[-1]) for _path, parts in possible[0]}
    return list(found)


def sampled(every: list[Try], many: int, chance: random.Random) -> list[Try]:
    """Each page with each method at least once, for something foreign where it can be; then more by chance until so `many`."""
    shuffled = sorted(chance.sample(every, len(every)), key=lambda one: not one.foreign)
    first: dict[tuple[str, str], Try] = {}
    for one in shuffled:
        first.setdefault((one.name, one.method), one)
    rest = chance.sample(every, len(every))
    return list(dict.fromkeys([*first.values(), *rest]))[: max(many, len(first))]


def test_no_page_tells_anyone_of_what_is_not_theirs(behind_walls, proof, size):
    chance, matrix = random.Random(20), Matrix(world.build())
    every = list(matrix.tries(chance))
    tried = sampled(every, size(900, len(every)), chance)

    with behind_walls():
        wrong = [fault for one in tried for fault in matrix.faults(one)]

    assert wrong == []
    opened = sum(matrix.answer(one)[0] == 200 for one in tried)
    assert opened > len(tried) / 20, "somebody gets in somewhere"
    foreign = sum(bool(one.foreign) for one in tried)
    assert foreign > len(tried) / 20
    names = {one.name for one in tried}
    proof.measured(
        f"0 leaks and 0 answers 5xx in {len(tried)} of {len(every)} tries at {len(names)} pages by {len(matrix.people)} people, "
        f"{foreign} of them for a foreign object, {opened} answered 200"
    )


def leak(request: HttpRequest, number: str) -> HttpResponse:
    return HttpResponse(f"Här bor {LEAKED[number]}" if number in LEAKED else "", status=200)


LEAKED: dict[str, str] = {}
urlpatterns = [*staff.urlpatterns, page("lacka/<slug:number>/", leak, name="leak", open_to=signed_in)]
handler400, handler403, handler404, handler500 = staff.handler400, staff.handler403, staff.handler404, staff.handler500


def test_a_page_that_leaks_is_found(proof):
    made = world.build()
    LEAKED.update({row.number: "KanarieVuxen" for row in made.canaries.values() if isinstance(row, Case)})
    matrix = Matrix(made, urlconf=__name__)
    tried = [one for one in matrix.tries(random.Random(1)) if one.name == "leak" and one.method == "GET"]

    wrong = [fault for one in tried for fault in matrix.faults(one)]

    assert {"GET leak by auditor: tells KanarieVuxen", "GET leak by auditor: differs from what isn't there"} <= {
        fault.split(",")[0] for fault in wrong
    }
    assert not [fault for fault in wrong if "by caseworker: tells" in fault], "the one who works with the case may read it"
    proof.measured("a planted leak is found, in content and in existence")


def test_another_municipality_s_session_opens_nothing(proof):
    """One database is one municipality: what could cross over is a session, and made with another secret it's nothing."""
    made = world.build()
    tried = 0
    for user in made.people.values():
        client = Client()
        with override_settings(SECRET_KEY="another house's secret key, as long as one"):
            accounts.sign_in(client, user)
        assert client.get(reverse("casework:cases")).status_code == 302
        tried += 1
    proof.measured(f"0 of {tried} sessions of another house got in")
