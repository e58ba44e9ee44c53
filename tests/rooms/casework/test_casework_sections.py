"""The investigation: written and signed in sections, never changed once signed, and what a step waits for."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit import history
from fridhem.foundation.audit.models import Entry
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions, disposal, rules
from fridhem.rooms.casework.actions import people
from fridhem.rooms.casework.actions.sections import sign_section, write_section
from fridhem.rooms.casework.models import Case, Section
from fridhem.rooms.casework.queries import sections
from fridhem.rooms.processes import queries as processes
from tests.factories import accounts, casework

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]

MONDAY = casework.MONDAY
DAY = dt.timedelta(days=1)
VIOLENCE = "violence"


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")


@pytest.fixture
def lena():
    return casework.leader(name="Lena")


@pytest.fixture
def case(anna):
    return casework.case(by=anna)


@pytest.fixture
def bo(case, lena):
    """A colleague in the team."""
    bo = accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Bo")
    actions.assign(case, by=lena, at=MONDAY, user=bo)
    return bo


@pytest.fixture
def desk(client, anna):
    client.force_login(anna)
    return client


def address(name: str, case: Case, *more) -> str:
    return reverse(f"casework:{name}", args=[case.number, *more])


def write(case: Case, *, by, at=MONDAY, text="Slag sedan i våras.", revision=0, **given) -> Section:
    return write_section(case, given.pop("heading", VIOLENCE), by=by, at=at, text=text, revision=revision, **given)


def sign(case: Case, *, by, at=MONDAY, revision=1) -> Section:
    return sign_section(case, VIOLENCE, by=by, at=at, revision=revision)


def kept(case: Case) -> list[tuple[str, int, bool]]:
    """What is kept under the heading, newest first: text, revision, whether it's signed."""
    return [(row.text, row.revision, row.signed_at is not None) for row in sections.revisions(case, VIOLENCE)]


# ── Write and sign ────────────────────────────────────────────────────────


def test_a_section_is_a_draft_that_is_written_over_until_it_is_signed(case, anna, bo):
    write(case, by=anna, text="Slag")
    write(case, by=bo, at=MONDAY + DAY, text="Slag och hot", revision=1)

    signed = sign(case, by=anna, at=MONDAY + 2 * DAY, revision=2)

    assert kept(case) == [("Slag och hot", 3, True)]
    assert (signed.written_by, signed.signed_by, signed.signed_at) == (bo, anna, MONDAY + 2 * DAY)
    assert [row.pgh_label for row in history.of(signed)] == ["insert", "update", "update"]
    verbs = Entry.objects.filter(subject=signed.pk).values_list("verb", flat=True)
    assert sorted(verbs) == ["casework.section.signed", "casework.section.written", "casework.section.written"]


def test_what_is_signed_stays_and_what_is_new_stands_beside_it(case, anna):
    write(case, by=anna, text="Slag", sign=True)

    write(case, by=anna, at=MONDAY + DAY, text="Slag och hot", revision=1)
    assert kept(case) == [("Slag och hot", 2, False), ("Slag", 1, True)]
    assert sections.place(case, VIOLENCE).signed.text == "Slag", "it holds until the new one is signed"

    sign(case, by=anna, at=MONDAY + DAY, revision=2)
    assert kept(case) == [("Slag och hot", 3, True), ("Slag", 1, True)]
    assert sections.place(case, VIOLENCE).signed.text == "Slag och hot"


@pytest.mark.parametrize("signed", [False, True])
def test_the_same_text_sent_twice_is_saved_once(case, anna, signed):
    first, second = (write(case, by=anna, text="Slag", sign=signed) for _ in range(2))

    assert first == second
    assert kept(case) == [("Slag", 1, signed)]


def test_nobody_writes_over_or_signs_what_they_have_not_read(case, anna, bo):
    write(case, by=anna, text="Annas")

    with pytest.raises(NotNow):
        write(case, by=bo, text="Bos")
    write(case, by=anna, text="Annas igen", revision=1)
    with pytest.raises(NotNow):
        sign(case, by=bo, revision=1)
    sign(case, by=anna, revision=2)
    with pytest.raises(NotNow):
        write(case, by=bo, text="Bos", revision=2)
    assert kept(case) == [("Annas igen", 3, True)]


def test_signing_twice_changes_nothing(case, anna):
    write(case, by=anna)
    sign(case, by=anna)

    assert sign(case, by=anna, at=MONDAY + DAY).signed_at == MONDAY


