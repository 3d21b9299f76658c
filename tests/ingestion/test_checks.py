"""What is said at start instead of failing later."""

import os

from ingestion import checks


def ids(found):
    return [message.id for message in found]


def test_folders_that_can_be_written_are_fine():
    assert checks.check_folders(None) == []


def test_a_folder_that_cannot_be_written_is_an_error(settings, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, _: path != settings.MEDIA_ROOT)

    assert ids(checks.check_folders(None)) == ["tenkyo.E001"]


def test_a_model_that_is_not_approved_is_an_error(settings):
    settings.EMBED_MODEL = "something-else"

    assert ids(checks.check_portfolio(None)) == ["tenkyo.E003"]


def test_a_reranker_that_is_not_approved_is_an_error(settings):
    settings.RERANK_MODEL = "something-else"

    assert ids(checks.check_portfolio(None)) == ["tenkyo.E003"]


def test_weights_that_are_not_there_are_a_warning_that_names_the_command(settings, tmp_path):
    settings.MODELS_DIR = tmp_path

    found = checks.check_models(None)

    assert {message.hint for message in found} == {"Run `manage.py models_fetch`."}


def test_a_provider_without_tls_or_a_name_there_is_an_error(settings):
    said = []
    for issuer, client in (
        ("http://id.example", "tenkyo"),
        ("https://id.example", ""),
        ("https://id.example", "tenkyo"),
    ):
        settings.OIDC = settings.OIDC | {"issuer": issuer, "client_id": client}
        said.append(ids(checks.check_company(None)))
    assert said == [["tenkyo.E004"], ["tenkyo.E004"], []]


def test_a_directory_without_a_base_or_of_another_kind_is_an_error(settings):
    said = []
    for address, base in (("ldaps://ad.example", ""), ("https://ad.example", "dc=x"), ("ldaps://ad.example", "dc=x")):
        settings.LDAP = settings.LDAP | {"address": address, "base": base}
        said.append(ids(checks.check_company(None)))
    assert said == [["tenkyo.E005"], ["tenkyo.E005"], []]
