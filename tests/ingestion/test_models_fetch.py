"""`manage.py models_fetch`."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command


def test_an_unknown_model_is_answered_with_the_approved_names():
    with pytest.raises(CommandError, match="multilingual-e5-small"):
        call_command("models_fetch", only="gpt-5")


def test_a_failure_is_told_with_its_code(settings, tmp_path):
    settings.MODELS_DIR, settings.CACHE_DIR = tmp_path / "models", tmp_path / "cache"
    with pytest.raises(CommandError, match="weights_part_missing"):
        call_command("models_fetch", only="ipaex-gothic", given=tmp_path)


@pytest.mark.models
def test_what_is_there_is_left_alone(capsys):
    before = (settings.MODELS_DIR / "multilingual-e5-small" / "model.safetensors").stat().st_mtime_ns
    call_command("models_fetch", only="multilingual-e5-small")
    assert (settings.MODELS_DIR / "multilingual-e5-small" / "model.safetensors").stat().st_mtime_ns == before
