"""C01 and C04: what was acknowledged is there, when the public face is killed and when a crowd sends the same thing."""

import concurrent.futures
import random
import time
from collections.abc import Iterator

import pytest

from tests.running import free_port
from tests.sending import TOLD, Crowd, OwnFace, begin, letters, post

SENDERS = 8


@pytest.fixture
def own_face(running_house) -> Iterator[OwnFace]:
    face = OwnFace(running_house.data, free_port())
    face.start()
    yield face
    face.kill()


@pytest.mark.safety("C01")
@pytest.mark.timeout(900)
def test_no_acknowledged_concern_is_lost_when_the_face_is_killed(own_face, proof, size):
    kills, chance, crowd = size(25, 100), random.Random(7), Crowd(own_face)

    with crowd.sending(SENDERS):
        for _ in range(kills):
            crowd.wait_for_one_more()
            time.sleep(chance.uniform(0, 0.4))
            own_face.kill()
            own_face.start()
        crowd.wait_for_one_more()

    assert crowd.lost_or_wrong() == {}
    assert len(crowd.acknowledged) >= kills
    proof.measured(f"{kills} kills -9 under {SENDERS} senders: {len(crowd.acknowledged)} acknowledged, 0 lost, 0 wrong")


@pytest.mark.safety("C04")
def test_fifty_of_the_same_submission_at_once_are_one_concern(running_house, proof):
    ticket, receipt = begin(running_house.public_url)

    with concurrent.futures.ThreadPoolExecutor(50) as crowd:
        sent = [
            crowd.submit(post, running_house.public_url, go="send", ticket=ticket, what="Samma ord.", **TOLD) for _ in range(50)
        ]
        pages = {each.result() for each in sent}

    assert len(pages) == 1
    assert receipt in pages.pop()
    assert letters(running_house.public_url, receipt) == ["Samma ord."]
    proof.measured("the same submission 50 times at once: 1 concern, 50 equal answers")
