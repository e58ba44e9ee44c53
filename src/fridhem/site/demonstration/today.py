"""The work that is going on right now, done by the same actions as everyone's."""

import random
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from fridhem.foundation.accounts.models import Unit, User
from fridhem.foundation.crypto import receipts
from fridhem.foundation.files.taking_in import Refused, take_in
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.casework import queries as cases
from fridhem.rooms.casework.actions import decisions, documents, sections
from fridhem.rooms.casework.enums import NoteKind
from fridhem.rooms.casework.models import Case, Step
from fridhem.rooms.intake import actions as intake
from fridhem.rooms.intake import queries as concerns
from fridhem.rooms.persons import actions as persons
from fridhem.site.demonstration.concerns import KNOWN_RECEIPT, WORRIES, Worry
from fridhem.site.demonstration.history import DISTRICTS, STREAMS
from fridhem.site.demonstration.people import invent
from fridhem.site.demonstration.staff import ADULTS

OPEN_CASES = 26
ANSWERS: dict[str, Mapping[str, str]] = {
    "protection_assessment": {"protection": "planned", "assessment": "investigate"},
    "risk_assessment": {"risk": "moderate"},
    "decision": {"decision": "granted"},
    "follow_up": {"risk": "low", "follow_up": "continue"},
}
TEXTS = {
    "protection_assessment": "Hon är hos en väninna i natt och vågar inte hem. Akut skydd är ordnat till måndag.",
    "violence_mapping": "Våldet har pågått i tre år och blivit grövre. Det gäller också pengar och telefon.",
    "risk_assessment": "Måttlig risk nu, högre vid hämtning av barnen. Säkerhetsplanen går vi igenom tillsammans på torsdag.",
    "investigation": "Förslag: stödsamtal och säkerhetsplanering. Hon vill själv och har valt tid.",
    "decision": "Beviljas enligt förslaget. Följs upp om tre månader.",
    "follow_up": "Det går framåt. Hon sover hela nätter. Vi fortsätter som beslutat.",
}
# What is written in the investigation once a step is done: under which heading, the text, whether it's signed.
SECTIONS = {
    "violence_mapping": ("violence", "Hon berättar om slag, hot och kontroll av telefon och pengar sedan tre år.", True),
    "risk_assessment": ("safety", "Måttlig risk, högre vid hämtning av barnen. Väninnans lägenhet är känd av honom.", False),
}
CALLS = (
    "Samtal. Hon har varit hos polisen och vill att vi hör av oss först efter klockan tio.",
    "Ringde kvinnojouren om plats i samtalsgruppen. Svar på fredag.",
    "Möte med skolan om trygg hämtning. Rektorn känner till vad som gäller.",
)

LETTER = "Hej!\n\nHämtningen sker från och med måndag vid den andra ingången. Bara den som står på listan får hämta.\n\nRektorn"
RECORDING = b"ID3\x03" + bytes(400)


def send_concerns(people: Mapping[str, User], *, now: datetime, chance: random.Random) -> int:
    """Send every worry through the same door as the public's, and answer those that have an answer. How many there were."""
    salt = b64decode(settings.FRIDHEM_RECEIPT_SALT)
    for place, worry in enumerate(WORRIES):
        receipt = KNOWN_RECEIPT if place == 0 else "".join(str(chance.randrange(10)) for _ in range(receipts.DIGITS))
        _send(worry, receipt, salt, people["mona"], now=now, chance=chance)
    return len(WORRIES)


def _send(worry: Worry, receipt: str, salt: bytes, by: User, *, now: datetime, chance: random.Random) -> None:
    sent = now - timedelta(days=worry.days_ago, minutes=chance.randint(5, 300))
    box = receipts.mailbox(receipt, salt)
    concern = intake.receive(submission=_uuid(chance), mailbox=box, said=worry.said, at=sent)
    if worry.later:
        opened = concerns.open_mailbox(receipt)
        assert opened is not None, "the mailbox was made the line before"
        intake.write_more(letter=_uuid(chance), box=opened, text=worry.later, at=sent + timedelta(hours=20))
    if worry.answer:
        intake.answer(concern, text=worry.answer, by=by, at=sent + timedelta(hours=3))