def test_nothing_is_signed_before_it_is_written_nor_written_under_a_heading_that_is_not_there(case, anna):
    with pytest.raises(NotNow):
        sign(case, by=anna, revision=0)
    with pytest.raises(NotNow):
        write(case, by=anna, heading="basic_care")
    with pytest.raises(NotNow):
        write(casework.case(by=anna, process="intake_assessment"), by=anna)
    assert not Section.objects.exists()


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.CASEWORKER, True), (Role.TEAM_LEADER, True), (Role.RECEPTION, False), (Role.PERSONAL_CONTACT, False)],
)
def test_those_who_investigate_write_and_sign(case, lena, role, may):
    colleague = accounts.user(role, unit=casework.unit())
    actions.assign(case, by=lena, at=MONDAY, user=colleague)

    def tried() -> bool:
        try:
            write(case, by=colleague)
            sign(case, by=colleague)
        except Denied:
            return False
        return True

    assert tried() == may


def test_whoever_is_not_in_the_case_writes_nothing(case):
    with pytest.raises(Denied):
        write(case, by=accounts.user(Role.CASEWORKER, unit=casework.unit()))


def test_in_a_closed_case_a_draft_is_signed_but_nothing_is_written(case, anna, lena):
    write(case, by=anna)
    actions.close_case(case, by=lena, at=MONDAY, reason="moved")

    with pytest.raises(rules.CaseClosed):
        write(case, by=anna, text="Mer", revision=1)
    assert sign(case, by=anna).signed_by == anna


# ── The headings ──────────────────────────────────────────────────────────


def test_a_child_is_investigated_under_its_own_headings(anna):
    child = casework.case(by=anna, process="child_investigation", age_group="child")

    found = [(chapter.name.sv, [place.heading.code for place in chapter.places]) for chapter in sections.chapters(child)]

    assert found == [
        ("Barnets utveckling", ["health", "education", "feelings", "relations"]),
        ("Föräldrarnas förmåga", ["basic_care", "guidance", "availability", "safety"]),
        ("Familj och miljö", ["family_now", "family_before", "livelihood", "network"]),
        ("Barnet självt", ["own_voice"]),
        ("Bedömning", ["analysis", "planning"]),
    ]


def test_what_is_written_under_a_heading_that_is_gone_is_read_still(desk, case, anna, monkeypatch):
    write(case, by=anna, text="Slag", sign=True)
    child = processes.outline("child_investigation", on=MONDAY.date())
    monkeypatch.setattr(processes, "outline", lambda process, *, on: child)

    assert [place.heading.code for place in sections.chapters(case)[-1].places] == [VIOLENCE]
    page = desk.get(address("section", case, VIOLENCE)).content.decode()
    assert "Slag" in page and "<h1>Våldet" in page, "as the heading was called"
    assert address("write-section", case, VIOLENCE) not in page
    assert desk.get(address("write-section", case, VIOLENCE)).status_code == 409


def test_a_case_without_headings_has_no_investigation(desk, anna):
    case = casework.case(by=anna, process="intake_assessment")

    assert desk.get(address("investigation", case)).status_code == 404
    assert address("investigation", case) not in desk.get(address("case", case)).content.decode()


# ── What a step waits for ─────────────────────────────────────────────────


@pytest.fixture
def child(lena):
    """An investigation of a child that is to be assembled."""
    opened = casework.case(by=lena, process="child_investigation", age_group="child")
    for node in ("plan", "talk", "development", "parents", "surroundings", "risk"):
        step = casework.open_step(opened, node)
        asked = {question.name: question.codes[0] for question in processes.sheet(step.form).questions}
        actions.complete_step(step, by=lena, at=MONDAY, answers=asked)
    return opened


def sign_all(case: Case, *, by) -> None:
    for place in sections.unsigned(case):
        write(case, by=by, heading=place.heading.code, revision=place.revision, sign=True)


def test_the_investigation_is_not_done_until_every_section_is_signed(child, lena):
    step = casework.open_step(child, "assemble")
    assert len(sections.left_for(step)) == 15
    with pytest.raises(NotNow, match="15 avsnitt"):
        actions.complete_step(step, by=lena, at=MONDAY, answers={})

    sign_all(child, by=lena)
    write(child, by=lena, heading="health", text="Sover bättre", revision=1)
    with pytest.raises(NotNow, match="1 avsnitt"):
        actions.complete_step(step, by=lena, at=MONDAY, answers={})

    sign_section(child, "health", by=lena, at=MONDAY, revision=2)
    actions.complete_step(step, by=lena, at=MONDAY, answers={})
    assert casework.open_step(child, "communicate")


def test_other_steps_wait_for_nothing(case, child):
    assert sections.left_for(casework.open_step(case, "assess_protection")) == []
    assert sections.left_for(casework.open_step(casework.case(process="hrv"), "assess_protection")) == []


