"""The dictionary at the time of a question: what is found, what is chosen as evidence, and what is never relaxed."""

import numpy as np
import pytest
from asgiref.sync import async_to_sync

from assistant import services
from assistant.calibration import UNCALIBRATED
from assistant.citations import judge
from assistant.dictionary import Alias, aliases_for, bridged
from assistant.evidence import evidence_blocks
from assistant.retrieval import covered, retrieve
from assistant.sufficiency import useful
from ingestion import embedding
from ingestion.access import scope_for
from ingestion.index import vector_index
from tests.factories import make_entry, make_library, text_file, upload

PANEL = "分電盤の取扱い\n配線用遮断器の点検は2年ごとに行う。\n端子の増し締めは毎年行う。\n"
OTHER = "食堂のご案内\nMCCB食堂の営業は11時から14時までです。\n点検日は休業します。\n"
QUESTION = "MCCBの点検は何年ごと?"
SAYS = "配線用遮断器の点検は2年ごとに行う。"
ALIAS = Alias("MCCB", "MCCB", "配線用遮断器")


@pytest.fixture
def panel(owner, library, fake_embedder, open_index, worked):
    """A document that calls an MCCB 配線用遮断器, and another one."""
    made = worked(lambda: upload(owner, library, text_file(PANEL, OTHER), filename="panel.txt")).document
    made.refresh_from_db()
    return made


@pytest.fixture
def entry(library):
    return make_entry(library, "MCCB", "配線用遮断器", "molded case circuit breaker")


@pytest.fixture
def asked(owner, model):
    """`asked(answer, question)`: the whole answer to the owner's question, of a model that says this."""

    def ask(answer, question=QUESTION):
        async def collect():
            return [event async for event in services.ask(user=owner, scope=scope, question=question)]

        scope = scope_for(owner)
        model.answers.append(answer)
        return async_to_sync(collect)()[-1].data

    return ask


def searched(monkeypatch):
    """Every search of the index from now on: (dense, sparse, access keys)."""
    seen, search = [], vector_index().search

    def watched(dense, sparse, *, scope, language=None, **more):
        if language is None:  # in the other language it is asked the same once more
            seen.append((dense, sparse, scope.access_keys))
        return search(dense, sparse, scope=scope, language=language, **more)

    monkeypatch.setattr(vector_index(), "search", watched, raising=False)
    return seen


def test_a_page_that_uses_the_other_word_is_found_first(owner, panel, entry):
    assert retrieve("MCCBの点検は?", scope=scope_for(owner), limit=1)[0].page == 1


def test_without_the_entry_it_is_not(owner, panel):
    assert retrieve("MCCBの点検は?", scope=scope_for(owner), limit=1)[0].page == 2


@pytest.mark.parametrize("entries", [(), (("ELCB", "漏電遮断器"),)])
def test_a_question_without_a_word_of_an_entry_is_searched_with_the_same_vectors(
    owner, library, panel, monkeypatch, entries
):
    for words in entries:
        make_entry(library, *words)
    seen, plain = searched(monkeypatch), embedding.embed_query(QUESTION)
    retrieve(QUESTION, scope=scope_for(owner), limit=3)
    ((dense, sparse, _),) = seen
    assert (dense, sparse) == (plain.dense.tolist(), plain.sparse)


def test_both_vectors_look_for_the_other_words_too(fake_embedder):
    plain = embedding.embed_query(QUESTION)
    other = embedding.embedder().query("配線用遮断器")
    expanded = embedding.embed_query(QUESTION, [("MCCB", "配線用遮断器")])
    nearer = np.dot(expanded.dense, other) > np.dot(plain.dense, other)
    assert (nearer, set(plain.sparse.indices) < set(expanded.sparse.indices)) == (True, True)


def test_a_library_without_the_entry_is_searched_with_the_question_s_own_vectors(
    owner, library, panel, entry, monkeypatch
):
    other = make_library("Canteen", owner=owner)
    seen, plain = searched(monkeypatch), embedding.embed_query(QUESTION)
    retrieve(QUESTION, scope=scope_for(owner), limit=3)
    of = {keys: (dense, sparse) for dense, sparse, keys in seen}
    assert (of[str(other.pk),], of[str(library.pk),] != of[str(other.pk),]) == (
        (plain.dense.tolist(), plain.sparse),
        True,
    )


def test_libraries_that_say_the_same_are_searched_together(owner, library, panel, entry, monkeypatch):
    make_entry(make_library("Canteen", owner=owner), *entry.words)
    seen = searched(monkeypatch)
    retrieve(QUESTION, scope=scope_for(owner), limit=3)
    assert len(seen) == 1


