"""Chroma's set in small: corpora as documents, scored by the stretches that answer."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assistant.errors import EvaluationSetUnreadable
from assistant.evaluation.chunking import LIBRARY, Product, Splitter, fewest, first, read_set, scored
from assistant.evaluation.spans import Covered, Span, visible
from assistant.evaluation.vectors import VectorCache
from ingestion.access import scope_for
from tests.factories import make_library, upload

TEXT = "The pump needs oil every 500 h.\n\nThe seal lasts two years.\n"
ANSWER = "The seal lasts two years."


@pytest.fixture
def folder(tmp_path):
    """The set: one corpus, one question."""
    made = tmp_path / "data" / "chunking"
    made.mkdir(parents=True)
    (made / "chatlogs.md").write_text(TEXT, encoding="utf-8")
    start = TEXT.index(ANSWER)
    needed = [{"content": ANSWER, "start_index": start, "end_index": start + len(ANSWER)}]
    with (made / "questions_df.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["question", "references", "corpus_id"])
        rows.writerow(["How long does the seal last?", json.dumps(needed), "chatlogs"])
    return made


@pytest.fixture
def taken(owner, fake_embedder, open_index, worked):
    """`taken(text)` takes the corpus in as a document and returns the owner's scope."""

    def take(text=TEXT):
        own = make_library(LIBRARY, owner=owner)
        worked(lambda: upload(owner, own, text.encode(), filename="chatlogs.txt"))
        return scope_for(owner)

    return take


def test_what_is_needed_is_measured_without_blanks(folder):
    (asked,) = read_set(folder, ["chatlogs"]).questions
    before = len(visible(["The pump needs oil every 500 h."]))
    assert asked.needed == (Span("chatlogs", before, before + len(visible([ANSWER]))),)


def test_a_corpus_that_is_missing_is_named(folder):
    with pytest.raises(EvaluationSetUnreadable, match="finance"):
        read_set(folder, ["finance"])


def test_a_search_s_passages_are_scored_as_stretches_of_the_corpus(folder, taken):
    asked = read_set(folder, ["chatlogs"])
    whole, answer = len(visible([TEXT])), len(visible([ANSWER]))
    score = scored(asked.questions, first(Product(taken(), asked.texts)))["all"]
    assert score == Covered(1.0, answer / whole, answer / whole, whole)


def test_what_the_model_reads_is_no_more_than_the_passages(folder, taken):
    asked = read_set(folder, ["chatlogs"])
    product = Product(taken(), asked.texts)
    assert scored(asked.questions, lambda one: product.read(one.text, 600))["all"].length <= len(visible([TEXT]))


def test_a_document_of_another_text_is_refused(folder, taken):
    with pytest.raises(EvaluationSetUnreadable, match="another text"):
        Product(taken("The pump needs no oil."), read_set(folder, ["chatlogs"]).texts)


def test_a_corpus_that_was_not_taken_in_is_named(folder, scope):
    with pytest.raises(EvaluationSetUnreadable, match="not in the library"):
        Product(scope, read_set(folder, ["chatlogs"]).texts)


def test_the_splitter_finds_by_the_same_embedder(folder, fake_embedder, tmp_path):
    asked = read_set(folder, ["chatlogs"])
    splitter = Splitter(asked.texts, 10, VectorCache(tmp_path / "v.sqlite3", fake_embedder))
    assert scored(asked.questions, fewest(splitter))["all"].recall > 0.5


def test_the_command_prints_a_row_for_each_way_and_corpus(folder, taken):
    taken()
    out = StringIO()
    call_command("evaluate_chunking", data=folder.parent, corpus=["chatlogs"], stdout=out)
    assert "| Tenkyo, 5 passages | chatlogs | 1.000 |" in out.getvalue()


def test_the_command_says_what_is_missing(folder, open_index, db):
    with pytest.raises(CommandError, match="not_found"):
        call_command("evaluate_chunking", data=folder.parent, corpus=["chatlogs"])
