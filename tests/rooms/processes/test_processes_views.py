"""The pages of core processes, without JavaScript: read by everyone, changed by their owner, agreed to by another."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.casework.models import Move
from fridhem.rooms.processes.models import Version
from tests.factories import accounts, casework
from tests.factories.processes import NEXT, NUMBER, changed
from tests.rooms.processes.test_processes import draft, published, tried

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]


@pytest.fixture
def petra():
    return accounts.user(Role.PROCESS_OWNER, name="Petra")


@pytest.fixture
def kerstin():
    return casework.leader(name="Kerstin")


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def address(page: str, *args) -> str:
    return reverse(f"processes:{page}", args=args)


def bpmn(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("process.bpmn", data, content_type="application/xml")


def words(response) -> str:
    """What stands on the page, a blank between the cells."""
    texts = html.fromstring(response.content).xpath("//body//text()[not(ancestor::script)]")
    return " ".join(" ".join(texts).split())


# ── Reading ───────────────────────────────────────────────────────────────


def test_everyone_reads_how_the_municipality_works(as_):
    client = as_(accounts.user(Role.COUNCILLOR))

    front = words(client.get(address("processes")))
    page = words(client.get(address("process", "vinr_adult")))

    assert "Våld i nära relation, vuxen" in front
    assert "Ladda upp" not in front
    assert "Bedöma risk och planera säkerhet" in page
    assert "7 dagar" in page
    assert "HSLF-FS 2022:39" in page


def test_the_diagram_can_be_taken_to_an_editor(as_):
    answer = as_(accounts.user(Role.CASEWORKER)).get(address("file", "vinr_adult", 1))

    assert answer["Content-Disposition"] == 'attachment; filename="vinr_adult-1.bpmn"'
    assert html.fromstring(answer.content.split(b"?>", 1)[1]) is not None


@pytest.mark.parametrize("page", ["version", "file"])
def test_a_draft_does_not_exist_for_others(as_, petra, page):
    draft(petra)

    found = as_(accounts.user(Role.CASEWORKER)).get(address(page, "vinr_adult", NEXT))
    absent = as_(accounts.user(Role.CASEWORKER)).get(address(page, "vinr_adult", 999))

    assert (found.status_code, absent.status_code) == (404, 404)


@pytest.mark.parametrize("address", ["/intern/processer/nonsense/", "/intern/processer/nonsense/1/"])
def test_a_process_that_is_not_there_is_not_found(as_, petra, address):
    assert as_(petra).get(address).status_code == 404


# ── The whole way ─────────────────────────────────────────────────────────


def test_a_changed_process_goes_from_file_to_published_by_two(as_, petra, kerstin):
    client = as_(petra)
    answer = client.post(address("upload"), {"file": bpmn(changed()), "note": "Två dygn för skyddsbedömningen"}, follow=True)
    assert "PT48H" in words(answer)
    assert "Föreslå" not in words(answer)

    trial = address("trial", "vinr_adult", NEXT)
    client.post(trial, {"doing": "begin", "age_group": "adult"})
    for answers in ({"protection": "none", "assessment": "decline"}, {"closing_reason": "no_investigation"}):
        page = html.fromstring(client.get(trial).content)
        answer = client.post(
            trial, {"doing": "step", "task": page.xpath("//input[@name='task']/@value")[0], **answers}, follow=True
        )
    assert "Ärendet kom till sitt slut" in words(answer)

    today = dt.date.today().isoformat()
    answer = client.post(address("propose", "vinr_adult", NEXT), {"valid_from": today}, follow=True)
    assert "Föreslagen" in words(answer)
    assert client.get(address("publish", "vinr_adult", NEXT)).status_code == 403

    client = as_(kerstin)
    assert "Två dygn för skyddsbedömningen" in words(client.get(address("processes")))
    page = client.get(address("publish", "vinr_adult", NEXT))
    seen = html.fromstring(page.content).xpath("//input[@name='seen']/@value")
    answer = client.post(address("publish", "vinr_adult", NEXT), {"seen": seen}, follow=True)
    assert "Publicerad" in words(answer)
    assert "föreslagen av Petra, publicerad av Kerstin" in words(client.get(address("process", "vinr_adult")))


def test_faults_are_told_and_nothing_is_saved(as_, petra):
    data = changed().replace(b"Handl\xc3\xa4ggare", b"Tomte").replace(b"bpmn:userTask", b"bpmn:scriptTask")

    answer = as_(petra).post(address("upload"), {"file": bpmn(data), "note": "Ny"})

    assert answer.status_code == 422
    assert "skulle köra kod: bara registrerade steg får köras" in words(answer)
    assert "Ny" in words(answer)
    assert not Version.objects.exists()


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"%PDF-1.7", b"x" * 1_000_001])
def test_what_is_no_diagram_is_told_at_the_field(as_, petra, data):
    answer = as_(petra).post(address("upload"), {"file": bpmn(data), "note": "Ny"})

    assert answer.status_code == 422
    assert "Kontrollera" in words(answer) or "filen" in words(answer).lower()


def test_a_draft_is_thrown_away(as_, petra):
    draft(petra)

    answer = as_(petra).post(address("discard", "vinr_adult", NEXT), follow=True)

    assert "Utkastet är borta." in words(answer)
    assert not Version.objects.exists()


def test_an_answer_that_lacks_in_the_sandbox_is_told_at_the_field(as_, petra):
    draft(petra)
    client, trial = as_(petra), address("trial", "vinr_adult", NEXT)
    client.post(trial, {"doing": "begin", "age_group": "adult"})
    task = html.fromstring(client.get(trial).content).xpath("//input[@name='task']/@value")[0]

    answer = client.post(trial, {"doing": "step", "task": task, "protection": "none"})

    assert answer.status_code == 422
    assert "Ska en utredning inledas?" in words(answer)
    assert client.post(trial, {"doing": "wait", "days": "0"}).status_code == 422
    assert client.post(trial, {"doing": "step", "task": "nonsense"}).status_code == 409


def test_the_sandbox_lets_what_a_branch_waits_for_happen_once(as_, petra):
    draft(petra)
    client, trial = as_(petra), address("trial", "vinr_adult", NEXT)
    client.post(trial, {"doing": "begin", "age_group": "adult"})
    assert "En bedömning visar fara" in words(client.get(trial))

    answer = client.post(trial, {"doing": "event", "event": "danger"}, follow=True)

    assert "Ordna akut skydd" in words(answer)
    assert not html.fromstring(answer.content).xpath("//input[@name='event']")
    assert client.post(trial, {"doing": "event", "event": "danger"}).status_code == 409


# ── Moving cases ──────────────────────────────────────────────────────────


def test_cases_are_checked_and_moved_by_number_only(as_, petra, kerstin):
    case = casework.case(by=kerstin)
    published(petra, kerstin)
    client = as_(petra)

    front = words(client.get(reverse("casework:moves")))
    assert f"Flytta till version {NEXT}" in front
    answer = client.post(reverse("casework:order-move", args=["vinr_adult", NUMBER, NEXT]), {"only": case.number}, follow=True)
    assert "Prövas" in words(answer)
    move = Move.objects.get()
    Move.objects.update(status="checked", total=1, fits=1, stuck=[["V-22222", "Den passar inte."]])

    page = words(client.get(reverse("casework:move", args=[move.pk])))

    assert "Flytta 1 ärende" in page
    assert "V-22222 Den passar inte." in page
    client.post(reverse("casework:move", args=[move.pk]))
    assert Move.objects.get().status == "moving"
    assert client.get(reverse("casework:case", args=[case.number])).status_code == 403


def test_pages_of_versions_cost_as_much_for_many_as_for_few(as_, petra, kerstin, django_assert_max_num_queries):
    tried(draft(petra), petra)
    client = as_(petra)
    client.get(address("processes"))
    for number in range(NEXT + 1, NEXT + 7):
        Version.objects.create(
            key="vinr_adult", number=number, name="x", xml="x", note="x", uploaded_by=petra, uploaded_at=casework.MONDAY
        )

    with django_assert_max_num_queries(14):
        client.get(address("processes"))
    with django_assert_max_num_queries(14):
        client.get(address("process", "vinr_adult"))
