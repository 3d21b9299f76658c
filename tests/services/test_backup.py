"""`manage.py backup` and `restore` as an operator runs them, over a served SQLite installation and over PostgreSQL."""

import json
import sqlite3
import subprocess
import sys
import threading
import uuid
import zipfile
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
import psycopg
import pytest

from ingestion.backup.archive import MANIFEST
from tests.conftest import REPOSITORY
from tests.factories import text_file
from tests.journeys.model_server import ModelServer, quoting
from tests.services import programs

pytestmark = [pytest.mark.models, pytest.mark.services]
QUESTION = "How often does the pump P-101 need oil?"


def tried(*arguments, env):
    """(exit status, everything it said) of a management command."""
    command = [sys.executable, "manage.py", *map(str, arguments)]
    ended = subprocess.run(command, cwd=REPOSITORY, env=env, capture_output=True, text=True, timeout=180, check=False)
    return ended.returncode, ended.stdout + ended.stderr


@contextmanager
def served(env, log):
    base = f"http://127.0.0.1:{env['PORT']}"
    with programs.running("manage.py", "serve", env=env, log=log):
        programs.wait_until(lambda: programs.status_of(f"{base}/healthz") == 200, log=log)
        yield base


def client_of(base, token):
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=f"{base}/api/v1", headers=headers, timeout=60)


def installed(env):
    """A token of the administrator of a migrated installation."""
    programs.manage("migrate", "--verbosity", "0", env=env)
    programs.manage("first_admin", env=env)
    return programs.manage("api_token", "admin", env=env).strip()


def put(client, library, name, data):
    return client.post(f"/libraries/{library}/documents", files={"file": (name, data)}).json()["id"]


def ready(client, document):
    return client.get(f"/documents/{document}").json()["revision"]["status"] == "ready"


def found(client, library):
    hits = client.post("/search", json={"query": QUESTION, "libraries": [library]}).json()["hits"]
    return [(hit["document"], hit["page"], hit["text"]) for hit in hits]


def picture(client, citation):
    """The cited page with its mark."""
    address = f"/documents/{citation['document']}/pages/{citation['page']}.png"
    return client.get(address, params={"citation": citation["id"]})


class Traffic:
    """Somebody who uploads documents without a pause, and deletes every other one soon after."""

    def __init__(self, client, library):
        self.client, self.library, self.uploaded, self.ended = client, library, [], threading.Event()
        self.thread = threading.Thread(target=self._work)

    def __enter__(self):
        self.thread.start()
        programs.wait_until(lambda: len(self.uploaded) > 3)
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def _work(self):
        while not self.ended.is_set():
            number = len(self.uploaded)
            text = f"Traffic document {number}. " + "It fills a page of its own. " * 40
            self.uploaded.append(put(self.client, self.library, f"traffic {number}.txt", text.encode()))
            if number % 2:
                self.client.delete(f"/documents/{self.uploaded[-2]}")


@pytest.fixture(scope="module")
def model():
    server = ModelServer()
    server.reply = quoting("P-101")
    yield server
    server.close()


@pytest.fixture(scope="module")
def story(model, tmp_path_factory):
    """An installation that was backed up under way, and what it answered before; the archives, and the token."""
    folder = tmp_path_factory.mktemp("backed-up")
    env = programs.environment(folder / "data", PORT=str(programs.free_port()), ANSWER_URL=model.url)
    token = installed(env)
    made = SimpleNamespace(
        env=env, token=token, folder=folder, archive=folder / "with.zip", small=folder / "without.zip"
    )
    with served(env, folder / "serve.log") as base, client_of(base, token) as client:
        made.library = client.post("/libraries", json={"name": "Pumps"}).json()["id"]
        document = put(client, made.library, "pump.txt", text_file())
        programs.wait_until(lambda: ready(client, document), log=folder / "serve.log")
        made.hits = found(client, made.library)
        asked = {"question": QUESTION, "libraries": [made.library]}
        [made.citation, *_] = client.post("/ask", json=asked).json()["citations"]
        made.picture = picture(client, made.citation).content
        busy = client.post("/libraries", json={"name": "Traffic"}).json()["id"]
        with Traffic(client, busy) as traffic:
            before = len(traffic.uploaded)
            made.said = programs.manage("backup", str(made.archive), "--vectors", "--with-secrets", env=env)
            made.during = len(traffic.uploaded) - before
        made.running = tried("restore", made.archive, "--replace", env=env)
    programs.manage("backup", str(made.small), env=env)
    return made


