"""The pages: by number, to those whose work it is, in two languages, with as many questions for one row as for three."""

import csv
import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.rooms.retention import actions, queries
from fridhem.rooms.retention.models import DisposalList, Hold, Line, Matter
from tests.factories import accounts, retention

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def that_day(monkeypatch):
    """The pages stand on the day that the cases are due."""
    monkeypatch.setattr(timezone, "now", lambda: retention.TODAY)


@pytest.fixture
def as_user(client):
    def become(role, **given):
        user = accounts.user(role, **given)
        client.force_login(user)
        return user

    return become


def address(name, *args):
    return reverse(f"retention:{name}", args=args)


PAGES = ("overview", "lists", "holds", "rules", "proofs", "proof-file")


@pytest.mark.parametrize("role", Role.values)
def test_each_page_is_open_to_those_whose_work_it_is(client, as_user, role):
    as_user(role)
    sees = role in {Role.ADMINISTRATOR, Role.TEAM_LEADER, Role.PRIVACY_OFFICER}
    proof = sees or role == Role.AUDITOR

    answers = {name: client.get(address(name)).status_code for name in PAGES}

    open_, closed = (200 if sees else 403), (200 if proof else 403)
    assert answers == {**dict.fromkeys(PAGES[:3], open_), **dict.fromkeys(PAGES[3:], closed)}


def test_no_page_names_the_person(client, as_user):
    case = retention.closed_case()
    matter = retention.assessed(case)
    waits = actions.propose(by=retention.archivist(), at=retention.TODAY)
    name, number = case.person.sealed_name, case.person.sealed_number
    as_user(Role.TEAM_LEADER)

    pages = [address("overview"), address("matter", matter.pk), address("list", waits.pk), address("lists")]
    for page in (client.get(each).content.decode() for each in pages):
        assert name not in page
        assert number not in page
    assert case.number in client.get(address("overview")).content.decode()


def test_the_whole_way_by_two_people(client, as_user, carry_out):
    retention.closed_case(), retention.closed_case()
    actions.assess(at=retention.TODAY)
    as_user(Role.ADMINISTRATOR)
    assert "2 ärenden ska gallras" in client.get(address("propose")).content.decode()
    client.post(address("propose"))
    waits = DisposalList.objects.get()
    assert client.get(address("approve", waits.pk)).status_code == 403

    as_user(Role.TEAM_LEADER)
    assert "väntar på dig" in client.get(address("overview")).content.decode()
    line = waits.lines.first()
    missing = client.post(address("exclude", waits.pk, line.pk))
    assert (missing.status_code, "Välj ett skäl." in missing.content.decode()) == (422, True)
    client.post(address("exclude", waits.pk, line.pk), {"reason": "asked_for"})
    stale = client.post(address("approve", waits.pk), {"seal": waits.digest})
    assert stale.status_code == 409
    client.post(address("approve", waits.pk), {"seal": queries.seal_now(waits)})
    carry_out(waits)

    page = client.get(address("list", waits.pk)).content.decode()
    assert "1 ärende är förstört." in page
    rows = list(csv.reader(io.StringIO(client.get(address("proof-file")).content.decode("utf-8-sig")), delimiter=";"))
    assert (len(rows), rows[1][2]) == (2, "person_file")


def test_a_hold_is_put_with_its_reason_and_lifted(client, as_user):
    matter = retention.assessed(retention.closed_case())
    as_user(Role.TEAM_LEADER)
    url = address("hold", matter.pk)

    wrong = client.post(url, {"ground": "other", "review_on": "2027-01-01"})
    assert wrong.status_code == 422
    assert "Skriv vilket skäl." in wrong.content.decode()
    assert "Välj en dag efter i dag." in wrong.content.decode()
    client.post(url, {"ground": "court", "words": "Mål T 12-27.", "review_on": "2028-05-01"})

    page = client.get(address("matter", matter.pk)).content.decode()
    assert "Mål T 12-27." in page
    assert matter.number in client.get(address("holds")).content.decode()
    client.post(address("lift", Hold.objects.get().pk), {"words": "Domen har vunnit laga kraft."})
    assert "Inget stopp gäller" in client.get(address("holds")).content.decode()


