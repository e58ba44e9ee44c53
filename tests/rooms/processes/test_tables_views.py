"""The pages of decision tables, without JavaScript: read and tried by everyone, changed by their owner, agreed to by another."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.formats import date_format
from lxml import html

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.processes.tables import read_table
from fridhem.pure.refusals import NotNow
from fridhem.rooms.processes import actions, catalogue
from fridhem.rooms.processes.forms import TryTableForm
from fridhem.rooms.processes.models import Version
from tests.factories import accounts, casework
from tests.factories.processes import changed_table, dmn
from tests.rooms.processes.test_tables import KEY, draft, proposed, published

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


def file(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("tabell.dmn", data, content_type="application/xml")


def words(response) -> str:
    """What stands on the page, a blank between the cells."""
    texts = html.fromstring(response.content).xpath("//body//text()[not(ancestor::script)]")
    return " ".join(" ".join(texts).split())


def seen(page) -> str:
    """Which proposal a page to publish on was about."""
    return html.fromstring(page.content).xpath("//input[@name='seen']/@value")[0]


# ── Reading ───────────────────────────────────────────────────────────────


def test_everyone_reads_the_tables_in_words(as_):
    client = as_(accounts.user(Role.COUNCILLOR))

    front = words(client.get(address("tables")))
    page = client.get(address("table", KEY))

    assert "Vad kommer först: resan eller utredningen?" in front
    assert "Ladda upp" not in front
    heads = html.fromstring(page.content).xpath("//section[@aria-labelledby='rules']//table[1]//th[@scope='col']/text()")
    assert heads[:5] == [
        "Regel", "Risken för resa eller äktenskap", "Risken för nytt eller grövre våld", "Det här kommer först", "Anteckning",
    ]  # fmt: skip
    assert "vilket svar som helst" in words(page)
    assert "Hedersrelaterat våld och förtryck" in words(page)


def test_the_process_leads_to_the_table_that_it_asks(as_):
    page = html.fromstring(as_(accounts.user(Role.CASEWORKER)).get(address("process", "hrv")).content)

    assert page.xpath("//section[@aria-labelledby='tables']//a/@href") == [address("table", KEY)]


def test_the_table_can_be_taken_to_an_editor(as_):
    answer = as_(accounts.user(Role.CASEWORKER)).get(address("table-file", KEY, 1))

    assert answer["Content-Disposition"] == f'attachment; filename="{KEY}-1.dmn"'
    assert answer.content == catalogue.tables()[KEY, 1].xml


@pytest.mark.parametrize("page", ["table-version", "table-file", "try-table"])
def test_a_draft_does_not_exist_for_others(as_, petra, page):
    draft(petra)
    client = as_(accounts.user(Role.CASEWORKER))

    assert [client.get(address(page, KEY, number)).status_code for number in (1, 2, 999)] == [200, 404, 404]


def test_a_table_is_no_process_and_a_process_no_table(as_, petra):
    draft(petra)
    client = as_(petra)

    assert client.get(address("table", "hrv")).status_code == 404
    assert client.get(address("version", KEY, 2)).status_code == 404
    assert client.get(address("propose", KEY, 2)).status_code == 404
    assert client.get(address("table-version", KEY, 2)).status_code == 200


# ── The whole way ─────────────────────────────────────────────────────────


def test_a_changed_table_goes_from_file_to_published_by_two(as_, petra, kerstin):
    client = as_(petra)
    answer = client.post(address("upload-table"), {"file": file(changed_table()), "note": "Resan först"}, follow=True)
    assert "Ändrad regel" in words(answer)
    assert "Fall som får ett annat svar" in words(answer)
    assert "Föreslå" not in words(answer)

    answer = client.post(address("try-table", KEY, 2), {"q-travel": "possible", "q-risk": "low"})
    assert (answer.status_code, "Regel 3 avgör, eftersom" in words(answer)) == (200, True)

    answer = client.post(address("propose-table", KEY, 2), {"valid_from": dt.date.today().isoformat()}, follow=True)
    assert "Föreslagen" in words(answer)
    assert client.get(address("publish-table", KEY, 2)).status_code == 403

    client = as_(kerstin)
    assert "Resan först" in words(client.get(address("tables")))
    (link,) = html.fromstring(client.get(address("table-version", KEY, 2)).content).xpath(
        "//a[contains(@href, '/publicera/')]/@href"
    )
    page = client.get(link)
    assert "version 2, i varje ärende" in words(page) and date_format(dt.date.today(), "j F Y") in words(page)
    assert "Publicerad" in words(client.post(address("publish-table", KEY, 2), {"seen": seen(page)}, follow=True))
    assert "föreslagen av Petra, publicerad av Kerstin" in words(client.get(address("table", KEY)))
    assert "version 2 avgör i dag" in words(client.get(address("process", "hrv")))


def test_a_proposal_is_sent_back_and_thrown_away(as_, petra, kerstin):
    proposed(petra)

    assert "Versionen är ett utkast igen." in words(as_(kerstin).post(address("send-table-back", KEY, 2), follow=True))
    answer = as_(petra).post(address("discard-table", KEY, 2), follow=True)

    assert answer.redirect_chain == [(address("tables"), 302)]
    assert not Version.objects.exists()


def test_nobody_publishes_something_else_than_what_she_read(as_, petra, kerstin):
    """The number is given to another file, and then the day is changed, while the page to publish on is open."""
    first = proposed(petra)
    client = as_(kerstin)
    address_read = f"{address('publish-table', KEY, 2)}?sett={first.proposal}"
    open_page = client.get(address_read)
    actions.discard(actions.send_back(first, by=petra, at=casework.MONDAY), by=petra, at=casework.MONDAY)
    second = proposed(petra, changed_table().replace(b"skollov", b"lov"))

    told = [client.post(address("publish-table", KEY, 2), sent) for sent in ({"seen": seen(open_page)}, {"seen": ""}, {})]
    told.append(client.get(address_read))

    assert {answer.status_code for answer in told} == {409}
    assert "föreslagits på nytt sedan du läste den" in words(told[0])
    actions.send_back(second, by=kerstin, at=casework.MONDAY)
    later = casework.MONDAY + dt.timedelta(minutes=1)
    anew = actions.propose(second, by=petra, at=later, valid_from=later.date() + dt.timedelta(days=7))
    with pytest.raises(NotNow, match="sedan du läste den"):
        actions.publish(second, by=kerstin, at=later, seen=second.proposal)
    assert actions.publish(anew, by=kerstin, at=later, seen=anew.proposal).status == "published"


def test_what_is_published_for_a_later_day_is_on_the_way_for_everyone(as_, petra, kerstin):
    renamed = changed_table().replace(b'decision id="travel_protection"', b'decision id="own_table"')
    day = dt.date.today() + dt.timedelta(days=30)
    published(petra, kerstin, renamed, valid_from=day)

    page = as_(accounts.user(Role.CASEWORKER)).get(address("tables"))

    found = html.fromstring(page.content).xpath("//section[@aria-labelledby='waiting']//a/@href")
    assert found == [address("table-version", "own_table", 1)]
    assert f"Publicerad från {date_format(day, 'j b Y')}" in words(page)
    assert as_(accounts.user(Role.CASEWORKER)).get(found[0]).status_code == 200


def test_only_its_owner_changes_it(as_, petra, kerstin):
    draft(petra)
    client = as_(kerstin)

    pages = [address("upload-table"), *(address(page, KEY, 2) for page in ("propose-table", "discard-table"))]
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
    assert as_(accounts.user(Role.CASEWORKER)).get(address("publish-table", KEY, 2)).status_code == 403


# ── What is wrong ─────────────────────────────────────────────────────────


def test_faults_are_told_and_nothing_is_saved(as_, petra):
    data = changed_table().replace(b"<text>risk</text>", b"<text>rissk</text>")

    answer = as_(petra).post(address("upload-table"), {"file": file(data), "note": "Ny"})

    assert answer.status_code == 422
    assert "frågar efter ”rissk”, som inget blad frågar efter. Skriv något av: risk." in words(answer)
    assert html.fromstring(answer.content).xpath("//*[@aria-invalid='true']/@name") == ["file"]
    assert "Ny" in html.fromstring(answer.content).xpath("//textarea/text()")[0]
    assert not Version.objects.exists()


HOSTILE = [
    b"",
    b"\x00\xff",
    b"%PDF-1.7",
    b"x" * 1_000_001,
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    b"<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>",
    b"<?xml version='1.0' encoding='utf-16'?><a/>",
    b"<a>" * 50_000,
    dmn(("__import__('os').system('true')", '"a"'), inputs=(("risk", "string", '"low","moderate","high"'),)),
    dmn(("-", '"a"'), inputs=(("risk", "string", '"' + "a" * 500_000 + '"'),)),
    dmn(("-", '"a"'), inputs=(("risk", "string", '"low"'),)).replace(b"<output ", b"<input/>" * 100_000 + b"<output "),
    dmn(("-", '"a"'), inputs=(("risk", "string", '"low"'),)).replace(b"<rule>", b"<output/>" * 90_000 + b"<rule>"),
    dmn(("-", '"a"'), inputs=(("risk", "string", ",".join(f'"{number}"' for number in range(100_000))),)),
    dmn(
        *(("-",) * 7 + (",".join(map(str, range(row, 70_000, 1_000))), '"a"') for row in range(100)),
        inputs=tuple((f"n{place}", "integer", "") for place in range(8)),
    ),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_table_is_told_at_the_field(as_, petra, data):
    answer = as_(petra).post(address("upload-table"), {"file": file(data), "note": "Ny"})

    assert answer.status_code == 422
    assert html.fromstring(answer.content).xpath("//*[@aria-invalid='true']/@name") == ["file"]
    assert not Version.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"q-travel": "possible"}, {"q-travel": "never", "q-risk": "low"}])
def test_what_lacks_in_a_try_is_told_at_the_field(as_, petra, sent):
    version = draft(petra)

    answer = as_(petra).post(address("try-table", KEY, 2), sent)

    version.refresh_from_db()
    assert (answer.status_code, version.tried_at) == (422, None)
    assert "q-risk" in str(answer.content) and "Välj ett" in words(answer)


def test_a_try_asks_by_the_kinds_of_the_columns():
    inputs = (("child", "boolean", ""), ("age", "integer", "[0..20]"))
    table, _version = read_table(dmn(("true", "< 7", '"a"'), ("true", ">= 7", '"b"'), ("false", "-", '"b"'), inputs=inputs))

    whole = TryTableForm(table, {}, {"q-child": "true", "q-age": "3"})
    beyond = TryTableForm(table, {}, {"q-child": "perhaps", "q-age": "21"})

    assert (whole.is_valid(), whole.answers) == (True, {"child": True, "age": 3})
    assert set(beyond.errors) == {"child", "age"}


def test_whoever_tries_what_is_published_changes_nothing(as_):
    answer = as_(accounts.user(Role.CASEWORKER)).post(address("try-table", KEY, 1), {"q-travel": "imminent", "q-risk": "low"})

    assert "Det här kommer först: Resan" in words(answer)
    assert not Version.objects.exists()


def test_a_day_that_has_passed_is_told_at_the_field(as_, petra):
    proposed_first = draft(petra)
    client = as_(petra)
    client.post(address("try-table", KEY, 2), {"q-travel": "possible", "q-risk": "low"})

    answer = client.post(address("propose-table", KEY, 2), {"valid_from": "2020-01-01"})

    proposed_first.refresh_from_db()
    assert (answer.status_code, proposed_first.status) == (422, "draft")


def test_the_list_costs_as_much_for_many_as_for_few(as_, petra, kerstin, django_assert_max_num_queries):
    published(petra, kerstin)
    client = as_(petra)
    client.get(address("tables"))
    with django_assert_max_num_queries(40) as few:
        client.get(address("tables"))
        client.get(address("table", KEY))
    for number in range(3):
        made = published(petra, kerstin, changed_table().replace(KEY.encode(), b"other%d" % number))
        Version.objects.create(
            kind="table", key=made.key, number=9, name="x", xml="x", note="x", uploaded_by=petra, uploaded_at=casework.MONDAY
        )

    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(address("tables"))
        client.get(address("table", KEY))
