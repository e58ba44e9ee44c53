"""The receipt: how much chance lies in it, and what can be learnt by guessing (C14, C15, C16)."""

import concurrent.futures
import math
import random
import re
import statistics
import time
import uuid

import numpy as np
import pytest

from fridhem.foundation.crypto import receipts
from fridhem.foundation.strain.guesses import Guesses
from fridhem.rooms.intake import rules
from tests.factories import intake
from tests.rooms.intake.conftest import Visitor, house_keys, public_face  # noqa: F401

LIVING = 10_000  # receipts of a municipality
YEAR = 365.25 * 24 * 3600  # seconds


@pytest.mark.safety("C14")
def test_a_million_receipts_are_a_million_and_every_digit_is_chance(proof):
    drawn = [receipts.digits_of(receipts.new_receipt()) for _ in range(1_000_000)]

    digits = np.frombuffer("".join(drawn).encode(), np.uint8).reshape(-1, receipts.DIGITS) - ord("0")
    counts = [np.bincount(place, minlength=10) for place in digits.T]
    expected = len(drawn) / 10
    chi = max(sum((count - expected) ** 2 / expected for count in each) for each in counts)
    bits = receipts.DIGITS * math.log2(10)
    assert len(set(drawn)) == len(drawn)
    assert chi < 40  # nine degrees of freedom, twenty places: more than this happens once in ten thousand runs
    assert bits >= 66
    proof.measured(f"{len(drawn):,} receipts, 0 twice; {bits:.1f} bits; every digit even (largest chi-square {chi:.1f})")