def open_cases(people: Mapping[str, User], *, now: datetime, chance: random.Random) -> int:
    """Open cases and do their steps, each to another place in the process. How many there were."""
    unit = Unit.objects.get(name=ADULTS)
    for place in range(OPEN_CASES):
        caseworker = people[("viola", "vera")[place % 2]]
        at = now - timedelta(days=chance.randint(place * 4, place * 4 + 3), hours=chance.randint(0, 6))
        someone = invent(chance, on=at.date(), child=False)
        person = persons.register(by=people["mona"], at=at, name=someone.name, identity_number=someone.identity_number)
        case = casework.open_case(
            by=people["mona"],
            at=at,
            district=chance.choices(list(DISTRICTS), list(DISTRICTS.values()))[0],
            person_id=person.pk,
            unit=unit,
            team=[caseworker],
            summary="Ringde själv. Är rädd för sin sambo och vet inte vart hon ska ta vägen.",
        )
        _work(case, people, caseworker, at=at, now=now, chance=chance)
        if place < 2:
            _add_documents(case, caseworker, at=at)
    return OPEN_CASES


def _add_documents(case: Case, by: User, *, at: datetime) -> None:
    """A recording that waits in quarantine for a colleague, and a text to look at."""
    for minutes, (name, data) in enumerate((("röstmeddelande.mp3", RECORDING), ("Brev från skolan.txt", LETTER.encode()))):
        taken = take_in(data, on=at.date(), keep_original=True)
        assert not isinstance(taken, Refused), "what can't be cleaned is held apart"
        documents.add_document(case, taken=taken, name=name, by=by, at=at + timedelta(minutes=minutes))


def _work(
    case: Case, people: Mapping[str, User], caseworker: User, *, at: datetime, now: datetime, chance: random.Random
) -> None:
    """Do one step after another until the day is today."""
    does = {"reception": people["mona"], "caseworker": caseworker, "team_leader": people["kerstin"]}
    while True:
        at += timedelta(days=chance.randint(0, 1) if not case.steps.filter(status="done").exists() else chance.randint(5, 24))
        step = cases.steps(case).filter(status="open").first()
        if at >= now or step is None:
            return
        if step.form == "decision":
            _grant(case, people["kerstin"], at=at, chance=chance)
        _do(step, does[step.role], at)
        if step.form in SECTIONS:
            heading, text, signed = SECTIONS[step.form]
            sections.write_section(case, heading, by=caseworker, at=at, text=text, revision=0, sign=signed)
        if chance.random() < 0.5:
            text = chance.choice(CALLS)
            later, kind = at + timedelta(minutes=20), NoteKind.CONVERSATION
            signed = at < now - timedelta(days=20) or text is CALLS[2]
            casework.write_note(case, by=caseworker, at=later, kind=kind, text=text, sign=signed)


def _grant(case: Case, by: User, *, at: datetime, chance: random.Random) -> None:
    adults = STREAMS[0]
    why = TEXTS["decision"]
    decision = decisions.decide(case, by=by, at=at, kind="assistance", outcome="granted", motivation=why)
    decisions.tell(decision, by=by, at=at, told_on=timezone.localdate(at))
    for kind in chance.sample(["support_talks", "safety_planning", "practical_support", "personal_contact"], k=2):
        reasons = chance.sample(["physical_violence", "psychological_violence", "economic_violence", "digital_violence"], k=2)
        assert kind in adults.interventions
        casework.grant_intervention(case, by=by, at=at, kind=kind, reasons=reasons, decision=decision)


def _do(step: Step, by: User, at: datetime) -> None:
    casework.complete_step(step, by=by, at=at, answers=ANSWERS.get(step.form, {}), text=TEXTS.get(step.form, ""))


def _uuid(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)
