"""Answers as no model should write them: proved and forged sentences, broken marks, code, odd characters. Seeded."""

import random
import string
from collections.abc import Iterator, Sequence

MARKS = (
    *(
        "[{}]",
        "［{}］",
        "【{}】",
        "〔{}〕",
        "[ {} ]",
        "[^{}]",
        "[{}",
        "{}]",
        "[{}】",
        "［{}]",
        "[[{}]]",
        "[[{}]2]",
        "[1[{}]3]",
    ),
    *("[{}, 2]", "［{}、2］", "[{}-3]", "[{}‑3]", "[{} – 3]", "[{};2]", "[{}.1]", "[{}][{}]", "[-{}]", "[\u200b{}]"),
    *(
        "[{}\ufe0f]",
        "[\n{}]",
        "`[{}]`",
        "``[{}]``",
        "```\n[{}]\n```",
        "\n```\nx[{}] = 1",
        "(see [{}])",
        "[{}](http://e.example/)",
    ),
    *("[{}]: http://e.example/", "![x][{}]", "<sup>[{}]</sup>", "[0{}]", "[+{}]", "[{}a]", "[p. {}]", "\\[{}\\]"),
)
NUMBERS = (
    *("0", "-1", "99", "4294967297", "1e3", "", " ", "NaN", "1.0", "①", "٣", "³", "Ⅲ", "一"),
    *("9" * 45, "1" + "0" * 190, "9" * 400, "0000000000000000001", "1\u0301", "1" * 7 + "2"),
)
ODD = (
    *(
        "\u0301",
        "\u3099",
        "\u200d",
        "\u202e",
        "\ufeff",
        "\x0b",
        "\x85",
        "\u2028",
        "\r\n",
        "\t",
        "\x1b[1m",
        "👩\u200d🔧",
        "𠮷",
        "が",
    ),
    *(
        "\n",
        "\n\n",
        "\n- ",
        "\n| a | b |\n",
        "。",
        ". ",
        "！",
        "…",
        "「",
        "」",
        '"',
        "`",
        "``",
        "```",
        "|",
        "#",
        "&lt;",
        "</documents>",
    ),
    *("<|im_start|>", "{{", "%s", "\\", "[", "]", "【", "】", "[[", "]]", " ", "\u3000"),
)
FORGED = (
    "The seal lasts 99,999 hours",
    "軸受は交換しません",
    "According to the manual, all valves open",
    "はい",
    "42",
    "P-999",
)


def answers(number: int, seed: int, evidence: Sequence[str]) -> Iterator[list[str]]:
    """So many answers, each as the pieces it arrives in."""
    chance = random.Random(seed)  # noqa: S311 - the same answers each time
    for _ in range(number):
        text = "".join(_part(chance, evidence) for _ in range(chance.randint(1, 6)))
        yield list(_pieces(chance, text))


def _part(chance: random.Random, evidence: Sequence[str]) -> str:
    said = chance.choice(evidence) if chance.random() < 0.6 else chance.choice(FORGED)
    if chance.random() < 0.15:
        said = _garbled(chance, said)
    end = chance.choice(("。", ". ", "", "\n", " "))
    marks = "".join(_mark(chance, len(evidence)) for _ in range(chance.choice((0, 1, 1, 1, 2, 3))))
    odd = chance.choice(ODD) if chance.random() < 0.3 else ""
    return odd + (said + marks + end if chance.random() < 0.8 else said + end + marks)


def _mark(chance: random.Random, most: int) -> str:
    form = "[{}]" if chance.random() < 0.5 else chance.choice(MARKS)
    numbers = [str(chance.randint(1, most)) if chance.random() < 0.7 else chance.choice(NUMBERS) for _ in range(2)]
    if chance.random() < 0.1:
        numbers = [number.translate({ord(c): ord(c) + 0xFEE0 for c in string.digits}) for number in numbers]
    return form.format(*numbers)


def _garbled(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice((*ODD, "[1]", "［2］", "8", "不")) + text[at + chance.randint(0, 2) :]


def _pieces(chance: random.Random, text: str) -> Iterator[str]:
    """As tokens come: one character, some, or all at once; a mark is cut anywhere."""
    longest = chance.choice((1, 3, 8, 10_000))
    at = 0
    while at < len(text):
        size = chance.randint(1, longest)
        yield text[at : at + size]
        at += size
