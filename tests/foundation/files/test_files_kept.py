"""Files lie sealed, open for those who ask rightly, and what is held apart stays shut until it is reviewed."""

import secrets
from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.crypto.boxes import Unopenable
from fridhem.foundation.files import answers, keeping, sealing
from fridhem.foundation.files.enums import Reason, Status
from fridhem.foundation.files.models import File, Piece
from fridhem.foundation.files.taking_in import Cleaned, Quarantined, Refused, take_in
from fridhem.foundation.files.tasks import examine_again
from fridhem.pure.refusals import NotNow
from tests.factories import accounts, files, hostile_files, telling_files, virus_scanner

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
TODAY = date(2026, 11, 21)


def kept(taken: Cleaned | Quarantined, name: str = "intyg.pdf") -> File:
    owner = accounts.user(Role.CASEWORKER)
    return keeping.keep(taken, owner=owner, name=name, by=owner, at=NOW)


@pytest.mark.parametrize("length", [0, 1, sealing.STEP - 1, sealing.STEP, sealing.PIECE, sealing.PIECE * 2 + 5])
def test_content_is_sealed_in_pieces_and_comes_back_as_it_was(length):
    data, key, file = secrets.token_bytes(length) + b"\x80\0\0", sealing.new_key(), uuid4()

    pieces = list(sealing.seal(data, key, file))

    assert sealing.unseal(pieces, key, file) == data
    assert data[:64] not in b"".join(pieces)


def test_pieces_that_were_changed_moved_or_lost_are_refused():
    key, file = sealing.new_key(), uuid4()
    pieces = list(sealing.seal(secrets.token_bytes(sealing.PIECE * 3), key, file))
    damaged = [bytes([pieces[0][0] ^ 1]) + pieces[0][1:], *pieces[1:]]
    wrong = {
        "changed": (damaged, key, file),
        "in another order": ([pieces[0], pieces[2], pieces[1], *pieces[3:]], key, file),
        "without the end": (pieces[:-1], key, file),
        "with more": ([*pieces, pieces[-1]], key, file),
        "of another file": (pieces, key, uuid4()),
        "with another key": (pieces, sealing.new_key(), file),
        "nothing": ([], key, file),
    }

    for what, (given, with_key, of) in wrong.items():
        with pytest.raises(Unopenable):
            pytest.fail(f"{what}: {sealing.unseal(given, with_key, of)!r}")


@pytest.mark.django_db
def test_a_cleaned_file_lies_sealed_and_opens_again():
    taken = take_in("Brev från läkaren".encode(), on=TODAY)

    file = File.objects.get(pk=kept(taken, r"C:\Karin\Läkarintyg Karin.txt").pk)

    opened = keeping.content(file)
    assert (opened.data.decode(), opened.media, opened.extension) == ("Brev från läkaren", "text/plain; charset=utf-8", "txt")
    assert (file.label["name"], file.label["size"], file.status) == ("Läkarintyg Karin.txt", 19, Status.CLEAN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT label, sealed FROM files_file JOIN files_piece ON file_id = files_file.id")
        lying = b"".join(bytes(column) for row in cursor.fetchall() for column in row)
    assert b"Brev" not in lying
    assert b"Karin" not in lying


@pytest.mark.django_db
def test_a_file_sealed_under_one_case_does_not_open_in_another_files_place():
    one, other = kept(take_in(b"ett", on=TODAY)), kept(take_in(b"annat", on=TODAY))
    Piece.objects.filter(file=other).delete()
    Piece.objects.filter(file=one).update(file=other)

    with pytest.raises(Unopenable):
        keeping.content(File.objects.get(pk=other.pk))


@pytest.mark.django_db
def test_what_can_not_be_cleaned_is_refused_or_held_apart_by_choice():
    recording = b"ID3\x03" + bytes(range(256)) * 40

    refused = take_in(recording, on=TODAY)
    held = kept(take_in(recording, on=TODAY, keep_original=True), "hot.mp3")

    assert refused == Refused(Reason.NOT_ACCEPTED)
    assert (held.status, held.held_because, held.kind) == (Status.HELD, Reason.NOT_ACCEPTED, "")
    with pytest.raises(NotNow):
        keeping.content(held)
    with pytest.raises(NotNow):
        keeping.pages(held, first=0, count=1)

    reviewer = accounts.user(Role.TEAM_LEADER)
    opened = keeping.content(keeping.release(held, by=reviewer, at=NOW))

    assert (opened.data, opened.media, opened.extension) == (recording, "application/octet-stream", "mp3")
    with pytest.raises(NotNow):
        keeping.remove(held, by=reviewer, at=NOW)


@pytest.mark.django_db
def test_a_removed_file_has_no_content_and_remains_as_a_line():
    held = kept(Quarantined(b"skadligt", Reason.FLAGGED))

    removed = keeping.remove(held, by=accounts.user(Role.TEAM_LEADER), at=NOW)

    assert Piece.objects.count() == 0
    with pytest.raises(NotNow):
        keeping.content(removed)


@pytest.mark.django_db
def test_what_waited_for_the_scanner_is_settled_when_it_answers(settings, tmp_path):
    settings.FRIDHEM_CLAMD = f"unix:{tmp_path}/nobody"
    good, bad = (kept(take_in(data, on=TODAY)) for data in (b"Hej", hostile_files.EICAR))
    locked = kept(take_in(files.pdf("Hej", password="hemlig"), on=TODAY))
    assert examine_again(timestamp=0) == 0

    with virus_scanner.running(tmp_path) as settings.FRIDHEM_CLAMD:
        assert [examine_again(timestamp=0) for _ in range(2)] == [3, 0]

    good, bad, locked = (File.objects.get(pk=file.pk) for file in (good, bad, locked))
    assert (good.status, keeping.content(good).data) == (Status.CLEAN, b"Hej")
    assert (bad.status, bad.held_because) == (Status.HELD, Reason.FLAGGED)
    assert (locked.status, locked.held_because) == (Status.HELD, Reason.ENCRYPTED)


@pytest.mark.django_db
def test_pages_are_drawn_as_pictures():
    document = kept(take_in(files.pdf("ett", "två", "tre"), on=TODAY))
    picture = kept(take_in(telling_files.png(1), on=TODAY))
    text = kept(take_in(b"Hej", on=TODAY))

    drawn = keeping.pages(document, first=1, count=5)

    assert (document.pages, len(drawn), {page[:3] for page in drawn}) == (3, 2, {b"\xff\xd8\xff"})
    assert len(keeping.pages(picture, first=0, count=1)) == 1
    assert keeping.pages(text, first=0, count=1) == []


@pytest.mark.django_db
def test_a_file_leaves_as_something_to_save_and_never_to_run():
    answer = answers.attachment(keeping.content(kept(take_in(files.pdf("Hej"), on=TODAY))), "handling-1")

    assert answer["Content-Disposition"] == 'attachment; filename="handling-1.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_file_can_not_be_open_without_a_review():
    file = kept(Quarantined(b"skadligt", Reason.FLAGGED))

    with pytest.raises(IntegrityError), transaction.atomic():
        File.objects.filter(pk=file.pk).update(status=Status.OPENED)


def test_names_tell_nothing_of_folders_and_hide_nothing():
    assert keeping.shown_name("../karin/hot.pdf") == "hot.pdf"
    assert keeping.shown_name("fdp.\u202eexe\0") == "fdp.exe"
    assert keeping.shown_name("..") == ".."
    assert keeping.shown_name("") == "?"
    assert len(keeping.shown_name("a" * 999)) == keeping.LONGEST_NAME