def test_the_privacy_officer_stops_and_does_not_read_the_words(client, as_user):
    matter = retention.assessed(retention.closed_case())
    actions.hold(
        matter, by=retention.leader(), at=retention.TODAY, ground="court", words="Mål T 12-27.",
        review_on=retention.TODAY.date().replace(year=2029),
    )  # fmt: skip
    as_user(Role.PRIVACY_OFFICER)

    page = client.get(address("matter", matter.pk)).content.decode()

    assert "Domstol eller polis behöver det" in page
    assert "Mål T 12-27." not in page
    assert client.get(address("lift", Hold.objects.get().pk)).status_code == 403


def test_the_list_is_searched_by_number_and_filtered_by_reason(client, as_user):
    due, kept = retention.closed_case(), retention.closed_case(at=retention.TODAY)
    actions.assess(at=retention.TODAY)
    as_user(Role.ADMINISTRATOR)

    def shown(**query):
        page = client.get(address("overview"), query, headers={"HX-Request": "true"}).content.decode()
        return {number for number in (due.number, kept.number) if number in page}

    assert shown() == {due.number, kept.number}
    assert shown(q=due.number.lower()) == {due.number}
    assert shown(outcome="dispose") == {due.number}
    assert shown(outcome="until", ground="person_file") == {kept.number}
    assert shown(q="\0") == {due.number, kept.number}


def test_the_door_shows_how_many_are_due(client, as_user):
    retention.closed_case()
    actions.assess(at=retention.TODAY)
    as_user(Role.ADMINISTRATOR)

    assert '<span>Gallring</span> <span class="fh-count">1</span>' in client.get(address("rules")).content.decode()


def test_english_says_the_same(client, as_user):
    retention.assessed(retention.closed_case())
    as_user(Role.ADMINISTRATOR)
    client.cookies["l"] = "en"

    page = client.get(address("overview")).content.decode()

    assert "The person&#x27;s file is disposed of five years after the last note" in page
    assert "due now" in page


@pytest.mark.parametrize("name", ["matter", "hold", "lift", "list", "approve", "withdraw"])
def test_what_is_not_there_is_not_found(client, as_user, name):
    as_user(Role.TEAM_LEADER)

    assert client.get(address(name, uuid.uuid4())).status_code == 404


@pytest.mark.parametrize("name", ["overview", "lists", "holds", "proofs", "list"])
def test_a_page_asks_as_often_for_one_row_as_for_three(client, as_user, name):
    def asked():
        page = address("list", DisposalList.objects.get().pk) if name == "list" else address(name)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(page).status_code == 200
        return len(found)

    leader = retention.leader()
    first = retention.closed_case(by=leader)
    actions.assess(at=retention.TODAY)
    waits = actions.propose(by=retention.archivist(), at=retention.TODAY)
    put = {"by": leader, "at": retention.TODAY, "ground": "court", "review_on": retention.TODAY.date().replace(year=2029)}
    actions.hold(Matter.objects.get(pk=first.pk), **put)
    as_user(Role.ADMINISTRATOR)
    client.get(address(name) if name != "list" else address("list", waits.pk))
    one = asked()
    for _ in range(2):
        retention.closed_case(by=leader)
    actions.assess(at=retention.TODAY)
    for matter in Matter.objects.exclude(pk=first.pk):
        Line.objects.create(
            list=waits, kind="case", matter=matter.pk, number=matter.number, rule="person_file", law="lag", salt=b"1" * 16,
            gone_by=retention.TODAY.date(), digest=str(matter.pk),
        )  # fmt: skip
        actions.hold(matter, **put)

    assert asked() == one
