"""What machines are sized by, and that the formulae shown are those computed."""

import json
import math
import re
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command

from assistant.capacity.constants import CONSTANTS, EMBEDDERS, constant
from assistant.capacity.formulae import FORMULAE
from assistant.capacity.sizing import Site, names_in, sized
from config.portfolio import models
from tests.conftest import REPOSITORY

SITE = Site(users=500, documents=4000, pages=200_000)
USED = {name for formula in FORMULAE for name in names_in(formula.expression)}
RESULTS = {formula.name for formula in FORMULAE if formula.result}


def values(site=SITE):
    return {each.formula.name: each.value for each in sized(site)}


def said(*options):
    out = StringIO()
    call_command("capacity", "--users", "500", "--documents", "4000", "--pages", "200000", *options, stdout=out)
    return out.getvalue()


def test_every_constant_is_used():
    assert {each.name for each in CONSTANTS} - USED == set()


def test_every_option_changes_something():
    assert set(SITE.names()) - USED == set()


def test_every_formula_is_a_result_or_leads_to_one():
    assert {formula.name for formula in FORMULAE} - USED - RESULTS == set()


@pytest.mark.parametrize("each", [each for each in CONSTANTS if "docs/" in each.where], ids=lambda each: each.name)
def test_a_constant_names_a_page_that_exists(each):
    [page] = re.findall(r"docs/[\w./-]+\.md", each.where)
    assert (REPOSITORY / page).is_file()


@pytest.mark.parametrize("each", [each for each in CONSTANTS if each.basis == "measured"], ids=lambda each: each.name)
def test_what_is_called_measured_says_in_which_page(each):
    assert "docs/" in each.where


def test_embedding_models_are_those_of_the_portfolio_with_their_dimensions():
    assert {name: dimension for name, (dimension, *_) in EMBEDDERS.items()} == {
        model.name: model.dimension for model in models() if model.role == "embed"
    }


def test_one_answer_takes_first_token_and_the_rest_at_the_published_speed():
    assert values()["answer_seconds"] == pytest.approx(0.171 + 0.835 + 500 * 0.0597)


def test_answers_at_once_follow_from_arrivals_and_duration():
    mean = 500 * 4 / 3600 * values()["answer_seconds"]
    assert values()["answers_at_once"] == math.ceil(mean + 2 * math.sqrt(mean))


def test_more_people_than_one_pair_of_gpus_serves_get_another():
    assert (values()["answer_gpus"], values(replace(SITE, users=3000))["answer_gpus"]) == (2, 6)


def test_all_slots_together_stay_below_the_knee_of_the_model():
    found = values(replace(SITE, users=3000))
    assert found["answer_slots"] * found["web_processes"] <= constant("answers_per_pair") * found["answer_gpus"] / 2


def test_pages_that_are_scans_take_longer_and_more_room():
    plain, scanned = values(), values(replace(SITE, scanned=50))
    assert (scanned["read_hours"] > 10 * plain["read_hours"], scanned["disk_bytes"] > plain["disk_bytes"]) == (
        True,
        True,
    )


def test_no_gpu_is_asked_for_where_the_cores_embed_in_time():
    assert values(replace(SITE, pages=1000, embed_model="multilingual-e5-small"))["embed_gpus"] == 0


def test_the_measured_pages_need_the_disk_that_was_measured():
    found = values(Site(users=1, documents=8, pages=1715, revisions=1, embed_model="multilingual-e5-small"))
    assert [found[name] / 1e6 for name in ("file_bytes", "database_bytes", "index_bytes")] == pytest.approx(
        [28, 32, 29]
    )


def test_the_command_shows_every_formula_and_the_basis_of_every_constant():
    shown = said()
    assert all(formula.expression in shown for formula in FORMULAE)
    assert all(f"[{each.basis}] {each.where}" in shown for each in CONSTANTS)


def test_json_holds_the_results():
    assert json.loads(said("--json"))["results"] == {name: value for name, value in values().items() if name in RESULTS}


def test_a_constant_is_found_by_its_name():
    assert constant("gpu_share") == 0.9
