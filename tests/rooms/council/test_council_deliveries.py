"""What is handed over is kept, read by the worker one file at a time, and told about on the way."""

import hashlib
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.pure.refusals import Denied
from fridhem.rooms.council import actions, queries
from fridhem.rooms.council.enums import IncomingStatus, Outcome
from fridhem.rooms.council.models import Delivery, Document, Incoming
from fridhem.rooms.council.tasks import read_incoming
from tests.factories import accounts, council, files

pytestmark = pytest.mark.django_db

MEMO = council.memo().encode()


def handed_over(*contents: tuple[str, bytes], by=None) -> Delivery:
    given = [actions.File(name, data) for name, data in contents]
    return actions.hand_over(given, by=by or accounts.user(Role.SECRETARY), at=council.MONDAY)


def lines(delivery: Delivery) -> list[tuple]:
    return list(delivery.files.values_list("name", "status", "reason", "document__title"))


def test_what_is_handed_over_is_kept_until_it_is_read():
    delivery = handed_over(("skrivelse.txt", MEMO))
    (kept,) = delivery.files.all()

    assert (kept.status, bytes(kept.data), kept.size) == (IncomingStatus.WAITING, MEMO, len(MEMO))
    assert kept.sha256 == hashlib.sha256(MEMO).hexdigest()

    actions.read_incoming(delivery.pk, at=council.MONDAY)

    kept.refresh_from_db()
    assert (kept.status, kept.data, kept.document) == (IncomingStatus.READ, None, Document.objects.get())
    assert [entry.verb for entry in Entry.objects.all()] == ["council.delivery.handed_over", "council.document.taken_in"]


def test_each_file_says_what_became_of_it_and_a_bad_one_stops_no_other():
    delivery = handed_over(
        ("tom.docx", b""), ("last.pdf", files.pdf("hej", password="hemlig")), ("bra.txt", MEMO), ("igen.txt", MEMO)
    )

    actions.read_incoming(delivery.pk, at=council.MONDAY)

    assert lines(delivery) == [
        ("tom.docx", IncomingStatus.FAILED, Outcome.EMPTY, None),
        ("last.pdf", IncomingStatus.FAILED, Outcome.ENCRYPTED, None),
        ("bra.txt", IncomingStatus.READ, "", "Svar om trygga trapphus"),
        ("igen.txt", IncomingStatus.KNOWN, "", "Svar om trygga trapphus"),
    ]
    assert not delivery.files.filter(data__isnull=False).exists()


def test_a_fault_of_ours_stops_no_other_file_either(caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE council_document ADD CONSTRAINT trap CHECK (file_name <> 'ond.txt')")
    delivery = handed_over(("ond.txt", council.memo("KS 2025/66").encode()), ("bra.txt", MEMO))

    actions.read_incoming(delivery.pk, at=council.MONDAY)

    assert lines(delivery) == [
        ("ond.txt", IncomingStatus.FAILED, Outcome.FAULT, None),
        ("bra.txt", IncomingStatus.READ, "", "Svar om trygga trapphus"),
    ]
    assert "IntegrityError" in caplog.text
    assert "trapphus" not in caplog.text


def test_the_work_goes_on_where_a_killed_worker_left_it():
    delivery = handed_over(("ett.txt", MEMO), ("tva.txt", council.memo("KS 2025/11").encode()))
    delivery.files.filter(name="ett.txt").update(status=IncomingStatus.READING, tries=1)

    for _ in range(2):
        actions.read_incoming(delivery.pk, at=council.MONDAY)

    assert [status for _, status, _, _ in lines(delivery)] == [IncomingStatus.READ, IncomingStatus.READ]
    assert Document.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_reads_each_file():
    delivery = handed_over(*[(f"{number}.txt", council.memo(f"KS 2025/{number}").encode()) for number in range(1, 6)])
    start, read = threading.Barrier(2), []

    def work():
        start.wait()
        try:
            read.append(actions.read_incoming(delivery.pk, at=council.MONDAY))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(read) == 5
    assert {status for _, status, _, _ in lines(delivery)} == {IncomingStatus.READ}


def test_a_file_that_kills_its_reader_is_given_up_and_the_others_are_read():
    delivery = handed_over(("dodar.txt", MEMO), ("bra.txt", council.memo("KS 2025/11").encode()))
    delivery.files.filter(name="dodar.txt").update(status=IncomingStatus.READING, tries=actions.MOST_TRIES)

    actions.read_incoming(delivery.pk, at=council.MONDAY)

    assert [(status, reason) for _, status, reason, _ in lines(delivery)] == [
        (IncomingStatus.FAILED, Outcome.FAULT),
        (IncomingStatus.READ, ""),
    ]


def test_names_that_no_database_keeps_are_no_trouble():
    delivery = handed_over(("n\0oll" + "a" * 300 + ".txt", MEMO))

    assert delivery.files.get().name.startswith("nolla")


@pytest.mark.parametrize("role", Role.values)
def test_secretaries_and_strategists_hand_over_and_see_deliveries(role):
    delivery, user = handed_over(("a.txt", MEMO)), accounts.user(role)

    assert (delivery in queries.deliveries_visible_to(user)) == (role in (Role.SECRETARY, Role.STRATEGIST))
    if role not in (Role.SECRETARY, Role.STRATEGIST):
        with pytest.raises(Denied):
            handed_over(("b.txt", MEMO), by=user)
        assert Incoming.objects.count() == 1


def test_the_page_tells_how_far_the_worker_has_come(client):
    client.force_login(accounts.user(Role.SECRETARY))
    sent = [SimpleUploadedFile("skrivelse.txt", MEMO), SimpleUploadedFile("tom.docx", b"")]

    answer = client.post(reverse("council:take_in"), {"documents": sent})
    delivery, job = Delivery.objects.get(), ProcrastinateJob.objects.get()
    before = client.get(answer.url).content.decode()
    again = client.get(reverse("council:take_in")).content.decode()
    read_incoming(**job.args)
    after = client.get(answer.url).content.decode()

    assert answer.url == reverse("council:delivery", args=[delivery.pk])
    assert (job.task_name, job.args) == ("council.read_incoming", {"delivery_id": str(delivery.pk)})
    assert [name in page for page in (before, after) for name in ("skrivelse.txt", "tom.docx")] == [True] * 4
    assert "every 1s" in before
    assert "every 1s" not in after
    assert answer.url in again
    document = reverse("council:document", args=[Document.objects.get().pk])
    assert (before.count(document), after.count(document)) == (0, 1)


def test_the_page_of_a_delivery_is_closed_to_others(client):
    client.force_login(accounts.user(Role.COUNCILLOR))

    assert client.get(reverse("council:delivery", args=[handed_over(("a.txt", MEMO)).pk])).status_code == 403


def test_the_page_asks_the_database_as_often_for_many_files_as_for_few(client, django_assert_max_num_queries):
    client.force_login(accounts.user(Role.SECRETARY))
    delivery = handed_over(*[(f"{number}.txt", council.memo(f"KS 2025/{number}").encode()) for number in range(1, 11)])
    actions.read_incoming(delivery.pk, at=council.MONDAY)

    with django_assert_max_num_queries(10):
        client.get(reverse("council:delivery", args=[delivery.pk]))
