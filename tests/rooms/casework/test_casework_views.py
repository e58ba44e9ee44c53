"""The pages of casework, as the people of a case meet them. Without JavaScript: every request is a plain one."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.rooms.casework import actions, queries, slots
from fridhem.rooms.casework.models import Case
from fridhem.rooms.persons import actions as person_actions
from fridhem.rooms.persons.enums import Protection
from tests.factories import accounts, casework, persons

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]


@pytest.fixture
def anna():
    """A caseworker at the unit."""
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")


@pytest.fixture
def lena():
    """The team leader of the unit."""
    return casework.leader(name="Lena")


@pytest.fixture
def mona():
    """A reception social worker at another unit."""
    return accounts.user(Role.RECEPTION, name="Mona")


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def address(page: str, case: Case, *more) -> str:
    return reverse(f"casework:{page}", args=[case.number, *more])


def text_of(response) -> str:
    return response.content.decode()


# ── Lists ─────────────────────────────────────────────────────────────────


def test_the_list_shows_the_cases_i_work_with_and_no_others(as_, anna):
    mine, other = casework.case(by=anna), casework.case()

    page = text_of(as_(anna).get(reverse("casework:cases")))

    assert mine.number in page
    assert Case.objects.filter(number=other.number).exists()
    assert other.number not in page


def test_the_list_is_searched_by_number_and_filtered_by_status(as_, lena):
    one, two = casework.case(number="V-AAAAA"), casework.case(number="V-BBBBB")
    actions.close_case(two, by=lena, at=casework.MONDAY, reason="moved")

    def numbers(query: str) -> list[str]:
        response = as_(lena).get(reverse("casework:cases") + query)
        return [case.number for case in response.context["page"]]

    assert numbers("?q=aaa") == [one.number]
    assert numbers("?status=closed") == [two.number]
    assert sorted(numbers("")) == ["V-AAAAA", "V-BBBBB"]
    assert sorted(numbers("?status=nonsense&page=99")) == ["V-AAAAA", "V-BBBBB"]


def test_htmx_gets_the_rows_only(as_, anna):
    casework.case(by=anna)

    page = text_of(as_(anna).get(reverse("casework:cases"), headers={"HX-Request": "true"}))

    assert "<html" not in page
    assert "<table" in page


@pytest.mark.parametrize("listing", ["cases", "work"])
def test_lists_cost_the_same_for_one_row_and_three(as_, anna, lena, listing, django_assert_max_num_queries):
    client = as_(anna)

    def add_one():
        casework.do(casework.case(by=anna, person_id=persons.person().pk), "assess_protection", by=lena)

    def cost() -> int:
        with django_assert_max_num_queries(30) as counted:
            client.get(reverse(f"casework:{listing}"))
        return len(counted)

    add_one()
    first = cost()
    add_one()
    add_one()
    assert cost() == first


def test_a_case_page_costs_the_same_for_one_of_everything_and_three(as_, anna, lena, django_assert_max_num_queries):
    case = casework.case(by=anna)
    client = as_(lena)

    def add_one():
        intervention = actions.grant_intervention(
            case, by=lena, at=timezone.now(), kind="support_talks", reasons=["neglect", "economic_violence"]
        )
        actions.end_intervention(intervention, by=lena, at=timezone.now(), end=intervention.start, outcome="met")
        actions.write_note(case, by=anna, at=timezone.now(), text="Samtal")
        actions.assign(case, by=lena, at=timezone.now(), user=accounts.user(Role.CASEWORKER))

    def cost() -> int:
        with django_assert_max_num_queries(47) as counted:
            client.get(address("case", case))
        return len(counted)

    add_one()
    first = cost()
    add_one()
    add_one()
    assert cost() == first


def test_to_do_shows_what_is_late_first_and_why(as_, mona):
    late = casework.case(by=mona)
    later = casework.case(by=mona, at=timezone.now() + dt.timedelta(days=2))

    response = as_(mona).get(reverse("casework:work"))

    assert [row.step.case.number for row in response.context["page"]] == [late.number, later.number]
    assert "Omedelbar skyddsbedömning, socialtjänstlagen (2025:400)" in text_of(response)
    found = as_(mona).get(reverse("casework:work") + "?when=late").context["page"]
    assert [row.step.case.number for row in found] == [late.number]


# ── One case ──────────────────────────────────────────────────────────────


def test_the_case_page_shows_where_the_case_stands(as_, anna, lena):
    case = casework.do(casework.case(by=anna, summary="Ringde själv."), "assess_protection", by=lena, text="Inget skydd i natt.")

    page = text_of(as_(anna).get(address("case", case)))

    for shown in ("Kartlägga våldet", "Bedöma risk och planera säkerhet", "Ringde själv.", "Inget skydd i natt.", "<svg"):
        assert shown in page
    assert page.count('class="process-current"') == 2
    assert 'aria-current="step"' in page


def test_reading_a_case_is_recorded(as_, anna):
    case = casework.case(by=anna)

    as_(anna).get(address("case", case))

    assert Entry.objects.filter(verb="casework.case.read", subject=case.pk, actor=anna.pk).count() == 1


@pytest.mark.parametrize("name", ["case", "note", "grant", "assign", "close", "people", "relate", "identify"])
def test_for_those_who_need_not_know_the_case_does_not_exist(as_, name):
    case = casework.case()
    stranger = accounts.user(Role.TEAM_LEADER, unit=accounts.unit("Barn och familj"))

    assert as_(stranger).get(address(name, case)).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("case", 404), ("note", 404), ("grant", 404), ("assign", 403), ("close", 403)])
def test_what_is_for_leaders_is_refused_before_it_is_asked_which_case(as_, name, status):
    stranger = as_(accounts.user(Role.CASEWORKER, unit=casework.unit()))
    case = casework.case()

    assert stranger.get(address(name, case)).status_code == status
    assert stranger.get(reverse(f"casework:{name}", args=["V-XXXXX"])).status_code == status


def test_a_former_system_s_case_has_a_page_without_a_process(as_, lena):
    granted = actions.FormerIntervention("support_talks", ("neglect",), dt.date(2024, 2, 1), dt.date(2024, 5, 1), "met")
    former = actions.FormerCase(
        number="F-AAAAAA", unit=lena.unit, district="norra", age_group="adult", opened_on=dt.date(2024, 1, 1),
        closed_on=dt.date(2024, 6, 1), closing_reason="finished",
        interventions=(granted,),
    )  # fmt: skip
    actions.take_over([former], by=lena, at=casework.MONDAY)
    case = queries.visible_to(lena).get()

    response = as_(lena).get(address("case", case))

    assert response.status_code == 200
    main = text_of(response).partition("<main")[2]
    for shown in ("F-AAAAAA", "Stödsamtal", "Ärendet är hämtat från ett tidigare system, utan process och journal."):
        assert shown in main
    assert response.context["picture"] is None
    assert "cw-diagram" not in main
    assert actions.let_time_pass(case, at=timezone.now()).state == {}
    assert list(queries.with_timers_before(timezone.localdate())) == []
    assert text_of(as_(lena).get(reverse("casework:cases"))).count("F-AAAAAA") == 2  # the link and its address


def test_a_room_above_may_show_something_on_the_case_page(as_, anna):
    case = casework.case(by=anna)
    asked = []

    def concern(case_id, user):
        asked.append((case_id, user))
        return slots.Panel("Oron som kom in", "casework/_person.html", {"person": None})

    slots.case_page.fill("test", concern)
    try:
        page = text_of(as_(anna).get(address("case", case)))
    finally:
        slots.case_page.fill("test", lambda case_id, user: None)

    assert "Oron som kom in" in page
    assert asked == [(case.pk, anna)]


def test_the_diagram_page_says_the_same_in_english(as_, anna):
    case = casework.case(by=anna)

    page = text_of(as_(anna).get(address("case", case), headers={"Accept-Language": "en"}))

    assert "To do now" in page


# ── Steps ─────────────────────────────────────────────────────────────────


def test_a_step_is_done_and_the_case_moves_on(as_, mona):
    case = casework.case(by=mona)
    step = casework.open_step(case, "assess_protection")
    where = address("step", case, step.pk)

    form = text_of(as_(mona).get(where))
    assert "Behöver någon skydd nu?" in form
    assert "Registrera det som kommit in" in form  # how and why, from the diagram
    answers = {"protection": "planned", "assessment": "investigate", "text": "Hon bor hos en vän."}
    response = as_(mona).post(where, answers)

    assert (response.status_code, response["Location"]) == (302, address("case", case))
    assert list(queries.steps(case).filter(status="open").values_list("node", flat=True)) == ["assess_risk", "map_violence"]
    assert queries.journal(case).first().text == "Hon bor hos en vän."


def test_a_step_without_an_answer_says_so_at_the_question(as_, mona):
    case = casework.case(by=mona)
    where = address("step", case, casework.open_step(case, "assess_protection").pk)

    response = as_(mona).post(where, {"protection": "planned", "text": "x"})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"assessment"}


def test_the_second_of_two_on_one_step_is_told_what_happened(as_, mona):
    case = casework.case(by=mona)
    ronja = accounts.user(Role.RECEPTION, name="Ronja")
    actions.assign(case, by=casework.leader(), at=casework.MONDAY, user=ronja)
    where = address("step", case, casework.open_step(case, "assess_protection").pk)
    answers = {"protection": "none", "assessment": "decline", "text": "Min bedömning."}

    assert as_(mona).post(where, answers).status_code == 302
    second = as_(ronja).post(where, answers)

    page = text_of(second)
    assert second.status_code == 409
    assert "Klart av Mona" in page
    assert "readonly>Min bedömning.</textarea>" in page  # not lost: it can be copied
    assert queries.journal(case).filter(author=ronja).count() == 0
    assert Entry.objects.filter(verb="casework.step.read", actor=ronja.pk).count() == 1


def test_a_decision_to_grant_nothing_is_refused_with_the_text_kept(as_, lena):
    case = casework.case_at("decide", by=lena)
    where = address("step", case, casework.open_step(case, "decide").pk)

    response = as_(lena).post(where, {"decision": "granted", "text": "Skälen för beslutet."})

    assert response.status_code == 422
    assert "Bevilja minst en insats" in text_of(response)
    assert "Skälen för beslutet." in text_of(response)


def test_a_step_that_is_done_shows_who_did_it(as_, mona):
    case = casework.case(by=mona)
    step = casework.open_step(case, "assess_protection")
    casework.do(case, "assess_protection", by=mona, text="Klart nu.")

    page = text_of(as_(mona).get(address("step", case, step.pk)))

    assert "Klart av Mona" in page
    assert "Klart nu." in page
    assert Entry.objects.filter(verb="casework.step.read", subject=step.pk, actor=mona.pk).count() == 1


def test_a_step_of_another_role_is_not_mine(as_, anna):
    case = casework.case(by=anna)

    assert as_(anna).get(address("step", case, casework.open_step(case, "assess_protection").pk)).status_code == 403


def test_a_step_whose_form_is_gone_can_still_be_done(as_, mona):
    case = casework.case(by=mona)
    step = casework.open_step(case, "assess_protection")
    type(step).objects.filter(pk=step.pk).update(form="gone")

    assert "Stegets formulär finns inte längre" in text_of(as_(mona).get(address("step", case, step.pk)))


# ── The rest of what is written ───────────────────────────────────────────


def test_a_note_is_written_with_its_day(as_, anna):
    case = casework.case(by=anna)
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    as_(anna).post(
        address("note", case), {"kind": "conversation", "happened_on": yesterday.isoformat(), "text": "Ringde. 🙂 سلام"}
    )

    note = queries.journal(case).first()
    assert (note.kind, note.happened_on, note.text, note.author) == ("conversation", yesterday, "Ringde. 🙂 سلام", anna)


@pytest.mark.parametrize(
    "bad", [{"text": ""}, {"text": "x" * 20_001}, {"text": "a\x00b"}, {"happened_on": "2999-01-01"}, {"kind": "concern"}]
)
def test_a_note_that_is_not_well_formed_is_refused_whole(as_, anna, bad):
    case = casework.case(by=anna)
    given = {"kind": "conversation", "happened_on": timezone.localdate().isoformat(), "text": "Ringde.", **bad}

    response = as_(anna).post(address("note", case), given)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == set(bad)
    assert queries.journal(case).count() == 0


def test_an_intervention_is_granted_and_ended(as_, lena):
    case = casework.case()
    today = timezone.localdate().isoformat()

    as_(lena).post(address("grant", case), {"kind": "support_talks", "reasons": ["neglect", "digital_violence"], "start": today})
    granted = queries.interventions(case).get()
    assert sorted(reason.code for reason in granted.reasons.all()) == ["digital_violence", "neglect"]
    page = text_of(as_(lena).get(address("case", case)))
    assert "Stödsamtal" in page
    assert "Utsatt för digitalt våld" in page
    as_(lena).post(address("end", case, granted.pk), {"end": today, "outcome": "met"})

    assert queries.interventions(case).get().outcome == "met"


def test_granting_needs_a_reason_and_codes_of_today(as_, lena):
    case = casework.case()
    today = timezone.localdate().isoformat()

    none = as_(lena).post(address("grant", case), {"kind": "support_talks", "start": today})
    old = as_(lena).post(address("grant", case), {"kind": "phone_support", "reasons": ["other_violence"], "start": today})

    assert set(none.context["form"].errors) == {"reasons"}
    assert set(old.context["form"].errors) == {"kind", "reasons"}
    assert queries.interventions(case).count() == 0


def test_an_intervention_that_begins_before_the_case_is_refused_at_the_field(as_, lena):
    case = casework.case()
    before = (casework.MONDAY.date() - dt.timedelta(days=1)).isoformat()

    response = as_(lena).post(address("grant", case), {"kind": "support_talks", "reasons": ["neglect"], "start": before})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"start"}


def test_only_the_leader_grants(as_, anna):
    case = casework.case(by=anna)

    assert as_(anna).get(address("grant", case)).status_code == 403
    assert "Bevilja insats" not in text_of(as_(anna).get(address("case", case)))


def test_the_leader_adds_a_colleague(as_, lena):
    case, vera = casework.case(), accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Vera")

    as_(lena).post(address("assign", case), {"user": vera.pk})

    assert as_(vera).get(address("case", case)).status_code == 200


def test_the_leader_closes_a_case(as_, lena):
    case = casework.case()

    as_(lena).post(address("close", case), {"reason": "moved"})

    case.refresh_from_db()
    assert (case.status, case.closing_reason, case.closed_on) == ("closed", "moved", timezone.localdate())
    assert "Personen har flyttat" in text_of(as_(lena).get(address("case", case)))


def test_a_case_is_opened_for_someone_who_asks(as_, anna, lena):
    given = {
        "unit": lena.unit.pk,
        "process": "vinr_adult",
        "name": "Lo Ljung",
        "identity_number": "850709-9805",
        "age_group": "adult",
        "district": "norra",
        "summary": "Kom hit.",
    }

    response = as_(anna).post(reverse("casework:open"), given)

    case = queries.visible_to(anna).get()
    assert response["Location"] == address("case", case)
    assert case.person.sealed_number == "19850709-9805"
    assert case.unit == lena.unit
    assert queries.journal(case).get().text == "Kom hit."


def test_a_process_for_children_is_not_chosen_for_an_adult(as_, anna, lena):
    given = {
        "process": "child_investigation",
        "age_group": "adult",
        "district": "norra",
        "unit": lena.unit.pk,
        "summary": "Kom hit.",
    }

    answer = as_(anna).post(reverse("casework:open"), given)

    assert answer.status_code == 422
    assert "Processen är inte för den åldersgruppen. Välj en annan av de två." in text_of(answer)
    assert not Case.objects.exists()


# ── People ────────────────────────────────────────────────────────────────


def test_a_protected_person_is_masked_everywhere_until_someone_says_why(as_, anna):
    person = persons.person(name="Hemlig Harsyra", protection=Protection.CONFIDENTIALITY_MARKING)
    case = casework.case(by=anna, person_id=person.pk)
    client = as_(anna)

    for page in (reverse("casework:cases"), address("case", case), address("reveal", case, person.pk)):
        assert "Hemlig Harsyra" not in text_of(client.get(page))
    revealed = text_of(client.post(address("reveal", case, person.pk), {"reason": "contact"}))

    assert "Hemlig Harsyra" in revealed
    assert person.sealed_number in revealed
    looked = Entry.objects.get(verb="persons.person.revealed", subject=person.pk)
    assert (looked.actor, looked.reason) == (anna.pk, "contact")


def test_no_reason_reveals_nothing(as_, anna):
    person = persons.person(name="Hemlig Harsyra", protection=Protection.LOCAL)
    case = casework.case(by=anna, person_id=person.pk)

    assert "Hemlig Harsyra" not in text_of(as_(anna).post(address("reveal", case, person.pk), {"reason": "curious"}))
    assert not Entry.objects.filter(verb="persons.person.revealed").exists()


def test_a_person_s_cases_are_found_by_the_exact_number(as_, anna):
    person = persons.person(name="Lo Ljung")
    case = casework.case(by=anna, person_id=person.pk)
    where = reverse("casework:find")

    assert case.number in text_of(as_(anna).post(where, {"identity_number": person.sealed_number[2:]}))


def test_a_person_that_i_need_not_know_of_looks_like_one_who_is_not_there(as_):
    anna = accounts.user(Role.CASEWORKER, unit=accounts.unit("Barn och familj"))
    hidden = persons.person()
    casework.case(person_id=hidden.pk)
    nobody = person_actions.identity.test_number(dt.date(1950, 1, 1), 3)

    pages = [text_of(as_(anna).post(reverse("casework:find"), {"identity_number": n})) for n in (hidden.sealed_number, nobody)]

    assert all("Inget ärende som du arbetar med" in page for page in pages)
    assert [page.replace(hidden.sealed_number, "").replace(nobody, "").count("V-") for page in pages] == [0, 0]


def test_what_is_no_identity_number_is_refused_at_the_field(as_, anna):
    response = as_(anna).post(reverse("casework:find"), {"identity_number": "850709-9806"})

    assert response.status_code == 422
    assert "Kontrollera siffrorna" in text_of(response)


def test_a_step_shows_the_law_as_it_was_when_it_began(as_, mona):
    before = casework.case(by=mona, at=casework.MONDAY.replace(year=2025, month=6, day=30))
    after = casework.case(by=mona, at=casework.MONDAY.replace(year=2025, month=7, day=1))

    assert "Omedelbar skyddsbedömning, socialtjänstlagen (2001:453)" in text_of(as_(mona).get(address("case", before)))
    assert "Omedelbar skyddsbedömning, socialtjänstlagen (2025:400)" in text_of(as_(mona).get(address("case", after)))


def test_a_case_is_never_left_at_a_unit_that_nobody_leads(as_, mona, lena):
    form = as_(mona).get(reverse("casework:open")).context["form"]

    assert [unit.name for unit in form.fields["unit"].queryset] == [lena.unit.name]
