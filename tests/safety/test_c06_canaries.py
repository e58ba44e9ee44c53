"""C06: what is told of people who don't exist, in every way that the house takes it in, lies nowhere in clear."""

import gzip
import io
import json
import os
import re
import secrets
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.apps import apps

from fridhem.cli import safekeeping
from fridhem.foundation.crypto.privacy import OPEN
from fridhem.foundation.database import programs
from tests.running import ROOT, RunningHouse
from tests.safety import canaries
from tests.safety.canaries import Hit, Someone, someone
from tests.safety.test_c38_uploads import superuser_of, upload
from tests.safety.wire import Caller
from tests.sending import TOLD, begin, letters, post

EACH = len(someone(0).canaries)  # words of one person
# Fields that hold nothing but codes and places of ours: there are no words to be put there.
CODES = {"casework.Step.answers", "assessments.Assessment.score", "persons.Relation.kind", "persons.Person.sealed_protection"}
CODES |= {"importing.Source.mapping", "conformance.Measurement.log"}
# Written by the worker, of an extract that was planted.
BY_THE_WORKER = {f"importing.Origin.{name}" for name in ("number", "number_index", "content_index")}
# Sealed by the public face itself, which tells nobody what it saved: the mailbox shows that they were.
BY_THE_PUBLIC_FACE = {"intake.Concern.body", "intake.Concern.sender_copy", "intake.Message.sender_copy"}


# ── Put in ────────────────────────────────────────────────────────────────


def declared() -> set[str]:
    """Every field that our models declare personal or protected; a history keeps the columns of its model as they lie."""
    ours = [model for model in apps.get_models() if hasattr(model, "privacy") and not hasattr(model, "pgh_tracked_model")]
    return {f"{model._meta.label}.{name}" for model in ours for name, kind in model.privacy.items() if kind != OPEN}


def tell_the_public_face(house: RunningHouse, told: Someone) -> None:
    """A concern and a letter more, as their script sends them; both are in the mailbox."""
    ticket, receipt = begin(house.public_url)
    said = {**TOLD, "what": told.story, "where": told.address, "about": told.name, "contact": told.phone}
    post(house.public_url, go="send", ticket=ticket, **{**said, "identity": "named", "name": told.name})
    page = post(house.public_url, go="open", receipt=receipt, language="sv")
    letter = re.search('name="letter" value="([^"]+)"', page)[1]
    post(house.public_url, go="add", receipt=receipt, letter=letter, text=told.story, language="sv")
    assert [told.words in each for each in letters(house.public_url, receipt)] == [True, True]


class Viola:
    """A caseworker who types what she is told into the forms of the staff face."""

    def __init__(self, house: RunningHouse) -> None:
        self.caller = Caller(house.staff_url).steps_in("viola")
        self.here = {"Origin": house.staff_url.rstrip("/")}

    def types(self, told: Someone) -> None:
        """A new case, a note, a file, and searches for the number in every spelling."""
        form = self.caller.asks("/intern/arenden/nytt/").page
        unit = re.search('name="unit".*?value="([^"]+)" selected', form, re.S)[1]
        known = {"name": told.name, "identity_number": told.numbers[0], "summary": told.story, "unit": unit}
        known |= {"process": "vinr_adult"}
        opened = self.caller.sends("/intern/arenden/nytt/", self.here, **known, age_group="adult", district="centrum")
        case = opened.headers["location"]
        day = re.search('name="happened_on" value="([^"]+)"', self.caller.asks(f"{case}anteckning/").page)[1]
        note = self.caller.sends(f"{case}anteckning/", self.here, kind="conversation", happened_on=day, text=told.story)
        file = upload(self.caller, f"{case}handlingar/ny/", told.file_name, told.story.encode())
        refused = self.caller.sends("/intern/arenden/nytt/", self.here, **known)  # the form comes back with what was typed
        wrong = self.caller.asks(f"/intern/arenden/?q={told.numbers[3]}")
        found = [self.caller.sends("/intern/arenden/sok/", self.here, identity_number=number) for number in told.numbers]
        statuses = [answer.status for answer in (opened, note, file, refused, wrong, *found)]
        assert statuses == [302, 302, 302, 422, 200, 200, 200, 200, 200], statuses


def plant(house: RunningHouse, given: list[Someone]) -> set[str]:
    """By the rooms' own actions, in a process that is the staff face; the fields that were given words."""
    place = {"FRIDHEM_SECRETS": str(house.data / "faces" / "staff.json"), "FRIDHEM_DATA": str(house.data)}
    said = subprocess.run(
        [sys.executable, "-m", "tests.safety.planting"],
        input=json.dumps([one.as_json() for one in given]),
        env={**os.environ, **place},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-2000:]
    return set(json.loads(said.stdout))


# ── Look everywhere ───────────────────────────────────────────────────────


def everywhere(house: RunningHouse, to: Path) -> Iterator[tuple[str, bytes]]:
    """All that a thief could take: the house's folder with database, WAL, logs, journal and temporary files; a dump; a backup."""
    with psycopg.connect(superuser_of(house), autocommit=True) as connection:
        dump, restore = (programs.path(name, connection) for name in ("pg_dump", "pg_restore"))
        connection.execute("CHECKPOINT")
    owner = programs.environment(superuser_of(house))
    yield "dump", subprocess.run([dump, "--no-password"], env=owner, capture_output=True, check=True).stdout
    made = [sys.executable, "-m", "fridhem.cli.main", "backup", "--data", str(house.data), "--to", str(to)]
    said = subprocess.run(made, capture_output=True, check=True)
    yield "what the backup said", said.stdout + said.stderr
    yield from _backup(house, to, restore)
    yield from canaries.files(house.data.parent)


