"""What stands in a log, and what never does."""

import json
import logging
import uuid
from datetime import datetime

import psycopg
import pytest
import structlog

from fridhem.foundation.database import embedded
from fridhem.site import logs
from fridhem.site.settings import LOGGING


@pytest.fixture
def journal(tmp_path):
    """A log file as the house's own, and a way to read its lines."""
    path = tmp_path / "staff.jsonl"
    handler = logging.FileHandler(path)
    handler.addFilter(logs.WithoutPeople())
    made = dict(LOGGING["formatters"]["json"])
    handler.setFormatter(made.pop("()")(**made))
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in path.read_text().splitlines()]
    root.removeHandler(handler)


def test_a_line_holds_only_the_fields_that_are_listed(journal, settings):
    structlog.stdlib.get_logger("fridhem.test").info("answered", view="start", status=200, ms=3, name="Greta", path="/a/")

    (line,) = journal()
    assert {name: line[name] for name in line if name != "at"} == {
        "event": "answered", "view": "start", "status": 200, "ms": 3, "level": "info", "face": settings.FRIDHEM_FACE,
        "logger": "fridhem.test", "function": "test_a_line_holds_only_the_fields_that_are_listed",
    }  # fmt: skip


def test_the_words_of_others_are_not_written(journal):
    logging.getLogger("procrastinate.worker").error("Job open_case(name='Greta') failed", extra={"action": "job_error"})
    try:
        int("Storgatan 1")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: /greta/", extra={"status_code": 500})

    first, second = journal()
    assert (first["event"], first["logger"], first["action"]) == (
        "said by a part of the house",
        "procrastinate.worker",
        "job_error",
    )
    assert (second["event"], second["status"], second["kind"]) == ("request answered 500", 500, "ValueError")
    assert "Greta" not in str([first, second])
    assert "Storgatan" not in str([first, second])


def test_a_time_on_the_public_face_is_an_hour_and_elsewhere_a_second():
    public = datetime.fromisoformat(logs.stamp("public")(None, "", {})["at"])

    assert (public.minute, public.second, public.microsecond) == (0, 0, 0)
    assert datetime.fromisoformat(logs.stamp("staff")(None, "", {})["at"]).microsecond == 0


def test_a_value_that_json_can_not_hold_is_told_by_its_kind(journal):
    structlog.stdlib.get_logger("fridhem.test").info("answered", view=uuid.UUID(int=0))

    assert journal()[0]["view"] == "UUID"


def test_the_database_writes_no_value_into_its_log(test_house, django_db_setup, transactional_db):
    from django.db import connection

    canary = "Kanariefagel-7716"
    params = connection.get_connection_params()
    known = {name: params[name] for name in ("host", "dbname", "port", "user", "password") if params.get(name)}
    with psycopg.connect(**known, autocommit=True) as own:
        own.execute("CREATE TEMPORARY TABLE one (name text PRIMARY KEY, CHECK (name <> 'x'))")
        for statement in (
            f"SELECT '{canary}'::uuid",
            f"INSERT INTO one VALUES ('{canary}'), ('{canary}')",
            f"SELECT {canary.replace('-', '_')}",
            f"DO $$ BEGIN RAISE WARNING '{canary}'; END $$",
        ):
            try:
                own.execute(statement)
            except psycopg.Error as error:
                assert canary.replace("-", "_") in str(error).replace("-", "_")
        assert embedded.noisy(own) == {}

    log = (test_house.data / "postgres" / "log").read_text()
    assert "database system is ready" in log
    assert "Kanariefagel" not in log
    assert "ERROR" not in log
