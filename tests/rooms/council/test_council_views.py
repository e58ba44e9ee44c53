"""The pages of the room, as each role meets them."""

from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.council.models import Document, Matter
from tests.factories import accounts, council

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_role(client):
    def sign_in(role: str):
        client.force_login(accounts.user(role))
        return client

    return sign_in


def test_the_room_is_closed_to_those_who_have_not_signed_in(client):
    assert client.get(reverse("council:matters")).status_code == 302


def test_a_councillor_finds_a_matter_and_reads_it(as_role):
    council.take_in(council.memo("KS 2025/10", title="Trygga trapphus"), council.memo("KS 2025/11", title="Skyddat boende"))
    councillor = as_role(Role.COUNCILLOR)

    listed = councillor.get(reverse("council:matters"), {"q": "KS-2025:10"}).content.decode()
    shown = councillor.get(reverse("council:matter", args=[Matter.objects.get(title="Trygga trapphus").pk])).content.decode()

    assert "Trygga trapphus" in listed
    assert "Skyddat boende" not in listed
    assert reverse("council:take_in") not in listed
    assert "KS 2025/10" in shown
    assert "Kommunstyrelsen antar förslaget." in shown


def test_htmx_gets_the_rows_only(as_role):
    council.take_in(council.memo(title="Trygga trapphus"))

    part = as_role(Role.AUDITOR).get(reverse("council:matters"), headers={"HX-Request": "true"}).content.decode()

    assert "Trygga trapphus" in part
    assert "<html" not in part


def test_the_list_is_paged_in_the_database(as_role, django_assert_max_num_queries):
    council.take_in(*[council.memo(f"KS 2025/{number}", title=f"Ärende {number}") for number in range(1, 28)])
    councillor = as_role(Role.COUNCILLOR)

    with django_assert_max_num_queries(10):
        second = councillor.get(reverse("council:matters"), {"page": "2"}).content.decode()

    assert second.count('<th scope="row"') == 2
    assert councillor.get(reverse("council:matters"), {"page": "99x"}).status_code == 200


def test_a_document_shows_its_findings_in_place_and_nothing_in_it_is_run(as_role):
    text = council.memo("KS 2025/10", title="Trygga <img src=x onerror=alert(1)> trapphus")
    (document,) = council.take_in(text)

    page = as_role(Role.COUNCILLOR).get(reverse("council:document", args=[document.pk])).content.decode()

    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    number = next(index for index, place in enumerate(document.findings) if place["key"] == "diarienummer")
    assert f'id="f{number}"></span>KS 2025/10</mark>' in page
    assert f'href="#f{number}"' in page


def test_unknown_matters_and_documents_are_not_found(as_role):
    councillor = as_role(Role.COUNCILLOR)
    nobody = "00000000-0000-0000-0000-000000000000"

    assert councillor.get(reverse("council:matter", args=[nobody])).status_code == 404
    assert councillor.get(reverse("council:document", args=[nobody])).status_code == 404


def test_nothing_chosen_is_said_at_the_field(as_role):
    answer = as_role(Role.STRATEGIST).post(reverse("council:take_in"), {})

    assert answer.status_code == 422
    assert answer.context["form"].errors["documents"]


def test_more_than_what_is_taken_at_a_time_is_said_at_the_field(as_role):
    secretary = as_role(Role.SECRETARY)
    sent = [SimpleUploadedFile(f"{number}.txt", b"a" * (14 * 1024 * 1024)) for number in range(2)]

    answer = secretary.post(reverse("council:take_in"), {"documents": sent}, headers={"Accept-Language": "en"})

    assert answer.status_code == 422
    assert "28 MB together. Choose at most 25 MB" in answer.context["form"].errors["documents"][0]
    assert "25 MB at a time" in secretary.get(reverse("council:take_in"), headers={"Accept-Language": "en"}).content.decode()
    assert Document.objects.count() == 0


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.COUNCILLOR, Role.AUDITOR])
def test_others_may_not_take_in(as_role, role):
    client = as_role(role)

    assert client.get(reverse("council:take_in")).status_code == 403
    assert client.post(reverse("council:take_in"), {"documents": [SimpleUploadedFile("a.txt", b"hej")]}).status_code == 403
    assert Document.objects.count() == 0


def test_the_command_takes_in_and_names_the_files_that_it_could_not(tmp_path):
    secretary = accounts.user(Role.SECRETARY)
    good, bad = tmp_path / "bra.txt", tmp_path / "tom.txt"
    good.write_text(council.memo())
    bad.write_bytes(b"")
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match=r"2 of 3"):
        call_command(
            "council_take_in", str(bad), str(tmp_path / "finns-inte"), str(good), by=secretary.username, stdout=out, stderr=err
        )

    assert Document.objects.get().file_name == "bra.txt"
    assert [line.split(":")[0] for line in err.getvalue().splitlines()] == [str(bad), str(tmp_path / "finns-inte")]
    assert out.getvalue().startswith(str(good))


def test_the_command_wants_a_real_person(tmp_path):
    with pytest.raises(CommandError, match="nobody"):
        call_command("council_take_in", str(tmp_path), by="nobody")