def area_under(one: list[float], other: list[float]) -> float:
    """How well a time tells one kind from the other: 0.5 is not at all, 1 always."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_value, kind) in enumerate(ranked, 1) if kind)
    found = (ranks - len(other) * (len(other) + 1) / 2) / (len(one) * len(other))
    return max(found, 1 - found)


def test_a_difference_in_time_is_found():
    chance = random.Random(5)
    fast, slow = [chance.gauss(1, 0.1) for _ in range(300)], [chance.gauss(1.1, 0.1) for _ in range(300)]

    assert area_under(fast, slow) > 0.7
    assert area_under(fast, [chance.gauss(1, 0.1) for _ in range(300)]) < 0.57


@pytest.mark.safety("C15")
@pytest.mark.timeout(3000)
@pytest.mark.usefixtures("public_face", "db")
def test_every_wrong_receipt_gets_the_same_answer_in_the_same_time(monkeypatch, size, proof):
    from fridhem.rooms.intake import queries
    from fridhem.rooms.intake.models import Concern
    from fridhem.rooms.intake.views import public

    each, visitor, chance = size(60, 1000), Visitor(), random.Random()
    monkeypatch.setattr(public, "guesses", Guesses(time.monotonic, per_second=1e6, most=1e6))  # the limit has a check of its own
    gone = receipts.new_receipt()
    Concern.objects.filter(pk=intake.concern(box=queries.mailbox_of(gone)).pk).delete()
    never = receipts.new_receipt()
    kinds = {
        "unknown": lambda: receipts.new_receipt(),
        "malformed": lambda: chance.choice(["1234", "", "abcd " * 4, "0" * 21, "\x00" * 20, "1234 5678 9012 3456 789x"]),
        "deleted": lambda: gone,
        "never sent": lambda: never,
    }
    pages, times = set(), {kind: [] for kind in kinds}
    order = [kind for kind in kinds for _ in range(each)]
    chance.shuffle(order)
    for kind in order:
        typed = kinds[kind]()
        began = time.perf_counter()
        answer = visitor.sends("open", receipt=typed)
        times[kind].append(time.perf_counter() - began)
        pages.add((answer.status_code, answer.content, str(sorted(answer.headers.items()))))

    areas = {kind: area_under(times[kind], [t for other in kinds if other != kind for t in times[other]]) for kind in kinds}
    margin = 0.05 if each >= 1000 else 0.05 + 3 / math.sqrt(12 * each)  # what chance alone does at the smaller size
    assert len(pages) == 1
    assert max(areas.values()) <= 0.5 + margin, areas
    typical = statistics.median(times["unknown"])
    proof.measured(f"4 kinds x {each}: 1 answer to the byte; {typical:.2f} s; largest AUC {max(areas.values()):.3f}")


@pytest.mark.safety("C16")
def test_a_thousand_guessers_guess_less_than_once_a_second_and_the_holder_gets_in(proof, size):
    """An hour at the gate of the house, with its own figures; a thousand addresses that each ask every two seconds."""
    hours, holders = 1, size(5, 20)
    now = 0.0
    gate = Guesses(lambda: now, **rules.WRONG_RECEIPTS)
    crowd = [uuid.uuid4() for _ in range(1000)]
    coming = {random.randrange(0, 1800): uuid.uuid4() for _ in range(holders)}
    inside, waiting = {}, {}
    tried = 0
    for second in range(3600 * hours):
        now = float(second)
        asked = list(range(second % 2, 1000, 2))
        random.shuffle(asked)
        for number in asked:
            if gate.may_try(crowd[number]):
                tried += 1
                crowd[number] = uuid.uuid4()  # wrong: the next guess is another attempt
        if second in coming:
            waiting[coming[second]] = second
        for holder, since in list(waiting.items()):
            if (second - since) % 4 == 0 and gate.may_try(holder):
                gate.was_right()
                inside[holder] = second - waiting.pop(holder)

    rate = tried / (3600 * hours)
    success = rate * YEAR * LIVING / 10**receipts.DIGITS
    assert rate <= 1
    assert success <= 3.2e-9
    assert len(inside) >= 1
    still = len(coming) - len(inside)
    waited = sorted(inside.values())
    proof.measured(f"1,000 guessers for an hour: {rate:.2f} guesses a second, {success:.1e} hits a year at {LIVING:,} receipts")
    half = waited[len(waited) // 2]
    got_in = f"{len(inside)} of {len(coming)} holders got in, half of them after {half} s"
    proof.measured(f"{got_in}; {still} still waited")


@pytest.mark.safety("C16")
@pytest.mark.timeout(300)
def test_under_a_storm_of_guesses_a_concern_comes_in_and_the_holder_too(running_house, proof):
    """At the running house, over the wire: guessers without pause, and beside them people."""
    from tests.safety.wire import Caller

    person = Caller(running_house.public_url)
    began = time.monotonic()
    tell(person)
    calm = time.monotonic() - began
    until = time.monotonic() + 30
    wrong = waits = 0

    def guess() -> tuple[int, int]:
        caller, tried, waited = Caller(running_house.public_url), 0, 0
        while time.monotonic() < until:
            answer = caller.steps(go="open", receipt=receipts.new_receipt())
            tried += answer.status == 200
            waited += answer.status == 429
            time.sleep(0.05)
        return tried, waited

    with concurrent.futures.ThreadPoolExecutor(20) as crowd:
        guessers = [crowd.submit(guess) for _ in range(20)]
        time.sleep(5)
        began = time.monotonic()
        sent, receipt = tell(person)
        took = time.monotonic() - began
        answer, asked = person.steps(go="open", receipt=receipt), 0
        while answer.status == 429 and asked < 200:
            attempt = re.search('name="attempt" value="([^"]*)"', answer.page)[1]
            time.sleep(0.5)
            answer, asked = person.steps(go="open", receipt=receipt, attempt=attempt), asked + 1
        holder = time.monotonic() - began - took
        for each in guessers:
            tried, waited = each.result()
            wrong, waits = wrong + tried, waits + waited

    assert receipt in sent.page
    assert "Det skriks." in answer.page
    assert took < 10 or took < 5 * calm  # on a machine that is busy with other things, calm is slow too
    assert wrong <= 30 * rules.WRONG_RECEIPTS["per_second"] + rules.WRONG_RECEIPTS["most"] + 5
    proof.measured(
        f"20 guessers for 30 s over the wire: {wrong} guesses let in, {waits} told to wait; a concern took {took:.1f} s"
    )
    proof.measured(f"the holder of a receipt was in after {holder:.1f} s")


TOLD = {"urgency": "later", "children": "no", "relation": "unsaid", "identity": "anonymous"}


def tell(caller) -> tuple:
    """Send a concern: the answer, and its receipt."""
    ticket, receipt = begin(caller)
    return caller.steps(go="send", ticket=ticket, what="Det skriks.", **TOLD), receipt


def begin(caller) -> tuple[str, str]:
    """A form that begins: its ticket and its receipt."""
    import html

    page = caller.steps(go="next", at="you", **TOLD).page
    return html.unescape(re.search('name="ticket" value="([^"]*)"', page)[1]), re.search(r"\d{4}(?: \d{4}){4}", page)[0]
