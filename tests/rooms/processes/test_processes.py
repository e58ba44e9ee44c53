"""The municipality owns its processes: uploaded, tried, proposed by one, published by another, and then never changed."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.processes import engine
from fridhem.foundation.processes.faults import BadProcess
from fridhem.foundation.processes.reading import read_process
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.processes import actions, catalogue, permissions, queries, rules
from fridhem.rooms.processes.models import Trial, Version
from tests.factories import accounts
from tests.factories.casework import ANSWERS, MONDAY
from tests.factories.processes import NEXT, NUMBER, branched, chain, changed, flow, node, redrawn

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
GROUNDS = {code.code for code in catalogue.grounds()}
LIMITS = {limit.key for limit in catalogue.limits().rows}


@pytest.fixture
def petra():
    return accounts.user(Role.PROCESS_OWNER, name="Petra")


@pytest.fixture
def kerstin():
    return accounts.user(Role.TEAM_LEADER, name="Kerstin")


def draft(by, data=None) -> Version:
    return actions.upload(data or changed(), by=by, at=MONDAY, note="Längre tid för skyddsbedömningen")


def tried(version: Version, by) -> Version:
    """Gone through to its shortest end: no investigation."""
    trial = actions.begin_trial(version, by=by, at=MONDAY)
    for step, answers in (
        ("assess_protection", {"protection": "none", "assessment": "decline"}),
        ("close_without", {"closing_reason": "no_investigation"}),
    ):
        trial = actions.try_step(trial, open_task(trial, step), by=by, at=MONDAY, answers=answers)
    version.refresh_from_db()
    return version


def open_task(trial: Trial, node: str):
    found = engine.open_tasks(queries.of(trial.version), trial.state)
    return next(task.id for task in found if task.node.id == node)


def published(petra, kerstin, data=None, valid_from=TODAY) -> Version:
    version = actions.propose(tried(draft(petra, data), petra), by=petra, at=MONDAY, valid_from=valid_from)
    return actions.publish(version, by=kerstin, at=MONDAY, seen=version.proposal)


# ── From file to published ────────────────────────────────────────────────


def test_an_uploaded_file_is_a_draft_numbered_after_the_newest(petra):
    version = draft(petra)

    assert (version.key, version.number, version.status, version.name) == (
        "vinr_adult", NEXT, "draft", "Våld i nära relation, vuxen",
    )  # fmt: skip
    assert queries.newest("vinr_adult", on=TODAY).version == NUMBER
    assert Entry.objects.filter(verb="processes.version.uploaded", subject=version.pk, actor=petra.pk).count() == 1


def test_the_same_file_twice_is_told_and_a_lost_one_leaves_its_number(petra):
    first = draft(petra)
    with pytest.raises(NotNow, match=f"exakt version {NEXT}"):
        draft(petra)
    with pytest.raises(NotNow, match=f"exakt version {NUMBER}"):
        draft(petra, catalogue.newest()["vinr_adult"].xml)

    actions.discard(first, by=petra, at=MONDAY)

    assert draft(petra).number == NEXT


def test_what_does_not_fit_the_house_is_told_in_words(petra):
    data = chain("talk").replace(b'camunda:formKey="plain"', b'camunda:formKey="form_that_left"')

    with pytest.raises(BadProcess) as refused:
        draft(petra, data)

    assert [fault.split(".")[0] for fault in refused.value.faults] == [
        "”Talk” har formuläret ”form_that_left”, som inte finns",
        "”Talk” säger inte varför det görs: ge det egenskapen ”ground”, något av: " + ", ".join(sorted(GROUNDS)),
    ]


CONSULTS = b'name="ground" value="follow_up" /><camunda:property name="consult" value="%s"'


@pytest.mark.parametrize("whom", [b"lawyer", b"team_leader"])
def test_a_step_names_whom_to_consult(petra, whom):
    version = draft(petra, changed().replace(b'name="ground" value="follow_up"', CONSULTS % whom))

    assert queries.of(version).nodes["follow_up"].properties["consult"] == whom.decode()
    told = rules.changes(queries.newest("vinr_adult", on=TODAY), queries.of(version))
    assert ("Vem man rådgör med", "", whom.decode()) in [(change.what, change.was, change.now) for change in told]


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        (b'assessment == "investigate"', b'asessment == "investigate"', "frågar efter ”asessment”, som inget steg i processen"),
        (b'assessment == "investigate"', b'assessment == "investigte"', "väntar på svaret ”investigte” på ”assessment”"),
        (b'value="follow_up"', b'value="nonsense"', "har grunden ”nonsense”, som inte finns i listan"),
        (b'name="ground" value="follow_up"', CONSULTS % b"the_moon", "rådgöra med ”the_moon”, som inte finns i listan"),
    ],
)
def test_what_nobody_can_answer_is_told(petra, was, now, fault):
    with pytest.raises(BadProcess) as refused:
        draft(petra, changed().replace(was, now).replace(was.replace(b'"', b"&quot;"), now.replace(b'"', b"&quot;")))

    assert [fault in each for each in refused.value.faults] == [True]
    assert not Version.objects.exists()


def test_only_the_process_owner_uploads_and_only_another_publishes(petra, kerstin):
    with pytest.raises(Denied):
        draft(kerstin)
    version = tried(draft(petra), petra)
    with pytest.raises(Denied):
        actions.propose(version, by=kerstin, at=MONDAY, valid_from=TODAY)
    version = actions.propose(version, by=petra, at=MONDAY, valid_from=TODAY)
    with pytest.raises(Denied, match="Du föreslog versionen själv"):
        actions.publish(version, by=petra, at=MONDAY, seen=version.proposal)
    with pytest.raises(Denied):
        actions.publish(version, by=accounts.user(Role.CASEWORKER), at=MONDAY, seen=version.proposal)

    actions.publish(version, by=kerstin, at=MONDAY, seen=version.proposal)

    assert queries.newest("vinr_adult", on=TODAY).version == NEXT
    with pytest.raises(NotNow):
        actions.publish(version, by=kerstin, at=MONDAY, seen=version.proposal)
    with pytest.raises(NotNow):
        actions.discard(version, by=petra, at=MONDAY)


def test_a_version_is_tried_before_it_is_proposed(petra):
    version = draft(petra)

    with pytest.raises(NotNow, match="Prova versionen först"):
        actions.propose(version, by=petra, at=MONDAY, valid_from=TODAY)
    with pytest.raises(NotNow, match="innan den är publicerad"):
        actions.propose(tried(version, petra), by=petra, at=MONDAY, valid_from=TODAY - dt.timedelta(days=1))


def test_new_cases_begin_on_it_from_its_day(petra, kerstin):
    published(petra, kerstin, valid_from=TODAY + dt.timedelta(days=7))

    assert queries.newest("vinr_adult", on=TODAY).version == NUMBER
    assert queries.newest("vinr_adult", on=TODAY + dt.timedelta(days=7)).version == NEXT
    in_force = {definition.key: definition.version for definition in queries.in_force(on=TODAY + dt.timedelta(days=8))}
    assert (in_force["vinr_adult"], in_force["hrv"]) == (NEXT, NUMBER)


def test_a_proposal_can_be_sent_back(petra, kerstin):
    version = actions.propose(tried(draft(petra), petra), by=petra, at=MONDAY, valid_from=TODAY)
    assert [permissions.may_publish(user, version) for user in (kerstin, petra)] == [True, False]

    version = actions.send_back(version, by=kerstin, at=MONDAY)

    assert not permissions.may_publish(kerstin, version)
    actions.discard(version, by=petra, at=MONDAY)
    assert not Version.objects.exists()


def test_the_database_lets_nobody_publish_alone(petra):
    version = actions.propose(tried(draft(petra), petra), by=petra, at=MONDAY, valid_from=TODAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(status="published", published_by=petra, published_at=MONDAY)


def test_what_is_not_published_is_for_those_who_own_it(petra, kerstin):
    version = draft(petra)

    assert [list(queries.visible_to(user)) for user in (petra, kerstin, accounts.user(Role.CASEWORKER))] == [
        [version],
        [version],
        [],
    ]
    with pytest.raises(KeyError):
        queries.definition("vinr_adult", NEXT)


# ── What is new ───────────────────────────────────────────────────────────


def test_what_differs_is_told_step_by_step(petra):
    before = catalogue.newest()["vinr_adult"]

    with override("sv"):
        found = rules.changes(before, queries.of(draft(petra)))
        renamed = rules.changes(before, queries.of(draft(petra, redrawn(map_violence="describe_violence"))))

    assert found == [rules.Change("Aktualisera och bedöma omedelbart skydd", "Tidsgräns", "Ett dygn (PT24H)", "PT48H (PT48H)")]
    assert [(change.step, change.what) for change in renamed] == [
        ("Kartlägga våldet", "Steget är borta"), ("Kartlägga våldet", "Nytt steg"),
    ]  # fmt: skip
    assert rules.changes(before, before) == []


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (b">P14D<", b">P90D<", "14 dagar (P90D)"),  # the words of the clock are left as they were
        (b'decision == "granted"', b'decision == "refused"', '[decision == "refused"]'),
        (b"<bpmn:documentation>Kommunens", b"<bpmn:documentation>Statens", None),  # says nothing of how the work is done
        (b'name="Vad blev beslutet?"', b'name="Vad blev det?"', "Något annat skiljer"),
    ],
)
def test_a_change_under_the_same_words_is_told_too(petra, was, now, told):
    data = catalogue.newest()["vinr_adult"].xml
    assert was in data
    found = rules.changes(catalogue.newest()["vinr_adult"], queries.of(draft(petra, data.replace(was, now))))

    assert any(told in change.now + change.what for change in found) if told else found == []


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        (b'"vinr_adult"', b'"vinr.adult"', "Processen har id:t ”vinr.adult”"),
        (b'"vinr_adult"', b'"' + b"a" * 65 + b'"', "högst 64"),
        ("Kartlägga våldet".encode(), b"x" * 201, "längre än 200 tecken"),
        (b'"map_violence"', b'"' + b"m" * 201 + b'"', "längre än 200 tecken"),
    ],
)
def test_names_that_would_not_fit_are_told(petra, was, now, fault):
    data = (
        catalogue.newest()["vinr_adult"]
        .xml.replace(was, now)
        .replace(was.strip(b'"').join((b">", b"<")), now.strip(b'"').join((b">", b"<")))
    )

    with pytest.raises(BadProcess) as refused:
        draft(petra, data)

    assert fault in refused.value.faults[0]


# ── The sandbox ───────────────────────────────────────────────────────────


def test_a_try_goes_its_own_way_through_time(petra):
    trial = actions.begin_trial(draft(petra), by=petra, at=MONDAY)
    for step in ("assess_protection", "map_violence", "assess_risk"):
        trial = actions.try_step(trial, open_task(trial, step), by=petra, at=MONDAY, answers=ANSWERS.get(step, {}))

    trial = actions.try_waiting(trial, 60, by=petra, at=MONDAY)

    open_now = {task.node.id for task in engine.open_tasks(queries.of(trial.version), trial.state)}
    assert open_now == {"propose", "extend"}
    assert (trial.clock - MONDAY).days == 60
    assert [what for _day, what in trial.log][-2:] == ["Bedöma risk och planera säkerhet: Måttlig", "60 dagar gick."]
    assert trial.version.tried_at is None


def test_a_try_needs_an_answer_to_every_question(petra):
    trial = actions.begin_trial(draft(petra), by=petra, at=MONDAY)

    with pytest.raises(NotNow):
        actions.try_step(trial, open_task(trial, "assess_protection"), by=petra, at=MONDAY, answers={})
    with pytest.raises(engine.TaskNotOpen):
        actions.try_step(trial, trial.pk, by=petra, at=MONDAY, answers={})


SECTIONS = b'name="ground" value="follow_up" /><camunda:property name="sections" value="%s"'


def test_a_step_waits_for_signed_sections(petra):
    version = draft(petra, changed().replace(b'name="ground" value="follow_up"', SECTIONS % b"signed"))

    told = rules.changes(queries.newest("vinr_adult", on=TODAY), queries.of(version))
    assert ("Vad som ska vara signerat", "", "signed") in [(change.what, change.was, change.now) for change in told]


@pytest.mark.parametrize(
    ("value", "key", "fault"),
    [
        (b"read", b"vinr_adult", "ger ”sections” värdet ”read”: skriv ”signed”."),
        (b"signed", b"our_own", "väntar på signerade avsnitt, men ”our_own” har inga rubriker."),
    ],
)
def test_sections_that_nobody_can_sign_are_told_in_words(petra, value, key, fault):
    data = changed().replace(b'name="ground" value="follow_up"', SECTIONS % value)

    with pytest.raises(BadProcess) as refused:
        draft(petra, data.replace(b'"vinr_adult"', b'"%s"' % key))

    assert [fault in one for one in refused.value.faults] == [True]


def test_the_headings_that_ship_rest_on_what_the_house_knows():
    headings = [heading for outline in catalogue.outlines() for heading in outline.headings]

    assert {heading.ground for heading in headings} <= GROUNDS
    assert {sheet for heading in headings for sheet in heading.sheets} <= set(catalogue.sheets())
    assert all(heading.name.sv and heading.name.en and heading.hint.sv and heading.hint.en for heading in headings)
    assert queries.outlined() <= {key for key, _number in catalogue.shipped()}


def test_a_try_belongs_to_the_one_who_tries(petra):
    trial = actions.begin_trial(draft(petra), by=petra, at=MONDAY)

    with pytest.raises(Trial.DoesNotExist):
        actions.try_waiting(trial, 1, by=accounts.user(Role.PROCESS_OWNER), at=MONDAY)


def test_an_event_can_be_let_happen_in_a_try(petra):
    trial = actions.begin_trial(draft(petra), by=petra, at=MONDAY)

    trial = actions.try_event(trial, "danger", by=petra, at=MONDAY)

    assert {task.node.id for task in engine.open_tasks(queries.of(trial.version), trial.state)} == {
        "assess_protection",
        "protect_now",
    }
    assert trial.log[-1][1] == "Det hände: En bedömning visar fara."
    with pytest.raises(NotNow, match="väntar inte på ”danger”"):
        actions.try_event(trial, "danger", by=petra, at=MONDAY)


def test_an_event_that_never_happens_is_told_in_words():
    definition = read_process(branched("first", beside="protect", event="earthquake"), roles={"Handläggare": "caseworker"})

    with override("sv"):
        found = rules.misfits(definition, sheets={}, grounds=(), limits=(), consulted=(), events=queries.events())

    assert "”Branch” börjar med ”earthquake”, som aldrig händer här. Välj en av: danger." in found


@pytest.mark.parametrize(("name", "told"), [("risk", 1), ("age_group", 0)])
def test_a_branch_that_asks_for_what_nobody_may_have_answered_is_told(name, told):
    """A danger must never be refused because an answer is missing."""
    inside = [node("exclusiveGateway", "which", default="which_to_protect"), flow("which", "branch_end", f'{name} == "child"')]
    arrows = flow("branch_start", "which") + flow("which", "protect")
    data = branched("first", beside="protect", drawn=("which",)).decode()
    data = data.replace(flow("branch_start", "protect"), "".join(inside) + arrows)
    definition = read_process(data.encode(), roles={"Handläggare": "caseworker"})

    with override("sv"):
        found = rules.misfits(definition, sheets={}, grounds=(), limits=(), consulted=(), events=queries.events())

    fault = f"”Branch” frågar efter ”{name}” innan någon har gjort något i den: börja med ett steg för en person."
    assert found.count(fault) == told


def test_what_the_municipality_has_published_stays_when_a_release_ships_another(petra, kerstin, monkeypatch):
    released = {key: replace(definition, version=100) for key, definition in catalogue.newest().items()}
    shipped = catalogue.shipped() | {(key, 100): definition for key, definition in released.items()}
    version = published(petra, kerstin)
    monkeypatch.setattr(catalogue, "newest", lambda: released)
    monkeypatch.setattr(catalogue, "shipped", lambda: shipped)

    assert queries.newest("vinr_adult", on=TODAY).version == version.number
    assert {one.version for one in queries.in_force(on=TODAY) if one.key != "vinr_adult"} == {100}


# ── The data that ships with the room ─────────────────────────────────────


def test_everything_that_ships_fits_the_house():
    for definition in catalogue.shipped().values():
        known = {"sheets": catalogue.sheets(), "grounds": GROUNDS, "limits": LIMITS, "consulted": queries.consulted()}
        known |= {"others": {key for key, _number in catalogue.shipped()}, "outlined": queries.outlined()}
        tables = {key: found.table for (key, _number), found in catalogue.tables().items()}
        assert rules.misfits(definition, **known, tables=tables, events=queries.events()) == []


def test_a_ground_that_ships_holds_today():
    used = {node.properties["ground"] for d in catalogue.shipped().values() for node in d.nodes.values() if node.is_human}

    assert all(catalogue.grounds().find(ground, on=TODAY) for ground in used)


def test_what_assessments_raise_is_in_the_list_of_events():
    assert "danger" in queries.events()
    branches = {key for key, definition in catalogue.newest().items() if "danger" in definition.branches}
    assert branches == {"child_investigation", "hrv", "protected_child", "vinr_adult"}
