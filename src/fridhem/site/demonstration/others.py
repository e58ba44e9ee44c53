"""Cases on the other core processes: children, honour, one who uses violence, a child in protected housing, support."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from fridhem.foundation.accounts.enums import Role
from fridhem.foundation.accounts.models import Unit, User
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.casework import queries as cases
from fridhem.rooms.casework.actions import decisions, links, sections
from fridhem.rooms.casework.actions import limits as asking
from fridhem.rooms.casework.models import Case
from fridhem.rooms.casework.queries import limits
from fridhem.rooms.casework.queries import sections as written
from fridhem.rooms.persons import actions as persons
from fridhem.site.demonstration.history import DISTRICTS
from fridhem.site.demonstration.people import invent
from fridhem.site.demonstration.staff import ADULTS, CHILDREN, RECEPTION


@dataclass(frozen=True)
class Told:
    """A case: its process, whose it is, how many days ago it began, how many steps are done, and how it began."""

    process: str
    unit: str
    by: str  # who opens it
    worker: str
    days: int
    steps: int
    summary: str
    is_child: bool = False


CASES = (
    Told("intake_assessment", RECEPTION, "mona", "ronja", 1, 0, "Skolan är orolig för en flicka i årskurs 4.", True),
    Told("intake_assessment", RECEPTION, "mona", "ronja", 9, 1, "Polisen var hemma i natt. Två syskon sov.", True),
    Told("intake_assessment", RECEPTION, "mona", "mona", 16, 1, "Förskolan: pojken säger att pappa slår.", True),
    Told("child_investigation", CHILDREN, "cilla", "bo", 20, 1, "Förhandsbedömningen ledde till utredning.", True),
    Told("child_investigation", CHILDREN, "cilla", "bo", 62, 4, "Har sett och hört våld hemma i flera år.", True),
    Told("child_investigation", CHILDREN, "cilla", "bo", 118, 7, "Mamman bor hos sin syster med barnen.", True),
    Told("child_investigation", CHILDREN, "cilla", "bo", 170, 9, "Pappan är anhållen misstänkt för misshandel.", True),
    Told("hrv", ADULTS, "mona", "viola", 2, 1, "Får inte välja vem hon träffar. Rädd för sommaren."),
    Told("hrv", ADULTS, "mona", "vera", 25, 4, "Hon ska resa till släkten och vill inte."),
    Told("uses_violence", ADULTS, "kerstin", "vera", 12, 1, "Ringde själv: vill sluta slå."),
    Told("uses_violence", ADULTS, "kerstin", "viola", 48, 3, "Hänvisad från Välj att sluta."),
    Told("protected_child", CHILDREN, "cilla", "bo", 5, 1, "Följer med sin mamma till skyddat boende.", True),
    Told("support_without_assessment", ADULTS, "kerstin", "pelle", 8, 1, "Vill prata med någon utan att utredas."),
    Told("support_without_assessment", ADULTS, "kerstin", "pelle", 3, 0, "Fick numret av vårdcentralen."),
)
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "immediate_protection": {"protection": "planned"},
    "preliminary_assessment": {"proposal": "investigate"},
    "opening_decision": {"assessment": "investigate"},
    "child_heard": {"heard": "alone"},
    "communicated": {"communicated": "some"},
    "consultation": {"consulted": "done"},
    "contact_made": {"contact": "wants_support"},
    "travel_risk": {"travel": "possible"},
    "risk_assessment": {"risk": "moderate"},
    "protection_decision": {"placement": "placed"},
    "decision": {"decision": "granted"},
    "offer_check": {"offer": "fits"},
    "violence_question": {"violence": "yes"},
}
TEXTS: Mapping[str, str] = {
    "immediate_protection": "Är hos en anhörig i natt. Vi har ringt och stämt av hur skolan gör i morgon.",
    "plan_investigation": "Samtal med barnet, med var och en av föräldrarna och med skolan. Klart till jul.",
    "child_heard": "Vi träffades i skolan, utan föräldrarna. Vill ha någon att prata med som inte berättar hemma.",
    "child_development": "Trivs i skolan, sover dåligt, har slutat med fotbollen.",
    "parenting": "En förälder tröstar och ser. Den andra säger att ingenting har hänt.",
    "surroundings": "Mormor bor nära. Grannarna vet.",
    "risk_assessment": "Måttlig risk, högre när de ska träffas för överlämning.",
    "investigation": "Behöver stöd att bearbeta våldet och ett umgänge som är tryggt.",
    "communicated": "Den ena föräldern har läst och håller med. Den andra får läsa när det inte längre är farligt.",
    "decision": "Beviljas enligt förslaget. Följs upp före sommaren.",
    "consultation": "Hedersteamet råder oss att inte kontakta familjen. Vi ses igen om en vecka.",
    "network_map": "En faster och kuratorn är trygga. Bröderna är det inte.",
    "travel_risk": "Biljetterna är inte köpta. Passet ligger hos pappan.",
    "contact_made": "Vi har pratat två gånger. Vill få hjälp med sin ilska, och vet att partnern får eget stöd av en annan.",
    "offer_check": "Villkoren stämmer: bor i kommunen, över 18 år och vill ha stödet.",
}


SECTION = "Det som har berättats står i journalen. Här är det som har betydelse för bedömningen."
GRANTED = {"child_investigation": "child_talks", "uses_violence": "violence_cessation_talks"}


def open_cases(people: Mapping[str, User], *, now: datetime, chance: random.Random) -> int:
    """Open each case and do its steps; one who uses violence has a case linked to the one of her who is exposed. How many."""
    found: dict[str, list[Case]] = {}
    for told in CASES:
        case = _open(told, people, now=now, chance=chance)
        _work(case, told, people, now=now)
        found.setdefault(told.process, []).append(case)
    exposed = cases.visible_to(people["kerstin"]).filter(process_key="vinr_adult", status="open").order_by("number").first()
    if exposed:
        links.link(exposed, found["uses_violence"][0], kind="uses_violence", by=people["kerstin"], at=now)
    _ask_for_more_time(found["child_investigation"][2], by=people["bo"], at=now)
    return len(CASES)


def _open(told: Told, people: Mapping[str, User], *, now: datetime, chance: random.Random) -> Case:
    at = now - timedelta(days=told.days, hours=chance.randint(0, 3))
    someone = invent(chance, on=at.date(), child=told.is_child)
    by = people[told.by]
    person = persons.register(by=by, at=at, name=someone.name, identity_number=someone.identity_number)
    return casework.open_case(
        by=by,
        at=at,
        process=told.process,
        age_group="child" if told.is_child else "adult",
        district=chance.choices(list(DISTRICTS), list(DISTRICTS.values()))[0],
        person_id=person.pk,
        unit=Unit.objects.get(name=told.unit),
        team=[people[told.worker]],
        summary=told.summary,
    )


def _work(case: Case, told: Told, people: Mapping[str, User], *, now: datetime) -> None:
    """So many steps, evenly over the days that have passed."""
    worker, leader = people[told.worker], people["cilla" if told.unit == CHILDREN else "kerstin"]
    does = {Role.TEAM_LEADER: leader, Role.RECEPTION: people["mona"]}
    for number in range(told.steps):
        at = now - timedelta(days=told.days - told.days * (number + 1) / (told.steps + 2))
        step = cases.steps(case).filter(status="open").order_by("opened_at", "node").first()
        assert step, "no case is told to its end"
        for place in written.left_for(step):
            sections.write_section(case, place.heading.code, by=worker, at=at, text=SECTION, revision=0, sign=True)
        if step.form == "decision":
            kind = GRANTED[told.process]
            why = decisions.decide(case, by=leader, at=at, kind="assistance", outcome="granted", motivation=TEXTS[step.form])
            casework.grant_intervention(case, by=leader, at=at, kind=kind, reasons=["psychological_violence"], decision=why)
        by, answers = does.get(Role(step.role), worker), ANSWERS.get(step.form, {})
        casework.complete_step(step, by=by, at=at, answers=answers, text=TEXTS.get(step.form, ""))


def _ask_for_more_time(case: Case, *, by: User, at: datetime) -> None:
    """The four months of the child's investigation end soon."""
    case = Case.objects.get(pk=case.pk)
    limit = max(limits.of(case, on=timezone.localdate(at)), key=lambda one: one.clock.ordinary)
    until = limit.clock.ordinary + timedelta(days=45)
    text = "Barnahus har förhör först i nästa månad."
    asking.ask_to_extend(case, limit.node.id, by=by, at=at, until=until, text=text)
