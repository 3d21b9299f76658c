"""The approved models."""

import pytest

from config.portfolio import model_named, models


def test_the_model_of_that_name_and_role_is_found():
    assert model_named("multilingual-e5-small", "embed").dimension == 384


def test_a_model_is_not_found_under_another_role():
    with pytest.raises(ValueError, match="not an approved answer model"):
        model_named("multilingual-e5-small", "answer")


def test_a_name_that_is_not_approved_is_refused_with_the_approved_ones():
    with pytest.raises(ValueError, match="multilingual-e5-small, bge-m3"):
        model_named("anything-else", "embed")


@pytest.mark.parametrize("model", models(), ids=lambda model: model.name)
def test_every_model_states_its_licence(model):
    assert model.licence


@pytest.mark.parametrize("model", [model for model in models() if model.source], ids=lambda model: model.name)
def test_every_fetched_package_is_pinned(model):
    assert [package for package in model.source.packages if "==" not in package] == []


@pytest.mark.parametrize(
    ("name", "proved_only"), [("qwen2.5-coder-1.5b-instruct", True), ("llama-3.3-70b-instruct", False)]
)
def test_what_a_small_model_cannot_prove_is_withheld_unless_a_library_says_otherwise(name, proved_only):
    assert model_named(name, "answer").proved_only is proved_only
