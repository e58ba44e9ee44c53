"""The municipality owns its decision tables: held against the house, agreed to by two, asked in the version of the day."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override
from lxml import html

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.audit.models import Entry
from fridhem.foundation.processes.faults import BadTable
from fridhem.pure.decisions.deciding import explained
from fridhem.pure.refusals import Denied, NotNow
from fridhem.rooms.casework import actions as casework_actions
from fridhem.rooms.processes import actions, catalogue, permissions, queries, wording
from fridhem.rooms.processes.enums import Kind
from fridhem.rooms.processes.models import Version
from fridhem.rooms.processes.rules import Change
from tests.factories import accounts, casework
from tests.factories.casework import MONDAY
from tests.factories.processes import changed, changed_table, dmn

pytestmark = [pytest.mark.django_db, pytest.mark.urls("fridhem.site.urls.staff")]
TODAY = MONDAY.date()
KEY = "travel_protection"
POSSIBLE_LOW = {"travel": "possible", "risk": "low"}


@pytest.fixture
def petra():
    return accounts.user(Role.PROCESS_OWNER, name="Petra")


@pytest.fixture
def kerstin():
    return accounts.user(Role.TEAM_LEADER, name="Kerstin")


def draft(by, data=None) -> Version:
    return actions.upload_table(data or changed_table(), by=by, at=MONDAY, note="En möjlig resa hindras alltid")


def proposed(by, data=None, valid_from=TODAY) -> Version:
    version = actions.note_tried(draft(by, data), by=by, at=MONDAY)
    return actions.propose(version, by=by, at=MONDAY, valid_from=valid_from)


def published(petra, kerstin, data=None, valid_from=TODAY) -> Version:
    version = proposed(petra, data, valid_from)
    return actions.publish(version, by=kerstin, at=MONDAY, seen=version.proposal)


def faults(by, data: bytes) -> tuple[str, ...]:
    with override("sv"), pytest.raises(BadTable) as refused:
        draft(by, data)
    assert not Version.objects.exists()
    return refused.value.faults


# ── From file to published ────────────────────────────────────────────────


def test_an_uploaded_table_is_a_draft_numbered_after_the_one_that_ships(petra):
    version = draft(petra)

    assert (version.kind, version.key, version.number, version.status) == ("table", KEY, 2, "draft")
    assert queries.tables(on=TODAY)[KEY].number == 1
    assert Entry.objects.filter(verb="processes.version.uploaded", subject=version.pk, actor=petra.pk).count() == 1


def test_the_same_table_twice_is_told(petra):
    draft(petra)

    with pytest.raises(NotNow, match="exakt version 2"):
        draft(petra)
    with pytest.raises(NotNow, match="exakt version 1"):
        draft(petra, catalogue.tables()[KEY, 1].xml)


def test_a_table_and_a_process_may_have_the_same_id(petra):
    actions.upload(changed(), by=petra, at=MONDAY, note="x")

    version = draft(petra, changed_table().replace(b'"travel_protection"', b'"vinr_adult"'))

    assert (version.number, queries.versions("vinr_adult", user=petra).count()) == (1, 1)
    assert [each.kind for each in queries.on_the_way(petra, on=TODAY, kind=Kind.TABLE)] == ["table"]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "UTF-8"])
def test_a_file_in_another_encoding_is_kept_whole(petra, encoding):
    text = changed_table().decode().replace('encoding="UTF-8"', f'encoding="{encoding}"')

    version = draft(petra, text.encode(encoding))

    assert version.name == queries.table_of(version).table.name == "Vad kommer först: resan eller utredningen?"


def test_only_the_process_owner_uploads_tries_and_proposes(petra, kerstin):
    with pytest.raises(Denied):
        draft(kerstin)
    version = draft(petra)
    with pytest.raises(Denied):
        actions.note_tried(version, by=kerstin, at=MONDAY)
    with pytest.raises(NotNow, match="Prova versionen först"):
        actions.propose(version, by=petra, at=MONDAY, valid_from=TODAY)
    actions.note_tried(version, by=petra, at=MONDAY)
    with pytest.raises(Denied):
        actions.propose(version, by=kerstin, at=MONDAY, valid_from=TODAY)


def test_neither_who_uploaded_nor_who_proposed_publishes(petra, kerstin):
    version = actions.note_tried(draft(petra), by=petra, at=MONDAY)
    paula = accounts.user(Role.PROCESS_OWNER, name="Paula")
    version = actions.propose(version, by=paula, at=MONDAY, valid_from=TODAY)

    with pytest.raises(Denied, match="Du laddade upp versionen själv"):
        actions.publish(version, by=petra, at=MONDAY, seen=version.proposal)
    with pytest.raises(Denied, match="Du föreslog versionen själv"):
        actions.publish(version, by=paula, at=MONDAY, seen=version.proposal)
    assert [permissions.may_publish(user, version) for user in (petra, paula, kerstin)] == [False, False, True]
    actions.publish(version, by=kerstin, at=MONDAY, seen=version.proposal)
    with pytest.raises(NotNow):
        actions.note_tried(version, by=petra, at=MONDAY)


@pytest.mark.parametrize("alone", ["uploaded_by", "proposed_by"])
def test_the_database_lets_nobody_publish_what_is_their_own(petra, kerstin, alone):
    version = proposed(petra)
    Version.objects.filter(pk=version.pk).update(**{"uploaded_by": kerstin, "proposed_by": kerstin, alone: petra})

    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(status="published", published_by=petra, published_at=MONDAY)


def test_a_draft_is_for_those_who_own_it(petra, kerstin):
    version = draft(petra)

    found = [queries.version(KEY, 2, user=user, kind=Kind.TABLE) for user in (petra, kerstin, accounts.user(Role.CASEWORKER))]

    assert found == [version, version, None]
    with pytest.raises(KeyError):
        queries.table(KEY, 2)


# ── What it decides ───────────────────────────────────────────────────────


def test_from_its_first_day_it_decides(petra, kerstin):
    first = TODAY + dt.timedelta(days=7)
    published(petra, kerstin, valid_from=first)

    told = [queries.decide(KEY, POSSIBLE_LOW, on=day) for day in (first - dt.timedelta(days=1), first)]

    assert told == [
        {"comes_first": "investigate", "table_version": 1},
        {"comes_first": "stop_travel", "table_version": 2},
    ]


def test_versions_are_published_in_the_order_of_their_numbers_and_days(petra, kerstin):
    in_a_week, in_a_month = (TODAY + dt.timedelta(days=days) for days in (7, 30))
    early = actions.note_tried(draft(petra, changed_table().replace(b"skollov", b"lov")), by=petra, at=MONDAY)
    waiting = actions.propose(early, by=petra, at=MONDAY, valid_from=in_a_month)
    published(petra, kerstin, valid_from=in_a_month)

    with pytest.raises(NotNow, match="Version 3 är redan publicerad"):
        actions.publish(waiting, by=kerstin, at=MONDAY, seen=waiting.proposal)
    late = actions.note_tried(draft(petra, changed_table().replace(b"skollov", b"loven")), by=petra, at=MONDAY)
    with pytest.raises(NotNow, match="Version 3 är publicerad och börjar gälla"):
        actions.propose(late, by=petra, at=MONDAY, valid_from=in_a_week)
    actions.propose(late, by=petra, at=MONDAY, valid_from=in_a_month)


def test_a_version_is_compared_with_what_decides_on_its_first_day(petra, kerstin):
    in_a_week, in_a_month = (TODAY + dt.timedelta(days=days) for days in (7, 30))
    early = proposed(petra, changed_table().replace(b"skollov", b"lov"), valid_from=in_a_week)
    later = published(petra, kerstin, valid_from=in_a_month)
    newest = draft(petra, changed_table().replace(b"skollov", b"loven"))

    assert [queries.table_before(version).number for version in (early, later, newest)] == [1, 1, 3]


def test_what_the_municipality_has_published_stays_in_force_when_another_ships(petra, kerstin, monkeypatch):
    version = published(petra, kerstin)
    shipped = {**catalogue.tables(), (KEY, 100): replace(catalogue.tables()[KEY, 1], number=100)}
    monkeypatch.setattr(catalogue, "tables", lambda: shipped)

    assert queries.tables(on=TODAY)[KEY].number == 2
    assert [queries.table_before(each).number for each in (version, draft(petra, changed_table() + b" "))] == [1, 2]


def test_a_running_case_is_decided_by_the_table_of_the_day_and_says_which(petra, kerstin):
    before = weighed()
    published(petra, kerstin)
    after = weighed()

    assert [given_in(case) for case in (before, after)] == [
        [["decision:travel_protection", {"comes_first": "investigate", "table_version": 1}]],
        [["decision:travel_protection", {"comes_first": "stop_travel", "table_version": 2}]],
    ]


def test_the_case_page_says_which_version_decided(client, petra, kerstin):
    published(petra, kerstin)
    case = weighed()
    client.force_login(case.assignments.first().user)

    page = html.fromstring(client.get(reverse("casework:case", args=[case.number])).content)

    found = page.xpath("//section[@aria-labelledby='process']//ul[@class='fh-soft']//a")
    assert [(link.get("href"), link.text) for link in found] == [
        (reverse("processes:table-version", args=[KEY, 2]), "Vad kommer först: resan eller utredningen?, version 2")
    ]


def weighed():
    """A case in which a journey is possible and the risk is low."""
    leader = casework.leader()
    case = casework.case(by=leader, process="hrv")
    for step, answers in (
        ("assess_protection", {}), ("consult", {}), ("network", {}), ("risk", {"risk": "low"}),
        ("travel", {"travel": "possible"}),
    ):  # fmt: skip
        found = casework.open_step(case, step)
        asked = {question.name: question.codes[0] for question in queries.sheet(found.form).questions}
        casework_actions.complete_step(found, by=leader, at=MONDAY, answers=asked | answers)
    return case


def given_in(case) -> list:
    return case.process_events.order_by("number").last().given


# ── Whether it fits the house ─────────────────────────────────────────────


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        (
            b"<text>risk</text>",
            b"<text>rissk</text>",
            "Kolumn 2, ”Risken för nytt eller grövre våld”, frågar efter ”rissk”, som inget blad frågar efter. "
            "Skriv något av: risk.",
        ),
        (
            b'"low","moderate","high"',
            b'"low","moderate","high","extreme"',
            "Kolumn 2, ”Risken för nytt eller grövre våld”, räknar upp ”extreme”, som inte är bland svaren på ”risk”: "
            "low, moderate, high.",
        ),
        (
            b'name="comes_first"',
            b'name="table_version"',
            "Kolumn 3, ”Det här kommer först”, svarar ”table_version”, ett namn som är upptaget: ge svaret ett eget namn.",
        ),
    ],
)
def test_what_the_house_does_not_ask_is_told_by_column(petra, was, now, fault):
    found = faults(petra, changed_table().replace(was, now))

    assert found == (fault,)


def test_a_question_of_another_kind_is_told(petra):
    found = faults(petra, dmn(("-", '"a"'), inputs=(("risk", "boolean", ""),)))

    assert found == ("Kolumn 1, ”risk”, är av en annan sort än svaren på ”risk”: välj string.",)


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        (
            b'"stop_travel"',
            b'"hinder"',
            "Pilen ”Resan” väntar på svaret ”stop_travel” på ”comes_first”, som ingen kan ge.",
        ),
        (
            b'name="comes_first"',
            b'name="first"',
            "Pilen ”Resan” frågar efter ”comes_first”, som inget steg i processen frågar om.",
        ),
    ],
)
def test_what_it_would_break_in_a_process_is_told_with_the_process(petra, was, now, fault):
    found = faults(petra, changed_table().replace(was, now))

    assert (found[0], found[-1]) == (
        f"”Hedersrelaterat våld och förtryck”, version 1: {fault}",
        "Ärenden löper efter de versionerna. För att fråga eller svara något annat: ett nytt id, och en ny version av processen.",
    )


def test_a_table_that_lacks_an_answer_of_the_sheet_is_told(petra):
    data = changed_table().replace(b'"low","moderate","high"', b'"low","high"')

    assert "känner inte till svaret ”moderate” på ”risk”" in faults(petra, data)[0]


def test_gaps_and_overlaps_are_told_with_an_example(petra):
    data = catalogue.tables()[KEY, 1].xml

    assert faults(petra, data.replace(b'not("high")', b'"low"')) == (
        "Ingen regel gäller för Risken för resa eller äktenskap = possible, Risken för nytt eller grövre våld = moderate: "
        "lägg till en, eller ett förvalt svar.",
    )
    assert "Reglerna 2 och 3 gäller båda" in faults(petra, data.replace(b'not("high")', b"-"))[0]


def test_a_process_that_came_meanwhile_is_asked_again(petra, kerstin):
    """Two drafts that each fit what was there, and not each other: the second to be published is refused."""
    version = proposed(petra)
    hrv = catalogue.shipped()["hrv", 1].xml.replace(b'comes_first == "stop_travel"', b'comes_first == "investigate"')
    Version.objects.create(
        key="hrv", number=2, name="x", status="published", xml=hrv.decode().replace("investigate", "inquire"), note="x",
        uploaded_by=petra, uploaded_at=MONDAY, tried_at=MONDAY, proposed_by=petra, proposed_at=MONDAY, published_by=kerstin,
        published_at=MONDAY, valid_from=TODAY,
    )  # fmt: skip

    with override("sv"), pytest.raises(NotNow, match="väntar på svaret ”inquire”"):
        actions.publish(version, by=kerstin, at=MONDAY, seen=version.proposal)
    version.refresh_from_db()
    assert version.status == "proposed"


def test_a_process_can_ask_a_table_that_the_municipality_made(petra, kerstin):
    renamed = changed_table().replace(b'decision id="travel_protection"', b'decision id="own_table"')
    published(petra, kerstin, renamed, valid_from=TODAY + dt.timedelta(days=7))
    hrv = catalogue.shipped()["hrv", 1].xml.replace(b'decisionRef="travel_protection"', b'decisionRef="own_table"')
    version = actions.upload(hrv, by=petra, at=MONDAY, note="x")
    Version.objects.filter(pk=version.pk).update(tried_at=MONDAY)

    with pytest.raises(NotNow, match="”own_table”, som inte finns"):
        actions.propose(version, by=petra, at=MONDAY, valid_from=TODAY)
    version = actions.propose(version, by=petra, at=MONDAY, valid_from=TODAY + dt.timedelta(days=7))
    actions.publish(version, by=kerstin, at=MONDAY, seen=version.proposal)

    assert {definition.version for definition in queries.users("own_table")} == {2}


# ── In words ──────────────────────────────────────────────────────────────


def shipped_and(data: bytes, by):
    old, new = catalogue.tables()[KEY, 1].table, queries.table_of(draft(by, data)).table
    return old, new, queries.words(old, new, on=TODAY)


def test_the_rules_are_told_in_the_words_of_sheets_and_arrows():
    table = catalogue.tables()[KEY, 1].table
    with override("sv"):
        words = queries.words(table, on=TODAY)
        found = [([cell.words for cell in line.asked], list(line.given)) for line in wording.lines(table, words)]

    high = words["risk", "high"]
    assert found == [
        ([words["travel", "imminent"], "vilket svar som helst"], ["Resan"]),
        ([words["travel", "possible"], high], ["Resan"]),
        ([words["travel", "possible"], f"allt utom {high}"], ["Utredningen"]),
        ([words["travel", "none"], "vilket svar som helst"], ["Utredningen"]),
    ]


def test_why_a_rule_decides_is_told():
    table = catalogue.tables()[KEY, 1].table
    decided = explained(table, POSSIBLE_LOW)
    with override("sv"):
        words = queries.words(table, on=TODAY)
        found = wording.lines(table, words, decided)
        told = wording.why(table, decided, POSSIBLE_LOW, words)

    assert [(line.number, line.holds, line.decides, [cell.fits for cell in line.asked]) for line in found] == [
        (1, False, False, [False, True]),
        (2, False, False, [True, False]),
        (3, True, True, [True, True]),
        (4, False, False, [False, True]),
    ]
    assert told.startswith("Regel 3 avgör, eftersom Risken för resa eller äktenskap: ")


def test_what_differs_is_told_rule_by_rule_and_case_by_case(petra):
    with override("sv"):
        old, new, words = shipped_and(changed_table(), petra)
        found = wording.changes(old, new, words)
        turned = wording.turns(old, new, words)

    possible = f"Risken för resa eller äktenskap: {words['travel', 'possible']}"
    when = f"Risken för nytt eller grövre våld: allt utom {words['risk', 'high']}; {possible}"
    assert found == [
        Change("Regel 3", "Ändrad regel", f"{when} → Det här kommer först: Utredningen", f"{when} → Det här kommer först: Resan")
    ]
    assert [(was, now) for _case, was, now in turned] == [
        ("Det här kommer först: Utredningen", "Det här kommer först: Resan")
    ] * 2
    assert wording.changes(old, old, words) == wording.turns(old, old, words) == []


def test_rules_that_came_and_went_are_told(petra):
    split = (
        catalogue.tables()[KEY, 1]
        .xml.replace(b'not("high")', b'"low"')
        .replace(
            b'<rule id="none">',
            b'<rule id="more"><inputEntry><text>"possible"</text></inputEntry><inputEntry><text>"moderate"</text></inputEntry>'
            b'<outputEntry><text>"stop_travel"</text></outputEntry></rule><rule id="none">',
        )
    )
    with override("sv"):
        old, new, words = shipped_and(split, petra)
        there = [(change.step, change.what) for change in wording.changes(old, new, words)]
        back = [(change.step, change.what) for change in wording.changes(new, old, words)]

    assert there == [("Regel 3", "Ändrad regel"), ("Regel 4", "Ny regel")]
    assert back == [("Regel 3", "Ändrad regel"), ("Regel 4", "Regeln är borta")]
    assert len(wording.turns(old, new, words) or ()) == 1


def test_the_order_of_rules_is_told_when_the_first_decides(petra):
    inputs = (("risk", "string", '"low","moderate","high"'), ("age_group", "string", '"adult","child"'))
    high, child, rest = ('"high"', "-", '"a"'), ("-", '"child"', '"b"'), ("-", "-", '"a"')
    old, new = (
        queries.table_of(draft(petra, dmn(*rows, inputs=inputs, policy="FIRST"))).table
        for rows in ((high, child, rest), (child, high, rest))
    )
    with override("sv"):
        words = queries.words(old, new, on=TODAY)

        assert wording.changes(old, new, words) == [Change("Hela tabellen", "Reglernas ordning", "1, 2, 3", "2, 1, 3")]
        assert [(was, now) for _case, was, now in wording.turns(old, new, words)] == [("Väg: a", "Väg: b")]


def test_two_codes_that_are_called_the_same_are_told_apart():
    same = {("risk", "low"): "Ja", ("risk", "high"): "Ja", ("travel", "none"): "Ja"}

    assert wording.distinct(same) == {("risk", "low"): "Ja (low)", ("risk", "high"): "Ja (high)", ("travel", "none"): "Ja"}
