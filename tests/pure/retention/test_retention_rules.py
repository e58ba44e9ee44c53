"""How long a matter is kept: examples on the calendar, and 10,000 cases against a second reading of the law."""

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path

import pytest

from fridhem.pure.retention.rule import BadRules, Kind, Status, When, read_rules
from fridhem.pure.retention.verdict import CIRCUMSTANCES, Matter, Outcome, Reason, judge
from fridhem.pure.retention.words import explain
from tests.pure.retention import second_reading

TABLE = (Path(__file__).parents[3] / "src" / "fridhem" / "rooms" / "retention" / "rules.csv").read_text(encoding="utf-8")
RULES = read_rules(TABLE)
TODAY = dt.date(2026, 11, 21)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def closed_case(last_note: str, **given) -> Matter:
    values = {"kind": Kind.CASE, "last_note_on": day(last_note), "closed_on": day(last_note), "municipality": "9999"}
    return Matter(**{**values, **given})


@pytest.mark.parametrize(
    ("last_note", "kept_to", "gone_by"),
    [
        ("2020-06-15", "2025-06-15", "2026-12-31"),
        ("2020-02-29", "2025-02-28", "2026-12-31"),  # no 29 February: the last of the month
        ("2019-02-28", "2024-02-28", "2025-12-31"),
        ("2019-12-31", "2024-12-31", "2025-12-31"),  # the time is over within 2024
        ("2020-01-01", "2025-01-01", "2026-12-31"),
    ],
)
def test_a_case_is_kept_five_years_and_gone_the_calendar_year_after(last_note, kept_to, gone_by):
    found = judge(closed_case(last_note), rules=RULES, on=TODAY)

    assert (found.kept_to, found.gone_by) == (day(kept_to), day(gone_by))


@pytest.mark.parametrize(("on", "outcome"), [("2025-06-15", Outcome.UNTIL), ("2025-06-16", Outcome.DISPOSE)])
def test_the_day_after_five_years_is_the_first_to_dispose(on, outcome):
    assert judge(closed_case("2020-06-15"), rules=RULES, on=day(on)).outcome == outcome


@pytest.mark.parametrize(
    ("given", "outcome", "key"),
    [
        ({"circumstances": frozenset({When.CHILD_PLACED})}, Outcome.FOR_EVER, "child_placed"),
        ({"circumstances": frozenset({When.ADOPTION})}, Outcome.FOR_EVER, "adoption"),
        ({"circumstances": frozenset({When.PATERNITY})}, Outcome.FOR_EVER, "paternity"),
        ({"born_on": dt.date(1990, 3, 15)}, Outcome.FOR_EVER, "research_days"),
        ({"born_on": dt.date(1990, 3, 16)}, Outcome.DISPOSE, "person_file"),
        ({"municipality": "1480"}, Outcome.FOR_EVER, "research_places"),
        ({"municipality": "2281"}, Outcome.FOR_EVER, "research_places"),
        ({"municipality": "1280"}, Outcome.DISPOSE, "person_file"),
    ],
)
def test_what_is_kept_for_ever_is_kept_for_its_own_reason(given, outcome, key):
    found = judge(closed_case("2015-05-05", **given), rules=RULES, on=TODAY)

    assert (found.outcome, [rule.key for rule in found.rules]) == (outcome, [key])


@pytest.mark.parametrize(
    ("given", "outcome", "reason"),
    [
        ({"is_held": True}, Outcome.HOLD, Reason.LEGAL_HOLD),
        ({"is_held": True, "born_on": dt.date(1990, 3, 15)}, Outcome.HOLD, Reason.LEGAL_HOLD),
        ({"closed_on": None}, Outcome.ONGOING, Reason.GOES_ON),
        ({"file_is_open": True}, Outcome.ONGOING, Reason.FILE_GOES_ON),
        ({"municipality": ""}, Outcome.HOLD, Reason.NO_MUNICIPALITY),
    ],
)
def test_nothing_is_disposed_of_that_is_held_goes_on_or_can_not_be_judged(given, outcome, reason):
    found = judge(closed_case("2010-01-01", **given), rules=RULES, on=TODAY)

    assert (found.outcome, found.reasons, found.gone_by) == (outcome, (reason,), None)


def test_a_later_case_about_the_same_person_moves_the_time():
    found = judge(closed_case("2019-01-01", file_last_note_on=day("2023-04-04")), rules=RULES, on=TODAY)

    assert (found.outcome, found.kept_to, found.reasons) == (Outcome.UNTIL, day("2028-04-04"), (Reason.FOLLOW_UP,))


@pytest.mark.parametrize(("born", "kept_to"), [("2015-01-16", "2045-01-16"), ("2016-02-29", "2046-02-28"), (None, "2049-02-01")])
def test_a_childs_papers_are_kept_thirty_years_from_birth_while_that_may_be_the_law(born, kept_to):
    child = closed_case("2019-02-01", is_about_child=True, born_on=born and day(born))

    found = judge(child, rules=RULES, on=TODAY)

    assert (found.outcome, found.kept_to) == (Outcome.UNTIL, day(kept_to))
    assert judge(child, rules=RULES, on=day("2025-12-01")).outcome == Outcome.DISPOSE


def test_a_whistle_matter_is_gone_on_the_last_day_itself():
    matter = Matter(Kind.WHISTLE, day("2024-02-01"), closed_on=day("2024-02-29"))

    assert judge(matter, rules=RULES, on=day("2026-02-27")).outcome == Outcome.UNTIL
    found = judge(matter, rules=RULES, on=day("2026-02-28"))
    assert (found.outcome, found.due_from, found.gone_by) == (Outcome.DISPOSE, day("2026-02-28"), day("2026-02-28"))


