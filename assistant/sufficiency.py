"""Whether what was found can hold an answer at all, and what is said where it cannot. Pure."""

from collections.abc import Sequence
from typing import Literal

from assistant.calibration import Calibration
from assistant.citations import held_share
from assistant.retrieval import Passage
from ingestion.text import language_of

# Share of the question's content terms that the best passages hold. Of 80 JSQuAD questions the right passage holds .61
# and more (99 in 100), another passage .10 and less (95 in 100).
HELD = 0.34

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


def enough(question: str, passages: Sequence[Passage], calibration: Calibration) -> bool:
    """Whether the passages are close enough to the question to be worth asking the model."""
    if not passages:
        return False
    similarity = max(passage.similarity for passage in passages)
    if similarity < calibration.never:
        return False
    texts = [f"{passage.document_title} {passage.heading} {passage.text}" for passage in passages[:4]]
    across = all(language_of(text) != language_of(question) for text in texts)
    return similarity >= (calibration.across if across else calibration.doubtful) or held_share(question, texts) >= HELD


def abstention(language: Literal["ja", "en"], passages: Sequence[Passage]) -> str:
    """What is said instead of an answer, in the question's language."""
    return _SAID[language, bool(passages)]
