"""Lists of words beside this file, one word after another: read once."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def words(name: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset((_FOLDER / f"{name}.txt").read_text(encoding="utf-8").split())


def either(name: str) -> str:
    """A regular expression for any word of a list, the longest first."""
    return f"(?:{'|'.join(sorted(words(name), key=lambda word: (-len(word), word)))})"
