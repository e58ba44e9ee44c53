"""Documents are taken in, and matters come out."""

from datetime import timedelta
from itertools import permutations

import pytest

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.pure.refusals import Denied
from fridhem.rooms.council import actions
from fridhem.rooms.council.enums import MatterKind, MatterStatus, Outcome
from fridhem.rooms.council.models import Decision, Document, Matter, Reference, RegistryNumber
from tests.factories import accounts, council, files
from tests.factories.telling_files import with_parts

pytestmark = pytest.mark.django_db

REFERRAL = """# Remiss av SOU 2024:13 Ett utvidgat kontaktförbudDiarienummer: Ju2024/01477

Remissvaren ska ha kommit in till Justitiedepartementet senast den 1 oktober 2024."""

ANSWER = """LUGNVIKS KOMMUN      SAMMANTRÄDESPROTOKOLL      3 (5)
Socialnämnden
Datum
2024-09-12

§ 24      Dnr SN 2024/31
Yttrande över remiss: Ett utvidgat kontaktförbud (Ju2024/01477)

Beslut
Socialnämnden antar yttrandet och översänder det som sitt eget.

Sammanfattning av ärendet
Justitiedepartementet har remitterat betänkandet."""

NOTICE = """Lugnviks kommun
Socialnämnden

Kallelse
Upprättad 2024-09-02

1. Ett utvidgat kontaktförbud
Dnr SN 2024/31
Förslag till beslut
Socialnämnden antar yttrandet.

2. Bidrag till kvinnojouren
Dnr SN 2024/40
Förslag till beslut
Socialnämnden beviljar bidraget."""


def test_a_referral_and_its_answer_share_a_number_and_become_one_matter():
    referral, answer = council.take_in(REFERRAL, ANSWER)

    assert referral.matter == answer.matter
    assert list(Matter.objects.values_list("title", "municipality", "kind", "status")) == [
        (
            "Remiss av SOU 2024:13 Ett utvidgat kontaktförbud",
            "Lugnvik",
            MatterKind.REFERRAL,
            MatterStatus.DECIDED,
        )
    ]
    assert list(RegistryNumber.objects.order_by("number").values_list("number", "body", "matter")) == [
        ("Ju2024/01477", "Justitiedepartementet", answer.matter.pk),
        ("SN 2024/31", "Socialnämnden", answer.matter.pk),
    ]
    assert str(answer.matter.latest_on) == "2024-09-12"


def test_a_document_keeps_what_was_read_with_its_places():
    (document,) = council.take_in(ANSWER)

    assert (document.kind, document.body, str(document.dated_on)) == ("protokollsutdrag", "Socialnämnden", "2024-09-12")
    assert document.text == ANSWER
    decision = Decision.objects.get()
    assert (decision.stance, decision.status, decision.body) == ("approve", "decided", "Socialnämnden")
    assert ANSWER[decision.start : decision.end] == decision.text
    assert [ANSWER[found.start : found.end] for found in Reference.objects.filter(document=document)] == [
        "SN 2024/31",
        "Ju2024/01477",
    ]


def test_a_new_document_bridges_two_matters_whatever_the_order():
    first = council.memo("KS 2025/10", title="Det ena ärendet")
    second = council.memo("SN 2025/20", title="Det andra ärendet", body="Socialnämnden")
    bridge = council.memo("KS 2025/10", title="Yttrande över ärendet (SN 2025/20)")

    for order in permutations([first, second, bridge]):
        for model in (Decision, Reference, RegistryNumber, Document, Matter):
            model.objects.all().delete()

        documents = council.take_in(*order)

        assert len({document.matter for document in documents}) == 1
        assert Matter.objects.count() == 1
        assert set(RegistryNumber.objects.values_list("normal", "matter")) == {
            ("KS202510", documents[0].matter.pk),
            ("SN202520", documents[0].matter.pk),
        }


def test_the_older_matter_is_kept_and_the_merge_is_recorded():
    (old,) = council.take_in(council.memo("KS 2025/10"), at=council.MONDAY - timedelta(days=1))
    council.take_in(council.memo("SN 2025/20", body="Socialnämnden"))

    council.take_in(council.memo("KS 2025/10", title="Svar (SN 2025/20)"))

    assert list(Matter.objects.all()) == [old.matter]
    assert [(entry.subject, entry.reason) for entry in Entry.objects.filter(verb="council.matter.merged")] == [
        (old.matter.pk, "1")
    ]


def test_a_number_in_the_running_text_is_only_mentioned():
    plan = council.memo("KS 2022/99", title="Fritt hem")
    answer = council.memo("KS 2025/10", more=" Det framgår av planen (KS 2022/99).")

    first, second = council.take_in(answer, plan)

    assert first.matter != second.matter
    assert list(Reference.objects.order_by("number__number", "-ties").values_list("number__number", "document", "ties")) == [
        ("KS 2022/99", second.pk, True),
        ("KS 2022/99", first.pk, False),
        ("KS 2025/10", first.pk, True),
    ]