def test_what_no_rule_is_about_is_kept():
    before_all_rules = judge(closed_case("1990-01-01"), rules=RULES, on=day("2001-06-01"))

    assert (before_all_rules.outcome, before_all_rules.reasons) == (Outcome.HOLD, (Reason.NO_RULE,))


def test_the_rule_in_force_on_the_day_decides_and_is_cited():
    old, new = (judge(closed_case("2018-01-01"), rules=RULES, on=day(on)) for on in ("2025-06-30", "2025-07-01"))

    assert "12 kap. 1 § socialtjänstlagen (2001:453)" in explain(old)
    assert "socialtjänstlagen (2025:400)" in explain(new)
    assert (old.kept_to, old.gone_by) == (new.kept_to, new.gone_by)


def test_a_changed_number_of_years_holds_from_its_day():
    changed = tuple(
        replace(rule, years=10) if rule.key == "person_file" and rule.valid_from == day("2025-07-01") else rule for rule in RULES
    )

    assert judge(closed_case("2018-01-01"), rules=changed, on=day("2025-06-30")).outcome == Outcome.DISPOSE
    assert judge(closed_case("2018-01-01"), rules=changed, on=day("2025-07-01")).kept_to == day("2028-01-01")


def test_words_say_what_and_why_in_both_languages():
    found = judge(closed_case("2020-06-15"), rules=RULES, on=TODAY)

    assert explain(found) == (
        "Ska gallras, borta senast 2026-12-31. Personakten gallras fem år efter den sista anteckningen "
        "(socialtjänstlagen (2025:400), om gallring; paragrafens nummer är inte kontrollerat)."
    )
    assert explain(found, "en").startswith("To be disposed of, gone by 2026-12-31. The person's file is disposed of")


# ── The second reading ────────────────────────────────────────────────────

CLOSE = [
    dt.date(y, m, d) for y in (2015, 2016, 2020, 2021, 2024) for m, d in ((1, 1), (2, 28), (3, 1), (12, 31), (6, 30), (7, 1))
]
CLOSE += [dt.date(2016, 2, 29), dt.date(2020, 2, 29), dt.date(2024, 2, 29)]
PLACES = ("9999", "9999", "9999", "1280", "1480", "0580", "0980", "2281", "")


def some_day(chance: random.Random) -> dt.date:
    return chance.choice(CLOSE) if chance.random() < 0.4 else dt.date(2010, 1, 1) + dt.timedelta(days=chance.randrange(6500))


def some_matter(chance: random.Random) -> Matter:
    last_note = some_day(chance)
    kind = chance.choices([Kind.CASE, Kind.CONCERN, Kind.WHISTLE], [8, 2, 1])[0]
    follows = chance.random() < 0.2 and kind == Kind.CASE
    return Matter(
        kind=kind,
        last_note_on=last_note,
        closed_on=None if chance.random() < 0.08 else last_note,
        is_about_child=chance.random() < 0.4,
        circumstances=frozenset(one for one in sorted(CIRCUMSTANCES) if chance.random() < 0.05),
        born_on=None if chance.random() < 0.2 else dt.date(1940, 1, 1) + dt.timedelta(days=chance.randrange(27000)),
        municipality=chance.choice(PLACES),
        is_held=chance.random() < 0.05,
        file_last_note_on=some_day(chance) if follows else None,
        file_is_open=follows and chance.random() < 0.2,
    )


def near(chance: random.Random, kept_to: dt.date | None) -> dt.date:
    """A day to ask on: any day, or one beside where the answer turns."""
    if kept_to and chance.random() < 0.6:
        return kept_to + dt.timedelta(days=chance.choice((-1, 0, 1, 2)))
    return dt.date(2012, 1, 1) + dt.timedelta(days=chance.randrange(9000))


def test_twelve_thousand_matters_are_judged_as_by_a_second_reading_of_the_law():
    chance = random.Random("the law read twice")
    seen: dict[str, int] = {}
    for _ in range(12_000):
        matter = some_matter(chance)
        on = near(chance, judge(matter, rules=RULES, on=dt.date(2040, 1, 1)).kept_to)

        found = judge(matter, rules=RULES, on=on)

        said = (found.outcome.value, found.due_from, found.gone_by)
        assert said == second_reading.of(matter, on), (matter, on)
        seen[found.outcome] = seen.get(found.outcome, 0) + 1
    assert min(seen.get(outcome, 0) for outcome in Outcome) > 300, seen


def test_a_fault_in_the_table_would_be_noticed_by_the_second_reading():
    faulty = tuple(replace(rule, value=("5", "15")) if rule.key == "research_days" else rule for rule in RULES)
    matter = closed_case("2015-01-01", born_on=dt.date(1980, 1, 25))

    assert judge(matter, rules=faulty, on=TODAY).outcome.value != second_reading.of(matter, TODAY)[0]


@pytest.mark.parametrize(
    ("wrong", "because"),
    [
        (TABLE.replace("12 kap. 1 § socialtjänstlagen (2001:453)", "", 1), "law"),
        (
            TABLE.replace("2002-01-01,2025-06-30,verified,Personakten", "2002-01-01,,verified,Personakten", 1),
            "two rules in force",
        ),
        (TABLE.replace(",section,Personuppgifter", ",unverified,Personuppgifter", 1), "only keep"),
        (TABLE.replace(",5,last_note,", ",5,,", 1), "counted from"),
        (TABLE.splitlines()[0], "empty"),
    ],
)
def test_a_table_that_can_not_be_trusted_is_refused(wrong, because):
    with pytest.raises(BadRules, match=because):
        read_rules(wrong)


def test_every_rule_that_destroys_was_seen_or_is_the_municipalitys_own():
    assert {rule.status for rule in RULES if rule.effect == "dispose"} <= {Status.VERIFIED, Status.SECTION, Status.LOCAL}
