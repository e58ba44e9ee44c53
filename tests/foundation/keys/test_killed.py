"""kill -9 of the key service under load: what was answered stands in the journal, and the chain goes on."""

import threading
import time
from uuid import uuid4

import pytest

from fridhem.foundation.keys import journal
from fridhem.foundation.keys.client import KeyMissing

KILLS = 20


@pytest.mark.slow
def test_every_answered_opening_is_in_the_journal_however_often_the_service_is_killed(own):
    own.limit(case=1_000_000)
    own.kill()
    own.start()
    answered: list[str] = []
    unanswered: list[str] = []
    done = threading.Event()

    def ask(asker: int) -> None:
        service, number = own.asked_by("staff"), 0
        while not done.is_set():
            name = f"{asker}-{number}"
            key = number.to_bytes(32, "big")
            try:
                assert service.unwrap([service.wrap("case", name, key)], user=uuid4(), purpose="p") == [key]
                answered.append(name)
            except KeyMissing:
                unanswered.append(name)
            number += 1

    askers = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for asker in askers:
        asker.start()
    for _ in range(KILLS):
        time.sleep(0.15)
        own.kill()
        own.start()
    time.sleep(0.15)
    done.set()
    for asker in askers:
        asker.join()
    own.stop()

    written = {name for line in journal.lines(own.place.journal) if line["verb"] == "unwrap" for name in line["names"]}
    verdict = journal.verify(own.place.journal, own.vault().journal)
    assert len(answered) > 10 * KILLS
    assert set(answered) - written == set()
    assert verdict.faults == ()
    assert sum(line["verb"] == "vault" for line in journal.lines(own.place.journal)) == KILLS + 2
