"""The golden set keeps to README.md beside it, and every phrase it quotes stands on the page it names."""

import gzip
import hashlib
import re
import tomllib
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.conftest import REPOSITORY

HERE = Path(__file__).resolve().parent
LANGUAGES = ["ja", "en"]
# How many questions of every kind a file has at least.
LEAST = {
    "fact": 24,
    "procedure": 12,
    "table": 14,
    "paraphrase": 12,
    "cross-lingual": 10,
    "multi-page": 6,
    "part": 6,
    "unanswerable": 18,
}
ALWAYS = {"id", "kind", "question", "answer", "split"}
ANSWERABLE = ALWAYS | {"evidence", "quote", "expect"}

Table = dict[str, Any]


def read(name: str) -> list[Table]:
    return list(tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))[name.partition("_")[0]])


MANUALS = {manual["key"]: manual for manual in read("manuals")}
QUESTIONS = {language: read(f"questions_{language}") for language in LANGUAGES}
EVERY = [question for questions in QUESTIONS.values() for question in questions]
ANSWERED = [question for question in EVERY if question["kind"] != "unanswerable"]
UNANSWERABLE = [question for question in EVERY if question["kind"] == "unanswerable"]
PACKAGES = " ".join(sorted({manual["package"] for manual in MANUALS.values()}))


def folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def says(answer: str, question: Table) -> bool:
    return all(any(folded(string) in folded(answer) for string in group) for group in question["expect"])


def ids(questions: list[Table]) -> list[str]:
    return [question["id"] for question in questions]


def test_every_id_is_there_once() -> None:
    assert [name for name, times in Counter(ids(EVERY)).items() if times > 1] == []


def test_no_question_is_asked_twice() -> None:
    asked = Counter(folded(question["question"]) for question in EVERY)
    assert [text for text, times in asked.items() if times > 1] == []


def test_no_question_is_taken_from_the_first_run() -> None:
    first_run = (REPOSITORY / "benchmarks" / "first_run.toml").read_text(encoding="utf-8")
    known = {folded(question["text"]) for question in tomllib.loads(first_run)["question"]}
    assert [question["id"] for question in EVERY if folded(question["question"]) in known] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_names_its_language_and_kind(language: str) -> None:
    named = {question["id"]: f"{language}-{question['kind']}-" for question in QUESTIONS[language]}
    assert [name for name, start in named.items() if not re.fullmatch(rf"{start}\d{{3}}", name)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_questions_of_every_kind(language: str) -> None:
    there = Counter(question["kind"] for question in QUESTIONS[language])
    assert set(there) == set(LEAST)
    assert {kind: there[kind] for kind, least in LEAST.items() if there[kind] < least} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LEAST)
def test_the_two_halves_are_equal_in_every_kind(language: str, kind: str) -> None:
    halves = Counter(question["split"] for question in QUESTIONS[language] if question["kind"] == kind)
    assert set(halves) <= {"choose", "report"}
    assert abs(halves["choose"] - halves["report"]) <= 1


def test_there_are_thirty_unanswerable_questions() -> None:
    assert len(UNANSWERABLE) >= 30


def test_two_in_three_unanswerable_questions_are_near_misses() -> None:
    near = [question for question in UNANSWERABLE if question["answer"].startswith("near miss: ")]
    foreign = [question for question in UNANSWERABLE if question["answer"].startswith("foreign: ")]
    assert len(near) + len(foreign) == len(UNANSWERABLE)
    assert 3 * len(near) >= 2 * len(UNANSWERABLE)


@pytest.mark.parametrize("question", UNANSWERABLE, ids=ids(UNANSWERABLE))
def test_an_unanswerable_question_has_no_evidence(question: Table) -> None:
    assert set(question) == ALWAYS


@pytest.mark.parametrize("question", ANSWERED, ids=ids(ANSWERED))
def test_an_answerable_question_has_every_key(question: Table) -> None:
    assert set(question) == ANSWERABLE
    assert question["evidence"]
    assert all(question["evidence"])


@pytest.mark.parametrize("question", ANSWERED, ids=ids(ANSWERED))
def test_every_group_of_evidence_has_its_quote(question: Table) -> None:
    assert len(question["quote"]) == len(question["evidence"])
    assert [quote for quote in question["quote"] if not 8 <= len(quote) <= 60] == []


@pytest.mark.parametrize("question", ANSWERED, ids=ids(ANSWERED))
def test_evidence_names_pages_that_exist(question: Table) -> None:
    named = [page.rpartition(":") for group in question["evidence"] for page in group]
    assert [(key, page) for key, _, page in named if not 1 <= int(page) <= MANUALS[key]["pages"]] == []


@pytest.mark.parametrize("question", ANSWERED, ids=ids(ANSWERED))
def test_the_answer_written_down_is_right(question: Table) -> None:
    assert says(question["answer"], question)


@pytest.mark.parametrize("question", ANSWERED, ids=ids(ANSWERED))
def test_repeating_the_question_is_no_answer(question: Table) -> None:
    strings = [string for group in question["expect"] for string in group]
    assert [string for string in strings if folded(string) in folded(question["question"])] == []


@pytest.mark.parametrize("question", ANSWERED, ids=ids(ANSWERED))
def test_no_single_digit_or_letter_is_an_answer(question: Table) -> None:
    strings = [string for group in question["expect"] for string in group]
    assert [string for string in strings if re.fullmatch(r"[\da-z]?", folded(string))] == []


def test_a_multi_page_question_needs_two_groups() -> None:
    kinds = {question["kind"] for question in ANSWERED if len(question["evidence"]) > 1}
    short = [question["id"] for question in ANSWERED if question["kind"] == "multi-page" and len(question["quote"]) < 2]
    assert (kinds, short) == ({"multi-page"}, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cross_lingual_question_is_answered_in_the_other_language(language: str) -> None:
    asked = [question for question in QUESTIONS[language] if question["kind"] == "cross-lingual"]
    pages = [(question["id"], page) for question in asked for group in question["evidence"] for page in group]
    assert [(name, page) for name, page in pages if MANUALS[page.rpartition(":")[0]]["language"] == language] == []


@cache
def pages_of(key: str) -> list[str]:
    """Return the folded text of every page, or skip where the manual is missing or another version."""
    manual = MANUALS[key]
    path = Path(manual["path"])
    if not path.is_file():
        pytest.skip(f"{path} is missing: run `apt-get install {PACKAGES}` first")
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if hashlib.sha256(content).hexdigest() != manual["sha256"]:
        line = f"apt-get install {manual['package']}={manual['version']}"
        pytest.skip(f"{path} is another version, its pages are elsewhere: run `{line}` first")
    with pypdfium2.PdfDocument(content) as document:
        return [folded(page.get_textpage().get_text_range()) for page in document]


@pytest.mark.parametrize("key", MANUALS)
def test_a_manual_has_as_many_pages_as_written_down(key: str) -> None:
    assert len(pages_of(key)) == MANUALS[key]["pages"]


@pytest.mark.parametrize("key", MANUALS)
def test_every_quote_stands_on_its_page(key: str) -> None:
    pages = pages_of(key)
    missing = []
    for question in ANSWERED:
        for group, quote in zip(question["evidence"], question["quote"], strict=True):
            manual, _, page = group[0].rpartition(":")
            if manual == key and folded(quote) not in pages[int(page) - 1]:
                missing.append((question["id"], group[0], quote))
    assert missing == []
