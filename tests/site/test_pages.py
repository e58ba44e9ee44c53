"""The site's own pages: the first page, signing in and out, and every refusal in the face's own dress."""

import logging

import pytest
from django.http import HttpRequest
from django.test import Client

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import User
from fridhem.foundation.accounts.pages import page
from fridhem.foundation.accounts.predicates import signed_in
from fridhem.foundation.audit.models import Entry
from fridhem.pure.refusals import Denied, NotNow
from fridhem.site.urls import staff
from tests.factories import accounts


def refuse(request: HttpRequest, how: str) -> None:
    raise {
        "denied": Denied("Fråga gruppledaren."),
        "not-now": NotNow("Någon hann före."),
        "gone": User.DoesNotExist("Storgatan 1"),
        "broken": ZeroDivisionError("Storgatan 1"),
    }[how]


urlpatterns = [*staff.urlpatterns, page("vagra/<str:how>/", refuse, name="refuse", open_to=signed_in)]
handler400, handler403, handler404, handler500 = staff.handler400, staff.handler403, staff.handler404, staff.handler500


@pytest.fixture
def visitor(db) -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def signed_in(visitor) -> Client:
    visitor.force_login(accounts.user(Role.AUDITOR, name="Folke"))
    return visitor


def test_the_first_page_introduces_the_house_to_a_visitor(visitor):
    answer = visitor.get("/")

    assert answer.status_code == 200
    assert "Ett hem i fred" in answer.content.decode()
    assert "/prova/" not in answer.content.decode()


def test_the_demonstration_offers_every_person_and_no_one_inactive(visitor, settings):
    settings.FRIDHEM_DEMO = True
    accounts.user(Role.STRATEGIST, username="sofia", name="Sofia Solhatt", is_invented=True)
    accounts.user(Role.STRATEGIST, username="borta", name="Borta Bra", is_active=False, is_invented=True)

    page = visitor.get("/").content.decode()

    assert "/prova/sofia/" in page
    assert "Borta Bra" not in page


def test_stepping_in_signs_in_and_is_recorded(visitor, settings):
    settings.FRIDHEM_DEMO = True
    sofia = accounts.user(Role.STRATEGIST, username="sofia", name="Sofia Solhatt", is_invented=True)

    answer = visitor.post("/prova/sofia/", follow=True)

    assert "Välkommen, Sofia Solhatt" in answer.content.decode()
    assert list(Entry.objects.values_list("verb", "actor")) == [("accounts.user.signed_in", sofia.pk)]


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_steps_in_where_there_is_no_demonstration(visitor, method):
    accounts.user(Role.STRATEGIST, username="sofia")

    answer = getattr(visitor, method)("/prova/sofia/")

    assert answer.status_code in (404, 405)
    assert "_auth_user_id" not in visitor.session


def test_a_person_signs_in_with_a_password_and_out_again(visitor):
    user = accounts.user(Role.AUDITOR, username="folke", name="Folke")
    user.set_password("fyra ord är bättre")
    user.save()

    inside = visitor.post("/logga-in/", {"login": "folke", "password": "fyra ord är bättre"}, follow=True)
    outside = visitor.post("/logga-ut/", follow=True)

    assert "Välkommen, Folke" in inside.content.decode()
    assert "Ett hem i fred" in outside.content.decode()
    assert list(Entry.objects.order_by("at").values_list("verb", "actor")) == [
        ("accounts.user.signed_in", user.pk),
        ("accounts.user.signed_out", user.pk),
    ]


@pytest.mark.parametrize("password", ["fel", "", "\x00", "å" * 5000])
def test_a_wrong_password_gets_the_form_back(visitor, password):
    accounts.user(Role.AUDITOR, username="folke").set_password("rätt")

    answer = visitor.post("/logga-in/", {"login": "folke", "password": password})

    assert answer.status_code == 200
    assert "_auth_user_id" not in visitor.session


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/vagra/denied/", 403, "Du har inte behörighet till det här"),
        ("/vagra/not-now/", 409, "Det går inte just nu"),
        ("/vagra/gone/", 404, "Sidan finns inte"),
        ("/vagra/broken/", 500, "Något gick fel"),
        ("/finns-inte/", 404, "Sidan finns inte"),
    ],
)
@pytest.mark.urls("tests.site.test_pages")
def test_a_refusal_is_a_page_that_says_what_to_do(signed_in, address, status, title):
    answer = signed_in.get(address)

    page = answer.content.decode()
    assert (answer.status_code, f"<h1>{title}</h1>" in page) == (status, True)
    assert "Storgatan" not in page


def test_a_form_without_its_token_is_refused_with_what_to_do(db):
    answer = Client(enforce_csrf_checks=True).post("/logga-in/", {})

    assert answer.status_code == 403
    assert "Formuläret var öppet för länge" in answer.content.decode()


@pytest.mark.urls("tests.site.test_pages")
def test_every_page_of_the_staff_face_asks_for_sign_in(visitor):
    answer = visitor.get("/vagra/denied/")

    assert (answer.status_code, answer.url) == (302, "/logga-in/?next=/vagra/denied/")


def test_every_answer_is_sealed_off(signed_in):
    for address in ("/", "/finns-inte/"):
        headers = signed_in.get(address).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


@pytest.mark.urls("tests.site.test_pages")
def test_an_error_in_the_log_tells_the_place_and_never_what_was_typed(signed_in, capfd):
    signed_in.get("/vagra/broken/?adress=Lindgatan")

    said = capfd.readouterr().err
    assert '"kind": "ZeroDivisionError"' in said
    assert "Storgatan" not in said
    assert "Lindgatan" not in said
    assert logging.getLogger("django.request").isEnabledFor(logging.WARNING)


def test_the_language_is_chosen_at_the_foot_and_remembered(visitor):
    chosen = visitor.post("/sprak/", {"language": "en", "next": "/"}, follow=True)
    elsewhere = visitor.post("/sprak/", {"language": "en", "next": "https://example.com/"})

    assert "A home in peace" in chosen.content.decode()
    assert elsewhere.url == "/"
