"""The file of a backup: whole or not there, and damage is noticed wherever it is."""

import json
import zipfile
from datetime import UTC, datetime

import pytest

from ingestion.backup.archive import MANIFEST, Manifest, opened, written
from ingestion.errors import BackupDamaged, BackupExists, BackupNewer, BackupUnreadable, BackupUnwritable

FILE = "files/ab/" + "ab" * 16
TEXT = b"The pump needs oil. " * 200


def manifest(archive, **fields):
    facts = {"format": 1, "version": "0.1.0", "made_at": datetime(2026, 11, 27, tzinfo=UTC), "engine": "sqlite"}
    facts |= {"migrations": (), "embed_model": "e5", "vectors": False, "secrets": False, "tables": {}}
    return Manifest(**facts, **{"parts": tuple(archive.parts), **fields})


def write(path, **fields):
    with written(path) as archive:
        with archive.part(FILE, stored=True) as out:
            out(TEXT)
        archive.text("settings.json", "{}")
        archive.finish(manifest(archive, **fields))
    return path


@pytest.fixture
def backup(tmp_path):
    return write(tmp_path / "backup.zip")


def rewritten(path, *, without=(), more=(), change=None):
    """The same archive with members left out, added or changed: whole as a ZIP, but not what was written."""
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist() if name not in without}
    kept.update(more)
    if change:
        kept[MANIFEST] = json.dumps({**json.loads(kept[MANIFEST]), **change}).encode()
    with zipfile.ZipFile(path, "w") as new:
        for name, data in kept.items():
            new.writestr(name, data)
    return path


def verified(path):
    with opened(path) as archive:
        archive.verify()
        return archive.manifest


def damaged_part(path):
    with pytest.raises(BackupDamaged) as raised:
        verified(path)
    return raised.value.params["part"]


def test_what_was_written_is_read_back(backup):
    with opened(backup) as archive, archive.part(FILE) as data:
        assert data.read() == TEXT


def test_a_whole_archive_is_verified_part_by_part(backup):
    seen = []
    with opened(backup) as archive:
        archive.verify(lambda part: seen.append(part.name))
    assert seen == [FILE, "settings.json"]


@pytest.mark.parametrize("place", range(10, 100, 10))
def test_one_changed_byte_anywhere_is_noticed(backup, place):
    data = bytearray(backup.read_bytes())
    data[len(data) * place // 100] ^= 0xFF
    backup.write_bytes(data)
    with pytest.raises(BackupDamaged):
        verified(backup)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_an_archive_that_was_cut_off_is_noticed(backup, share):
    backup.write_bytes(backup.read_bytes()[: int(backup.stat().st_size * share)])
    with pytest.raises(BackupDamaged):
        verified(backup)


def test_a_part_that_is_missing_is_named(backup):
    assert damaged_part(rewritten(backup, without=[FILE])) == FILE


def test_a_part_that_the_manifest_does_not_know_is_named(backup):
    assert damaged_part(rewritten(backup, more={"files/cd/more": b"x"})) == "files/cd/more"


def test_a_part_with_other_content_of_the_same_length_is_named(backup):
    assert damaged_part(rewritten(backup, more={FILE: TEXT[::-1]})) == FILE


def test_a_part_that_would_be_written_elsewhere_is_refused(backup):
    name = "files/../../etc/passwd"
    part = {"name": name, "size": 1, "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}
    assert (
        damaged_part(rewritten(backup, without=[FILE, "settings.json"], more={name: b"x"}, change={"parts": [part]}))
        == name
    )


def test_an_archive_of_a_later_format_is_newer_and_not_damaged(backup):
    with pytest.raises(BackupNewer):
        verified(rewritten(backup, change={"format": 2, "parts": "said otherwise"}))


def test_a_file_that_is_no_archive_is_damaged(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    assert damaged_part(tmp_path / "notes.txt") == MANIFEST


def test_an_archive_that_is_not_there_is_unreadable(tmp_path):
    with pytest.raises(BackupUnreadable):
        verified(tmp_path / "none.zip")


def test_nothing_of_the_name_is_there_until_the_archive_is_whole(tmp_path):
    target = tmp_path / "backup.zip"
    with written(target) as archive:
        archive.text("settings.json", "{}")
        assert not target.exists()
        archive.finish(manifest(archive))


def test_a_backup_that_fails_leaves_nothing_behind(tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(ZeroDivisionError), written(folder / "backup.zip") as archive:
        archive.text("settings.json", str(1 / 0))
    assert list(folder.iterdir()) == []


def test_only_its_owner_may_read_an_archive(backup):
    assert backup.stat().st_mode & 0o777 == 0o600


def test_an_archive_is_never_written_over_another_file(backup):
    before = backup.read_bytes()
    with pytest.raises(BackupExists):
        write(backup)
    assert backup.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BackupUnwritable, match="none"):
        write(tmp_path / "none" / "backup.zip")
