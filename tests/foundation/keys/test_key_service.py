"""The key service opens for those who may, writes it down first, and says no in a way that can be acted on."""

import json
import os
import secrets
import socket
import threading
import time
from dataclasses import replace
from uuid import uuid4

import pytest

from fridhem.foundation.keys import journal, wire
from fridhem.foundation.keys.client import KeyMissing, KeysAway, KeyService, Unopenable, Wrapped

USER = uuid4()


def key() -> bytes:
    return secrets.token_bytes(32)


def written(own, verb):
    return [line for line in journal.lines(own.place.journal) if line["verb"] == verb]


def test_keys_come_back_in_order_under_their_own_names(own):
    staff = own.asked_by("staff")
    keys = [key() for _ in range(5)]
    wrapped = [staff.wrap(zone, f"n{i}", keys[i]) for i, zone in enumerate(["case", "intake", "case", "protected", "partner"])]

    assert staff.unwrap(wrapped, user=USER, purpose="casework:case") == keys
    assert {(each.zone, each.version) for each in wrapped} == {("case", 1), ("intake", 1), ("protected", 1), ("partner", 1)}


def test_every_opening_is_written_down_with_who_what_and_why(own):
    staff = own.asked_by("staff")
    wrapped = [staff.wrap("case", "a", key()), staff.wrap("protected", "b", key())]

    staff.unwrap(wrapped, user=USER, purpose="persons:reveal")

    said = [{name: line[name] for name in ("face", "user", "purpose", "zone", "names")} for line in written(own, "unwrap")]
    assert said == [
        {"face": "staff", "user": str(USER), "purpose": "persons:reveal", "zone": zone, "names": [name]}
        for zone, name in (("case", "a"), ("protected", "b"))
    ]


def test_a_key_opens_under_no_other_name_zone_or_version_and_not_when_damaged(own):
    staff = own.asked_by("staff")
    whole = staff.wrap("case", "a", key())
    flipped = whole.box[:-1] + bytes([whole.box[-1] ^ 1])

    for wrong in (
        Wrapped("case", "b", 1, whole.box),
        Wrapped("intake", "a", 1, whole.box),
        Wrapped("case", "a", 2, whole.box),
        Wrapped("case", "a", 1, flipped),
        Wrapped("case", "a", 1, b""),
    ):
        with pytest.raises(Unopenable):
            staff.unwrap([wrong], user=USER, purpose="p")
    assert len(written(own, "unopenable")) == 5


def test_one_that_cannot_be_opened_does_not_hide_the_others(own):
    staff = own.asked_by("staff")
    good = key()

    with pytest.raises(Unopenable) as refusal:
        staff.unwrap([staff.wrap("case", "a", good), Wrapped("case", "b", 1, b"x")], user=USER, purpose="p")

    assert refusal.value.opened == [good, None]


# verb and zone → the faces that may; what the table of rights says, tried for real
ASKED = {
    ("unwrap", "case"): {"staff", "worker"},
    ("unwrap", "intake"): {"staff", "worker"},
    ("unwrap", "protected"): {"staff"},
    ("unwrap", "partner"): {"staff"},
    ("fingerprints", "case"): {"staff", "worker", "owner"},
    ("fingerprints", "protected"): {"staff", "owner"},
    ("rewrap", "case"): {"owner"},
    ("forget", "case"): {"worker"},
    ("anchor", "audit"): {"worker", "owner"},
    ("anchors", "audit"): {"staff", "worker", "owner"},
}


@pytest.mark.parametrize("face", ["staff", "worker", "owner"])
@pytest.mark.parametrize(("verb", "zone"), ASKED)
def test_each_face_may_ask_for_its_own_and_nothing_else(own, face, verb, zone):
    service = own.asked_by(face)
    ask = {
        "unwrap": lambda: service.unwrap([service.wrap(zone, "a", key())], user=USER, purpose="p"),
        "rewrap": lambda: service.rewrap([service.wrap(zone, "a", key())]),
        "fingerprints": lambda: service.fingerprints(zone, ["19121212-1212"], user=USER, purpose="p"),
        "forget": lambda: service.forget(zone, ["b"]),
        "anchor": lambda: service.anchor("audit", 1, b"digest"),
        "anchors": lambda: service.anchors("audit"),
    }[verb]

    if face in ASKED[verb, zone]:
        ask()
    else:
        with pytest.raises(KeyMissing):
            ask()
        assert written(own, "refused")[-1]["why"] == "right"