@pytest.fixture(scope="module")
def restored(story, model, tmp_path_factory):
    """The same, restored into an empty folder, and what it answers."""
    folder = tmp_path_factory.mktemp("restored")
    env = programs.environment(folder / "data", PORT=str(programs.free_port()), ANSWER_URL=model.url)
    made = SimpleNamespace(env=env, said=programs.manage("restore", str(story.archive), env=env))
    made.verified = tried("index_verify", env=env)
    made.audit = tried("audit_verify", env=env)
    with served(env, folder / "serve.log") as base, client_of(base, story.token) as client:
        made.hits = found(client, story.library)
        made.picture = picture(client, story.citation)
    return made


def test_documents_were_uploaded_while_the_backup_was_made(story):
    assert story.during > 0


def test_the_same_passages_are_found_after_restoring_elsewhere(story, restored):
    # In their order but for the first: how rare a word is depends on what else was uploaded meanwhile.
    assert (restored.hits[0], sorted(restored.hits)) == (story.hits[0], sorted(story.hits))


def test_a_citation_from_before_opens_its_page_with_the_same_picture(story, restored):
    assert (restored.picture.status_code, restored.picture.content) == (200, story.picture)


def test_every_row_of_the_snapshot_has_its_file(restored):
    assert "missing: the file" not in restored.verified[1]


def test_with_vectors_the_index_is_filled_and_no_rebuild_is_asked_for(restored):
    assert ("index_rebuild is not needed" in restored.said, restored.verified[0]) == (True, 0)


def test_the_audit_log_goes_on_unbroken(restored):
    assert restored.audit[0] == 0


def test_a_whole_archive_is_said_to_be_whole(story):
    code, said = tried("backup", story.archive, "--verify", env=story.env)
    assert (code, "is whole" in said) == (0, True)


def test_a_server_that_runs_is_not_restored_under(story):
    code, said = story.running
    assert (code, "index_held" in said or "restore_in_use" in said) == (1, True)


def test_a_place_that_holds_documents_is_refused_in_both_languages(story):
    code, said = tried("restore", story.archive, env=story.env)
    assert (code, "restore_not_empty" in said, "この環境は空ではありません" in said) == (1, True, True)


def test_a_damaged_archive_changes_nothing(story, tmp_path):
    data = bytearray(story.archive.read_bytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "damaged.zip").write_bytes(data)
    env = programs.environment(tmp_path / "data")
    code, said = tried("restore", tmp_path / "damaged.zip", env=env)
    assert (code, "backup_damaged" in said, (tmp_path / "data" / "files").exists()) == (1, True, False)


def test_without_a_database_there_is_no_backup_and_no_traceback(tmp_path):
    code, said = tried("backup", tmp_path / "backup.zip", env=programs.environment(tmp_path / "data"))
    assert (code, "database_busy" in said, "Traceback" in said, list(tmp_path.glob("*.zip"))) == (1, True, False, [])


def test_an_archive_with_changes_this_code_does_not_know_is_newer(story, tmp_path):
    later = _with_manifest(story.small, tmp_path / "later.zip", migrations=["ingestion.9999_later"])
    code, said = tried("restore", later, env=programs.environment(tmp_path / "data"))
    assert (code, "backup_newer" in said, (tmp_path / "data" / "files").exists()) == (1, True, False)


