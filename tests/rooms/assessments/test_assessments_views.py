"""The pages of assessments, without JavaScript: filled in on a case, uploaded by the process owner, agreed to by another."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.assessments.models import Assessment, Version
from tests.factories import accounts, assessments, casework, persons
from tests.factories.assessments import GRAVE, MILD, SHIPPED

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]


@pytest.fixture
def vera():
    return accounts.user(Role.CASEWORKER, name="Vera", unit=casework.unit())


@pytest.fixture
def petra():
    return accounts.user(Role.PROCESS_OWNER, name="Petra")


@pytest.fixture
def case(vera):
    return casework.case(by=vera, at=timezone.now(), person_id=persons.person(name="Selma Solvända").pk)


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def address(page: str, *args) -> str:
    return reverse(f"assessments:{page}", args=args)


def words(response) -> str:
    """What stands on the page, a blank between the cells."""
    texts = html.fromstring(response.content).xpath("//body//text()[not(ancestor::script)]")
    return " ".join(" ".join(texts).split())


def sent(case, given, *, shown=None, **more) -> dict[str, str]:
    """What a browser sends of a page that had the questions `shown`, all that are answered without."""
    person = {"person": str(case.person_id)} if case.person_id else {}
    answers = {f"q-{name}": answer for name, answer in given.items()}
    day = timezone.localdate().isoformat()
    return {**person, "happened_on": day, "shown": " ".join(shown or [*given, "tryggare"]), **answers, **more}


def xlsx(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("form.xlsx", data)


# ── On a case ─────────────────────────────────────────────────────────────


def test_a_caseworker_assesses_and_reads_the_result(as_, case, vera):
    client, fill_in = as_(vera), address("assess", case.number, SHIPPED, 1)
    page = client.get(fill_in)
    assert "Hur trygg känner du dig där du bor just nu?" in words(page)
    assert "Hur ofta ses ni" not in words(page), "it isn't asked before someone is feared"

    answer = client.post(fill_in, sent(case, {**MILD, "hemma": "2"}), follow=True)

    assert "Mest trygg" in words(answer)
    assert "Hur trygg känner du dig där du bor just nu? Otrygg" in words(answer)
    assert Assessment.objects.get().score == "2"


def test_answers_that_lead_to_more_questions_bring_them_and_lose_nothing(as_, case, vera):
    client, fill_in = as_(vera), address("assess", case.number, SHIPPED, 1)
    first = {name: answer for name, answer in GRAVE.items() if name in MILD}

    more = client.post(fill_in, sent(case, {**first, "tryggare": "Ett lås."}))

    page = html.fromstring(more.content)
    assert more.status_code == 200
    assert "Dina svar gav följdfrågor" in words(more)
    assert page.xpath("//input[@name='q-hemma' and @value='2' and @checked]")
    assert "Ett lås." in words(more)
    assert page.xpath("//input[@name='q-skadas']")
    assert not page.xpath("//*[contains(@class, 'govuk-error-message')]"), "nobody is blamed for what wasn't asked"
    assert not Assessment.objects.exists()

    client.post(fill_in, sent(case, GRAVE))

    assert Assessment.objects.get().level == "fara"


def test_what_isnt_answered_is_told_at_its_field(as_, case, vera):
    answer = as_(vera).post(address("assess", case.number, SHIPPED, 1), sent(case, {"hemma": "1"}, shown=[*MILD, "tryggare"]))

    page = html.fromstring(answer.content)
    assert answer.status_code == 422
    assert len(page.xpath("//p[contains(@class, 'govuk-error-message')]")) == len(MILD) - 1
    assert page.xpath("//input[@name='q-hemma' and @value='1' and @checked]")


def test_an_answer_that_isnt_one_of_the_answers_is_refused(as_, case, vera):
    answer = as_(vera).post(address("assess", case.number, SHIPPED, 1), sent(case, {**MILD, "hemma": "9 <script>"}))

    assert answer.status_code == 422
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("day", ["2999-01-01", "igår", ""])
def test_a_day_that_cant_be_is_refused(as_, case, vera, day):
    answer = as_(vera).post(address("assess", case.number, SHIPPED, 1), sent(case, MILD, happened_on=day))

    assert answer.status_code == 422
    assert not Assessment.objects.exists()


def test_a_danger_is_a_step_to_do_today_on_the_case(as_, case, vera):
    client = as_(vera)

    client.post(address("assess", case.number, SHIPPED, 1), sent(case, GRAVE))

    page = words(client.get(reverse("casework:case", args=[case.number])))
    assert page.index("Att göra nu") < page.index("Ordna akut skydd")
    step = casework.open_step(case, "protect_now")
    form = words(client.get(reverse("casework:step", args=[case.number, step.pk])))
    assert "Hur är skyddet ordnat?" in form
    assert "Ordna skydd samma dag" in form


def test_a_danger_stands_first_on_the_case_and_in_the_leaders_list(as_, case, vera):
    as_(vera).post(address("assess", case.number, SHIPPED, 1), sent(case, GRAVE))
    client = as_(casework.leader())

    page = words(client.get(reverse("casework:case", args=[case.number])))
    listed = words(client.get(address("reviews"), {"which": "danger"}))
    alerts = words(client.get(reverse("oversight:alerts")))

    assert page.index("Någon kan vara i fara") < page.index("Att göra nu")
    assert "Gör en omedelbar skyddsbedömning." in page
    assert case.number in listed
    assert "En bedömning visar att någon kan vara i fara" in alerts
    assert case.number in alerts


def test_why_it_couldnt_be_made_is_kept(as_, case, vera):
    client = as_(vera)
    said = {"person": str(case.person_id), "outcome": "declined", "words": "Ville vänta.", "review_on": ""}

    bad = client.post(address("not-done", case.number, SHIPPED, 1), {**said, "outcome": "done"})
    good = client.post(address("not-done", case.number, SHIPPED, 1), said, follow=True)

    assert bad.status_code == 422
    assert "Personen avböjde" in words(good)
    made = Assessment.objects.get()
    assert "Ville vänta." in words(client.get(address("assessment", made.pk)))


def test_a_case_without_a_known_person_can_be_assessed(as_, vera):
    case = casework.case(by=vera, at=timezone.now())

    as_(vera).post(address("assess", case.number, SHIPPED, 1), sent(case, MILD))

    assert Assessment.objects.get().person_id is None


def test_the_page_of_an_assessment_shows_how_it_has_been(as_, case, vera):
    now = timezone.now()
    for hours, home in ((3, "0"), (2, "2")):
        last = assessments.assessment(case, by=vera, at=now - dt.timedelta(hours=hours), given={**MILD, "hemma": home})

    page = html.fromstring(as_(vera).get(address("assessment", last.pk)).content)

    rows = page.xpath("//section[@aria-labelledby='history']//tbody/tr")
    assert [[" ".join(cell.text_content().split()) for cell in row.xpath("td")][1:3] for row in rows] == [["2", "+2"], ["0", "–"]]


def test_who_isnt_in_the_case_finds_no_page(as_, case, vera):
    made = assessments.assessment(case, by=vera, at=timezone.now())
    client = as_(accounts.user(Role.CASEWORKER, unit=casework.unit()))
    pages = [address("of-case", case.number), address("assess", case.number, SHIPPED, 1), address("assessment", made.pk)]

    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


def test_an_instrument_that_isnt_there_has_no_page(as_, case, vera):
    client = as_(vera)

    assert client.get(address("assess", case.number, SHIPPED, 7)).status_code == 404
    assert client.get(address("assess", case.number, "freda", 1)).status_code == 404
    assert client.get(address("version", "freda", 1)).status_code == 404


def test_no_list_asks_more_for_more_rows(as_, vera):
    def asked(*pages):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            for page in pages:
                assert client.get(page).status_code == 200
        return len(caught)

    client, at = as_(vera), timezone.now() - dt.timedelta(days=400)
    cases = [casework.case(by=vera, at=at, person_id=persons.person().pk) for _ in range(3)]
    pages = address("reviews"), address("of-case", cases[0].number), reverse("casework:case", args=[cases[0].number])
    assessments.assessment(cases[0], by=vera, at=at, given=GRAVE)
    asked(*pages)
    one = asked(*pages)

    for case in cases:
        assessments.assessment(case, by=vera, at=at + dt.timedelta(hours=1), given=GRAVE)
        assessments.assessment(case, by=vera, at=at + dt.timedelta(hours=2), given=GRAVE)

    assert asked(*pages) == one


# ── Instruments ───────────────────────────────────────────────────────────


def test_an_instrument_goes_from_file_to_use_through_two_people(as_, petra, case, vera):
    client = as_(petra)
    client.post(address("upload"), {"file": xlsx(assessments.xlsform()), "note": "Våra två frågor."})
    version = Version.objects.get()
    assert "Föreslå" not in words(client.get(address("version", version.key, 1)))
    tried = client.post(address("trial", version.key, 1), {"q-radd": "0", "shown": "radd"})
    assert "Låg" in words(tried)
    client.post(address("propose", version.key, 1), {"valid_from": timezone.localdate().isoformat()})

    kerstin = as_(casework.leader())
    assert "Publicera" in words(kerstin.get(address("version", version.key, 1)))
    asked = kerstin.get(address("publish", version.key, 1))
    assert kerstin.post(address("publish", version.key, 1), {"seen": "annat"}).status_code == 409
    kerstin.post(address("publish", version.key, 1), {"seen": asked.context["form"].initial["seen"]})

    assert "Två frågor" in words(as_(vera).get(address("of-case", case.number)))


def test_faults_are_told_with_sheet_row_and_reason(as_, petra):
    survey = (("type", "name", "label", "relevant"), ("range", "a", "Hur mycket?", ""), ("text", "b", "Vad?", "pulldata('x')"))

    answer = as_(petra).post(address("upload"), {"file": xlsx(assessments.xlsform(survey=survey)), "note": "Ny."})

    assert answer.status_code == 422
    assert "Blad survey, rad 2, kolumn type: ”range” är en typ som vi inte har." in words(answer)
    assert "Blad survey, rad 3, kolumn relevant: pulldata() är en funktion som vi inte har." in words(answer)
    assert "Ny." in words(answer)
    assert not Version.objects.exists()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>", b"\x00" * 1_100_000])
def test_a_file_that_isnt_a_form_is_refused_with_words(as_, petra, data):
    answer = as_(petra).post(address("upload"), {"file": xlsx(data), "note": "Ny."})

    assert answer.status_code == 422


def test_the_shipped_form_can_be_fetched_and_uploaded_again(as_, petra):
    client = as_(petra)
    form = client.get(address("file", SHIPPED, 1))

    answer = client.post(address("upload"), {"file": xlsx(form.content), "note": "Samma."}, follow=True)

    assert "Trygghet i vardagen, version 2" in words(answer)


def test_a_draft_is_thrown_away_and_a_proposal_sent_back(as_, petra):
    version = assessments.tried(assessments.draft(by=petra), by=petra)
    client = as_(petra)
    client.post(address("propose", version.key, 1), {"valid_from": timezone.localdate().isoformat()})
    client.post(address("send-back", version.key, 1))
    client.post(address("discard", version.key, 1))

    assert not Version.objects.exists()


def test_a_version_cant_begin_yesterday(as_, petra):
    version = assessments.tried(assessments.draft(by=petra), by=petra)
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    answer = as_(petra).post(address("propose", version.key, 1), {"valid_from": yesterday.isoformat()})

    assert answer.status_code == 422


def test_everyone_who_works_here_reads_the_instruments(as_):
    client = as_(accounts.user(Role.COUNCILLOR))

    assert "Trygghet i vardagen" in words(client.get(address("instruments")))
    assert "Gör en omedelbar skyddsbedömning." in words(client.get(address("version", SHIPPED, 1)))
    assert client.get(address("upload")).status_code == 403