def test_the_page_of_the_step_says_which_are_left_and_keeps_what_is_typed(client, child, lena):
    client.force_login(lena)
    step = casework.open_step(child, "assemble")
    write(child, by=lena, heading="health", sign=True)

    answer = client.post(address("step", child, step.pk), {"text": "Väl genomtänkt."})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("14 avsnitt i utredningen är inte signerade" in page, "Väl genomtänkt." in page) == (True, True)
    assert (address("section", child, "education") in page, address("section", child, "health") in page) == (True, False)


# ── Pages ─────────────────────────────────────────────────────────────────


def test_the_list_says_how_far_each_section_has_come(desk, case, anna):
    write(case, by=anna, sign=True)
    write(case, by=anna, heading="health")

    page = desk.get(address("investigation", case)).content.decode()

    assert [page.count(status) for status in (">Signerat<", ">Utkast<", ">Inget skrivet<")] == [1, 1, 8]
    assert address("write-section", case, "children") in page


def test_it_is_written_signed_and_written_anew_from_its_pages(desk, case):
    desk.post(address("write-section", case, VIOLENCE), {"revision": "0", "text": "Slag"})
    drafted = desk.get(address("section", case, VIOLENCE)).content.decode()
    desk.post(address("sign-section", case, VIOLENCE), {"revision": "1"})
    sent = {"revision": "2", "text": "Slag och hot", "sign": "on"}
    anew = desk.post(address("write-section", case, VIOLENCE), sent, follow=True).content.decode()

    assert ("Inte signerad" in drafted, "signera/" in drafted) == (True, True)
    assert kept(case) == [("Slag och hot", 3, True), ("Slag", 2, True)]
    assert ("Slag och hot" in anew, "Signerat tidigare" in anew, "signera/" in anew) == (True, True, False)


