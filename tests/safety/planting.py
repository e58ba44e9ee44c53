"""Put people who don't exist into a running house, as its staff face does it: `python -m tests.safety.planting < people.json`.

A process of its own, with the secrets file of the staff face: its rights, its walls, its keys. It ends by saying which declared
fields were given words of theirs.
"""

import datetime as dt
import json
import sys
from collections.abc import Collection

import django

django.setup()

from django.db import models  # noqa: E402
from django.utils import timezone  # noqa: E402

from fridhem.foundation.accounts.models import User  # noqa: E402
from fridhem.foundation.crypto.blind_index import BlindIndexField, NameIndexField  # noqa: E402
from fridhem.foundation.crypto.privacy import OPEN  # noqa: E402
from fridhem.foundation.files.enums import Reason  # noqa: E402
from fridhem.foundation.files.taking_in import Quarantined  # noqa: E402
from fridhem.foundation.processes.logs import Logged, LoggedCase  # noqa: E402
from fridhem.rooms.assessments import actions as assessments  # noqa: E402
from fridhem.rooms.assessments import queries as instruments  # noqa: E402
from fridhem.rooms.casework.actions import decisions, documents, emergencies, grant_intervention, people, sections, write_note  # noqa: E402
from fridhem.rooms.casework.models import Case  # noqa: E402
from fridhem.rooms.conformance import actions as conformance  # noqa: E402
from fridhem.rooms.disclosures import actions as disclosures  # noqa: E402
from fridhem.rooms.disclosures import tasks as disclosures_tasks  # noqa: E402
from fridhem.rooms.disclosures.actions import exports  # noqa: E402
from fridhem.rooms.importing import actions as importing  # noqa: E402
from fridhem.rooms.importing import tasks as importing_tasks  # noqa: E402
from fridhem.rooms.intake import actions as concerns  # noqa: E402
from fridhem.rooms.intake.models import Concern  # noqa: E402
from fridhem.rooms.persons import actions as persons  # noqa: E402
from fridhem.rooms.persons.models import ProtectedDetail  # noqa: E402
from fridhem.rooms.retention import actions as retention  # noqa: E402
from fridhem.rooms.retention.enums import MatterKind  # noqa: E402
from fridhem.rooms.retention.models import Matter  # noqa: E402
from fridhem.rooms.reviews import actions as reviews  # noqa: E402
from fridhem.rooms.reviews import catalogue  # noqa: E402
from fridhem.rooms.reviews.queries import drawn  # noqa: E402
from tests.factories import assessments as assessing  # noqa: E402
from tests.factories import casework as making  # noqa: E402
from tests.factories.accounts import at_work  # noqa: E402
from tests.factories.importing import row as row_of  # noqa: E402
from tests.factories.importing import uploaded  # noqa: E402
from tests.safety.canaries import Someone, forms  # noqa: E402

DISCLOSED = 1  # people: what leaves is held against their protected details, and nobody opens more than forty an hour
INDEXES = (BlindIndexField, NameIndexField)  # can't hold words: given one, they keep its fingerprint


class Seen:
    """Which declared fields were saved with words of the people who are planted."""

    def __init__(self, words: Collection[str]) -> None:
        self.written = {one for word in words for form in ("UTF-8", "base64") for one in forms(word)[form]}
        self.fields: set[str] = set()
        models.signals.post_save.connect(self.look, weak=False)

    def look(self, sender: type[models.Model], instance: models.Model, **_more: object) -> None:
        """Note the fields of a row that was saved."""
        for name, kind in getattr(sender, "privacy", {}).items():
            label, held = f"{sender._meta.label}.{name}", instance.__dict__.get(name)
            if kind != OPEN and held is not None and label not in self.fields:
                self.fields |= {label} if self._is_theirs(sender._meta.get_field(name), held) else set()

    def _is_theirs(self, field: models.Field, held: object) -> bool:
        return isinstance(field, INDEXES) or any(one in str(held).encode() for one in self.written)


def plant(told: Someone, place: int, staff: dict[str, User]) -> None:
    """A case about someone with everything that a case can have."""
    case = _case(told, place, staff["vera"])
    _lead(case, told, staff)
    if place < DISCLOSED:
        _disclose(case, told, staff)
        _review(case, told, staff["kerstin"])
    _open_in_an_emergency(case, told, staff)
    _import(told, staff["kerstin"])
    _measure(told, staff["kerstin"])
    with at_work(staff["bo"]):
        persons.recuse(user=staff["bo"], identity_number=told.numbers[0], ground="kin", by=staff["bo"], at=timezone.now())


def _case(told: Someone, place: int, by: User) -> Case:
    now = timezone.now()
    with at_work(by):
        subject = persons.register(by=by, at=now, name=told.name, identity_number=told.numbers[place % 4])
        case = making.case(by=by, at=now, unit=by.unit, person_id=subject.pk, summary=told.story)
        people.relate(case, by=by, at=now, kind="child", name=f"{told.name} junior", protection="confidentiality_marking")
        for kind, value in (("address", told.address), ("phone", told.phone), ("workplace", told.words), ("new_name", told.name)):
            people.add_detail(case, subject.pk, by=by, at=now, kind=kind, value=value)
        detail = ProtectedDetail.objects.filter(person=subject, ended_on=None).earliest("id")
        people.reveal_detail(case, detail.pk, by=by, at=now, reason="contact", words=told.words)
        people.change_detail(case, detail.pk, by=by, at=now, value=f"{told.address}, {told.phone}")
        people.protect(case, subject.pk, by=by, at=now, protection="protected_registration")
        write_note(case, by=by, at=now, text=told.story)
        sections.write_section(case, "violence", by=by, at=now, text=told.story, revision=0)
        assessing.assessment(case, by=by, at=now, given={**assessing.GRAVE, "tryggare": told.story})
        used = instruments.newest(assessing.SHIPPED, on=now.date())
        assessments.not_assessed(case, used, by=by, at=now, outcome="declined", words=told.words)
        paper = Quarantined(told.story.encode(), Reason.MACROS)
        documents.add_document(case, taken=paper, name=told.file_name, by=by, at=now)
    return case


