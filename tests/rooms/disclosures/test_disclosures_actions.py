"""What leaves: checked, stopped, let through by two, written down."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Alert, Entry
from fridhem.foundation.database.acting import Acting, acting
from fridhem.pure import identity
from fridhem.pure.codes.code_list import UnknownCode
from fridhem.pure.outbound.opening.pieces import REASONS
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework.actions import assign, people
from fridhem.rooms.disclosures import actions, catalogue, queries, rules
from fridhem.rooms.disclosures.enums import Part, Recipient, State, Unreadable
from fridhem.rooms.disclosures.models import Allowance, Disclosure, File
from fridhem.rooms.persons import actions as person_actions
from fridhem.rooms.persons.enums import DetailKind
from fridhem.rooms.persons.models import Person
from tests.factories import accounts, casework, outgoing
from tests.factories.disclosures import NOW, disclosure, hidden_case

pytestmark = pytest.mark.django_db

KIN = identity.test_number(dt.date(2001, 2, 3), 5)
BAD = "Hon bor på Tranbärsvägen 27 B numera."
GOOD = "Vi bekräftar mötet på torsdag klockan tio."


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")


@pytest.fixture
def case(anna):
    return hidden_case(by=anna)


@pytest.fixture
def lena():
    return casework.leader(name="Lena")


def test_what_tells_nothing_may_leave_and_is_in_the_ledger(case, anna):
    made = disclosure(case, by=anna, text=GOOD, documents=[("brev.pdf", outgoing.files.pdf(GOOD))], withheld=["address"])
    assert queries.state_of(made) == State.READY

    actions.let_leave(made, by=anna, at=NOW, way="post")

    assert queries.state_of(made) == State.LEFT
    dpo = accounts.user(Role.PRIVACY_OFFICER)
    (row,) = queries.ledger_rows(queries.ledger(dpo), "sv")
    assert (row["case"], row["recipient"], row["by"], row["state"], row["withheld"], row["way"]) == (
        case.number, "Den andra parten", "Anna", "Har lämnats ut", "Adress", "Med post",
    )  # fmt: skip
    assert [e.verb for e in Entry.objects.filter(subject=made.pk).order_by("at", "verb")] == [
        "disclosures.disclosure.left", "disclosures.disclosure.made",
    ]  # fmt: skip
    assert not Alert.objects.exists()


def test_what_tells_something_is_stopped_with_an_alert_and_can_not_leave(case, anna):
    made = disclosure(case, by=anna, text=BAD)

    assert queries.state_of(made) == State.STOPPED
    (alert,) = Alert.objects.all()
    assert (alert.kind, alert.subject, alert.roles, alert.unit) == ("outbound_stopped", made.pk, ["team_leader"], case.unit_id)
    with pytest.raises(NotNow):
        actions.let_leave(made, by=anna, at=NOW, way="post")
    with pytest.raises(NotNow):
        actions.fetch(made, None, by=anna, at=NOW)


def test_the_page_says_what_whose_and_where_and_never_the_value(case, anna):
    made = disclosure(case, by=anna, documents=[("brev.pdf", outgoing.files.pdf("Sida ett", f"Rad ett\n{BAD}"))])

    lines = queries.lines(made, anna)
    assert queries.Line("Adress", "Den som ärendet gäller", "brev.pdf", "texten", 2, 2) in lines
    assert "Tranb" not in repr(lines)


def test_a_file_whose_name_tells_is_called_by_its_number(case, anna):
    made = disclosure(case, by=anna, documents=[("Tranbärsvägen 27 B.txt", b"Hej")])

    assert {line.file for line in queries.lines(made, anna)} == {"fil 1"}


def test_the_name_on_the_envelope_is_checked_too(case, anna):
    assert disclosure(case, by=anna, text=GOOD, to="c/o Tranbärsvägen 27").is_stopped


def test_what_is_a_person_s_own_is_not_held_against_them(case, anna):
    made = disclosure(case, by=anna, text=BAD, recipient="exposed_person", person=case.person_id)

    assert not made.is_stopped


def test_the_child_s_school_is_held_against_everyone_else(case, anna):
    made = disclosure(case, by=anna, text="Om Humlebacken.", recipient="exposed_person", person=case.person_id)

    assert {line.kind for line in queries.lines(made, anna)} == {"Skola eller förskola"}


def test_the_address_is_told_to_the_protected_housing_alone(case, anna):
    assert not disclosure(case, by=anna, text=BAD, recipient="shelter").is_stopped
    assert all(disclosure(case, by=anna, text=BAD, recipient=one).is_stopped for one in Recipient.values if one != "shelter")


def test_an_unprotected_person_s_address_is_kept_from_the_one_who_uses_violence(anna):
    case = hidden_case(by=anna, protection="none", school=False)

    assert disclosure(case, by=anna, text=BAD, recipient="person_using_violence").is_stopped
    assert not disclosure(case, by=anna, text=BAD, recipient="health_care").is_stopped


def test_a_detail_that_has_ended_still_stops(case, anna):
    detail = case.person.details.get(kind="address")
    people.end_detail(case, detail.pk, by=anna, at=NOW, ended_on=NOW.date())

    assert disclosure(case, by=anna, text=BAD).is_stopped


def test_what_can_not_be_read_stops(case, anna):
    made = disclosure(case, by=anna, documents=[("bild.png", outgoing.png(400, 300))])

    assert made.is_stopped
    assert [file for file, _why in queries.faults(made)] == ["bild.png"]


def test_a_detail_that_can_not_be_opened_stops_everything(case, anna):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE persons_protected_detail SET value = 'damaged' WHERE kind = 'phone'")

    assert disclosure(case, by=anna, text=GOOD).unchecked == [{"file": "", "reason": "value"}]


def test_nothing_is_no_disclosure(case, anna):
    with pytest.raises(NotNow):
        disclosure(case, by=anna, text="  ")


def test_a_ground_that_the_list_does_not_have_that_day_is_refused(case, anna):
    with pytest.raises(UnknownCode):
        disclosure(case, by=anna, text=GOOD, ground="because")


# ── Two people ────────────────────────────────────────────────────────────


def test_two_different_people_with_reasons_let_it_pass(case, anna, lena):
    made = disclosure(case, by=anna, text=BAD)
    actions.allow(made, by=anna, at=NOW, reason="Polisen måste hitta dit.")
    assert queries.state_of(made) == State.HALF_ALLOWED
    with pytest.raises(NotNow):
        actions.let_leave(made, by=anna, at=NOW, way="post")

    actions.allow(made, by=lena, at=NOW, reason="Jag har läst och håller med.")
    actions.let_leave(made, by=anna, at=NOW, way="handed_over")

    assert queries.state_of(made) == State.LEFT
    alert = Alert.objects.get(kind="outbound_allowed")
    assert (alert.subject, alert.about_user, alert.roles) == (made.pk, lena.pk, ["privacy_officer"])
    (row,) = queries.ledger_rows(queries.ledger(accounts.user(Role.PRIVACY_OFFICER)), "sv")
    assert row["allowed_by"] == "Anna, Lena"
    assert [one.reason for one in made.allowances.all()] == ["Polisen måste hitta dit.", "Jag har läst och håller med."]


def test_the_same_person_is_not_two(case, anna):
    made = disclosure(case, by=anna, text=BAD)
    actions.allow(made, by=anna, at=NOW, reason="x")

    with pytest.raises(NotNow):
        actions.allow(made, by=anna, at=NOW, reason="y")
    with pytest.raises(IntegrityError), transaction.atomic():
        Allowance.objects.create(disclosure=made, case=case, place=2, by=anna, at=NOW, reason="y")


def test_the_second_must_be_one_who_may_open_what_is_protected(case, anna):
    mona = accounts.user(Role.RECEPTION)
    assign(case, by=casework.leader(), at=NOW, user=mona)
    made = disclosure(case, by=anna, text=BAD)
    actions.allow(made, by=anna, at=NOW, reason="x")

    with pytest.raises(Denied):
        actions.allow(made, by=mona, at=NOW, reason="y")


@pytest.mark.parametrize("reason", ["", "   "])
def test_nobody_lets_it_pass_without_a_reason(case, anna, reason):
    made = disclosure(case, by=anna, text=BAD)

    with pytest.raises(ValueError, match="says why"):
        actions.allow(made, by=anna, at=NOW, reason=reason)


def test_what_is_not_stopped_is_not_let_through(case, anna):
    with pytest.raises(NotNow):
        actions.allow(disclosure(case, by=anna, text=GOOD), by=anna, at=NOW, reason="x")


def test_a_detail_that_was_added_meanwhile_stops_what_was_ready(case, anna):
    made = disclosure(case, by=anna, text="Vi ses på Lindgatan 3.")
    assert queries.state_of(made) == State.READY
    people.add_detail(case, case.person_id, by=anna, at=NOW, kind="address", value="Lindgatan 3, 123 45 Orrbo")

    with pytest.raises(NotNow):
        actions.let_leave(made, by=anna, at=NOW, way="post")


def test_it_leaves_once(case, anna):
    made = disclosure(case, by=anna, text=GOOD)
    actions.let_leave(made, by=anna, at=NOW, way="post")

    with pytest.raises(NotNow):
        actions.let_leave(made, by=anna, at=NOW, way="post")
    assert actions.fetch(made, None, by=anna, at=NOW) == ("brev.txt", GOOD.encode())


# ── Who may ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", Role.values)
def test_nobody_outside_the_case_discloses_or_sees(case, anna, role):
    stranger, made = accounts.user(role), disclosure(case, by=anna, text=BAD)
    acts = [
        lambda: disclosure(case, by=stranger, text=GOOD),
        lambda: actions.allow(made, by=stranger, at=NOW, reason="x"),
        lambda: actions.let_leave(made, by=stranger, at=NOW, way="post"),
        lambda: actions.read(made, by=stranger, at=NOW),
        lambda: actions.fetch(made, None, by=stranger, at=NOW),
        lambda: actions.preview(case, by=stranger, at=NOW, recipient="court", text=BAD),
    ]

    for act in acts:
        with pytest.raises(Denied):
            act()
    assert not queries.visible_to(stranger).exists()


@pytest.mark.parametrize("role", Role.values)
def test_who_reads_the_ledger(case, role):
    user = accounts.user(role)

    if role == Role.PRIVACY_OFFICER:
        assert list(queries.ledger(user)) == []
    else:
        with pytest.raises(Denied):
            queries.ledger(user)


# ── The ledger ────────────────────────────────────────────────────────────


def test_the_ledger_is_searched_and_opens_nothing(case, anna, lena):
    dpo = accounts.user(Role.PRIVACY_OFFICER)
    left, stopped = disclosure(case, by=anna, text=GOOD), disclosure(case, by=lena, text=BAD, recipient="court")
    actions.let_leave(left, by=anna, at=NOW, way="post")

    def found(**given) -> set:
        return set(queries.ledger(dpo, **given))

    assert found() == {left, stopped}
    assert found(state="left") == {left}
    assert found(state="stopped") == {stopped}
    assert found(recipient="court") == {stopped}
    assert found(search="Lena") == {stopped}
    assert found(search=case.number) == {left, stopped}
    assert found(search="nobody") == set()


def test_three_rows_of_the_ledger_cost_as_much_as_one(case, anna, django_assert_max_num_queries):
    dpo = accounts.user(Role.PRIVACY_OFFICER)
    for _ in range(3):
        actions.let_leave(disclosure(case, by=anna, text=GOOD), by=anna, at=NOW, way="post")

    with django_assert_max_num_queries(3):
        assert len(list(queries.ledger_rows(queries.ledger(dpo), "sv"))) == 3


def test_what_is_kept_is_sealed(case, anna):
    from django.db import connection

    made = disclosure(case, by=anna, text=BAD, documents=[("hemligt namn.txt", b"Hej")])
    actions.allow(made, by=anna, at=NOW, reason="Hemligt skäl")

    rows = b""
    with connection.cursor() as cursor:
        for table in ("disclosures_disclosure", "disclosures_file", "disclosures_allowance"):
            cursor.execute(f"SELECT * FROM {table}")
            rows += b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in cursor.fetchone())
    for secret in ("Tranb", "hemligt", "Hemligt", "Odon", "SGVq"):
        assert secret.encode() not in rows


# ── The other party's eyes ────────────────────────────────────────────────


def test_a_preview_blacks_out_and_keeps_nothing(case, anna):
    shown, found = actions.preview(case, by=anna, at=NOW, recipient="other_party", text=BAD)

    assert [piece.text for piece in shown] == ["Hon bor på ██████ B numera."]
    assert found.is_stopped
    assert not Disclosure.objects.exists()
    assert Entry.objects.get(verb="disclosures.case.previewed").reason == "other_party"


# ── Rules as data ─────────────────────────────────────────────────────────


def test_the_table_names_what_exists():
    kinds = {*DetailKind.values, "name", "identity_number"}

    assert {row.kind for row in catalogue.withheld()} <= kinds
    assert {row.recipient for row in catalogue.withheld()} <= {"*", *Recipient.values}
    assert {row.whose for row in catalogue.withheld()} <= {"anyone", "protected", "fictitious"}


@pytest.mark.parametrize("protection", ["local", "confidentiality_marking", "protected_registration", "fictitious", ""])
@pytest.mark.parametrize("kind", [*DetailKind.values, "a kind that we don't know"])
def test_what_is_protected_is_held_against_everyone_but_the_protected_housing(kind, protection):
    held = {
        one: rules.is_held(catalogue.withheld(), recipient=one, kind=kind, protection=protection, on=NOW.date())
        for one in Recipient.values
    }

    free = {"shelter"} if kind in {"address", "phone"} else set()
    assert {one for one, is_held in held.items() if not is_held} == free


def test_what_is_found_and_what_is_unread_has_words():
    assert REASONS | {"value"} == set(Unreadable.values)
    assert set(Part.values) == {
        "text", "header", "comment", "hidden", "metadata", "file_name", "link", "form", "cell", "picture",
    }  # fmt: skip


# ── Behind the walls ──────────────────────────────────────────────────────


def as_one(user):
    return acting(Acting(user.pk, "tests", user.role, user.unit_id, user.zones))


def test_the_staff_s_own_database_role_can_do_the_whole_way(case, anna, lena, behind_walls):
    with behind_walls(), as_one(anna):
        made = disclosure(case, by=anna, text=BAD)
        actions.allow(made, by=anna, at=NOW, reason="x")
    with behind_walls(), as_one(lena):
        actions.allow(made, by=lena, at=NOW, reason="y")
        actions.let_leave(made, by=lena, at=NOW, way="post")
    dpo = accounts.user(Role.PRIVACY_OFFICER)
    with behind_walls(), as_one(dpo):
        (row,) = queries.ledger_rows(queries.ledger(dpo), "sv")

    assert (row["case"], row["state"]) == (case.number, "Har lämnats ut")


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.RECEPTION, Role.PRIVACY_OFFICER, Role.ADMINISTRATOR])
def test_the_database_keeps_what_was_disclosed_from_others(case, anna, behind_walls, role):
    made, stranger = disclosure(case, by=anna, text=BAD, documents=[("a.txt", b"x")]), accounts.user(role)

    with behind_walls(), as_one(stranger):
        assert Disclosure.objects.filter(pk=made.pk).exists() == (role == Role.PRIVACY_OFFICER)
        assert not File.objects.exists()


def test_the_check_sees_also_those_whom_the_one_who_sends_is_not_shown(case, anna, behind_walls):
    """Anna is kin to the child: she must not be shown the child, and so must not let out where the child is."""
    people.relate(case, by=anna, at=NOW, kind="sibling", name="Kusin", identity_number=KIN)
    kin = case.person.relations.get(kind__isnull=False, other__identity_index__isnull=False).other
    people.add_detail(case, kin.pk, by=anna, at=NOW, kind="address", value="Porsvägen 9, 981 01 Orrbo")
    people.protect(case, kin.pk, by=anna, at=NOW, protection="local")
    person_actions.recuse(user=anna, identity_number=KIN, ground="kin", by=anna, at=NOW)

    with behind_walls(), as_one(anna):
        assert not Person.objects.filter(pk=kin.pk).exists()
        made = disclosure(case, by=anna, text="Möt dem på Porsvägen 9.")

    assert [one["whose"] for one in made.findings][:1] == [str(kin.pk)]


def test_an_answer_is_checked_also_by_one_who_is_not_shown_the_case(case, anna, behind_walls):
    ronja = accounts.user(Role.RECEPTION)

    with behind_walls(), as_one(ronja):
        assert queries.stops(case.pk, text="Ring 070-174 06 58", by=ronja, on=NOW.date()) == [
            "Texten röjer något skyddat: Telefon."
        ]
