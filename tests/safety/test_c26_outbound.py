"""C26: nothing that tells where someone hides leaves in a document, however it's written, unless two people let it."""

import random
from collections.abc import Iterator

import pytest

from fridhem.foundation.accounts.enums import Role
from fridhem.pure.refusals import NotNow
from fridhem.rooms.disclosures import actions, queries
from fridhem.rooms.disclosures.enums import State
from tests.factories import accounts, casework, outgoing
from tests.factories.disclosures import HIDDEN, NOW, SCHOOL, disclosure, hidden_case

pytestmark = [pytest.mark.django_db, pytest.mark.safety("C26")]
VALUES = {**HIDDEN, "school": SCHOOL}
SAYS_NOTHING = "Storgatan 1"


@pytest.fixture
def anna():
    return accounts.user(Role.CASEWORKER, unit=casework.unit(), name="Anna")


@pytest.fixture
def case(anna):
    return hidden_case(by=anna)


def documents() -> Iterator[tuple[str, str, outgoing.Carrier, str]]:
    """Every protected value in every writing in every part of every kind of file: kind, writing, carrier, what is written."""
    for kind, value in VALUES.items():
        for writing, write in {**outgoing.WRITINGS, **outgoing.OWN_WRITINGS.get(kind, {})}.items():
            written = write(value)
            western = {} if written.encode("cp1252", "replace").decode("cp1252") != written else outgoing.WESTERN
            for carrier in {**outgoing.CARRIERS, **western}.values():
                yield kind, writing, carrier, written


def test_no_document_carries_a_protected_value_out(case, anna, size, proof):
    every = list(documents())
    tried = random.Random(26).sample(every, size(100, len(every)))
    passed = []
    for kind, writing, carrier, written in tried:
        file = carrier(written)
        made = disclosure(case, by=anna, text="Se bilagan.", documents=[file])
        if not made.is_stopped:
            passed.append((kind, writing, file[0]))
            continue
        with pytest.raises(NotNow):
            actions.let_leave(made, by=anna, at=NOW, way="post")

    assert passed == []
    proof.measured(f"0 of {len(tried)} documents passed, of {len(every)} ways to write and hide {len(VALUES)} kinds of values")


def test_what_nobody_can_read_is_stopped_too(case, anna, proof):
    made = [disclosure(case, by=anna, text="Se bilagan.", documents=[file]) for file in outgoing.UNREADABLE.values()]

    assert [one.is_stopped for one in made] == [True] * len(made)
    proof.measured(f"{len(made)} of {len(made)} kinds of files that can't be read stopped")


def test_two_people_let_it_pass_and_one_never(case, anna, proof):
    lena = casework.leader(name="Lena")
    made = disclosure(case, by=anna, text="Se bilagan.", documents=[outgoing.CARRIERS["docx header"](VALUES["address"])])

    actions.allow(made, by=anna, at=NOW, reason="Rätten har begärt adressen.")
    for by in (anna, lena):
        with pytest.raises(NotNow):
            actions.let_leave(made, by=by, at=NOW, way="post")
    actions.allow(made, by=lena, at=NOW, reason="Läst och avvägt.")
    actions.let_leave(made, by=anna, at=NOW, way="post")

    assert queries.state_of(made) == State.LEFT
    proof.measured("one person's word let 0 pass, two different people's 1")


def test_the_control_what_tells_nothing_passes_in_every_part_of_a_file(case, anna, proof):
    carriers = {**outgoing.CARRIERS, **outgoing.WESTERN}
    stopped = [
        name
        for name, carrier in carriers.items()
        if disclosure(case, by=anna, text="Se bilagan.", documents=[carrier(SAYS_NOTHING)]).is_stopped
    ]

    assert stopped == []
    proof.measured(f"0 of {len(carriers)} innocent documents stopped")
