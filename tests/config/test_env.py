"""What the environment decides, and what it may not."""

import os

import pytest
from pydantic import SecretStr, ValidationError

from config.env import Environment, let_waiting_threads_sleep
from config.secret import given_or_in_file, secret_key


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "")
    assert Environment().database_url is None


def test_a_port_out_of_range_is_refused(monkeypatch):
    monkeypatch.setenv("PORT", "70000")
    with pytest.raises(ValidationError, match="PORT"):
        Environment()


def test_a_language_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setenv("DEFAULT_LANGUAGE", "fr")
    with pytest.raises(ValidationError, match="DEFAULT_LANGUAGE"):
        Environment()


def test_printing_the_environment_shows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "visible-only-to-signers")
    monkeypatch.setenv("QDRANT_API_KEY", "visible-only-to-qdrant")
    assert "visible-only" not in repr(Environment())


def test_a_secret_may_be_a_file_of_its_name(tmp_path):
    (tmp_path / "QDRANT_API_KEY").write_text("from-a-file\n")
    assert Environment(_secrets_dir=tmp_path).qdrant_api_key.get_secret_value() == "from-a-file"


def test_the_key_made_at_random_is_kept_for_the_next_start(monkeypatch, tmp_path):
    monkeypatch.setenv("TENKYO_DATA", str(tmp_path))
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert secret_key(Environment()) == secret_key(Environment())


def test_the_key_made_at_random_is_readable_by_its_owner_only(monkeypatch, tmp_path):
    monkeypatch.setenv("TENKYO_DATA", str(tmp_path))
    monkeypatch.delenv("SECRET_KEY", raising=False)
    secret_key(Environment())
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_key_file_wins_over_the_random_key(monkeypatch, tmp_path):
    file = tmp_path / "given"
    file.write_text("given-by-the-operator\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(file))
    assert secret_key(Environment()) == "given-by-the-operator"


def test_threads_that_wait_for_each_other_sleep(monkeypatch):
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    let_waiting_threads_sleep()
    assert os.environ["OMP_WAIT_POLICY"] == "passive"


def test_an_operator_may_let_waiting_threads_spin(monkeypatch):
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    let_waiting_threads_sleep()
    assert os.environ["OMP_WAIT_POLICY"] == "active"


def test_a_secret_as_given_wins_over_its_file(tmp_path):
    (tmp_path / "secret").write_text("from-a-file\n")
    said = [given_or_in_file(one, tmp_path / "secret") for one in (SecretStr("given"), None)]
    assert (said, given_or_in_file(None, None)) == (["given", "from-a-file"], "")