def test_the_same_form_sent_twice_makes_one_draft(desk, case):
    answers = [desk.post(address("write-section", case, VIOLENCE), {"revision": "0", "text": "Slag"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert kept(case) == [("Slag", 1, False)]


@pytest.mark.parametrize("signed", [False, True])
def test_two_windows_on_one_section_the_second_sees_what_happened(desk, case, bo, signed):
    write(case, by=bo, text="I det ena", sign=signed)

    sent = {"revision": "0", "text": "I det andra"}
    answer = desk.post(address("write-section", case, VIOLENCE), sent)
    again = desk.post(address("write-section", case, VIOLENCE), {**sent, "revision": answer.context["form"].data["revision"]})

    page = answer.content.decode()
    assert (answer.status_code, again.status_code) == (422, 302)
    assert ("I det ena" in page, "I det andra" in page) == (True, True)
    assert kept(case)[0][0] == "I det andra"
    assert len(kept(case)) == (2 if signed else 1)


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 5000])
def test_nothing_typed_is_lost_to_a_bad_form(desk, case, revision):
    answers = [
        desk.post(address("write-section", case, VIOLENCE), {"revision": revision, "text": "Slag"}),
        desk.post(address("write-section", case, VIOLENCE), {"revision": "0", "text": "Slag" * 6000}),
    ]

    assert [(answer.status_code, b"Slag" in answer.content) for answer in answers] == [(422, True)] * 2
    assert kept(case) == []


def test_what_was_typed_stays_when_the_case_was_closed_meanwhile(desk, case, lena):
    actions.close_case(case, by=lena, at=MONDAY, reason="moved")

    answer = desk.post(address("write-section", case, VIOLENCE), {"revision": "0", "text": "Slag"})

    assert (answer.status_code, b"Slag" in answer.content) == (422, True)
    assert address("write-section", case, VIOLENCE) not in desk.get(address("investigation", case)).content.decode()


@pytest.mark.parametrize("revision", ["", "x", "9" * 5000, "2"])
def test_a_signature_of_something_else_is_refused(desk, case, bo, revision):
    write(case, by=bo)

    answer = desk.post(address("sign-section", case, VIOLENCE), {"revision": revision})

    assert (answer.status_code, kept(case)[0][2]) == (409, False)


def test_the_network_shows_who_is_in_the_case_and_names_nobody_protected(desk, anna):
    someone = {"name": "Hemlig Harsyra", "identity_number": "", "protection": "protected_registration"}
    case = actions.open_for(by=anna, at=MONDAY, name="Eva Ek", district="centrum", unit=casework.unit())
    people.relate(case, by=anna, at=MONDAY, kind="sibling", **someone)

    page = desk.get(address("write-section", case, "network")).content.decode()

    assert ("Eva Ek" in page, "Syskon" in page, "Harsyra" in page) == (True, True, False)


def test_what_steps_tell_of_the_same_is_linked(client, child, lena):
    client.force_login(lena)
    (talk,) = child.steps.filter(node="talk")

    assert address("step", child, talk.pk) in client.get(address("section", child, "own_voice")).content.decode()
    assert address("step", child, talk.pk) not in client.get(address("section", child, "health")).content.decode()


def test_the_printed_investigation_holds_what_is_signed_in_order(desk, case, anna):
    write(case, by=anna, heading="planning", text="Stödsamtal", sign=True)
    write(case, by=anna, text="Slag", sign=True)
    write(case, by=anna, text="Osäkert nytt", revision=1)

    page = desk.get(address("print-investigation", case)).content.decode()

    assert page.index("Slag") < page.index("Något nyare är skrivet bredvid") < page.index("Stödsamtal")
    assert "Osäkert nytt" not in page
    assert Entry.objects.filter(subject=case.pk, verb="casework.investigation.taken_out").count() == 1


@pytest.mark.parametrize("page", ["section", "write-section"])
def test_every_reading_of_a_section_is_recorded(desk, case, bo, page):
    written = write(case, by=bo)

    desk.get(address(page, case, VIOLENCE))

    entry = Entry.objects.get(verb="casework.section.read")
    assert (entry.subject, entry.reason) == (written.pk, VIOLENCE)


def test_the_pages_are_for_those_who_work_with_the_case(client, case, anna):
    write(case, by=anna)
    client.force_login(accounts.user(Role.CASEWORKER))

    for name, more in (
        ("investigation", ()),
        ("print-investigation", ()),
        ("section", (VIOLENCE,)),
        ("write-section", (VIOLENCE,)),
    ):
        assert client.get(address(name, case, *more)).status_code == 404
    assert client.post(address("sign-section", case, VIOLENCE), {"revision": "1"}).status_code == 404


def test_an_unknown_heading_is_not_found(desk, case):
    assert desk.get(address("section", case, "basic_care")).status_code == 404
    assert desk.get(address("write-section", case, "basic_care")).status_code == 404


@pytest.mark.parametrize("name", ["investigation", "print-investigation"])
def test_the_investigation_costs_the_same_for_one_section_and_many(desk, case, anna, name, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(30) as counted:
            desk.get(address(name, case))
        return len(counted)

    write(case, by=anna)
    first = cost()
    for code in ("health", "children", "planning"):
        write(case, by=anna, heading=code, sign=True)
        write(case, by=anna, heading=code, text="Nytt", revision=1)
    assert cost() == first


def test_a_section_costs_the_same_for_one_revision_and_many(desk, case, anna, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(30) as counted:
            desk.get(address("section", case, VIOLENCE))
        return len(counted)

    for revision in range(2):
        write(case, by=anna, text=f"Text {revision}", revision=revision, sign=True)
    first = cost()
    for revision in range(2, 6):
        write(case, by=anna, text=f"Text {revision}", revision=revision, sign=True)
    assert cost() == first


# ── The database ──────────────────────────────────────────────────────────


def test_the_database_lets_nobody_change_what_is_signed_and_everyone_sign_with_their_own_name(case, anna, bo, behind_walls):
    draft, signed = write(case, by=anna, heading="health"), write(case, by=anna, sign=True)

    def changed(who, section, how="written_by_id = %s") -> int:
        with behind_walls(), accounts.at_work(who), connection.cursor() as cursor:
            cursor.execute(f"UPDATE casework_section SET {how} WHERE id = %s", [who.pk, section.pk])
            return cursor.rowcount

    assert [changed(anna, signed), changed(bo, draft)] == [0, 1]
    with behind_walls(), accounts.at_work(bo):
        with pytest.raises(ProgrammingError), transaction.atomic():
            Section.objects.filter(pk=draft.pk).update(signed_by=anna, signed_at=timezone.now())
        with pytest.raises(ProgrammingError), transaction.atomic():
            Section.objects.create(case=case, heading="children", revision=1, written_by=anna, written_at=MONDAY, text="Nej")
        write(case, by=bo, heading="planning")
        sign_section(case, "health", by=bo, at=timezone.now(), revision=1)
    assert Section.objects.get(pk=draft.pk).signed_by == bo


def test_there_is_one_draft_under_a_heading_and_each_revision_once(case, anna):
    write(case, by=anna)
    values = {"case": case, "heading": VIOLENCE, "written_by": anna, "written_at": MONDAY, "text": "Två"}

    for more in ({"revision": 2}, {"revision": 1, "signed_by": anna, "signed_at": MONDAY}, {"revision": 3, "signed_at": MONDAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Section.objects.create(**values, **more)


def test_a_case_is_destroyed_with_its_sections_and_the_last_of_them_counts_as_its_last_note(case, anna, lena):
    write(case, by=anna, at=MONDAY + 3 * DAY)
    actions.close_case(case, by=lena, at=MONDAY, reason="moved")
    (found,) = disposal.facts([case.pk])

    disposal.dispose(case.pk, at=MONDAY + 4 * DAY)

    assert found.last_note_on == (MONDAY + 3 * DAY).date()
    assert not Section.objects.exists()
