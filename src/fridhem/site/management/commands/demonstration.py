"""Move the demonstration municipality in: the same seed gives the same Fridköping."""

import random
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from fridhem.foundation.accounts.models import Unit, User
from fridhem.foundation.database.acting import Acting, acting
from fridhem.rooms.casework import actions as casework
from fridhem.rooms.casework.enums import AgeGroup
from fridhem.rooms.council import actions as council
from fridhem.rooms.persons import actions as persons
from fridhem.rooms.statistics import actions as statistics
from fridhem.rooms.statistics.enums import Table
from fridhem.site.demonstration import (
    assessed,
    disposal,
    history,
    others,
    processes,
    protected,
    reviewed,
    staff,
    support,
    texts,
    today,
    watched,
)

DOCUMENTS = Path(staff.__file__).parent / "documents"


class Command(BaseCommand):
    help = "Fill an empty house with the demonstration municipality Fridköping."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same people and cases")
        parser.add_argument("--years", type=int, default=3, help="whole years of history before this one")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("Somebody already lives here: the demonstration moves into an empty house only.")
        now, seed = timezone.now(), options["seed"]
        with acting(Acting(None, "demonstration")), transaction.atomic():
            people = staff.move_in()
            self._say("people who work here", lambda: len(people))
            texts.publish(by=people["kerstin"], at=now)
            self._say("finished cases from the former system", lambda: _take_over(people, now, seed, options["years"]))
            self._say("open cases", lambda: today.open_cases(people, now=now, chance=random.Random(f"{seed} cases")))
            others_by = random.Random(f"{seed} others")
            self._say("cases on other core processes", lambda: others.open_cases(people, now=now, chance=others_by))
            self._say("cases of people who hide", lambda: protected.hide_someone(people, now=now))
            self._say("versions of a core process", lambda: processes.change(people, now=now))
            self._say("assessments", lambda: assessed.assess(people, now=now))
            self._say("cases reviewed", lambda: reviewed.review_cases(people, now=now, chance=random.Random(f"{seed} reviews")))
            self._say("offers and anonymous contacts", lambda: support.offer(people, now=now, chance=random.Random(seed)))
            self._say("council papers", lambda: _take_in_papers(people["nils"], now))
            self._say("concerns", lambda: today.send_concerns(people, now=now, chance=random.Random(f"{seed} concerns")))
            self._say("questions about readings", lambda: watched.review_last_week(people, now=now, chance=random.Random(seed)))
            self._say("alerts", lambda: watched.raise_alerts(people, now=now))
            self._say("old cases to dispose of", lambda: disposal.propose(people, now=now))
            if options["years"]:
                self._say("released table", lambda: _release(now.year - 1, people["sofia"], now))

    def _say(self, what: str, do: Callable[[], int]) -> None:
        began = time.monotonic()
        self.stdout.write(f"\n    {do():6} {what}, {time.monotonic() - began:.1f} s", ending="")
        self.stdout.flush()


def _take_in_papers(by: User, at: datetime) -> int:
    files = [council.File(path.name, path.read_bytes()) for path in sorted(DOCUMENTS.glob("*.txt"))]
    return len(council.take_in(files, by=by, at=at))


def _release(year: int, by: User, at: datetime) -> int:
    """Count, protect and release the table of a whole year."""
    ordered = statistics.order(key=Table.GRANTED_REASONS, year=year, by=by, at=at)
    statistics.sign(statistics.count_and_protect(ordered.pk, at=at), by=by, at=at)
    return 1


def _take_over(people: dict[str, User], now: datetime, seed: int, years: int) -> int:
    units = {
        AgeGroup.ADULT: Unit.objects.get(name=staff.ADULTS),
        AgeGroup.CHILD: Unit.objects.get(name=staff.CHILDREN),
    }
    chance = random.Random(f"{seed} history")
    former = list(history.former_cases(chance, units=units, until=timezone.localdate(now), years=years))
    known = persons.register_many(((one.person.name, one.person.identity_number) for one in former), by=people["kerstin"], at=now)
    taken = casework.take_over(
        (replace(one.case, person_id=person.pk) for one, person in zip(former, known, strict=True)), by=people["kerstin"], at=now
    )
    return len(taken)