def _lead(case: Case, told: Someone, staff: dict[str, User]) -> None:
    now, kerstin = timezone.now(), staff["kerstin"]
    with at_work(kerstin):
        making.do(case, "assess_protection", by=kerstin, at=now, text=told.story)
        decisions.decide(case, by=kerstin, at=now, kind="other", outcome="other", motivation=told.story)
        why = ["physical_violence"]
        grant_intervention(case, by=kerstin, at=now, kind="support_talks", reasons=why, provider=f"{told.name}, {told.address}")
        matter = Matter(pk=case.pk, kind=MatterKind.CASE)
        put = retention.hold(matter, by=kerstin, at=now, ground="other", words=told.story, review_on=now.date())
        retention.lift(put, by=kerstin, at=now, words=told.story)


def _disclose(case: Case, told: Someone, staff: dict[str, User]) -> None:
    now, vera, kerstin = timezone.now(), staff["vera"], staff["kerstin"]
    files = [(told.file_name, told.story.encode()), (f"{told.file_name}.exe", b"\x7fELF")]
    with at_work(vera):
        made = disclosures.disclose(
            case, by=vera, at=now, recipient="other_party", to=told.name, ground="party", text=told.story, documents=files
        )
        disclosures.allow(made, by=vera, at=now, reason=told.words)
        shown = exports.preview(case, by=vera, at=now, recipient="exposed_person")
        whole = {"recipient": "exposed_person", "to": told.name, "ground": "own_data", "read": shown.fingerprint}
        ordered = exports.order(case, by=vera, at=now, **whole)
        disclosures_tasks.pack.defer(export_id=str(ordered.pk))
    with at_work(kerstin):
        disclosures.allow(made, by=kerstin, at=now, reason=told.words)


def _review(case: Case, told: Someone, by: User) -> None:
    """A review of the cases of the day, with words in every place."""
    now = timezone.now()
    days = {"first_day": case.opened_on, "last_day": case.opened_on}
    with at_work(by):
        routine = next(each for each in catalogue.in_force(on=case.opened_on) if each.process == case.process_key)
        review = reviews.draw(routine, by=by, at=now, size=100, size_by="percent", seed=1, **days)
        for one in drawn(review, by):
            reviews.save(one, by=by, at=now, revision=0, answers={}, comments={routine.names[0]: told.story})
            reviews.leave_out(one, by=by, at=now, revision=1, why="other", words=told.story)
        reviews.decide_measure(review, by=by, at=now, what=told.story, owner=by, due_date=case.opened_on)
        reviews.sign_off(review, by=by, at=now, findings=told.story)


def _import(told: Someone, by: User) -> None:
    """An extract that the worker imports: where its case came from is written by the worker alone."""
    with at_work(by):
        made = uploaded(row_of(told.words[:60], told.numbers[0], told.name), by=by)
        importing.confirm(made, by=by, at=timezone.now())
        importing_tasks.carry_out.defer(extract_id=str(made.pk))


def _measure(told: Someone, by: User) -> None:
    """A log from elsewhere that tells of someone where it shouldn't: of what few cases have, nothing is kept."""
    now = timezone.now()
    with at_work(by):
        case = LoggedCase(told.numbers[0], (Logged(told.words, now), Logged(told.story, now)), told.name)
        conformance.hand_in([case], key="vinr_adult", version=1, by=by, at=now)


def _open_in_an_emergency(case: Case, told: Someone, staff: dict[str, User]) -> None:
    now, viola = timezone.now(), staff["viola"]
    with at_work(viola):
        glass = emergencies.ask(case.number, by=viola, at=now, reason="life", words=told.story)
        emergencies.open_alone(glass, by=viola, at=now)
    with at_work(staff["kerstin"]):
        emergencies.review(glass, by=staff["kerstin"], at=now, outcome="justified", words=told.story)


def assess(told: Someone, mona: User, now: dt.datetime) -> None:
    """All that is written about a concern that came today."""
    with at_work(mona):
        concern = Concern.objects.filter(status="received", received_on=timezone.localdate(now)).latest("id")
        concerns.assess(concern, by=mona, at=now)
        concerns.answer(concern, text=told.story, by=mona, at=now)
        concerns.assess_protection(concern, outcome="unclear", note=told.story, by=mona, at=now)
        concerns.hand_over(concern, receiver="police", kind="partner", note=told.story, by=mona, at=now)
        concerns.confirm_hand_over(concern, received_by=told.name, by=mona, at=now)


def main() -> None:
    """Plant everyone who stands on the standard input."""
    given = [Someone(**{**one, "numbers": tuple(one["numbers"])}) for one in json.load(sys.stdin)]
    seen = Seen([word for one in given for word in one.canaries])
    staff = {user.username: user for user in User.objects.all()}
    for place, told in enumerate(given):
        plant(told, place, staff)
    assess(given[0], staff["mona"], timezone.now())
    sys.stdout.write(json.dumps(sorted(seen.fields)))


if __name__ == "__main__":
    main()
