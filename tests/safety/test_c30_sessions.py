"""C30: a session ends with its account, and without a passkey nothing protected opens."""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from fridhem.foundation.accounts import actions, pages
from fridhem.foundation.accounts.enums import STRONG, Entrance, Role
from fridhem.foundation.accounts.models import Session, User
from fridhem.rooms.casework.actions import people
from fridhem.rooms.casework.models import Case
from fridhem.rooms.persons.models import ProtectedDetail, Reveal
from tests.factories import accounts, casework
from tests.providers import running
from tests.providers.running import Provider

CANARY = "Kanariegatan 7, Kanarieby"
WEAK = sorted(set(Entrance.values) - STRONG)
ASK_EVERY = 5  # seconds, in this check; the file's own word is 60 where it says nothing


def is_in(client: Client) -> bool:
    return client.get("/konto/").status_code == 200


@pytest.mark.safety("C30")
def test_c30_every_session_ends_when_the_account_is_closed(db, proof, size):
    arvid = accounts.user(Role.ADMINISTRATOR)
    staff = [accounts.user() for _n in range(size(20, 200))]
    clients = [(user, Client()) for user in staff for _n in range(3)]
    for user, client in clients:
        accounts.sign_in(client, user)
    assert all(is_in(client) for _user, client in clients), "control: all were in"
    kept = Client()
    accounts.sign_in(kept, accounts.user())

    began = time.monotonic()
    for user in staff:
        actions.deactivate(user, by=arvid, at=timezone.now())
    alive = sum(is_in(client) for _user, client in clients)
    took = time.monotonic() - began

    proof.measured(
        f"{len(staff)} accounts closed: {alive} of {len(clients)} sessions alive at the next request, {took:.1f} s in all"
    )
    assert alive == 0
    assert is_in(kept), "control: nobody else was signed out"
    assert Session.objects.filter(user__in=staff).count() == 0


@pytest.fixture
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    back = "http://testserver/logga-in/oidc/kommunen/ater/"
    with running.started("oidc.py", tmp_path_factory.mktemp("oidc"), back) as one:
        yield one


@pytest.mark.safety("C30")
def test_c30_a_session_ends_when_the_provider_says_no(db, provider, settings, tmp_path, proof):
    told = running.sign_in_file(tmp_path, oidc_url=provider.url, more=f"ask_every_seconds = {ASK_EVERY}")
    settings.FRIDHEM_SIGN_IN = str(told)
    browser = Client()
    browser.get(running.at_oidc(browser.post("/logga-in/oidc/kommunen/").url, "linnea"))
    assert is_in(browser)
    time.sleep(ASK_EVERY + 1)
    assert is_in(browser), "control: a yes lets the session live"

    provider.control("linnea", active=False)
    began = time.monotonic()
    while is_in(browser) and time.monotonic() - began < 60:
        time.sleep(0.2)
    took = time.monotonic() - began

    proof.measured(
        f"the provider's no ended the session after {took:.1f} s (asked every {ASK_EVERY} s here, every 60 s as delivered)"
    )
    assert took <= ASK_EVERY * 4


# ── Without a passkey ─────────────────────────────────────────────────────


@pytest.fixture
def hidden(db) -> tuple[Case, ProtectedDetail, list[User]]:
    """A case with a protected address, and the two who may see it when they have a passkey."""
    leader = casework.leader()
    worker = accounts.user(Role.CASEWORKER, unit=casework.unit())
    case = casework.case(by=worker)
    people.identify(
        case, by=worker, at=casework.MONDAY, name="Greta Gömd", identity_number="", protection="protected_registration"
    )
    case.refresh_from_db()
    people.add_detail(case, case.person_id, by=worker, at=casework.MONDAY, kind="address", value=CANARY)
    return case, ProtectedDetail.objects.get(), [worker, leader]


def addresses(case: Case, detail: ProtectedDetail) -> list[str]:
    """Every address of the staff face, filled in with the case, its person and its detail where it asks for them."""
    return sorted(set(_addresses(case, detail)))


def _addresses(case: Case, detail: ProtectedDetail) -> Iterator[str]:
    for pattern, name in pages.walk(get_resolver("fridhem.site.urls.staff").url_patterns):
        if name in ("sign-out", "step-in"):
            continue
        for one in (detail.pk, case.person_id):
            yield reverse(name, kwargs=dict(_filled(pattern, case, one)))


def _filled(pattern: URLPattern, case: Case, one: object) -> Iterator[tuple[str, object]]:
    known = {"number": case.number, "id": one}
    kinds = {"UUIDConverter": uuid4(), "IntConverter": 1}
    for name, converter in _converters(pattern):
        yield name, known.get(name, kinds.get(type(converter).__name__, "a"))


def _converters(pattern: URLPattern) -> list[tuple[str, object]]:
    return list(pattern.pattern.converters.items())


def tries(client: Client, address: str) -> list[bytes]:
    """What the page answers, read and written to."""
    said = {"reason": "contact", "words": "Jag behöver nå henne.", "value": "ny", "kind": "address", "confirm": "on"}
    return [client.get(address).content, client.post(address, said).content]


@pytest.mark.safety("C30")
def test_c30_no_page_opens_what_is_protected_without_a_passkey(hidden, proof, size):
    case, detail, staff = hidden
    everything, nearest = addresses(case, detail), [a for a in addresses(case, detail) if "/skyddat/" in a or "/personer/" in a]
    everywhere = size(1, len(WEAK))
    asked = opened = 0
    for user in staff:
        for turn, entrance in enumerate([Entrance.PASSWORD, *sorted(set(WEAK) - {Entrance.PASSWORD})]):
            client = Client(raise_request_exception=False)
            accounts.sign_in(client, user, entrance)
            for address in everything if turn < everywhere else nearest:
                if address.endswith(("/andra/", "/upphor/", "/avsluta/", "/skydd/", "/ta-bort/")):
                    answers = [client.get(address).content]  # these end the detail or the case: the control needs them
                else:
                    answers = tries(client, address)
                asked += len(answers)
                opened += sum(CANARY.encode() in answer for answer in answers)
    looks = Reveal.objects.count()

    shown, strong = reverse("casework:reveal-detail", args=[case.number, detail.pk]), 0
    for user in staff:
        client = Client()
        accounts.sign_in(client, user, Entrance.PASSKEY)
        strong += any(CANARY.encode() in answer for answer in tries(client, shown))

    proof.measured(
        f"{opened} of {asked} answers held the protected address, {looks} looks; {len(WEAK)} ways in without a passkey"
    )
    proof.measured(f"control: {strong} of {len(staff)} saw it with a passkey")
    assert (opened, looks) == (0, 0)
    assert strong == len(staff)
