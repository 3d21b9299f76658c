"""The prompts, one Markdown file each, and the hash that every answer keeps of the one it was made with."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

Name = Literal[
    "answer_ja",
    "answer_en",
    "answer_unmarked_ja",
    "answer_unmarked_en",
    "rewrite_ja",
    "rewrite_en",
    "translate_ja",
    "translate_en",
]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt's text and the SHA-256 of it."""

    text: str
    sha256: str


@lru_cache
def prompt(name: Name) -> Prompt:
    """The prompt of that name."""
    text = (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8").strip()
    return Prompt(text, sha256(text.encode()).hexdigest())