def test_a_process_without_a_socket_wraps_and_opens_nothing(own):
    public = KeyService(own.place.public)
    secret = key()
    wrapped = public.wrap("intake", "concern", secret)

    with pytest.raises(KeyMissing):
        public.unwrap([wrapped], user=None, purpose="p")
    assert own.asked_by("staff").unwrap([wrapped], user=USER, purpose="p") == [secret]


def test_a_stranger_is_not_answered(own):
    wrapped = own.asked_by("staff").wrap("case", "a", key())

    for face, token in (("staff", key()), ("nobody", key()), ("worker", own.tokens["staff"])):
        with pytest.raises(KeyMissing):
            KeyService(own.place.public, own.place.socket_path(), token, face).unwrap([wrapped], user=USER, purpose="p")
    assert written(own, "unwrap") == []
    assert {line["why"] for line in written(own, "refused")} == {"token", "face"}


def test_what_was_said_once_cannot_be_said_again(own):
    """Neither on another connection, nor twice on the same, nor five minutes later."""
    service = own.asked_by("staff")
    wrapped = service.wrap("case", "a", key())
    asked = {"verb": "unwrap", "at": time.time(), "user": None, "purpose": "p", "wrapped": [wrapped.to_list()]}

    first = dial(own)
    first.send(asked, wire.ASK)
    assert "ok" in first.receive(wire.ANSWER)
    first.send(asked, wire.ASK)  # the same number once more
    assert first.receive(wire.ANSWER) is None

    other = dial(own)
    other.challenge = first.challenge  # as if recorded from the first
    other.send(asked, wire.ASK)
    assert other.receive(wire.ANSWER) is None

    late = dial(own)
    late.send({**asked, "at": asked["at"] - 301}, wire.ASK)
    assert late.receive(wire.ANSWER)["no"] == "missing"
    assert len(written(own, "unwrap")) == 1


def dial(own):
    dialled = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    dialled.connect(str(own.place.socket_path()))
    return wire.greet(dialled, "staff", own.tokens["staff"])


@pytest.mark.parametrize("sent", [b"", b"\0" * 31, b"staff".ljust(32, b"\0") + b"\xff" * 36, os.urandom(4096)])
def test_noise_on_the_socket_disturbs_nobody(own, sent):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as noisy:
        noisy.connect(str(own.place.socket_path()))
        noisy.sendall(sent)

    assert own.asked_by("staff").status()["versions"]["case"] == [1]


def test_questions_of_the_wrong_shape_are_refused(own):
    line = dial(own)
    now = time.time()
    misshapen = {"verb": "unwrap", "at": now, "wrapped": [[1]]}
    for asked in ({}, {"verb": "unwrap"}, {"verb": "_open", "at": now}, misshapen, {"verb": "status", "at": "x"}, []):
        line.send(asked, wire.ASK)
        assert line.receive(wire.ANSWER)["no"] == "missing"
        line.count += 1


def test_fingerprints_are_the_same_each_time_and_their_values_are_not_written_down(own):
    staff, owner = own.asked_by("staff"), own.asked_by("owner")
    value = "191212121212"

    once = staff.fingerprints("case", [value, "anna"], user=USER, purpose="persons:search")

    assert owner.fingerprints("case", ["anna", value], user=None, purpose="p") == once[::-1]
    assert [len(each) for each in once] == [16, 16]
    text = b"".join(path.read_bytes() for path in own.place.journal.iterdir())
    assert value.encode() not in text and b"anna" not in text
    assert [line["count"] for line in written(own, "fingerprints")] == [2, 2]


