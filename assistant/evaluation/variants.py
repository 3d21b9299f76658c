"""Part numbers and error codes that are easily confused, each asked for in other spellings than its page's.

Generated from a seed: P-101 beside P-110, P-1010 and P-10, asked for as ｐ１０１, P 101, P‑101 …
"""

import random
from collections.abc import Callable, Iterator
from itertools import cycle, product

from assistant.evaluation.golden import Question
from assistant.evaluation.published import SEED, Corpus
from ingestion.text import Language

CASES = 150  # for each language
_PARTS = 60
_ERRORS = 30
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)} | {" ": "\u3000"})
_FAMILIES = (("P", "VP", "PV"), ("", "A", "B"))
_NUMBERS = (1, 10, 11, 100, 101, 110, 111, 1001, 1010, 1011, 1100, 1101)
_ERROR_NUMBERS = ("05", "50", "005", "500", "055", "505")
_ERROR_LETTERS = ("E", "F", "ER", "AL", "EA")
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as written": lambda code: code,
    "small letters": str.lower,
    "wide": lambda code: code.translate(_WIDE),
    "wide, small": lambda code: code.lower().translate(_WIDE),
    "no hyphen": lambda code: code.replace("-", ""),
    "no hyphen, small": lambda code: code.replace("-", "").lower(),
    "wide, no hyphen": lambda code: code.replace("-", "").translate(_WIDE),
    "blank": lambda code: code.replace("-", " "),
    "wide blank": lambda code: code.replace("-", "\u3000"),
    "non-breaking hyphen": lambda code: code.replace("-", "\u2011"),
    "minus": lambda code: code.replace("-", "\u2212"),
    "en dash": lambda code: code.replace("-", "\u2013"),
    "long vowel mark": lambda code: code.translate(_WIDE).replace("\uff0d", "ー"),
    "blanks around": lambda code: code.replace("-", " - "),
    "underscore": lambda code: code.replace("-", "_"),
    "slash": lambda code: code.replace("-", "/"),
}
_PAGES = {
    "ja": (
        (
            "{name}\n型式 {code}。{name} {code} の点検周期は{hours}時間、締付トルクは{torque} N·mです。\n"
            "{code} を外すときは電源を切り、圧力を抜いてから作業してください。"
        ),
        (
            "異常コード\n異常 {code}:{name}の{fault}。{hours}時間以内に{remedy}してください。\n"
            "{code} が消えないときは保守担当に連絡してください。"
        ),
    ),
    "en": (
        (
            "{name}\nModel {code}. The {name} {code} is inspected every {hours} hours; its bolts take {torque} N·m.\n"
            "Switch the power off and release the pressure before you remove {code}."
        ),
        (
            "Fault codes\nFault {code}: {fault} of the {name}. {remedy} within {hours} hours.\n"
            "Call maintenance where {code} does not go away."
        ),
    ),
}
_ASKED = {
    "ja": (
        ("{code}の点検周期は?", "{code} の締付トルクを教えてください"),
        ("異常{code}が出ました", "{code} の処置は?"),
    ),
    "en": (("How often is {code} inspected?", "bolt torque of {code}"), ("fault {code}", "What does {code} mean?")),
}
_WORDS = {
    "ja": (("給水ポンプ", "循環ポンプ"), ("過負荷", "過熱"), ("点検", "交換")),
    "en": (("feed pump", "circulation pump"), ("overload", "overheating"), ("Inspect it", "Replace it")),
}


def variants(language: Language, cases: int = CASES, *, parts: int = _PARTS, errors: int = _ERRORS) -> Corpus:
    """One page for each code; each question has one code in one of the spellings, all of which are used alike."""
    chance = random.Random(SEED)  # noqa: S311 - a draw that can be repeated
    codes = [(code, 0) for code in chance.sample(list(_part_codes()), parts)]
    codes += [(code, 1) for code in chance.sample(list(_error_codes()), errors)]
    pages = tuple(_page(chance, language, code, kind) for code, kind in codes)
    places = list(range(len(codes)))
    chance.shuffle(places)
    asked = zip(cycle(places), cycle(SPELLINGS), range(cases), strict=False)
    questions = (_question(language, number, codes[at], spelling, at + 1) for at, spelling, number in asked)
    return Corpus(f"variants-{language}", pages, tuple(questions))


def _part_codes() -> Iterator[str]:
    for (prefix, suffix), number in product(product(*_FAMILIES), _NUMBERS):
        yield f"{prefix}-{number}{suffix}"


def _error_codes() -> Iterator[str]:
    for letters, number in product(_ERROR_LETTERS, _ERROR_NUMBERS):
        yield f"{letters}-{number}"


def _page(chance: random.Random, language: Language, code: str, kind: int) -> str:
    """Every third page has its code in wide characters, as many Japanese manuals do."""
    names, faults, remedies = _WORDS[language]
    return _PAGES[language][kind].format(
        code=code.translate(_WIDE) if chance.random() < 1 / 3 else code,
        name=chance.choice(names),
        fault=chance.choice(faults),
        remedy=chance.choice(remedies),
        hours=chance.randrange(500, 9000, 500),
        torque=chance.randrange(10, 90, 5),
    )


def _question(language: Language, number: int, code: tuple[str, int], spelling: str, page: int) -> Question:
    written, kind = code
    ways = _ASKED[language][kind]
    return Question(
        id=f"variants-{language}-{number}",
        kind=f"variants {language}",
        language=language,
        text=ways[number % len(ways)].format(code=SPELLINGS[spelling](written)),
        evidence=((f"variants-{language}:{page}",),),
    )
