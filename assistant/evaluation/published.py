"""Published retrieval sets as documents, every passage from a new page on: JSQuAD, LIT-RAGBench, from their folder.

Taken in like any document and asked through the product's own search, they measure what users get.
"""

import json
import random
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationSetUnreadable
from assistant.evaluation.golden import Question

SEED = 20261122
_JSQUAD, _LIT = "jglue/jsquad-valid-v1.3.json", "lit-ragbench/{}.jsonl"
_DRAWN = 1000
_HEAD = 40  # letters that tell one passage from the next


@dataclass(frozen=True, slots=True)
class Corpus:
    """Passages and the questions about them, whose evidence are passages, 1-based: "jsquad:12"."""

    name: str
    passages: tuple[str, ...]
    questions: tuple[Question, ...]

    def file(self) -> bytes:
        """The document: a text file in which a form feed begins a passage."""
        return "\f".join(" ".join(passage.split("\f")) for passage in self.passages).encode()

    def placed(self, pages: Iterable[str]) -> list[int]:
        """Which passage each page of the document holds (1-based): a long passage fills several pages.

        Raises EvaluationSetUnreadable where the pages are not those of this file.
        """
        found, heads = list[int](), [_letters(passage)[:_HEAD] for passage in self.passages]
        for page in map(_letters, pages):
            at = found[-1] if found else 0
            begins = bool(page) and at < len(heads) and page[: len(heads[at])] == heads[at][: len(page)]
            found.append(at + 1 if begins else at)
        if not found or found[0] != 1 or found[-1] != len(heads):
            raise EvaluationSetUnreadable(file=self.name, problem="the document in the library has other pages")
        return found


def corpora(data: Path, say: Callable[[str], object] = print) -> Iterator[Corpus]:
    """JSQuAD, LIT-RAGBench in both languages and across them; `say` is told a line for each that is not there."""
    if (data / _JSQUAD).is_file():
        yield jsquad(data)
    else:
        say(f"skipped: JSQuAD ({data / _JSQUAD} is not there)")
    missing = [path for code in ("ja", "en") if not (path := data / _LIT.format(code)).is_file()]
    if not missing:
        yield from (lit(data, "ja", asked_in="ja"), lit(data, "en", asked_in="en"))
        yield from (lit(data, "en", asked_in="ja"), lit(data, "ja", asked_in="en"))
    else:
        say(f"skipped: LIT-RAGBench ({', '.join(str(path) for path in missing)} not there)")


def jsquad(data: Path, *, held_out: bool = False) -> Corpus:
    """1,000 questions over all paragraphs of JSQuAD validation; the title before [SEP] is the paragraph's first line.

    `held_out`: 1,000 of the other questions. Raises EvaluationSetUnreadable.
    """
    rows = [paragraph for article in _json(data / _JSQUAD)["data"] for paragraph in article["paragraphs"]]
    asked = [(qa["question"], page) for page, row in enumerate(rows, start=1) for qa in row["qas"]]
    drawn = _draw(range(len(asked)))
    if held_out:
        drawn = _draw(sorted(set(range(len(asked))) - set(drawn)))
    questions = (
        Question(f"jsquad-{number}", "jsquad", "ja", asked[number][0], ((f"jsquad:{asked[number][1]}",),))
        for number in drawn
    )
    return Corpus("jsquad", tuple(row["context"].replace(" [SEP] ", "\n") for row in rows), tuple(questions))


def lit(data: Path, language: str, *, asked_in: str) -> Corpus:
    """LIT-RAGBench: every question with evidence, over the evidence and distractors of all of them.

    Its two files are translations line by line, so a question `asked_in` one language may be put to passages in the
    other. Raises EvaluationSetUnreadable.
    """
    rows, asked = _lit_rows(data, language), _lit_rows(data, asked_in)
    if len(rows) != len(asked):
        raise EvaluationSetUnreadable(file=str(data / "lit-ragbench"), problem="ja and en differ in length")
    chunks = (chunk for row in rows for chunk in row["positive_chunk_list"] + row["negative_chunk_list"])
    passages = tuple(dict.fromkeys(chunks))
    place = {text: number for number, text in enumerate(passages, start=1)}
    name = f"lit-ragbench-{language}"
    questions = (
        Question(
            id=f"{name}-{asked_in}-{number}",
            kind=f"lit-ragbench {asked_in}" if language == asked_in else f"lit-ragbench {asked_in} → {language}",
            language=asked_in,
            text=question["question"],
            evidence=tuple((f"{name}:{place[chunk]}",) for chunk in dict.fromkeys(row["positive_chunk_list"])),
        )
        for number, (question, row) in enumerate(zip(asked, rows, strict=True))
        if row["positive_chunk_list"]
    )
    return Corpus(name, passages, tuple(questions))


def _letters(text: str) -> str:
    """What setting a text on pages leaves as it is."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def _draw(numbers: Sequence[int]) -> list[int]:
    return random.Random(SEED).sample(numbers, min(_DRAWN, len(numbers)))  # noqa: S311 - a draw that can be repeated


def _lit_rows(data: Path, language: str) -> list[dict[str, Any]]:
    path = data / _LIT.format(language)
    rows = [_parsed(path, line) for line in _text(path).splitlines()]
    for row in rows:
        for kind in ("positive_chunk_list", "negative_chunk_list"):
            row[kind] = [_chunk_text(chunk) for chunk in row[kind]]
    return rows


def _chunk_text(chunk: Any) -> str:
    """A few chunks are tables, given as JSON objects."""
    return chunk if isinstance(chunk, str) else json.dumps(chunk, ensure_ascii=False)


def _json(path: Path) -> Any:
    return _parsed(path, _text(path))


def _parsed(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise EvaluationSetUnreadable(file=str(path), problem=str(error)) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise EvaluationSetUnreadable(file=str(path), problem="it is not there") from None
