"""Questions with what is expected of them, and the golden set's folder (tests/golden/README.md says the format)."""

import random
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationSetUnreadable

UNANSWERABLE = "unanswerable"
SPLITS = ("choose", "report")
Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Manual:
    """One manual that a Debian package ships. `sha256` is of the unpacked PDF."""

    key: str
    package: str
    version: str
    path: str
    language: str
    pages: int
    sha256: str
    title: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `evidence`: groups of pages, "manual:12", every group needed, any page of it will do.

    `expect`: groups of strings, of which a right answer has one each. Neither where the question is unanswerable.
    """

    id: str
    kind: str
    language: str
    text: str
    evidence: Groups = ()
    expect: Groups = ()
    answer: str = ""
    split: str = "report"

    @property
    def answerable(self) -> bool:
        """Whether the documents hold the answer."""
        return self.kind != UNANSWERABLE

    def gold(self) -> dict[str, Any]:
        """What is expected, as JSON keeps it."""
        return {
            "evidence": [list(group) for group in self.evidence],
            "expect": [list(group) for group in self.expect],
            "answer": self.answer,
            "answerable": self.answerable,
        }


@dataclass(frozen=True, slots=True)
class Golden:
    """The manuals and the questions about them."""

    manuals: tuple[Manual, ...]
    questions: tuple[Question, ...]


def read_golden(folder: Path) -> Golden:
    """Read manuals.toml and every questions_LANGUAGE.toml of the folder. Raises EvaluationSetUnreadable."""
    manuals = tuple(_manual(folder / "manuals.toml", row) for row in _tables(folder / "manuals.toml", "manuals"))
    files = sorted(folder.glob("questions_*.toml"))
    if not files:
        raise EvaluationSetUnreadable(file=str(folder), problem="there is no questions_*.toml")
    keys = {manual.key for manual in manuals}
    questions = [_question(file, row, keys) for file in files for row in _tables(file, "questions")]
    _unique(folder, (question.id for question in questions))
    return Golden(manuals, tuple(questions))


def chosen(
    questions: Iterable[Question], *, kinds: Iterable[str] = (), split: str = "", limit: int = 0, seed: int = 1
) -> list[Question]:
    """The questions of these kinds and this split, at most `limit` of them: drawn with `seed`, in their own order."""
    wanted = set(kinds)
    found = [one for one in questions if (not wanted or one.kind in wanted) and split in {"", one.split}]
    if not limit or limit >= len(found):
        return found
    drawn = random.Random(seed).sample(range(len(found)), limit)  # noqa: S311 - a draw that can be repeated
    return [found[number] for number in sorted(drawn)]


def _tables(file: Path, name: str) -> list[dict[str, Any]]:
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8"))[name]
    except FileNotFoundError:
        raise EvaluationSetUnreadable(file=str(file), problem="it is not there") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EvaluationSetUnreadable(file=str(file), problem=str(error)) from error
    except KeyError:
        raise EvaluationSetUnreadable(file=str(file), problem=f"it has no [[{name}]]") from None
    return list(rows)


def _manual(file: Path, row: Mapping[str, Any]) -> Manual:
    try:
        return Manual(**row)
    except TypeError as error:
        raise EvaluationSetUnreadable(file=str(file), problem=f"{row.get('key', '?')}: {error}") from None


def _question(file: Path, row: Mapping[str, Any], manuals: set[str]) -> Question:
    problem = _problem(row, manuals)
    if problem:
        name = row.get("id") or row.get("question") or "a question"
        raise EvaluationSetUnreadable(file=str(file), problem=f"{name}: {problem}")
    return Question(
        id=row["id"],
        kind=row["kind"],
        language=file.stem.removeprefix("questions_"),
        text=row["question"],
        evidence=_groups(row.get("evidence", ())),
        expect=_groups(row.get("expect", ())),
        answer=row["answer"],
        split=row["split"],
    )


def _problem(row: Mapping[str, Any], manuals: set[str]) -> str:
    """What is wrong with the row, empty where nothing is."""
    missing = [key for key in ("id", "kind", "question", "answer", "split") if not row.get(key)]
    if missing:
        return f"{', '.join(missing)} missing"
    if row["split"] not in SPLITS:
        return f"split is {row['split']!r}, not {' or '.join(SPLITS)}"
    if row["kind"] == UNANSWERABLE:
        return "an unanswerable question has evidence or expect" if row.get("evidence") or row.get("expect") else ""
    if not row.get("evidence") or not row.get("expect"):
        return "evidence or expect is missing"
    strange = [page for group in row["evidence"] for page in group if not _is_page(page, manuals)]
    return f"{', '.join(strange)}: not a page of a manual in manuals.toml" if strange else ""


def _is_page(page: str, manuals: set[str]) -> bool:
    manual, _, number = page.rpartition(":")
    return manual in manuals and number.isdigit()


def _groups(rows: Iterable[Iterable[str]]) -> Groups:
    return tuple(tuple(group) for group in rows)


def _unique(folder: Path, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise EvaluationSetUnreadable(file=str(folder), problem=f"two questions have the id {one}")
        seen.add(one)
