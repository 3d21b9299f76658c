"""Before the start: whether the company's provider and directory answer, where they are named."""

import pytest

from assistant.preflight import installation
from ingestion import ldap, oidc
from ingestion.errors import CompanyUnreachable


@pytest.fixture
def named(settings, monkeypatch):
    """Both are named, and answer."""
    settings.OIDC = settings.OIDC | {"issuer": "https://id.example"}
    settings.LDAP = settings.LDAP | {"address": "ldaps://ad.example"}
    for way in (oidc, ldap):
        monkeypatch.setattr(way, "ping", lambda _of: None)


def test_nothing_is_said_of_what_is_not_named():
    assert list(installation._company()) == []


def test_each_that_answers_is_said_to(named):
    said = [(line.name, line.state, line.facts["address"]) for line in installation._company()]
    assert said == [("company", "ok", "https://id.example"), ("directory", "ok", "ldaps://ad.example")]


def test_one_that_does_not_is_a_problem_with_its_reason(named, monkeypatch):
    def away(_of):
        raise CompanyUnreachable(reason="ConnectTimeout")

    monkeypatch.setattr(oidc, "ping", away)
    line = next(iter(installation._company()))
    assert (line.state, "ConnectTimeout" in line.texts("ja")[0]) == ("problem", True)
