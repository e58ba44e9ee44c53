"""What Fridköping is changing in how it works: a version just published, one that waits for a second person, drafts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone
from lxml import etree

from fridhem.foundation.accounts.models import User
from fridhem.foundation.processes import engine
from fridhem.foundation.processes.definition import Definition
from fridhem.rooms.casework import rules as cases
from fridhem.rooms.casework.actions import moves
from fridhem.rooms.processes import actions, queries
from fridhem.rooms.processes.models import Version

# step → its new time limit, as the diagram writes it and as it's called; and what is new, in words
PUBLISHED = {"assess_risk": ("P3D", "3 dagar")}, "Risken bedöms inom 3 dagar i stället för 7."
PROPOSED = {"assess_risk": ("P3D", "3 dagar"), "decide": ("P7D", "7 dagar")}, "Beslut inom 7 dagar i stället för 14."
DRAFT = {"assess_risk": ("P3D", "3 dagar"), "follow_up": ("P2M", "2 månader")}, "Uppföljning varannan månad."
# What a rule of the decision table answers instead, and what is new.
TABLES = (("possible_lower", "En möjlig resa hindras, hur hög risken än är."), ("none", "Resan hindras alltid."))
# The shortest way to an end: nothing is investigated.
SHORTEST = (
    ("assess_protection", {"protection": "none", "assessment": "decline"}),
    ("close_without", {"closing_reason": "no_investigation"}),
)


def change(people: Mapping[str, User], *, now: datetime) -> int:
    """Upload versions of a process and of a table, publish one, and have the open cases tried on it. How many there are."""
    petra, today = people["petra"], timezone.localdate(now)
    before = queries.newest(cases.VINR_ADULT, on=today)
    published, proposed, _draft = (
        _tried(actions.upload(_drawn(before, limits), by=petra, at=now, note=note), petra, now)
        for limits, note in (PUBLISHED, PROPOSED, DRAFT)
    )
    published = actions.propose(published, by=petra, at=now - timedelta(hours=3), valid_from=today)
    actions.publish(published, by=people["kerstin"], at=now, seen=published.proposal)
    actions.propose(proposed, by=petra, at=now, valid_from=today + timedelta(days=7))
    ordered = moves.order(key=published.key, old=before.version, new=published.number, by=petra, at=now)
    moves.check(ordered.pk, at=now)
    return 3 + _change_tables(petra, today, now)


def _change_tables(petra: User, today: date, now: datetime) -> int:
    """Two versions of the decision table: one that waits for a second person, one draft."""
    waits, _draft = (
        actions.note_tried(actions.upload_table(_answered(rule), by=petra, at=now, note=note), by=petra, at=now)
        for rule, note in TABLES
    )
    actions.propose(waits, by=petra, at=now, valid_from=today + timedelta(days=7))
    return len(TABLES)


def _answered(rule: str) -> bytes:
    """The decision table that ships, with the journey first by one rule more."""
    tree = etree.fromstring(queries.table("travel_protection", 1).xml)
    (answer,) = tree.xpath("//*[@id=$id]/*[local-name()='outputEntry']/*[local-name()='text']", id=rule)
    answer.text = '"stop_travel"'
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def _drawn(before: Definition, limits: Mapping[str, tuple[str, str]]) -> bytes:
    """The process that ships, with other time limits."""
    tree = etree.fromstring(before.xml)
    for step, (span, name) in limits.items():
        (timer,) = tree.xpath("//*[@id=$id]", id=f"{step}_limit")
        timer.set("name", name)
        timer.xpath(".//*[local-name()='timeDuration']")[0].text = span
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def _tried(version: Version, by: User, at: datetime) -> Version:
    """Gone through in the sandbox."""
    trial = actions.begin_trial(version, by=by, at=at)
    for step, answers in SHORTEST:
        open_now = engine.open_tasks(queries.of(version), trial.state)
        task = next(task for task in open_now if task.node.id == step)
        trial = actions.try_step(trial, task.id, by=by, at=at, answers=answers)
    version.refresh_from_db()
    return version
