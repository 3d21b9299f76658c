"""The installation: settings, folders, models, secrets, ports, migrations."""

import errno
import http.client
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import WARNING, CheckMessage, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from assistant.preflight.lines import Line
from assistant.preflight.texts import TEXTS
from config.portfolio import NEEDED_BY_ALL, Model, models
from ingestion import ldap, oidc
from ingestion.errors import TenkyoError
from ingestion.weights import is_there

_SHORTEST_KEY = 32
_SHORTEST_PASSWORD = 12
_GUESSED = frozenset(
    {"admin", "changeme", "postgres", "password", "qdrant", "redis", "root", "secret", "tenkyo", "valkey"}
)
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", ""})
_OTHERS_READ, _OTHERS_ENTER = 0o004, 0o001
_SECONDS = 3.0


def lines() -> Iterator[Line]:
    """Every line about the installation."""
    yield from _checks()
    yield from _models()
    yield _permissions()
    yield from secret_lines(settings.SECRETS_GIVEN, settings.SECRET_KEY)
    yield from _openness()
    yield port_line("port_web", settings.HOST, settings.PORT, "/healthz", "PORT")
    if settings.ANSWER_BESIDE_WEB:
        answers = urlsplit(settings.ANSWER_URL)
        yield port_line("port_answers", str(answers.hostname), int(answers.port or 0), "/health", "ANSWER_PORT")
    yield from _company()
    yield from _migrations()


def _company() -> Iterator[Line]:
    """Whether the company's provider and directory answer, where they are named."""
    if (of := oidc.provider()) is not None:
        yield _asked("company", of.issuer, partial(oidc.ping, of))
    if (there := ldap.server()) is not None:
        yield _asked("directory", there.address, partial(ldap.ping, there))


def _asked(name: str, address: str, ping: Callable[[], None]) -> Line:
    try:
        ping()
    except TenkyoError as error:
        return Line(name, "part_failed", {"code": error.code}, error)
    return Line(name, "company_answers", {"address": address})


def _checks() -> Iterator[Line]:
    """Django's own checks and ours. Missing models are told with their names by `_models`."""
    found = [message for message in run_checks() if message.level >= WARNING and message.id != "tenkyo.W001"]
    if not found:
        yield Line("checks", "checks_pass")
    for message in found:
        yield Line("checks", _code(message), {"message": message.msg, "hint": message.hint or "", "id": message.id})


def _code(message: CheckMessage) -> str:
    if message.id in TEXTS:
        return str(message.id)
    return "check_error" if message.is_serious() else "check_warning"


def _models() -> Iterator[Line]:
    used = {settings.EMBED_MODEL, settings.ANSWER_MODEL, settings.RERANK_MODEL}
    for model in models():
        if model.name in used or model.role in NEEDED_BY_ALL:
            yield model_line(model, Path(settings.MODELS_DIR))


def model_line(model: Model, folder: Path) -> Line:
    """Whether the model's weights lie in the folder, and are those that were approved."""
    facts = {"model": model.name, "path": str(folder / model.path)}
    if model.role == "answer" and not settings.ANSWER_BESIDE_WEB:
        return Line("model", "model_elsewhere", facts)
    whole = is_there(model, folder)
    if model.source is None:
        return Line("model", "model_there" if whole else "model_missing", facts)
    return Line("model", "model_whole" if whole else "model_wrong", facts)


def _permissions() -> Line:
    data = Path(settings.DATA_DIR)
    private = [data / "secret_key", data / "tenkyo.sqlite3", Path(settings.MEDIA_ROOT)]
    seen = [path.name for path in private if path.exists() and path.stat().st_mode & _OTHERS_READ]
    if seen and data.stat().st_mode & _OTHERS_ENTER:
        return Line("permissions", "permissions_open", {"files": ", ".join(seen), "folder": str(data)})
    return Line("permissions", "permissions_closed", {"folder": str(data)})


def secret_lines(given: dict[str, str], key: str) -> Iterator[Line]:
    """A line for each secret that can be guessed; one in all where none can."""
    weak = [name for name, value in given.items() if name != "SECRET_KEY" and _is_weak(value)]
    if len(key) < _SHORTEST_KEY or key.startswith("django-insecure"):
        weak.append("SECRET_KEY")
    yield from (Line("secrets", "secret_weak", {"variable": name}) for name in weak)
    if not weak:
        yield Line("secrets", "secrets_own")


def _is_weak(value: str) -> bool:
    secret = urlsplit(value).password or "" if "://" in value else value
    return len(secret) < _SHORTEST_PASSWORD or secret.lower() in _GUESSED


def _openness() -> Iterator[Line]:
    if settings.DEBUG:
        yield Line("secrets", "debug_on")
    if "*" in settings.ALLOWED_HOSTS:
        yield Line("secrets", "hosts_any")
    if settings.HOST not in _LOCAL and not settings.SESSION_COOKIE_SECURE:
        yield Line("secrets", "http_open", {"host": settings.HOST})
    for variable, address, key in (
        ("QDRANT_URL", settings.QDRANT_URL, settings.QDRANT_API_KEY),
        ("ANSWER_URL", settings.ANSWER_URL, settings.ANSWER_API_KEY),
    ):
        if address and urlsplit(address).hostname not in _LOCAL and not key:
            yield Line("secrets", "secret_none", {"variable": variable, "key": variable.replace("_URL", "_API_KEY")})


def port_line(name: str, host: str, port: int, path: str, variable: str) -> Line:
    """Whether the address can be listened on, or Tenkyo answers there already at `path`."""
    facts = {"address": f"{host}:{port}", "variable": variable}
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return Line(name, "port_refused", {**facts, "reason": error.strerror})
            return Line(name, "port_ours" if _answers_ok(host, port, path) else "port_taken", facts)
    return Line(name, "port_free", facts)


def _answers_ok(host: str, port: int, path: str) -> bool:
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # recognised, not listened on
    asked = http.client.HTTPConnection(reached, port, timeout=_SECONDS)
    try:
        asked.request("GET", path)
        answer = asked.getresponse()
        return answer.status == http.client.OK and b'"status"' in answer.read(1000)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def _migrations() -> Iterator[Line]:
    count = waiting_migrations()
    if count is not None:
        yield Line("migrations", "migrations_waiting" if count else "migrations_applied", {"count": count})


def waiting_migrations() -> int | None:
    """How many migrations are not applied; None where the database does not answer."""
    try:
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return None
