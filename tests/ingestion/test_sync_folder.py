"""`manage.py sync_folder`: what it says of each file, and who goes on looking."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ingestion import worker
from ingestion.errors import IndexHeld
from ingestion.models import WatchedFolder


@pytest.fixture
def sync(vault, admin, share, monkeypatch):
    """Runs the command beside a server that is at work."""

    def held():
        raise IndexHeld(pid=1, path="")

    def run(*arguments):
        out = StringIO()
        arguments = ("--library", "Manuals", *arguments)
        vault(lambda: call_command("sync_folder", str(share.root), *arguments, stdout=out, stderr=out))
        return out.getvalue()

    monkeypatch.setattr(worker, "start", held)
    return run


def test_it_says_what_became_of_each_file(sync, share):
    share("pump.txt", "The pump.")

    assert "pump.txt: added" in sync()


def test_it_says_why_a_file_was_not_taken_in(sync, share):
    (share.root / "link").symlink_to("/etc")

    assert "link: folder_link" in sync()


def test_it_says_where_nothing_has_changed(sync, share):
    assert "Nothing has changed." in sync()


def test_with_watch_the_server_goes_on_looking(sync):
    sync("--watch")

    assert WatchedFolder.objects.get().watched


def test_an_unmounted_share_ends_it_with_the_reason(sync, share):
    share.root.rmdir()

    with pytest.raises(CommandError, match="folder_missing"):
        sync()
