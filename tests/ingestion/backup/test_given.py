"""What of the operator's settings goes into a backup."""

import pytest
from pydantic import SecretStr

from config.env import Environment, given, masked
from config.settings import VERSION
from tests.conftest import REPOSITORY


def test_secrets_are_kept_apart_from_settings():
    settings, secrets = given(Environment(SECRET_KEY=SecretStr("hidden"), PORT=8123))
    assert (settings["PORT"], "SECRET_KEY" in settings, secrets["SECRET_KEY"]) == ("8123", False, "hidden")


def test_an_address_with_a_password_is_a_setting_without_it_and_a_secret_with_it():
    settings, secrets = given(Environment(DATABASE_URL="postgres://tenkyo:hidden@db/tenkyo"))
    assert (settings["DATABASE_URL"], secrets["DATABASE_URL"]) == (
        "postgres://tenkyo:…@db/tenkyo",
        "postgres://tenkyo:hidden@db/tenkyo",
    )


def test_an_address_without_a_password_is_no_secret():
    assert "QDRANT_URL" not in given(Environment(QDRANT_URL="http://qdrant:6333"))[1]


@pytest.mark.parametrize(
    "address", ["redis://:hidden@valkey:6379/0", "postgres://a:hid/den@db/x", "amqp://u:hidden@h//"]
)
def test_a_password_is_masked_in_any_address(address):
    assert "den" not in masked(address)


def test_the_version_is_that_of_the_package():
    assert f'version = "{VERSION}"' in (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
