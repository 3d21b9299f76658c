"""Numbers of list items and notes as letters, Roman numerals, kana."""

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_ROMAN_UP_TO = 399


def formatted(kind: str, count: int) -> str:
    """The number of an item; `kind` as Word calls it, digits for what is not known."""
    if kind in {"lowerLetter", "upperLetter"}:
        letter = _LETTERS[(count - 1) % len(_LETTERS)]
        return letter.upper() if kind == "upperLetter" else letter
    if kind in {"lowerRoman", "upperRoman"}:
        return roman(count).upper() if kind == "upperRoman" else roman(count)
    if kind.startswith("decimalEnclosedCircle") and 1 <= count <= len(_CIRCLED):
        return _CIRCLED[count - 1]
    if kind.startswith("aiueo"):
        return _KANA[(count - 1) % len(_KANA)]
    return str(count)


def roman(count: int) -> str:
    """i, ii, iii, iv …; digits where nobody writes them so."""
    if not 0 < count <= _ROMAN_UP_TO:
        return str(count)
    shown = ""
    for value, letters in _ROMAN:
        while count >= value:
            shown, count = shown + letters, count - value
    return shown
