"""The signing key: given by the operator, or made once at random. There is no default key. And secrets in files."""

import os
import secrets
from pathlib import Path

from pydantic import SecretStr

from config.env import Environment


def secret_key(env: Environment) -> str:
    """SECRET_KEY, else the text of SECRET_KEY_FILE, else the random key kept in TENKYO_DATA."""
    if env.secret_key is not None:
        return env.secret_key.get_secret_value()
    if env.secret_key_file is not None:
        return env.secret_key_file.read_text(encoding="utf-8").strip()
    return _kept_key(env.data / "secret_key")


def given_or_in_file(given: SecretStr | None, file: Path | None) -> str:
    """A secret as it was given, else the text of its file, else none."""
    if given is not None:
        return given.get_secret_value()
    return file.read_text(encoding="utf-8").strip() if file is not None else ""


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: two processes that start together must end with one key.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        key = secrets.token_urlsafe(64)
        file.write(key)
    return key