def test_an_entry_of_a_library_outside_the_scope_counts_for_nothing(reader, stranger, entry):
    assert (len(aliases_for(QUESTION, scope_for(reader))), aliases_for(QUESTION, scope_for(stranger))) == (1, {})


def test_a_word_means_the_same_the_other_way_round(owner, library, entry):
    told = aliases_for("配線用遮断器とは", scope_for(owner))[library.pk]
    assert [one.other for one in told] == ["MCCB", "molded case circuit breaker"]


def test_one_word_of_two_entries_is_searched_for_in_both_meanings(owner, library):
    make_entry(library, "CB", "遮断器")
    make_entry(library, "CB", "制御盤")
    told = aliases_for("CBの点検", scope_for(owner))[library.pk]
    assert {one.other for one in told} == {"遮断器", "制御盤"}


def test_a_page_that_uses_the_other_word_covers_the_question(owner, panel, entry):
    with_it = retrieve("MCCBの点検", scope=scope_for(owner), limit=1)
    assert covered("MCCBの点検", with_it) is True


def test_a_page_that_uses_the_other_word_is_worth_showing_the_model(owner, panel, entry):
    (first,) = retrieve("MCCBの点検は?", scope=scope_for(owner), limit=1)
    assert (useful("MCCBは?", [first], UNCALIBRATED)) == [first]


def test_evidence_is_chosen_by_the_other_word_too(owner, library, fake_embedder, open_index, worked):
    filler = "".join(f"項目{number}の説明は別の資料に示すとおりとする。\n" for number in range(12))
    worked(lambda: upload(owner, library, text_file(f"{filler}{SAYS}\n{filler}"), filename="long.txt"))
    make_entry(library, "MCCB", "配線用遮断器")
    passages = retrieve("MCCBの点検は?", scope=scope_for(owner), limit=1)
    blocks = evidence_blocks(passages, "MCCBは?", budget=200)
    assert SAYS in [one.text for block in blocks for one, _ in block.lines if one]


def test_an_answer_in_the_page_s_words_is_proved(asked, panel, entry):
    done = asked(f"{SAYS}[1]")
    assert [one["verdict"] for one in done["sentences"]] == ["supported"]


def test_the_model_is_told_what_the_evidence_calls_the_question_s_word(asked, panel, entry, model):
    asked(f"{SAYS}[1]")
    assert "「MCCB」は「配線用遮断器」のことです。\n質問:" in model.asked[-1][-1].text


def test_the_model_is_told_nothing_of_words_that_no_evidence_uses(asked, panel, entry, model):
    asked(f"{SAYS}[1]")
    assert "molded" not in model.asked[-1][-1].text


def test_an_answer_in_the_question_s_word_is_not_proved_but_its_source_is_quoted(asked, panel, entry):
    done = asked("MCCBの点検は2年ごとです。[1]")
    assert [one["text"] for one in done["sentences"]] == [f"「{SAYS}」"]


def test_without_the_entry_nothing_is_quoted_for_it(asked, panel):
    assert asked("MCCBの点検は2年ごとです。[1]")["abstained"] is True


@pytest.mark.parametrize("wrong", ["MCCBの点検は3年ごとです。[1]", "ELCBの点検は2年ごとです。[1]"])
def test_an_alias_relaxes_no_number_and_no_name(asked, panel, entry, wrong):
    done = asked(f"{wrong}{SAYS}[1]")
    assert {one["text"] for one in done["sentences"] if one["verdict"] == "supported"} <= {SAYS, f"「{SAYS}」"}


def test_a_sentence_with_the_alias_alone_has_a_literal_that_is_missing(owner, panel, entry):
    passages = retrieve(QUESTION, scope=scope_for(owner), limit=1)
    evidence = [one for block in evidence_blocks(passages, QUESTION, budget=900) for one, _ in block.lines if one]
    found = judge("MCCBは赤い。", [1], evidence, lambda _text, _others: 1.0, UNCALIBRATED, question=QUESTION)
    assert (found.supported, found.reasons[0]) == (False, {"check": "literal", "missing": ["MCCB"]})


def test_a_text_is_compared_with_the_question_s_word_where_it_says_the_other():
    assert bridged(SAYS, [ALIAS]) == f"{SAYS}\nMCCB"


def test_a_text_that_says_neither_is_compared_as_it_is():
    assert bridged("端子の増し締め", [ALIAS]) == "端子の増し締め"
