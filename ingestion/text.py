"""Text as both rooms compare it: folded forms, language, sentence spans. Pure."""

from typing import Literal


def fold(text: str) -> str:
    """NFKC, lower case, half-width kana widened, long-vowel, hyphen and dash variants made one."""
    raise NotImplementedError


def language_of(text: str) -> Literal["ja", "en"]:
    """`ja` where the text holds kana or is mostly kanji, else `en`."""
    raise NotImplementedError


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """[start, end) of each sentence, in order, blanks at the ends left out. Lines that are list items or rows count."""
    raise NotImplementedError