def test_a_notice_of_a_meeting_holds_nothing_together():
    notice, answer = council.take_in(NOTICE, ANSWER)

    assert notice.matter is None
    assert Matter.objects.get() == answer.matter
    assert RegistryNumber.objects.get(number="SN 2024/40").matter is None


def test_two_writings_of_a_number_are_one():
    first, second = council.take_in(council.memo("KS-2014/742.912"), council.memo("KS 2014/742.912", title="Ett annat papper"))

    assert first.matter == second.matter
    assert RegistryNumber.objects.get().number == "KS-2014/742.912"


def test_a_document_without_numbers_is_a_matter_of_its_own():
    (document,) = council.take_in("Debatt: Våldet syns inte\n\nPublicerad 14 februari 2023\n\nKommunerna behöver fråga.")

    assert document.matter.title == "Debatt: Våldet syns inte"
    assert document.matter.kind == MatterKind.OTHER


def test_a_bad_file_says_why_and_the_others_are_taken_in():
    secretary = accounts.user(Role.SECRETARY)
    handed_over = [
        actions.File("tom.pdf", b""),
        actions.File("last.pdf", files.pdf("hej", password="hemlig")),
        actions.File("bra.txt", council.memo().encode()),
        actions.File("bomb.docx", with_parts(files.docx("Hej"), {"word/big.bin": bytes(210_000_000)})),
        actions.File("igen.txt", council.memo().encode()),
    ]

    lines = actions.take_in(handed_over, by=secretary, at=council.MONDAY)

    assert [(line.name, line.outcome, line.failed) for line in lines] == [
        ("tom.pdf", Outcome.EMPTY, True),
        ("last.pdf", Outcome.ENCRYPTED, True),
        ("bra.txt", Outcome.TAKEN_IN, False),
        ("bomb.docx", Outcome.TOO_LARGE, True),
        ("igen.txt", Outcome.KNOWN, False),
    ]
    assert lines[2].document == lines[4].document == Document.objects.get()
    assert [entry.verb for entry in Entry.objects.all()] == ["council.document.taken_in"]


@pytest.mark.parametrize("role", Role.values)
def test_secretaries_and_strategists_take_in(role):
    def take_in():
        return actions.take_in([actions.File("a.txt", council.memo().encode())], by=accounts.user(role), at=council.MONDAY)

    if role in (Role.SECRETARY, Role.STRATEGIST):
        assert len(take_in()) == 1
    else:
        with pytest.raises(Denied):
            take_in()
        assert Document.objects.count() == 0


def test_signs_that_no_database_keeps_are_no_trouble():
    with_a_zero = actions.File("noll.txt", council.memo(title="Noll\0tecken").encode())

    (line,) = actions.take_in([with_a_zero], by=accounts.user(Role.SECRETARY), at=council.MONDAY)
    (document,) = council.take_in(council.memo(title="Trapphus 🏠 och عربي"))

    assert (line.outcome, document.title) == (Outcome.UNKNOWN_FORMAT, "Trapphus 🏠 och عربي")


def test_the_matter_says_how_far_it_has_come():
    motion = (
        "Lugnviks kommun\n\nMotion om trygga trapphus\nDnr KS 2025/10\nDatum 2025-01-15\n\n"
        "Jag yrkar att kommunfullmäktige beslutar:\natt utreda frågan\n\nAlma Kungsljus (V)"
    )
    proposal = (
        "Lugnviks kommun\nKommunstyrelsen\n\nTjänsteskrivelse\nDatum 2025-03-11\nDnr KS 2025/10\n\n"
        "Svar på motion om trygga trapphus\n\nFörslag till beslut\nKommunfullmäktige avslår motionen."
    )
    decision = (
        "Lugnviks kommun\nKommunfullmäktige\n\nProtokollsutdrag\nSammanträdesdatum 2025-04-28\n\n§ 71 Dnr KS 2025/10\n"
        "Svar på motion om trygga trapphus\n\nBeslut\nKommunfullmäktige bifaller motionen."
    )

    steps = []
    for text in (motion, proposal, decision):
        council.take_in(text)
        matter = Matter.objects.get()
        steps.append((matter.title, matter.kind, matter.status, str(matter.latest_on)))

    assert steps == [
        ("Motion om trygga trapphus", "motion", MatterStatus.RECEIVED, "2025-01-15"),
        ("Motion om trygga trapphus", "motion", MatterStatus.PREPARED, "2025-03-11"),
        ("Motion om trygga trapphus", "motion", MatterStatus.DECIDED, "2025-04-28"),
    ]
