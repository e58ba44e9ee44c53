"""How long a backup lives, and what is refused when it is used."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from fridhem.cli import safekeeping
from fridhem.cli.main import main
from fridhem.cli.safekeeping import BackupFault, Life, Manifest, Part

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_the_life_of_a_backup_is_what_the_rule_of_the_day_says():
    assert Life.on(NOW.date()) == Life(life_days=35, all_hours=24)


def test_every_backup_of_the_last_day_stays_then_one_a_day_then_none():
    made = [NOW - timedelta(hours=hours) for hours in range(0, 24 * 40, 6)]

    kept = sorted(set(made) - set(safekeeping.outlived(made, NOW, Life.on(NOW.date()))))

    assert [each for each in kept if NOW - each <= timedelta(hours=24)] == sorted(made[:5])
    older = [each for each in kept if NOW - each > timedelta(hours=24)]
    assert [each.hour for each in older] == [18] * len(older)
    assert len(older) == len({each.date() for each in older}) == 34
    assert min(kept) >= NOW - timedelta(days=35)


def test_the_newest_backup_stays_however_old_it_is():
    made = [NOW - timedelta(days=100), NOW - timedelta(days=90)]

    assert safekeeping.outlived(made, NOW, Life.on(NOW.date())) == [made[0]]


def lay_down(place, made):
    folder = place / made.strftime(safekeeping.STAMP)
    folder.mkdir(parents=True)
    Manifest(made.isoformat(), "0", 18, {}).write(folder)
    return folder


def test_prune_removes_folders_and_leaves_what_is_no_backup(tmp_path):
    old, new = lay_down(tmp_path, NOW - timedelta(days=36)), lay_down(tmp_path, NOW)
    (tmp_path / "notes").mkdir()

    assert safekeeping.prune(tmp_path, NOW) == [old]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([new.name, "notes"])


def test_prune_by_command_says_what_went(tmp_path, capsys):
    lay_down(tmp_path, NOW - timedelta(days=400))
    lay_down(tmp_path, NOW - timedelta(days=390))

    assert main(["backup", "--data", str(tmp_path), "--to", str(tmp_path), "--prune"]) == 0
    assert "outlived" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b'{"parts": 3}'])
def test_a_folder_that_is_no_backup_is_told(tmp_path, content):
    (tmp_path / "manifest.json").write_bytes(content)

    with pytest.raises(BackupFault, match="no whole backup"):
        Manifest.read(tmp_path)


def test_a_part_that_changed_is_named(tmp_path):
    (tmp_path / "keys.age").write_bytes(b"not what was written")
    manifest = Manifest(NOW.isoformat(), "0", 18, {"keys": Part(20, "0" * 64)})

    with pytest.raises(BackupFault, match=r"keys\.age isn't what was written"):
        safekeeping.check(tmp_path, manifest)


def test_a_recipient_that_is_none_is_told_before_anything_is_written(tmp_path):
    (tmp_path / "recipients").mkdir()
    (tmp_path / "recipients" / "database.txt").write_text("# nobody\n")

    with pytest.raises(BackupFault, match="names nobody"):
        safekeeping.recipients(tmp_path, "database")


def test_a_house_that_is_not_there_is_told(tmp_path, capsys):
    assert main(["backup", "--data", str(tmp_path), "--to", str(tmp_path / "to")]) == 1
    assert "There is no house" in capsys.readouterr().err
    assert not list((tmp_path / "to").glob("*")) if (tmp_path / "to").exists() else True
    assert json.loads((tmp_path / "backups.json").read_text())["trouble"] == "BackupFault"


def test_a_full_folder_is_not_restored_into(tmp_path, capsys):
    (tmp_path / "something").write_text("here")

    assert main(["restore", str(tmp_path / "backup"), "--data", str(tmp_path)]) == 1
    assert "isn't empty" in capsys.readouterr().err
    assert (tmp_path / "something").exists()
