"""Files of a backup belong to the same moment as its database, whatever is uploaded and deleted meanwhile."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from ingestion.backup import taking
from ingestion.errors import BackupRunning

KEYS = ["aa" * 16, "bb" * 16]


@pytest.fixture
def scratch(tmp_path):
    made = tmp_path / "scratch"
    made.mkdir()
    return made


def lay(media, key):
    (media / key[:2]).mkdir(exist_ok=True)
    (media / key[:2] / key).write_text(key)


@pytest.fixture
def snapshots(monkeypatch):
    """`snapshots(before, files, …)`: each snapshot first does something, then knows these files."""
    taken = []

    def install(*plan):
        @contextmanager
        def snapshot(_scratch):
            before, files = plan[min(len(taken), len(plan) - 1)]
            taken.append(files)
            before()
            yield SimpleNamespace(files=lambda: dict.fromkeys(files, ""))

        monkeypatch.setattr(taking, "engine", lambda: SimpleNamespace(snapshot=snapshot))
        return taken

    return install


def held(scratch):
    return sorted(path.name for path in scratch.iterdir())


def nothing():
    """Happens."""


def test_a_file_that_is_deleted_after_the_snapshot_is_in_the_backup(media, scratch, snapshots):
    lay(media, KEYS[0])
    snapshots((nothing, KEYS[:1]))
    with taking._moment(scratch):
        (media / "aa" / KEYS[0]).unlink()
        assert (scratch / KEYS[0]).read_text() == KEYS[0]


def test_a_file_that_is_uploaded_just_before_the_snapshot_is_in_the_backup(media, scratch, snapshots):
    snapshots((lambda: lay(media, KEYS[0]), KEYS[:1]))
    with taking._moment(scratch):
        assert held(scratch) == KEYS[:1]


def test_where_a_document_goes_between_its_row_and_its_file_another_snapshot_is_taken(media, scratch, snapshots):
    lay(media, KEYS[0])
    # The first snapshot has the row of a file that nobody saw; the second, later one has neither.
    snapshots((nothing, KEYS), (nothing, KEYS[:1]))
    with taking._moment(scratch) as (_, files):
        assert list(files) == KEYS[:1]


def test_a_file_that_has_long_been_missing_does_not_prevent_a_backup(media, scratch, snapshots):
    taken = snapshots((nothing, KEYS))
    with taking._moment(scratch):
        assert len(taken) == 2


def test_on_a_disk_without_links_files_are_copied(media, scratch, snapshots, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(taking.os, "link", refuse)
    lay(media, KEYS[0])
    snapshots((nothing, KEYS[:1]))
    with taking._moment(scratch):
        assert (scratch / KEYS[0]).read_text() == KEYS[0]


def test_what_a_killed_backup_left_is_removed_by_the_next(media):
    left = media.parent / "backup-killed"
    left.mkdir()
    with taking._scratch():
        assert not left.exists()


def test_two_backups_of_one_folder_do_not_run_at_once(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with taking.one_at_a_time(), pytest.raises(BackupRunning), taking.one_at_a_time():
        pass
