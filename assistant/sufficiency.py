"""Whether what was found can hold an answer at all, and what is said where it cannot. Pure."""

from collections.abc import Sequence
from typing import Literal

from assistant.citations import held_share
from assistant.retrieval import Passage
from ingestion.text import language_of

# A question whose best passage is below the first is not in the documents, whatever its words; below the second it is
# not, unless the passages hold its words. Calibrated with multilingual-e5-small (docs/decisions/0004-verdicts.md).
NEVER = 0.76
DOUBTFUL = 0.84
HELD = 0.34
# Where question and document are in different languages they share no words, and cosines are lower.
ACROSS = 0.79

_SAID = {
    (
        "ja",
        True,
    ): "ご質問に答えられる記載は、閲覧できる文書の中に見つかりませんでした。近い内容のページを下に示します。",
    ("ja", False): "ご質問に答えられる記載は、閲覧できる文書の中に見つかりませんでした。",
    (
        "en",
        True,
    ): "The documents you may read do not hold an answer to this question. The nearest pages are listed below.",
    ("en", False): "The documents you may read do not hold an answer to this question.",
}


def enough(question: str, passages: Sequence[Passage]) -> bool:
    """Whether the passages are close enough to the question to be worth asking the model."""
    if not passages:
        return False
    similarity = max(passage.similarity for passage in passages)
    if similarity < NEVER:
        return False
    texts = [f"{passage.document_title} {passage.heading} {passage.text}" for passage in passages[:4]]
    across = all(language_of(text) != language_of(question) for text in texts)
    return similarity >= (ACROSS if across else DOUBTFUL) or held_share(question, texts) >= HELD


def abstention(language: Literal["ja", "en"], passages: Sequence[Passage]) -> str:
    """What is said instead of an answer, in the question's language."""
    return _SAID[language, bool(passages)]
