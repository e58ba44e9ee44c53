"""Every page says for whom it is, and what it says is what holds."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from fridhem.foundation.accounts import pages
from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.pages import page
from fridhem.foundation.accounts.predicates import anyone, has_role, signed_in
from fridhem.site import checks
from fridhem.site.urls import staff
from tests.factories import accounts


def secret(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hemligt")


urlpatterns = [
    *staff.urlpatterns,
    path("glomd/", secret, name="forgotten"),
    page("vald/", secret, name="chosen", open_to=has_role(Role.AUDITOR)),
    page("alla/", secret, name="everyone", open_to=signed_in),
    *pages.all_open_to(anyone, [path("frammande/", secret, name="library")]),
]
handler403, handler404 = staff.handler403, staff.handler404


def test_every_page_of_both_faces_says_for_whom_it_is():
    assert checks.every_page_says_for_whom(None) == []


def test_a_page_that_does_not_say_stops_the_build():
    (found,) = checks.every_page_says_for_whom(None, faces=("tests.architecture.test_policies",))

    assert (found.id, "forgotten" in found.msg) == ("fridhem.E001", True)


@pytest.mark.urls("tests.architecture.test_policies")
@pytest.mark.parametrize(
    ("address", "role", "status"),
    [
        ("/glomd/", Role.AUDITOR, 404),
        ("/vald/", Role.AUDITOR, 200),
        ("/vald/", Role.TEAM_LEADER, 403),
        ("/alla/", Role.TEAM_LEADER, 200),
        ("/frammande/", Role.TEAM_LEADER, 200),
        ("/glomd/", None, 302),
        ("/vald/", None, 302),
        ("/alla/", None, 302),
        ("/frammande/", None, 200),
    ],
)
def test_a_page_opens_for_those_it_names(db, address, role, status):
    client = Client()
    if role:
        client.force_login(accounts.user(role))

    answer = client.get(address)

    assert (answer.status_code, b"hemligt" in answer.content) == (status, status == 200)


@pytest.mark.urls("tests.architecture.test_policies")
def test_nobody_who_has_left_passes_any_policy(db):
    gone = accounts.user(Role.AUDITOR, is_active=False)

    assert {name: pages.is_open(name, gone) for name in ("forgotten", "chosen", "everyone", "library")} == {
        "forgotten": False,
        "chosen": False,
        "everyone": False,
        "library": True,
    }
