"""Part numbers that are easily confused, through the real index and the real embedder."""

import pytest

from assistant.evaluation.asking import searched
from assistant.evaluation.places import corpus_in
from assistant.evaluation.scores import hit_at
from assistant.evaluation.variants import CASES, SPELLINGS, variants
from ingestion.access import scope_for
from tests.factories import make_library, upload

CORPUS = variants("ja")


def test_every_spelling_is_asked_in_both_languages():
    assert 2 * CASES == 300
    assert len(SPELLINGS) <= CASES


def test_the_draw_is_the_same_each_time():
    assert variants("en") == variants("en")


def test_no_page_is_like_another():
    assert len(set(CORPUS.passages)) == len(CORPUS.passages) == 90


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_code_is_another_one_in_any_spelling(language):
    spelled = {}
    for question in variants(language).questions:
        spelled.setdefault(question.text, set()).add(question.evidence)
    assert [text for text, pages in spelled.items() if len(pages) > 1] == []


@pytest.mark.models
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_code_is_found_first_however_it_is_written(language, owner, open_index, worked):
    corpus = variants(language, cases=2 * len(SPELLINGS), parts=16, errors=7)
    own = make_library("Variants", owner=owner)
    document = worked(lambda: upload(owner, own, corpus.file(), filename="variants.txt")).document
    document.refresh_from_db()
    scope = scope_for(owner)
    places = corpus_in(scope, corpus, document.current.sha256)
    found = {one.text: searched(one, scope=scope, places=places)["pages"] for one in corpus.questions}
    assert [one.text for one in corpus.questions if hit_at(found[one.text], one.evidence, 1) < 1] == []
