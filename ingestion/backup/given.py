"""The operator's settings in a backup, and what of them is brought back."""

import json
import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from ingestion.backup.archive import Reading

_KEY = "SECRET_KEY"
# Where this machine keeps things, and which it is: a backup's are right for the machine it was made on only.
_OF_THE_MACHINE = frozenset(
    {
        "TENKYO_DATA",
        "XDG_CACHE_HOME",
        "MODELS_DIR",
        "SECRET_KEY_FILE",
        "OIDC_CLIENT_SECRET_FILE",
        "LDAP_BIND_PASSWORD_FILE",
    }
)


def as_text(given: Mapping[str, str]) -> str:
    """Variables and their values as JSON."""
    return json.dumps(dict(sorted(given.items())), ensure_ascii=False, indent=1)


def differing(archive: Reading) -> dict[str, tuple[str, str]]:
    """Settings that are not here as they were where the backup was made: variable → (there, here); "" is unset."""
    there, here = _settings_in(archive), settings.GIVEN_SETTINGS
    names = sorted((there.keys() | here.keys()) - _OF_THE_MACHINE)
    return {name: (there.get(name, ""), here.get(name, "")) for name in names if there.get(name) != here.get(name)}


def put_back(archive: Reading) -> Path:
    """Write the backup's settings to `restored.env` for the operator to take over, and the signing key in its place.

    The key is written where this installation keeps one of its own making: one that is given stays the operator's.
    """
    data = Path(settings.DATA_DIR)
    secrets = json.loads(archive.text("secrets.json")) if archive.has("secrets.json") else {}
    if _KEY in secrets and (data / "secret_key").is_file():
        _write_private(data / "secret_key", secrets[_KEY])
    lines = (f"{name}={shlex.quote(value)}\n" for name, value in {**_settings_in(archive), **secrets}.items())
    return _write_private(data / "restored.env", "".join(lines))


def portfolio_differs(archive: Reading) -> bool:
    """Whether other models were approved where the backup was made."""
    from config import portfolio

    here = (Path(portfolio.__file__).parent / "portfolio.toml").read_text(encoding="utf-8")
    return archive.text("portfolio.toml") != here


def _settings_in(archive: Reading) -> dict[str, str]:
    found: dict[str, str] = json.loads(archive.text("settings.json"))
    return found


def _write_private(path: Path, text: str) -> Path:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return path
