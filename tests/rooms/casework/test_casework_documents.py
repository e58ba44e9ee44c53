"""The files of a case: for its team only, cleaned on the way in, recorded on the way out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.files.enums import Status
from fridhem.foundation.files.models import Piece
from fridhem.pure.refusals import Denied
from fridhem.rooms.casework import queries
from fridhem.rooms.casework.actions import documents as actions
from fridhem.rooms.casework.models import CaseDocument
from tests.factories import accounts, casework, files, telling_files
from tests.safety.test_c13_metadata import TRACE

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit())


@pytest.fixture
def case(anna):
    return casework.case(by=anna)


@pytest.fixture
def desk(client, anna):
    client.force_login(anna)
    return client


def add(client: Client, case, data: bytes, name: str = "intyg.pdf", **more):
    upload = SimpleUploadedFile(name, data)
    return client.post(reverse("casework:add-document", args=[case.number]), {"document": upload, **more}, follow=True)


def page(name: str, document: CaseDocument) -> str:
    return reverse(f"casework:{name}", args=[document.case.number, document.pk])


def test_a_file_is_cleaned_and_says_what_was_taken_out(desk, case):
    answer = add(desk, case, telling_files.jpeg(7), "bild.jpg").content.decode()

    document = queries.documents(case).get()
    shown = desk.get(page("document", document)).content.decode()
    saved = desk.get(page("take-out", document))
    assert "var bilden togs" in answer
    assert "bild.jpg" in answer
    assert "data:image/jpeg;base64," in shown
    assert TRACE.findall(saved.content) == []
    assert saved["Content-Disposition"].startswith('attachment; filename="handling-')
    assert saved["Content-Disposition"].endswith('.jpg"')
    assert saved["Content-Security-Policy"] == "default-src 'none'; sandbox"
    verbs = [entry.verb for entry in Entry.objects.filter(verb__startswith="casework.document").order_by("at")]
    assert verbs == ["casework.document.added", "casework.document.read", "casework.document.taken_out"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Filen är tom."),
        (b"<svg>", "kan köras som ett program"),
        (files.zip_of(a=b"a"), "Packade filer"),
        (files.pdf("Hej", password="hemlig"), "låst med lösenord"),
        (b"ID3\x03\0\0\0\0", "tas inte emot"),
    ],
)
def test_what_is_refused_says_what_to_do_at_the_field(desk, case, data, words):
    answer = add(desk, case, data)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert CaseDocument.objects.count() == 0


def test_without_a_file_the_form_asks_for_one(desk, case):
    answer = desk.post(reverse("casework:add-document", args=[case.number]), {})

    assert answer.status_code == 422
    assert "Välj en fil." in answer.content.decode()


def test_a_text_is_shown_as_text_and_nothing_else(desk, case):
    add(desk, case, "Hej & hå <b>fet</b>\nnästa".encode(), "brev.txt")

    shown = desk.get(page("document", queries.documents(case).get())).content.decode()

    assert "Hej &amp; hå &lt;b&gt;fet&lt;/b&gt;<br>nästa" in shown


def test_a_long_document_is_shown_a_few_pages_at_a_time(desk, case):
    add(desk, case, files.pdf(*(f"sida {number}" for number in range(1, 8))))
    document = queries.documents(case).get()

    first, second = (desk.get(page("document", document), {"page": number}).content.decode() for number in (1, 2))

    assert (first.count("data:image/jpeg"), second.count("data:image/jpeg")) == (5, 2)
    assert "Sida 7 av 7" in second


def test_evidence_that_can_not_be_cleaned_waits_for_a_colleague(desk, case, anna):
    leader = casework.leader()
    add(desk, case, b"ID3\x03" + bytes(range(256)), "hot.mp3", keep_original="on")
    document = queries.documents(case).get()

    assert "I karantän" in desk.get(page("document", document)).content.decode()
    assert desk.get(page("take-out", document)).status_code == 409
    assert desk.get(page("review", document)).status_code == 403
    assert desk.post(page("review", document), {"decision": "release"}).status_code == 403

    desk.force_login(leader)
    assert desk.get(page("review", document)).status_code == 200
    assert desk.post(page("review", document), {"decision": ""}).status_code == 422
    assert desk.post(page("review", document), {"decision": "release"}).status_code == 302
    saved = desk.get(page("take-out", document))
    assert (saved["Content-Type"], saved["Content-Disposition"][-5:]) == ("application/octet-stream", '.mp3"')
    assert "Det är inte rensat" in desk.get(page("document", document)).content.decode()
    assert Entry.objects.get(verb="casework.document.released").actor == leader.pk


def test_what_is_held_can_be_thrown_away(desk, case):
    add(desk, case, b"ID3\x03" + bytes(range(256)), "hot.mp3", keep_original="on")
    document = queries.documents(case).get()
    desk.force_login(casework.leader())

    desk.post(page("review", document), {"decision": "throw_away"})

    document = queries.documents(case).get()
    assert (document.file.status, Piece.objects.count()) == (Status.REMOVED, 0)
    assert "Innehållet är slängt" in desk.get(page("document", document)).content.decode()


@pytest.mark.parametrize("name", ["document", "take-out", "review"])
def test_for_those_who_need_not_know_the_file_does_not_exist(desk, case, name):
    add(desk, case, b"Hej")
    document = queries.documents(case).get()
    other = casework.case(by=accounts.user(Role.CASEWORKER, unit=casework.unit()))
    stranger = accounts.user(Role.CASEWORKER, unit=casework.unit())
    client = Client()
    client.force_login(stranger)

    assert client.get(page(name, document)).status_code == 404
    assert desk.get(reverse(f"casework:{name}", args=[other.number, document.pk])).status_code == 404
    assert client.get(reverse("casework:documents", args=[case.number])).status_code == 404
    assert client.get(reverse("casework:add-document", args=[case.number])).status_code == 404


def test_actions_refuse_those_outside_the_case(case, anna):
    document = add_text(case, anna)
    stranger = accounts.user(Role.CASEWORKER, unit=casework.unit())

    for act in (actions.read_document, actions.take_out_document, actions.release_document, actions.throw_away_document):
        with pytest.raises(Denied):
            act(document, by=stranger, at=timezone.now())
    with pytest.raises(Denied):
        add_text(case, stranger)


def add_text(case, by) -> CaseDocument:
    from fridhem.foundation.files.taking_in import Cleaned

    return actions.add_document(case, taken=Cleaned("text", b"Hej"), name="brev.txt", by=by, at=timezone.now())


def test_a_closed_case_takes_no_more_files(desk, case, anna):
    from fridhem.rooms.casework import actions as cases

    cases.close_case(case, by=casework.leader(), at=casework.MONDAY, reason="other")

    assert add(desk, case, b"Hej").status_code == 409


def test_the_list_asks_the_database_as_often_for_many_files_as_for_one(desk, case, anna, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(20) as counted:
            answer = desk.get(reverse("casework:documents", args=[case.number]))
        assert answer.content.decode().count("brev.txt") == case.documents.count()
        return len(counted)

    add_text(case, anna)
    first = cost()
    for _ in range(11):
        add_text(case, anna)
    assert cost() == first
