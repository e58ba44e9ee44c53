"""The vault opens for one identity only, its zones have nothing in common, and it can change while it serves."""

import secrets
import threading

import pytest

from fridhem.foundation.keys import escrow, vault
from fridhem.foundation.keys.client import Unopenable
from fridhem.foundation.keys.place import Place
from fridhem.foundation.keys.vault import VaultClosed


def test_a_vault_comes_back_as_it_was_and_for_nobody_else(tmp_path):
    place = Place(tmp_path / "keys")
    identity, other = vault.make_key_file(tmp_path / "a.key"), vault.make_key_file(tmp_path / "b.key")
    made = vault.new()
    vault.store(made, place, identity)

    assert vault.load(place, vault.read_key_file(tmp_path / "a.key")) == made
    with pytest.raises(VaultClosed):
        vault.load(place, other)
    content = place.vault.read_bytes()
    assert made.journal not in content and b"pairs" not in content


def test_a_passphrase_opens_it_and_a_wrong_one_does_not(tmp_path):
    place = Place(tmp_path / "keys")
    identity = vault.make_key_file(tmp_path / "a.key")
    vault.lock_with_passphrase(identity, "fem ord som inte hör ihop", place)

    assert str(vault.unlock_with_passphrase("fem ord som inte hör ihop", place)) == str(identity)
    with pytest.raises(VaultClosed, match="wrong"):
        vault.unlock_with_passphrase("fem ord som hör ihop", place)


def test_no_two_keys_are_alike():
    made = vault.new()
    keys = [*made.index.values(), made.journal, *(half for versions in made.pairs.values() for half in versions.values())]

    assert len(set(keys)) == len(keys) == 9
    assert {len(key) for key in keys} == {32}


def test_a_zone_that_comes_later_gets_keys_and_the_others_keep_theirs(monkeypatch):
    made = vault.new()
    monkeypatch.setitem(vault.ZONES, "whistle", frozenset({"pair", "index"}))

    whole = vault.complete(made)

    assert whole.pairs["case"] == made.pairs["case"] and "whistle" in whole.pairs and "whistle" in whole.index
    assert vault.complete(whole) is whole


def test_a_key_file_that_is_none_is_told(tmp_path):
    (tmp_path / "x").write_text("hej")

    for path in (tmp_path / "x", tmp_path / "nothing"):
        with pytest.raises(VaultClosed):
            vault.read_key_file(path)


def test_a_version_in_use_or_unknown_is_not_retired():
    made = vault.rotated(vault.new(), "case")

    for zone, version in (("case", 2), ("case", 3), ("statistics", 1)):
        with pytest.raises(VaultClosed):
            vault.retired(made, zone, version)
    assert set(vault.retired(made, "case", 1).pairs["case"]) == {2}


def test_a_zone_is_rotated_rewrapped_and_retired_while_everyone_works(own):
    """0 errors for readers and writers; what was rewrapped opens after the old key is gone, what wasn't doesn't."""
    own.limit(case=100_000)
    staff, owner = own.asked_by("staff"), own.asked_by("owner")
    keys = {f"n{number}": secrets.token_bytes(32) for number in range(50)}
    rows = {name: staff.wrap("case", name, key) for name, key in keys.items()}
    left = staff.wrap("case", "left", bytes(32))
    lock, errors, stop, reads = threading.Lock(), [], threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            for name in list(keys):
                with lock:
                    row = rows[name]
                try:
                    assert staff.unwrap([row], user=None, purpose="p") == [keys[name]]
                    reads.append(name)
                except (AssertionError, RuntimeError, ValueError) as error:
                    errors.append(error)

    def write(writer: int) -> None:
        number = 0
        while not stop.is_set():
            name, key = f"w{writer}-{number}", secrets.token_bytes(32)
            row = staff.wrap("case", name, key)
            with lock:
                rows[name], keys[name] = row, key
            number += 1
            stop.wait(0.005)

    threads = [threading.Thread(target=read) for _ in range(2)] + [threading.Thread(target=write, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    identity = vault.read_key_file(own.place.key_file)
    escrow.keep(vault.rotated(own.vault(), "case"), own.place, identity)
    while old := [name for name, row in list(rows.items()) if row.version == 1]:
        with lock:
            rows.update(zip(old, owner.rewrap([rows[name] for name in old]), strict=True))
    stop.wait(0.2)
    escrow.keep(vault.retired(own.vault(), "case", 1), own.place, identity)
    stop.wait(0.2)
    stop.set()
    for thread in threads:
        thread.join()

    assert errors == [] and len(reads) > 50
    assert staff.newest("case") == 2
    assert {row.version for row in rows.values()} == {2}
    names = list(rows)
    assert staff.unwrap([rows[name] for name in names], user=None, purpose="p") == [keys[name] for name in names]
    with pytest.raises(Unopenable, match="retired"):
        staff.unwrap([left], user=None, purpose="p")


def test_a_rotation_that_was_cut_short_is_finished_at_the_next_start(own):
    own.stop()
    vault.store(vault.rotated(own.vault(), "case"), own.place, vault.read_key_file(own.place.key_file))
    assert own.asked_by("staff").newest("case") == 1

    own.start()

    assert own.asked_by("staff").newest("case") == 2