def test_a_database_that_lacks_rows_is_not_put_in_the_place_of_the_old_one(story, tmp_path):
    before = _audited(story.env)
    code, said = tried("restore", _lacking(story.small, tmp_path), "--replace", env=story.env)
    # One more: the backup of what was there, which was made first.
    assert (code, "backup_damaged" in said, _audited(story.env)) == (1, True, before + 1)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_an_archive_from_before_a_change_of_the_database_is_brought_up_to_date(database, postgres_url, tmp_path):
    urls = [_database(postgres_url, name) for name in ("older", "newer")] if database == "postgresql" else ["", ""]
    older, newer = (
        programs.environment(tmp_path / name, DATABASE_URL=url)
        for name, url in zip(("older", "newer"), urls, strict=True)
    )
    programs.manage("migrate", "ingestion", "0003", "--verbosity", "0", env=older)
    archive = tmp_path / "older.zip"
    programs.manage("backup", str(archive), env=older)
    programs.manage("restore", str(archive), env=newer)
    assert "[ ]" not in programs.manage("showmigrations", env=newer)


def test_without_vectors_it_says_that_the_index_must_be_rebuilt(story, tmp_path):
    env = programs.environment(tmp_path / "data")
    said = programs.manage("restore", str(story.small), env=env)
    assert "Run `manage.py index_rebuild`" in said


def test_without_secrets_the_archive_holds_neither_key_nor_sessions(story):
    with zipfile.ZipFile(story.small) as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
    key = (story.folder / "data" / "secret_key").read_bytes()
    assert (key in held, "secrets.json" in zipfile.ZipFile(story.small).namelist()) == (False, False)


def test_with_secrets_the_signing_key_is_brought_back(story, restored):
    here, there = (Path(each["TENKYO_DATA"], "secret_key").read_text() for each in (story.env, restored.env))
    assert here == there


def test_replacing_keeps_what_was_there_as_a_backup(story, tmp_path):
    env = programs.environment(tmp_path / "data")
    installed(env)
    programs.manage("restore", str(story.small), "--replace", env=env)
    [kept] = (tmp_path / "data" / "before-restore").iterdir()
    assert tried("backup", kept, "--verify", env=env)[0] == 0


# What a browser's sign-in leaves in the database.
SIGNED_IN = """
from django.contrib.sessions.backends.db import SessionStore
from ingestion.models import User, UserSession
session = SessionStore()
session.create()
UserSession.objects.create(user=User.objects.get(), key=session.session_key)
"""
# Those of the transactions that are written meanwhile: the installation brings one of its own.
GROUPS = "auth_group WHERE name <> 'Auditors'"


@pytest.fixture(scope="module")
def moved(postgres_url, tmp_path_factory):
    """An installation over one database, backed up while rows were written, restored into another."""
    folder = tmp_path_factory.mktemp("postgres")
    databases = [_database(postgres_url, name) for name in ("backed_up", "restored")]
    first, second = (
        programs.environment(folder / str(number), DATABASE_URL=url) for number, url in enumerate(databases)
    )
    installed(first)
    (folder / "manuals").mkdir()
    (folder / "manuals" / "pump.txt").write_bytes(text_file())
    programs.manage("ingest_folder", str(folder / "manuals"), "--library", "Pumps", env=first)
    programs.manage("shell", "-c", SIGNED_IN, env=first)
    archive = folder / "backup.zip"
    with _writing(databases[0]):
        programs.manage("backup", str(archive), "--vectors", env=first)
    said = programs.manage("restore", str(archive), env=second)
    return SimpleNamespace(first=first, second=second, urls=databases, archive=archive, said=said)


