"""Sentences of a document that speak to the answer model: they are shown to no model and prove nothing.

By their wording (en.txt, ja.txt): who is spoken to, what is to be forgotten, how the answer is to read. A document can
say it otherwise; what then reaches the model is still data in a frame, and what it makes of it must still be proved.
How many sentences of real manuals this leaves out is in docs/reference/injections.md.
"""

import re
from pathlib import Path

from ingestion.text import fold

_FOLDER = Path(__file__).parent
_AI = (
    r"\b(?:(?:the|an|to) ai(?! (?:module|channel|card|signal|input))|ai (?:model|assistant)|llms?"
    r"|language models?|chatbots?|assistant|reviewer model)\b"
)
_SAY = r"(?:say|says|answers?|repl(?:y|ies)|repeat|prints?|output|responds?|disregard|reading this|must say)"


def _wordings(language: str) -> str:
    """One regular expression a line, {AI} for who is spoken to and {SAY} for what it is to do."""
    text = (_FOLDER / f"{language}.txt").read_text(encoding="utf-8")
    return "|".join(text.replace("{AI}", _AI).replace("{SAY}", _SAY).splitlines())


_INSTRUCTS = re.compile(f"{_wordings('en')}|{_wordings('ja')}", re.IGNORECASE | re.MULTILINE)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
# Letters to be read backwards: nobody writes a manual so.
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPREAD = re.compile(r"(?<=\b\w) (?=\w\b)")
# As OCR reads them.
_MISREAD = str.maketrans("01|", "oll")
# Words torn apart, as OCR and bad PDFs tear them.
_TORN = re.compile(
    r"ineveryanswer|previousinstructionsand(?:reply|say|answer)|ignoreallprevious|(?:assistant|languagemodel)(?:mustsay|alwaysanswers)|指示を無視して.{0,30}答え"
)
_BETWEEN = " > "
_LOOKALIKES = str.maketrans("іоеасрух", "ioeacpyx")


def instructs(text: str) -> bool:
    """Whether the text tells a model what to say."""
    if _TURNED.search(text):
        return True
    plain = fold(_UNSEEN.sub("", text)).translate(_LOOKALIKES)
    forms = (plain, _SPREAD.sub("", plain), plain.translate(_MISREAD))
    return any(map(_INSTRUCTS.search, forms)) or bool(_TORN.search("".join(forms[-1].split())))


def told_names(path: str) -> str:
    """A heading path (or a title) without the parts that speak to the model."""
    return _BETWEEN.join(name for name in path.split(_BETWEEN) if not instructs(name))
