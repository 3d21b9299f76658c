"""What counts as one word: a blank-free run, cut where the script changes, so that a box never spans a whole line."""

import re

_HIRAGANA = "ぁ-ゖゝゞ"
_KATAKANA = "ァ-ヺー-ヿㇰ-ㇿｦ-ﾟ"
_KANJI = "々〆〇⺀-⿕㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_PUNCTUATION = "、。〃「-】〔-〟！（），．：；？［］｛｝～・"
CJK = _HIRAGANA + _KATAKANA + _KANJI + _PUNCTUATION + "\u3000\uff61-\uff65"

WORD = re.compile(f"[{_KANJI}]+|[{_HIRAGANA}]+|[{_KATAKANA}]+|[{_PUNCTUATION}]|[^\\s{CJK}]+")
_CJK = re.compile(f"[{CJK}]")


def is_cjk(char: str) -> bool:
    """Whether Japanese typesetting puts no blank beside this character."""
    return _CJK.match(char) is not None
