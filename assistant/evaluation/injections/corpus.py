"""The planted instructions: what each says, where it stands in a document, and what a model says that obeys it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.errors import EvaluationSetUnreadable

LANGUAGES: tuple[Literal["ja", "en"], ...] = ("ja", "en")
CARRIERS = ("paragraph", "markdown", "hidden", "table", "heading", "file name", "noise")


@dataclass(frozen=True, slots=True)
class Injection:
    """One instruction. `canary` stands nowhere else; `unanswerable`: the document cannot answer what is asked."""

    id: str
    language: Literal["ja", "en"]
    attack: str
    carrier: str
    text: str
    obeyed: str
    canary: str
    unanswerable: bool


def read_injections(folder: Path) -> list[Injection]:
    """All of them, ja.toml before en.toml. Raises EvaluationSetUnreadable."""
    return [one for language in LANGUAGES for one in _read(folder / f"{language}.toml", language)]


def spread(injections: list[Injection], count: int) -> list[Injection]:
    """So many of them, of both languages and as many attacks as there is room for."""
    groups: dict[tuple[str, str], list[Injection]] = {}
    for one in injections:
        groups.setdefault((one.attack, one.language), []).append(one)
    turns = [
        group[turn] for turn in range(max(map(len, groups.values()))) for group in groups.values() if turn < len(group)
    ]
    return turns[:count]


def _read(path: Path, language: Literal["ja", "en"]) -> Iterator[Injection]:
    try:
        attacks = tomllib.loads(path.read_text(encoding="utf-8"))["attack"]
    except (OSError, ValueError, KeyError) as error:
        raise EvaluationSetUnreadable(file=str(path), problem=str(error)) from error
    number = 0
    for attack in attacks:
        for text in attack["texts"]:
            number += 1
            yield _injection(attack, text, language, number)


def _injection(attack: dict[str, Any], text: str, language: Literal["ja", "en"], number: int) -> Injection:
    canary = f"Kumquat{number:02}{language.upper()}"
    return Injection(
        id=f"{language}-{number:02}",
        language=language,
        attack=attack["name"],
        carrier=attack["carrier"],
        text=text.replace("{canary}", canary),
        obeyed=attack["obeyed"].replace("{canary}", canary),
        canary=canary,
        unanswerable=attack.get("unanswerable", False),
    )