def _backup(house: RunningHouse, to: Path, restore: Path) -> Iterator[tuple[str, bytes]]:
    """The parts of the newest backup as they lie, and opened with every key that there is."""
    folder = safekeeping.backups_in(to)[-1][1]
    mine = safekeeping.identities([safekeeping.demonstration_key(house.data, whom) for whom in ("database", "keys")])
    for part in folder.glob("*.age"):
        opened = io.BytesIO()
        safekeeping.unseal(part, mine, opened)
        yield f"backup {part.name}", part.read_bytes()
        yield f"backup {part.name} opened", opened.getvalue()
        if part.name == "database.age":
            script = subprocess.run([restore, "--file=-"], input=opened.getvalue(), capture_output=True, check=True)
            yield "backup database.age restored", script.stdout
        elif part.name == "keys.age":
            opened.seek(0)
            with tarfile.open(fileobj=opened) as archive:
                yield from ((f"backup {one.name}", archive.extractfile(one).read()) for one in archive if one.isfile())


# ── The control: someone who lies in clear ────────────────────────────────


def packed(word: str) -> Iterator[bytes]:
    """The word in every form, and in every form of package."""
    for written in canaries.forms(word).values():
        yield from written
    plain, box = word.encode(), io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("papper.txt", plain)
    yield from (gzip.compress(plain), zlib.compress(plain), box.getvalue(), gzip.compress(zlib.compress(plain)))


@pytest.fixture
def in_clear(running_house: RunningHouse) -> Iterator[Someone]:
    """Someone whose words stand in an open column, in a task, in a log and in a temporary file, and are taken away again."""
    told, house = someone(26_999), running_house
    log, file = house.data / "logs" / "planted.jsonl", house.temporary / "planted"
    file.write_bytes(b"\n-".join(written for word in told.canaries for written in packed(word)))
    log.write_text(json.dumps({"said": told.story}))
    with psycopg.connect(superuser_of(house), autocommit=True) as connection:
        connection.execute("INSERT INTO accounts_unit (id, name) VALUES (gen_random_uuid(), %s)", [told.name])
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('planted', 'planted', %s, 'failed')",
            [json.dumps({"words": told.words})],
        )
        yield told
        connection.execute("DELETE FROM accounts_unit WHERE name = %s", [told.name])
        connection.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'planted'")
    log.unlink()
    file.unlink()


def missed(told: Someone, hits: set[Hit]) -> set[str]:
    """Where or how the one in clear wasn't found."""
    forms = {(word, form) for word in told.canaries for form in canaries.forms(word)}
    found = {(hit.word, hit.form) for hit in hits if hit.place == "temporary/planted"}
    wanted = {
        **dict.fromkeys(("dump", "house/postgres/base/", "house/postgres/pg_wal/", "backup database.age restored"), told.name),
        **{f"temporary/planted ({kind})": told.words for kind in ("gzip", "zlib", "zip", "gzip) (zlib")},
        "house/logs/planted.jsonl": told.phone,
    }
    places = {place for place, word in wanted.items() if not any(h.word == word and h.place.startswith(place) for h in hits)}
    tasks = set() if any(hit.word == told.words and hit.place == "dump" for hit in hits) else {"the task queue"}
    return places | tasks | {" as ".join(each) for each in forms - found}


# ── The check ─────────────────────────────────────────────────────────────


@pytest.mark.safety("C06")
@pytest.mark.timeout(1800)
def test_nothing_that_is_told_lies_in_clear_anywhere(running_house: RunningHouse, in_clear: Someone, tmp_path: Path, proof, size):
    first = secrets.randbelow(26_000)  # others each time: the house may have met the last ones already
    given = [someone(first + place) for place in range(size(56, 556))]
    wrote_at = running_house.temporary.stat().st_mtime_ns

    for told in given[0::4]:
        tell_the_public_face(running_house, told)
    viola = Viola(running_house)
    for told in given[1::4]:
        viola.types(told)
    covered = plant(running_house, [*given[2::4], *given[3::4]])

    assert declared() - covered - CODES - BY_THE_PUBLIC_FACE - BY_THE_WORKER == set(), (
        "put words of someone in these too: tests/safety/planting.py"
    )
    assert declared() >= CODES | BY_THE_PUBLIC_FACE | BY_THE_WORKER, "these fields are gone"
    assert running_house.temporary.stat().st_mtime_ns == wrote_at, "something was written to the folder for temporary files"
    tally: dict[str, int] = {}
    words = [word for told in (*given, in_clear) for word in told.canaries]
    hits = canaries.search(words, canaries.counted(everywhere(running_house, tmp_path), tally))
    assert missed(in_clear, hits) == set()
    assert {hit for hit in hits if hit.word not in in_clear.canaries} == set()
    proof.measured(
        f"0 hits of {len(given) * EACH:,} canaries, {len(canaries.forms('x'))} forms each and in gzip, zlib and zip, in "
        f"{tally['places']:,} files of {tally['bytes'] / 1e6:,.0f} MB; they stand in {len(declared() - CODES)} of "
        f"{len(declared())} private fields, the rest are codes; someone in clear is found in every form and place"
    )
