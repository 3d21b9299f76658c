"""What every test has: no network but this machine, people and libraries, and skips that can be made to fail."""

import os
import socket
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
MODELS_LINE = "run `make models` (manage.py models_fetch) first"

_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex


def _guarded(connect):
    def guarded(self, address, *rest):
        if self.family != socket.AF_UNIX and not _is_loopback(address[0]):
            message = f"A test tried to reach {address!r}. Tests may talk to this machine only."
            raise PermissionError(message)
        return connect(self, address, *rest)

    return guarded


def _is_loopback(host):
    return host in {"localhost", "::1", ""} or str(host).startswith("127.")


def pytest_configure(config):
    """Close the network before the first import of a test module."""
    socket.socket.connect, socket.socket.connect_ex = _guarded(_connect), _guarded(_connect_ex)


def pytest_unconfigure(config):
    """Open it again for whoever runs pytest inside a program."""
    socket.socket.connect, socket.socket.connect_ex = _connect, _connect_ex


def pytest_collection_modifyitems(items):
    """Skip what needs the weights where they are not fetched, and say how to fetch them."""
    if not _models_present():
        for item in items:
            if item.get_closest_marker("models"):
                item.add_marker(pytest.mark.skip(reason=MODELS_LINE))


def _models_present():
    folder = Path(os.environ["MODELS_DIR"])
    return (folder / "multilingual-e5-small" / "model.safetensors").is_file()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With TENKYO_TEST_NO_SKIPS=1 a skipped test has failed: .ci/run has installed everything."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("TENKYO_TEST_NO_SKIPS") == "1":
        report.outcome = "failed"
        report.longrepr = f"Skipped where nothing may be skipped: {report.longrepr}"
    return report


def pytest_collectreport(report):
    """A whole module may be skipped at import: that too fails under TENKYO_TEST_NO_SKIPS=1."""
    if report.skipped and os.environ.get("TENKYO_TEST_NO_SKIPS") == "1":
        report.outcome = "failed"
        report.longrepr = f"Skipped where nothing may be skipped: {report.longrepr}"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of one test stay in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    for folder in (settings.MEDIA_ROOT, settings.FILE_UPLOAD_TEMP_DIR):
        folder.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Half a second of hashing per person proves nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nothing_counted():
    """What one test did often does not count against the next one's people, whose ids are the same."""
    from django.core.cache import caches

    from ingestion import sessions

    for name in ("default", "memory"):
        caches[name].clear()
    sessions._noted.clear()


@pytest.fixture
def admin(db, django_user_model):
    """A superuser: sees and changes everything."""
    return django_user_model.objects.create_superuser("admin", password="correct horse battery")


@pytest.fixture
def owner(db, django_user_model):
    """A person who owns `library` and nothing else."""
    return django_user_model.objects.create_user("owner", password="correct horse battery")


@pytest.fixture
def reader(db, django_user_model):
    """A person whose group may read `library`."""
    return django_user_model.objects.create_user("reader", password="correct horse battery")


@pytest.fixture
def stranger(db, django_user_model):
    """A person who may read nothing."""
    return django_user_model.objects.create_user("stranger", password="correct horse battery")


@pytest.fixture
def library(owner, reader):
    """A library with one owner and one group of readers."""
    from django.contrib.auth.models import Group

    from ingestion.models import Library

    made = Library.objects.create(name="Pumps")
    made.owners.add(owner)
    group = Group.objects.create(name="Maintenance")
    reader.groups.add(group)
    made.readers.add(group)
    return made


@pytest.fixture
def scope(owner, library):
    """What the owner of `library` may read and change."""
    from ingestion.access import scope_for

    return scope_for(owner)


@pytest.fixture(autouse=True)
def _another_database():
    """What this process saw of an earlier test's builds is not this test's."""
    from ingestion import searched

    searched.forget()


@pytest.fixture
def fake_embedder(monkeypatch):
    """The lexical fake in place of the real model (it passes the same contract suite)."""
    from ingestion import embedding
    from tests.fakes import HashEmbedder

    fake = HashEmbedder()
    monkeypatch.setattr(embedding, "embedder", lambda _name="": fake)
    return fake


@pytest.fixture
def open_index(settings, tmp_path):
    """The index of this process on files of its own, closed and forgotten after the test."""
    from ingestion.index import close_index, vector_index

    close_index()
    settings.DATA_DIR = tmp_path
    yield vector_index()
    close_index()


@pytest.fixture
def queued(monkeypatch):
    """Tasks wait in a list instead of the broker; `queued()` runs what waits, and what that enqueues, to the end."""
    from celery import Task

    waiting = []

    def wait(self, args=None, kwargs=None, **options):
        waiting.append((self, args or (), kwargs or {}))

    def run_all():
        while waiting:
            task, args, kwargs = waiting.pop(0)
            task.apply(args=args, kwargs=kwargs, throw=True)

    monkeypatch.setattr(Task, "apply_async", wait)
    run_all.waiting = waiting
    return run_all


@pytest.fixture
def worked(queued, django_capture_on_commit_callbacks):
    """`worked(action)` runs an action, commits, and works the queue to the end."""

    from ingestion import tasks

    def settled(action):
        with django_capture_on_commit_callbacks(execute=True):
            made = action()
        while queued.waiting:
            with django_capture_on_commit_callbacks(execute=True):
                queued()
        return made

    tasks.embedded_worker.set()
    yield settled
    tasks.embedded_worker.clear()


@pytest.fixture
def mask(worked, owner, library):
    """`mask(*kinds)`: the owner has the library mask these, and all runs that brings are worked."""
    from ingestion import personal
    from ingestion.access import scope_for

    def masked(*kinds, **more):
        facts = {"user": owner, "scope": scope_for(owner), "library_id": library.pk}
        return worked(lambda: personal.library_mask(**facts, kinds=kinds, **more))

    return masked


@pytest.fixture
def layout_font():
    """The font that sets pages: the product's where it is fetched, else a Latin one (Japanese then shows as boxes)."""
    import reportlab

    fetched = Path(os.environ["MODELS_DIR"]) / "ipaexg.ttf"
    return fetched if fetched.is_file() else Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


@pytest.fixture
def torture():
    """Awkward files collected beside the repository."""
    folder = REPOSITORY.parent / "shared" / "torture"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: it is a shared folder of the team, not part of the repository")
    return folder