class TestPostgres:
    """The same over PostgreSQL, with the real server."""

    def test_every_table_has_the_rows_that_the_archive_says(self, moved):
        assert _count(moved.urls[1], "ingestion_chunk") == _count(moved.urls[0], "ingestion_chunk")

    def test_the_index_agrees_with_the_database(self, moved):
        assert tried("index_verify", env=moved.second)[0] == 0

    def test_rows_can_be_added_after_restoring(self, moved):
        assert programs.manage("api_token", "admin", env=moved.second).strip()

    @pytest.mark.parametrize("table", ["django_session", "ingestion_usersession"])
    def test_sessions_are_left_out_without_secrets(self, moved, table):
        assert (_count(moved.urls[0], table), _count(moved.urls[1], table)) == (1, 0)

    def test_a_transaction_is_in_the_backup_with_all_its_rows_or_none(self, moved):
        assert _count(moved.urls[1], GROUPS) == _count(moved.urls[1], "ingestion_library WHERE description = 'w'")

    def test_the_backup_was_made_while_rows_were_written(self, moved):
        assert 0 < _count(moved.urls[1], GROUPS) < _count(moved.urls[0], GROUPS)

    def test_the_audit_log_goes_on_unbroken(self, moved):
        assert tried("audit_verify", env=moved.second)[0] == 0

    def test_an_archive_of_another_kind_of_database_is_refused(self, moved, story):
        code, said = tried("restore", story.archive, "--replace", env=moved.second)
        assert (code, "backup_other_database" in said) == (1, True)

    def test_a_database_that_others_use_is_not_replaced(self, moved):
        with psycopg.connect(moved.urls[1], application_name="tenkyo-web"):
            code, said = tried("restore", moved.archive, "--replace", env=moved.second)
        assert (code, "restore_in_use" in said, "tenkyo-web" in said) == (1, True, True)

    def test_a_restore_that_fails_leaves_the_old_rows(self, moved, tmp_path):
        before = _count(moved.urls[1], "audit_event")
        code, said = tried("restore", _lacking(moved.archive, tmp_path), "--replace", env=moved.second)
        # One more: the backup of what was there, which was made first.
        assert (code, "backup_damaged" in said, _count(moved.urls[1], "audit_event")) == (1, True, before + 1)

    def test_replacing_brings_the_rows_of_the_archive(self, moved):
        programs.manage("api_token", "admin", env=moved.second)
        programs.manage("restore", str(moved.archive), "--replace", env=moved.second)
        assert _count(moved.urls[1], "ingestion_apitoken") == _count(moved.urls[0], "ingestion_apitoken")


def _with_manifest(archive, target, **facts):
    """The archive with another manifest: its parts are whole, but not what it says of itself."""
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        for each in old.namelist():
            data = old.read(each)
            if each == MANIFEST:
                data = json.dumps({**json.loads(data), **facts}).encode()
            new.writestr(each, data)
    return target


def _lacking(archive, folder):
    """The archive, saying that there was one more user than it holds."""
    with zipfile.ZipFile(archive) as found:
        tables = json.loads(found.read(MANIFEST))["tables"]
    tables["ingestion_user"]["rows"] += 1
    return _with_manifest(archive, folder / "lacking.zip", tables=tables)


def _database(postgres_url, name):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return postgres_url.rsplit("/", 1)[0] + f"/{name}"


@contextmanager
def _writing(url):
    """Somebody who makes a group and a library in one transaction, again and again."""
    ended, begun = threading.Event(), threading.Event()

    def work():
        with psycopg.connect(url) as connection:
            while not ended.is_set():
                name = uuid.uuid4()
                connection.execute("INSERT INTO auth_group (name) VALUES (%s)", [str(name)])
                row = "INSERT INTO ingestion_library (id, name, description, created_at) VALUES (%s, %s, 'w', now())"
                connection.execute(row, [name, str(name)])
                connection.commit()
                begun.set()

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait(30)
    yield
    ended.set()
    thread.join()


def _audited(env):
    with closing(sqlite3.connect(Path(env["TENKYO_DATA"], "tenkyo.sqlite3"))) as database:
        return database.execute("SELECT count(*) FROM audit_event").fetchone()[0]


def _count(url, table):
    with psycopg.connect(url) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
