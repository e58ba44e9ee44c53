"""The pages of internal control, without JavaScript: draw, review case by case, sign off, read, save as a file."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.rooms.casework.actions.walls import put_wall
from fridhem.rooms.reviews import actions, disposal, rules
from fridhem.rooms.reviews.enums import Standing
from fridhem.rooms.reviews.models import DrawnCase, Measure, Review
from tests.factories import accounts, casework, reviews
from tests.factories.reviews import AT

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]


@pytest.fixture
def leader():
    return casework.leader()


@pytest.fixture
def desk(client, leader):
    client.force_login(leader)
    return client


def url(name: str, *given) -> str:
    return reverse(f"reviews:{name}", args=given)


def queries_for(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_sample_is_drawn_reviewed_signed_off_and_read(desk, leader):
    for _ in range(6):
        casework.case()
    today = timezone.localdate()
    days = {"first_day": dt.date(2026, 1, 1), "last_day": today}

    to_review = desk.post(url("draw"), {"process": "vinr_adult", "size": "100", "size_by": "percent", **days})
    review = Review.objects.get()
    page = desk.get(to_review.url).content.decode()
    assert "6 av 6 ärenden" in page and str(review.seed) in page
    for number in range(1, 7):
        answer = desk.post(url("case", review.pk, number), {"finish": "1", "revision": 0, **reviews.answers()})
        assert answer.url == (url("case", review.pk, number + 1) if number < 6 else url("review", review.pk))
    owner, due = accounts.user(unit=leader.unit), today + dt.timedelta(days=9)
    desk.post(url("measure", review.pk), {"what": "Gå igenom rutinen.", "owner": owner.pk, "due_date": due})
    desk.post(url("finish-measure", review.pk, Measure.objects.get().pk))
    to_report = desk.post(url("sign-off", review.pk), {"findings": "Skyddet bedöms i tid."})

    report = desk.get(to_report.url).content.decode()
    assert to_report.url == url("report", review.pk)
    assert "Skyddet bedöms i tid." in report and "Gå igenom rutinen." in report
    assert "60–100" in report, "Wilson's interval of 6 of 6"
    listed = desk.get(url("reviews")).content.decode()
    assert url("report", review.pk) in listed


def test_two_clicks_draw_one_sample_and_decide_one_measure(desk, leader):
    for _ in range(12):
        casework.case()
    given = {"process": "vinr_adult", "size": "4", "size_by": "cases", "first_day": "2026-01-01", "last_day": "2026-11-03"}
    given["submission"] = desk.get(url("draw")).context["form"]["submission"].value()

    first, second, other = (desk.post(url("draw"), {**given, "size": size}) for size in ("4", "4", "5"))
    review = Review.objects.get(strata__0__2=4)
    page = desk.get(url("measure", review.pk)).context["form"]
    owner, due = accounts.user(unit=leader.unit), timezone.localdate() + dt.timedelta(days=9)
    said = {"submission": page["submission"].value(), "what": "Gå igenom rutinen.", "owner": owner.pk, "due_date": due}
    for what in ("Gå igenom rutinen.", "Gå igenom rutinen.", "Utbilda."):
        desk.post(url("measure", review.pk), {**said, "what": what})

    assert first.url == second.url != other.url
    assert (Review.objects.count(), Measure.objects.count()) == (2, 2), "what was changed is another one"
    assert Entry.objects.filter(verb="reviews.review.drawn").count() == 2


def test_what_the_system_knows_is_proposed_with_its_reason_and_the_law(desk, leader):
    review = reviews.drawn(by=leader, cases=1)

    page = desk.get(url("case", review.pk, 1))

    form, text = page.context["form"], page.content.decode()
    assert form.initial["risk_assessed"] == "not_applicable"
    assert "Systemets svar är ”Gäller inte”. Ärendet har inte kommit till det steget." in text
    assert "HSLF-FS 2022:39" in text and DrawnCase.objects.get().case.number in text


def test_an_unfinished_case_says_what_is_missing_and_keeps_what_was_written(desk, leader):
    review = reviews.drawn(by=leader, cases=1)

    said = {"risk_assessed": "no", "comment_risk_assessed": "Saknas i akten.", "revision": 0}
    refused = desk.post(url("case", review.pk, 1), {"finish": "1", **said})
    draft = desk.post(url("case", review.pk, 1), said)
    page = desk.get(url("case", review.pk, 1)).content.decode()

    assert refused.status_code == 422
    assert "Saknas i akten." in refused.content.decode() and "Välj ett svar" in refused.content.decode()
    assert draft.url == url("review", review.pk)
    assert "Saknas i akten." in page and "Sparat" in page


def test_a_draft_is_saved_while_one_answers(desk, leader):
    review = reviews.drawn(by=leader, cases=1)

    part = desk.post(url("case", review.pk, 1), {"risk_assessed": "no", "revision": 0}, headers={"HX-Request": "true"})

    assert part.status_code == 200
    assert 'name="revision" value="1"' in part.content.decode() and "<html" not in part.content.decode()
    assert DrawnCase.objects.get().answers == {"risk_assessed": "no"}


def test_a_draft_that_is_saved_after_the_whole_is_refused_and_nothing_written_is_lost(desk, leader):
    review = reviews.drawn(by=leader, cases=1)
    desk.post(url("case", review.pk, 1), {"finish": "1", "revision": 0, **reviews.answers()})
    late = {"revision": 0, "risk_assessed": "no", "comment_risk_assessed": "Sent."}

    drafted = desk.post(url("case", review.pk, 1), late, headers={"HX-Request": "true"})
    saved = desk.post(url("case", review.pk, 1), late)

    assert drafted.status_code == saved.status_code == 422
    assert "Det som har sparats under tiden" in saved.content.decode() and "Sent." in saved.content.decode()
    assert DrawnCase.objects.get().status == Standing.DONE


def test_a_colleagues_answers_are_shown_before_they_are_written_over(desk, leader):
    review = reviews.drawn(by=leader, cases=1)
    one = reviews.cases(review, leader)[0]
    said = {"risk_assessed": "Hennes kommentar."}
    actions.save(one, by=casework.leader(), at=AT, revision=0, answers=reviews.answers(), comments=said, finish=True)
    mine = {"finish": "1", "revision": 0, "comment_risk_assessed": "Min kommentar.", **reviews.answers("no")}

    drafted = desk.post(url("case", review.pk, 1), mine, headers={"HX-Request": "true"})
    refused = desk.post(url("case", review.pk, 1), mine)
    again = desk.post(url("case", review.pk, 1), {**mine, "revision": 1})

    assert drafted.status_code == refused.status_code == 422
    assert 'name="revision" value="0"' in drafted.content.decode(), "a draft doesn't go over it unread"
    text = refused.content.decode()
    assert "Hennes kommentar." in text and "Min kommentar." in text and 'name="revision" value="1"' in text
    assert again.status_code == 302
    assert reviews.cases(review, leader)[0].comments == {"risk_assessed": "Min kommentar."}


def test_a_case_is_left_out_with_a_reason(desk, leader):
    review = reviews.drawn(by=leader, cases=2)

    refused = desk.post(url("leave-out", review.pk, 1), {"why": "other", "revision": 0})
    out = desk.post(url("leave-out", review.pk, 1), {"why": "involved", "revision": 0})

    assert (refused.status_code, out.url) == (422, url("case", review.pk, 2))
    assert "Jag har själv arbetat i ärendet" in desk.get(url("review", review.pk)).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"size": "0"}, {"size": "många"}, {"last_day": "2025-12-31"}, {"first_day": "igår"}, {"process": "x"}, {"size": "101"}],
)
def test_a_sample_that_can_not_be_drawn_is_refused_at_the_field(desk, wrong):
    casework.case()
    given = {"process": "vinr_adult", "size": "10", "size_by": "percent", "first_day": "2026-01-01", "last_day": "2026-11-03"}

    refused = desk.post(url("draw"), {**given, **wrong})

    assert refused.status_code == 422 and set(refused.context["form"].errors) == set(wrong) and not Review.objects.exists()


def test_a_time_without_cases_is_said_at_the_field(desk):
    given = {"process": "vinr_adult", "size": "10", "size_by": "cases", "first_day": "2026-01-01", "last_day": "2026-11-03"}

    refused = desk.post(url("draw"), given)

    assert refused.status_code == 422 and "first_day" in refused.context["form"].errors


def test_the_report_as_a_file_has_the_figures_of_the_page_and_stands_in_the_record(desk, leader):
    review = reviews.signed(by=leader, cases=12, no=2)

    text = desk.get(url("file", review.pk, "csv")).content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(desk.get(url("file", review.pk, "xlsx")).content))

    rows = [line.split(";") for line in text.splitlines()]
    assert rows[0] == ["Fråga", "Ja", "Nej", "Gäller inte", "Ja, %", "Minst, %", "Högst, %"]
    assert rows[4] == ["Är risken bedömd och säkerheten planerad?", "..", "..", "0", "–", "–", "–"]
    assert [str(cell.value) for cell in book["Siffror"][5]] == rows[4]
    about = [[cell.value for cell in row] for row in book["Om egenkontrollen"].rows]
    assert [key for key, _words in about] == ["Kärnprocess", "Ärenden som öppnats", "Enhet", "Fastställd av"]
    assert Entry.objects.filter(verb="reviews.report.taken_out", subject=review.pk).count() == 2
    assert desk.get(url("file", review.pk, "pdf")).status_code == 404


def test_a_process_owner_reads_the_figures_and_none_of_the_words(client, leader):
    review, open_one = reviews.signed(by=leader), reviews.drawn(by=leader)
    client.force_login(accounts.user(Role.PROCESS_OWNER))

    report = client.get(url("report", review.pk)).content.decode()

    assert "Skyddet bedöms i tid." not in report and "Är risken bedömd och säkerheten planerad?" in report
    assert client.get(url("report", open_one.pk)).status_code == 404
    assert client.get(url("review", review.pk)).status_code == 403
    assert client.get(url("case", review.pk, 1)).status_code == 403


def test_a_leader_who_is_walled_off_from_a_drawn_case_is_not_told_the_figures(desk, client, leader):
    review = reviews.signed(by=leader, cases=12)
    shut_out, one = casework.leader(), reviews.cases(review, leader)[0]
    assert desk.get(url("report", review.pk)).context["lines"]
    with accounts.at_work(leader):
        put_wall(one.case, user=shut_out, ground="named", by=leader, at=AT)
    client.force_login(shut_out)

    report = client.get(url("report", review.pk))

    assert report.context["lines"] is None and "Du ser inte alla ärenden i urvalet." in report.content.decode()
    assert [client.get(url("file", review.pk, kind)).status_code for kind in ("csv", "xlsx")] == [404, 404]
    assert "11 av 11" in client.get(url("review", review.pk)).content.decode(), "what she may read she may count"


def test_what_was_destroyed_with_a_case_is_not_computed_from_the_report(desk, leader):
    review = reviews.signed(by=leader)
    disposal.dispose(reviews.cases(review, leader)[0].case_id)

    assert desk.get(url("report", review.pk)).context["lines"] is None


def test_a_report_of_a_time_that_has_been_reported_says_why_it_has_no_figures(desk, leader):
    reviews.signed(by=leader, cases=12)
    again = reviews.reviewed(reviews.drawn(by=leader, cases=0, size=13), by=leader)
    assert "Därför får den här inga" in desk.get(url("review", again.pk)).content.decode()

    to_report = desk.post(url("sign-off", again.pk), {"findings": "Som förra gången."})

    report = desk.get(to_report.url).content.decode()
    assert "Två rapporter om nästan samma ärenden" in report and "Som förra gången." in report
    assert desk.get(url("file", again.pk, "csv")).status_code == 404


def test_the_days_that_are_proposed_are_the_last_whole_half_year(desk):
    page = desk.get(url("draw"))

    assert page.context["form"].initial["last_day"] < timezone.localdate()
    assert [rules.last_period(day) for day in (dt.date(2026, 7, 1), dt.date(2026, 6, 30))] == [
        (dt.date(2026, 1, 1), dt.date(2026, 6, 30)),
        (dt.date(2025, 7, 1), dt.date(2025, 12, 31)),
    ]


def test_a_leader_of_another_unit_finds_nothing(client, leader):
    review = reviews.signed(by=leader)
    client.force_login(accounts.user(Role.TEAM_LEADER, unit=accounts.unit("Barn")))

    pages = [url("review", review.pk), url("case", review.pk, 1), url("report", review.pk), url("file", review.pk, "csv")]
    assert [client.get(page).status_code for page in pages] == [404] * 4
    assert "Inget ärende har granskats än" in client.get(url("reviews")).content.decode()


def test_who_does_not_see_every_case_is_told_who_can_sign_off(desk, client, leader):
    review = reviews.reviewed(reviews.drawn(by=leader), by=leader)
    shut_out = casework.leader()
    assert url("sign-off", review.pk) in desk.get(url("review", review.pk)).content.decode()
    with accounts.at_work(leader):
        put_wall(reviews.cases(review, leader)[0].case, user=shut_out, ground="named", by=leader, at=AT)
    client.force_login(shut_out)

    page = client.get(url("review", review.pk)).content.decode()
    refused = client.post(url("sign-off", review.pk), {"findings": "Allt väl."})

    assert url("sign-off", review.pk) not in page and "En kollega som ser alla ärenden" in page
    assert refused.status_code == 409


def test_a_signed_case_is_shown_and_can_not_be_changed(desk, leader):
    review = reviews.signed(by=leader)

    page = desk.get(url("case", review.pk, 1)).content.decode()
    refused = desk.post(url("case", review.pk, 1), {"finish": "1", "revision": 1, **reviews.answers("no")})

    assert 'name="finish"' not in page and "disabled" in page
    assert refused.status_code == 409
    assert DrawnCase.objects.filter(answers__risk_assessed="no").count() == 0


def test_no_page_asks_more_of_the_database_for_more_cases(desk, leader):
    small, large = reviews.drawn(by=leader, cases=2, size=2), reviews.drawn(by=leader, cases=5, size=7)
    reviews.reviewed(large, by=leader, no=1)

    counts = [queries_for(desk, url("review", each.pk)) for each in (small, large)]
    cases = [queries_for(desk, url("case", each.pk, 1)) for each in (small, large)]
    before = queries_for(desk, url("reviews"))
    reviews.drawn(by=leader, cases=1)

    assert counts[0] == counts[1]
    assert queries_for(desk, url("reviews")) == before
    assert abs(cases[0] - cases[1]) <= 1, "the comments of a saved case are opened"