def test_what_is_forgotten_never_opens_again_also_after_a_restart(own):
    staff, worker = own.asked_by("staff"), own.asked_by("worker")
    kept, gone = (staff.wrap("case", name, key()) for name in ("kept", "gone"))

    worker.forget("case", ["gone"])

    for _ in range(2):
        assert len(staff.unwrap([kept], user=USER, purpose="p")) == 1
        with pytest.raises(Unopenable):
            staff.unwrap([gone], user=USER, purpose="p")
        with pytest.raises(Unopenable):
            own.asked_by("owner").rewrap([gone])
        own.kill()
        own.start()


def test_one_damaged_key_stops_the_rewrapping_and_hands_out_no_other(own):
    """The refusal of an opening carries the keys that did open; the owner, who may not open, gets none of them by this door."""
    staff, owner = own.asked_by("staff"), own.asked_by("owner")
    keys = [key(), key()]
    whole, moved = (staff.wrap("case", name, each) for name, each in zip("ab", keys, strict=True))
    damaged = replace(moved, name="c")

    with pytest.raises(Unopenable) as opening:
        staff.unwrap([whole, damaged], user=USER, purpose="p")
    with pytest.raises(Unopenable) as rewrapping:
        owner.rewrap([whole, damaged])

    assert list(opening.value.opened) == [keys[0], None]  # what the other door tells: so the next line can fail
    assert not any(rewrapping.value.opened)
    assert len(owner.rewrap([whole])) == 1


def test_anchors_come_back_in_order(own):
    worker, owner = own.asked_by("worker"), own.asked_by("owner")
    for number in (1, 7, 9):
        worker.anchor("audit", number, bytes([number]) * 32)
    worker.anchor("other", 8, b"x")
    own.kill()
    own.start()

    assert [(anchor.seq, anchor.digest) for anchor in owner.anchors("audit", after=1)] == [(7, b"\7" * 32), (9, b"\t" * 32)]


def test_a_client_finds_the_service_again_after_a_restart(own):
    staff = own.asked_by("staff")
    wrapped = staff.wrap("case", "a", key())
    staff.unwrap([wrapped], user=USER, purpose="p")
    own.kill()
    starter = threading.Timer(0.2, own.start)
    starter.start()

    assert len(staff.unwrap([wrapped], user=USER, purpose="p")) == 1
    starter.join()


def test_a_service_that_is_away_is_told_as_such(own):
    staff = own.asked_by("staff")
    own.stop()

    with pytest.raises(KeysAway):
        staff.status()


def test_a_second_service_for_the_same_house_does_not_start(own):
    from fridhem.foundation.keys import child
    from fridhem.foundation.keys.vault import VaultClosed

    own.place.socket_path().unlink()

    with pytest.raises(VaultClosed):
        child.start(own.place)


def test_a_folder_too_deep_for_a_socket_gets_a_short_private_one(tmp_path):
    from tests.factories.key_services import make

    own = make(tmp_path / ("d" * 100) / "keys")
    path = own.place.socket_path()
    own.start()
    try:
        assert len(str(path)) < 100
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert own.asked_by("staff").status()["journal"] > 0
    finally:
        own.stop()
        path.parent.rmdir()


def test_the_folder_shows_others_public_halves_only(own):
    readable = {path.name for path in own.place.folder.iterdir() if path.stat().st_mode & 0o044 and path.is_file()}

    assert readable - {"socket", "serving"} == {"public.json"}
    told = json.loads(own.place.public.read_text())
    private = [half for versions in own.vault().pairs.values() for half in versions.values()]
    assert not any(secret.hex() in json.dumps(told) for secret in private)


def test_many_threads_share_one_client(own):
    staff = own.asked_by("staff")
    wrapped = [staff.wrap("case", str(i), bytes([i]) * 32) for i in range(40)]
    found: dict[int, list[bytes]] = {}

    def ask(number: int) -> None:
        found[number] = [staff.unwrap([wrapped[i]], user=uuid4(), purpose="p")[0] for i in range(number, 40, 8)]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {number: [bytes([i]) * 32 for i in range(number, 40, 8)] for number in range(8)}
