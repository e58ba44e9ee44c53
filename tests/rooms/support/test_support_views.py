"""The pages, without JavaScript: read, write, count, take back, open a case, call."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml.html import fromstring

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.support.models import AnonymousContact, Offer, PhoneNumber
from tests.factories import accounts, support

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

WRITTEN = {
    "name": "Föräldrastöd", "about": "Råd till föräldrar.", "age_from": "0", "age_to": "", "consent_child": "guardians",
    "consent_youth": "own", "conditions": "Tre samtal.", "documentation": "journal", "unit": "Familjeteamet",
    "phone": "070-174 06 35", "valid_from": "2025-07-01", "valid_to": "",
}  # fmt: skip
NUMBER = {
    "unit": "Mottag", "phone": "070-174 06 34", "situations": ["adult", "child"], "working_from": "08:00",
    "working_to": "16:30", "other_from": "", "other_to": "", "place": "1", "valid_from": "2025-07-01", "valid_to": "",
}  # fmt: skip


def url(name: str, *given) -> str:
    return reverse(f"support:{name}", args=given)


def seen(page: str) -> str:
    """What a form to change with remembers of what it was filled in from."""
    return fromstring(page).xpath("//input[@name='seen']/@value")[0]


@pytest.fixture
def at(client):
    """A client signed in with a role."""

    def sign_in(role: str):
        client.user = accounts.user(role, unit=accounts.unit("Mottag"))
        client.force_login(client.user)
        return client

    return sign_in


# ── Offers ────────────────────────────────────────────────────────────────


def test_everyone_who_works_here_reads_searches_and_prints_the_offers(at):
    desk = at(Role.SECRETARY)
    offer = support.offer(name="Stödsamtal")
    support.offer(name="Gruppträffar", about="I grupp.")
    support.offer(name="Telefonstöd", valid_to="2025-12-31")

    now, sought = desk.get(url("offers")).content.decode(), desk.get(url("offers"), {"q": "grupp"}).content.decode()
    every, printed = desk.get(url("offers"), {"visa": "all"}).content.decode(), desk.get(url("leaflet")).content.decode()
    one = desk.get(url("offer", offer.pk)).content.decode()

    assert "Stödsamtal" in now and "Gruppträffar" in now and "Telefonstöd" not in now
    assert "Gruppträffar" in sought and "Stödsamtal" not in sought
    assert "Telefonstöd" in every
    assert "Högst fem samtal." in printed and "Telefonstöd" not in printed
    assert "från 15 år" in one and "15–17 år: Barnets eget samtycke räcker" in one and "Under 15 år" not in one
    assert "11 kap. 5 § socialtjänstlagen (2025:400)" in one
    assert "Räkna en anonym kontakt" not in one and "Ändra stödet" not in one
    assert desk.get(url("add-offer")).status_code == desk.get(url("contacts")).status_code == 403


def test_any_search_is_answered(at):
    desk = at(Role.SECRETARY)
    support.offer(name="Stödsamtal")

    for search in ("\0", "stöd\0samtal", "stöd " * 2_000, "%", "'"):
        for every in ("", "all"):
            assert desk.get(url("offers"), {"q": search, "visa": every}).status_code == 200
    assert "Stödsamtal" in desk.get(url("offers"), {"q": "stöd\0samtal"}).content.decode()


def test_the_process_owner_adds_and_changes_an_offer(at):
    desk = at(Role.PROCESS_OWNER)

    added = desk.post(url("add-offer"), WRITTEN)
    offer = Offer.objects.get()
    form = desk.get(url("change-offer", offer.pk)).content.decode()
    sent = WRITTEN | {"valid_to": "2027-12-31", "seen": seen(form)}
    wrong = desk.post(url("change-offer", offer.pk), sent | {"name": ""})
    changed = desk.post(url("change-offer", offer.pk), sent | {"seen": seen(wrong.content.decode())})
    stale = desk.post(url("change-offer", offer.pk), sent | {"valid_to": "", "conditions": "Fyra samtal."})

    unseen = desk.post(url("change-offer", offer.pk), WRITTEN)

    assert (wrong.status_code, stale.status_code, unseen.status_code) == (422, 422, 422)
    assert "Någon annan har ändrat" in stale.content.decode() and "Fyra samtal." in stale.content.decode()
    assert added.url == changed.url == url("offer", offer.pk)
    assert "Föräldrastöd" in form and 'value="2025-07-01"' in form
    offer.refresh_from_db()
    assert offer.valid_to.isoformat() == "2027-12-31"

    once_more = {"valid_to": "", "seen": seen(stale.content.decode())}
    assert desk.post(url("change-offer", offer.pk), sent | once_more).status_code == 302
    offer.refresh_from_db()
    assert offer.valid_to is None


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"age_from": "20", "age_to": "18"}, "age_to", "Den högsta åldern är lägre än den lägsta."),
        ({"is_anonymous": "on"}, "documentation", "Den som är anonym har ingen journal."),
        ({"valid_to": "2025-01-01"}, "valid_to", "Den sista dagen är före den första."),
        ({"phone": "ring mig"}, "phone", "Skriv numret med siffror"),
        ({"age_from": "-1"}, "age_from", ""),
        ({"name": ""}, "name", ""),
    ],
)
def test_a_bad_offer_is_told_at_the_field_and_nothing_is_lost(at, wrong, field: str, said: str):
    answer = at(Role.TEAM_LEADER).post(url("add-offer"), WRITTEN | wrong)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert said in answer.content.decode() and "Tre samtal." in answer.content.decode()
    assert Offer.objects.count() == 0


# ── A case for an offer ───────────────────────────────────────────────────


def journal(**given) -> Offer:
    return support.offer(**{"is_anonymous": False, "documentation": "journal", "age_from": 0, "age_to": 25, **given})


@pytest.mark.parametrize(
    ("age", "agreed", "group"), [("14", "yes", "child"), ("15", "", "child"), ("17", "no", "child"), ("18", "", "adult")]
)
def test_whoever_fits_gets_a_case_with_process_and_age_filled_in(at, age: str, agreed: str, group: str):
    desk, offer = at(Role.RECEPTION), journal()

    assert "Öppna ett ärende" in desk.get(url("offer", offer.pk)).content.decode()
    answer = desk.post(url("begin", offer.pk), {"age": age, "agreed": agreed})
    form = desk.get(answer.url).context["form"]

    assert answer.url == f"{reverse('casework:open')}?process=support_without_assessment&age_group={group}"
    assert (form["process"].value(), form["age_group"].value(), form["unit"].value()) == (
        "support_without_assessment",
        group,
        desk.user.unit_id,
    )


@pytest.mark.parametrize(
    ("age", "agreed", "field"),
    [("26", "yes", "age"), ("14", "no", "agreed"), ("14", "", "agreed"), ("", "", "age"), ("200", "", "age")],
)
def test_whoever_does_not_fit_is_told_at_once(at, age: str, agreed: str, field: str):
    answer = at(Role.RECEPTION).post(url("begin", journal().pk), {"age": age, "agreed": agreed})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_what_is_given_without_a_journal_opens_no_case(at):
    desk = at(Role.RECEPTION)

    assert desk.get(url("begin", support.offer().pk)).status_code == 409


def test_an_offer_that_has_ended_opens_no_case(at):
    desk, ended = at(Role.RECEPTION), journal(valid_to=timezone.localdate() - timedelta(days=1))

    answers = [desk.get(url("begin", ended.pk)), desk.post(url("begin", ended.pk), {"age": "18"})]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "Stödet ges inte i dag" in answers[0].content.decode()


def test_nonsense_in_the_address_opens_the_usual_form(at):
    answer = at(Role.RECEPTION).get(reverse("casework:open"), {"process": "%00 nonsense", "age_group": "old"})

    assert answer.status_code == 200
    assert url("calls") in answer.content.decode()


# ── Anonymous contacts ────────────────────────────────────────────────────


def test_a_contact_is_counted_listed_and_taken_back(at):
    desk, offer = at(Role.PERSONAL_CONTACT), support.offer()
    said = {"offer": offer.pk, "way": "chat", "age_group": "youth", "violence": "yes", "violence_forms": ["digital_violence"]}

    (link,) = fromstring(desk.get(url("offer", offer.pk)).content).xpath("//a[contains(@href, '/kontakter/ny/')]/@href")
    form = fromstring(desk.get(link).content)
    said |= {"submission": form.xpath("//input[@name='submission']/@value")[0]}
    answers = [desk.post(url("count"), said | {"given": "advice", "referred": "", "district": ""}) for _ in range(2)]
    listed = desk.get(answers[1].url).content.decode()

    assert form.xpath("//select[@name='offer']/option[@selected]/@value") == [str(offer.pk)]
    made = AnonymousContact.objects.get()
    assert (made.day, made.unit, made.violence_forms) == (timezone.localdate(), desk.user.unit, ["digital_violence"])
    assert "Utsatt för digitalt våld" in listed and "15–17 år" in listed and desk.user.name not in listed.split("<main")[1]
    (back,) = fromstring(listed).xpath("//a[contains(@href, '/ta-bort/')]")
    assert (back.get("aria-label"), back.text_content().strip()) == ("Ta tillbaka kontakt 1, Stödsamtal", "Ta tillbaka")
    asked = desk.get(back.get("href")).content.decode()
    assert "Ta tillbaka kontakten?" in asked and "Stödsamtal, Chatt, 15–17 år, " in asked
    assert AnonymousContact.objects.count() == 1
    assert desk.post(url("undo", made.pk)).url == url("contacts")
    assert AnonymousContact.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"age_group": "child"}, "age_group"),
        ({"violence": "yes"}, "violence_forms"),
        ({"violence_forms": ["neglect"]}, "violence"),
        ({"violence": ""}, "violence"),
        ({"offer": "nonsense"}, "offer"),
        ({"given": "\x00"}, "given"),
    ],
)
def test_a_bad_contact_is_told_at_the_field(at, wrong, field: str):
    desk, offer = at(Role.RECEPTION), support.offer(age_from=15)
    said = {"offer": offer.pk, "way": "phone", "age_group": "adult", "violence": "no", "given": "talk"}

    answer = desk.post(url("count"), said | wrong)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert AnonymousContact.objects.count() == 0


def test_nowhere_can_be_written_freely_about_an_anonymous_person(at):
    form = at(Role.RECEPTION).get(url("count")).context["form"]

    assert {type(field).__name__ for field in form.fields.values()} == {
        "ModelChoiceField", "ChoiceField", "MultipleChoiceField", "UUIDField",
    }  # fmt: skip
    assert [field.name for field in form.hidden_fields()] == ["submission"]


def test_another_units_contact_is_not_there(at):
    made = support.contact(by=accounts.user(Role.CASEWORKER, unit=accounts.unit("Annan")), at=timezone.now())
    desk = at(Role.RECEPTION)

    assert desk.post(url("undo", made.pk)).status_code == 404
    assert "Inget räknat ännu i dag" in desk.get(url("contacts")).content.decode()


# ── Whom to call ──────────────────────────────────────────────────────────


def test_everyone_finds_whom_to_call_from_the_start_page(at):
    desk = at(Role.SECRETARY)
    support.number(unit="Jouren", working_from="00:00", working_to="00:00", other_from="00:00", other_to="00:00")

    start, page = desk.get(reverse("start")).content.decode(), desk.get(url("calls")).content.decode()
    poster = desk.get(url("poster")).content.decode()

    assert url("calls") in start and url("offers") in start
    assert 'href="tel:112"' in page and "Jouren" in page and "Svarar nu" in page and "Ändra nummer" not in page
    assert "Vardagar dygnet runt. Helger dygnet runt." in poster and "Svarar nu" not in poster


def test_the_process_owner_adds_and_changes_a_number(at):
    desk = at(Role.PROCESS_OWNER)

    added = desk.post(url("add-number"), NUMBER)
    number = PhoneNumber.objects.get()
    form = desk.get(url("change-number", number.pk)).content.decode()
    changed = desk.post(
        url("change-number", number.pk),
        NUMBER | {"situations": ["housing"], "other_from": "00:00", "other_to": "00:00", "seen": seen(form)},
    )
    listed = desk.get(changed.url).content.decode()

    assert added.url == changed.url == url("numbers")
    assert 'value="08:00"' in form
    number.refresh_from_db()
    assert number.situations == ["housing"]
    assert "Någon behöver bo tryggt" in listed


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"working_to": ""}, "working_to"),
        ({"situations": []}, "situations"),
        ({"phone": "<b>"}, "phone"),
        ({"place": "0"}, "place"),
    ],
)
def test_a_bad_number_is_told_at_the_field(at, wrong, field: str):
    answer = at(Role.PROCESS_OWNER).post(url("add-number"), NUMBER | wrong)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert PhoneNumber.objects.count() == 0


# ── As many queries, however many rows ────────────────────────────────────


@pytest.mark.parametrize("name", ["offers", "leaflet", "contacts", "calls", "poster", "numbers"])
def test_a_page_costs_as_many_queries_for_more_rows(at, name: str):
    desk, owner = at(Role.TEAM_LEADER), support.owner()

    def fill(times: int) -> int:
        for _ in range(times):
            offered = support.offer(by=owner)
            support.contact(by=desk.user, at=timezone.now(), offered=offered)
            support.number(by=owner)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(url(name)).status_code == 200
        return len(queries)

    fill(1)

    assert fill(1) == fill(3)
