"""The chain is known outside the database: to a real key service."""

from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from fridhem.foundation.audit import anchors, chain
from fridhem.foundation.audit.chain import Fault, Kind
from fridhem.foundation.audit.models import Alert
from fridhem.foundation.audit.record import record
from fridhem.site import tasks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(monkeypatch, as_face):
    """A chain of its own in the journal, which outlives the test; asked for as the worker, whose task it is."""
    monkeypatch.setattr(anchors, "CHAIN", f"audit {uuid4()}")
    with as_face("worker"):
        yield


def write(count: int = 1) -> None:
    for _ in range(count):
        record("test.thing.done", subject=None, by=None, at=timezone.now())


def test_the_tail_is_anchored_once(worker):
    write(3)

    assert anchors.anchor() == []
    assert anchors.anchor() == []

    assert [(known.seq, known.digest) for known in anchors.known()] == [chain.tail()]
    assert anchors.verify().holds


def test_an_empty_record_has_no_anchor(worker):
    assert anchors.anchor() == []
    assert anchors.known() == []


def test_an_end_that_was_cut_off_is_found_the_next_minute_and_never_anchored(worker, superuser):
    write(5)
    anchors.anchor()
    superuser.execute("DELETE FROM audit_entry WHERE id IN (SELECT entry FROM audit_link WHERE seq > 2)")
    superuser.execute("DELETE FROM audit_link WHERE seq > 2")

    assert anchors.anchor() == [Fault(Kind.CUT, 5)]
    write(4)
    assert anchors.anchor() == [Fault(Kind.REWRITTEN, 5)]

    assert [known.seq for known in anchors.known()] == [5]


def test_a_broken_record_raises_one_alert_for_the_privacy_officer(worker, superuser):
    write(2)
    superuser.execute("UPDATE audit_entry SET verb = 'nothing'")

    assert tasks.verify_the_record(0) == 2
    assert tasks.verify_the_record(0) == 2

    (raised,) = Alert.objects.all()
    assert (raised.kind, raised.roles) == ("record_broken", ["administrator", "privacy_officer"])


def test_the_command_says_whether_the_record_holds_and_where_it_does_not(worker, superuser, capsys):
    write(2)
    anchors.anchor()
    call_command("record_verify")
    assert "2 lines, 1 anchors" in capsys.readouterr().out

    superuser.execute("DELETE FROM audit_entry WHERE id = (SELECT entry FROM audit_link WHERE seq = 1)")

    with pytest.raises(CommandError, match="1 faults"):
        call_command("record_verify")
    assert "line 1 has been taken away" in capsys.readouterr().err
