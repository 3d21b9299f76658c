"""How an answer reads: marks in their list items, reasons in words, a copy that carries its sources."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.utils import translation

from assistant.display import answer_page, checks, copy_text, reason_text, turns
from assistant.selectors import CitationView, MessageView, SentenceView

ID = UUID("00000000-0000-4000-8000-000000000001")


def _citation(number=1, **fields):
    facts = {
        "number": number,
        "id": ID,
        "document": ID,
        "title": "Manual",
        "revision": 2,
        "revision_id": ID,
        "page": 7,
        "quote": "every 8,000 h",
        "boxes": (),
        "url": "",
        "superseded": False,
        "withheld": False,
    }
    return CitationView(**{**facts, **fields})


def _answer(*sentences, citations=(), **fields):
    facts = {
        "id": uuid4(),
        "role": "assistant",
        "question": ID,
        "text": "draft",
        "state": "complete",
        "abstained": False,
        "model": "m",
        "timings": {},
        "error": None,
        "nearest": (),
        "sentences": sentences,
        "citations": citations,
        "helpful": None,
        "comment": "",
        "attempt": 1,
        "attempts": 1,
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return MessageView(**{**facts, **fields})


def _sentence(text, verdict="supported", reasons=(), citations=(1,)):
    return SentenceView(text=text, verdict=verdict, reasons=tuple(reasons), citations=tuple(citations))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_the_mark_of_a_list_item_stands_inside_the_item():
    (shown,) = answer_page(_answer(_sentence("- Switch the power off."), citations=(_citation(),)))["sentences"]
    assert (shown.opening, shown.closing) == ("<ul>\n<li>Switch the power off.", "</li></ul>")


def test_a_plain_sentence_flows_in_its_line():
    (shown,) = answer_page(_answer(_sentence("**Switch** it off."), citations=(_citation(),)))["sentences"]
    assert not shown.block


def test_a_sentence_carries_only_the_citations_it_names():
    page = answer_page(_answer(_sentence("A.", citations=(2,)), citations=(_citation(1), _citation(2))))
    assert [citation.number for citation in page["sentences"][0].citations] == [2]


def test_the_tally_says_how_many_sentences_are_proved():
    page = answer_page(_answer(_sentence("A."), _sentence("B.", "unsupported", citations=()), citations=(_citation(),)))
    assert page["tally"] == "1 of 2 sentences are proved."


def test_an_abstention_shows_its_text_and_no_draft_sentence():
    page = answer_page(_answer(_sentence("A guess."), abstained=True, text="Nothing was found."))
    assert (page["sentences"], page["text"]) == ([], "Nothing was found.")


def test_the_copy_names_document_revision_and_page():
    text = copy_text(_answer(_sentence("Every 8,000 h."), citations=(_citation(),)))
    assert text == "Every 8,000 h. [1]\n\nSources\n[1] Manual, revision 2, page 7"


def test_the_copy_says_which_sentence_is_not_proved():
    assert copy_text(_answer(_sentence("Maybe.", "unsupported", citations=()))) == "Maybe. (not proved)"


def test_the_copy_leaves_withheld_sources_out():
    text = copy_text(_answer(_sentence("Every 8,000 h."), citations=(_citation(withheld=True),)))
    assert "Manual" not in text


def test_the_reason_names_the_missing_values():
    assert reason_text({"check": "literal", "missing": ["P-105"]}) == "Not found in the cited text: P-105"


def test_the_reason_names_each_missing_value_once():
    assert reason_text({"check": "literal", "missing": ["P-105", "P-105"]}).count("P-105") == 1


@pytest.mark.parametrize("check", ["citation", "literal", "negation", "support", "unheard of", None])
def test_every_reason_reads_as_a_sentence(check):
    assert reason_text({"check": check})


def test_a_question_is_paired_with_its_answer():
    question = _answer(role="user", id=ID, question=None)
    answer = _answer(question=ID)
    assert [(turn.question, turn.answer) for turn in turns((question, answer))] == [(question, answer)]


def test_a_question_without_an_answer_stays_visible():
    question = _answer(role="user", id=ID, question=None)
    assert turns((question,))[0].answer is None


def test_a_proved_sentence_passed_every_check():
    assert [check.passed for check in checks(True, ())] == [True] * 4


def test_a_check_that_failed_stands_among_those_that_passed():
    found = checks(False, [{"check": "literal", "missing": ["P-105"]}])
    assert [check.passed for check in found] == [True, False, True, True]


@pytest.mark.parametrize("reasons", [[], [{"check": "citation"}]])
def test_of_a_sentence_without_a_passage_nothing_counts_as_passed(reasons):
    assert [check.passed for check in checks(False, reasons)] == [False]


def test_a_check_of_a_kind_nobody_has_words_for_is_still_one_that_failed():
    assert not checks(False, [{"check": "unheard of"}])[-1].passed


def test_one_line_says_how_many_sentences_are_withheld():
    page = answer_page(_answer(_sentence("A."), citations=(_citation(),), withheld=2))
    assert page["withheld"] == "2 sentences could not be proved and are not shown."


def test_where_sentences_are_withheld_not_all_are_said_to_be_proved():
    assert answer_page(_answer(_sentence("A."), citations=(_citation(),), withheld=2))["tally"] == ""


def test_the_copy_says_that_sentences_are_withheld():
    assert copy_text(_answer(_sentence("A.", citations=()), withheld=1)).splitlines()[1] == (
        "1 sentence could not be proved and is not shown."
    )
