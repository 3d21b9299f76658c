"""The Grafana dashboard asks for what /metrics tells, and shows all of it."""

import json
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import REPOSITORY

DASHBOARD = json.loads((REPOSITORY / "docker" / "grafana" / "tenkyo.json").read_text(encoding="utf-8"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
LABELS = re.compile(r"by \(([^)]*)\)")


@pytest.fixture
def families(client, db):
    """What the product itself tells, by name."""
    told = text_string_to_metric_families(client.get("/metrics").content.decode())
    return {family.name: family for family in told if family.name.startswith("tenkyo_")}


def names_of(family):
    return {family.name + suffix for suffix in SUFFIXES.get(family.type, ("",))}


def asked():
    return {name for query in QUERIES for name in re.findall(r"tenkyo_\w+", query)}


def test_every_metric_it_asks_for_is_told(families):
    told = {name for family in families.values() for name in names_of(family)}
    assert asked() - told == set()


def test_every_metric_of_the_product_is_on_it(families):
    assert [name for name, family in families.items() if not names_of(family) & asked()] == []


@pytest.mark.parametrize("query", QUERIES)
def test_its_parentheses_are_closed(query):
    assert all(query.count(left) == query.count(right) for left, right in ("()", "[]", "{}"))


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_every_panel_is_titled_in_both_languages(panel):
    assert re.search(r"[A-Za-z].* / .*[\u3040-\u9fff]", panel["title"])


def test_it_groups_by_labels_that_exist():
    from assistant import metrics
    from config.middleware import REQUESTS
    from ingestion.limits import REFUSED

    counted = (metrics.QUESTIONS, metrics.SENTENCES, metrics.ERRORS, metrics.STAGES, REQUESTS, REFUSED)
    known = {"le", "status", "error_code"} | {label for each in counted for label in each._labelnames}
    assert {label.strip() for query in QUERIES for by in LABELS.findall(query) for label in by.split(",")} <= known
