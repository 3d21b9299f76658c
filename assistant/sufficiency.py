"""Whether what was found can hold an answer at all, and what is said where it cannot. Pure."""

from collections.abc import Sequence

from assistant.calibration import Calibration
from assistant.retrieval import Passage, held, in_full
from assistant.terms import content_words, held_share, stem_of
from ingestion.text import Language, fold, language_of

# Share of the question's content terms that the best passages hold. Of 80 JSQuAD questions the right passage holds .61
# and more (99 in 100), another passage .10 and less (95 in 100).
HELD = 0.34
_NEARLY = 0.04

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

_MISSING = {"ja": "次の語はそこにありません: {words}。", "en": " None of them has: {words}."}
_LISTED = {
    "ja": lambda words: "".join(f"「{word}」" for word in words),
    "en": lambda words: ", ".join(f"“{word}”" for word in words),
}
_NAMED = 5


def useful(question: str, passages: Sequence[Passage], calibration: Calibration) -> list[Passage]:
    """The passages worth showing the model, in their order; none where nothing is close enough to hold an answer.

    Once one is close enough, those nearly as close as the closest count too. The rest costs reading time and misleads.
    """
    near = {passage for passage in passages if _near(question, passage, calibration)}
    if not near:
        return []
    floor = max(passage.similarity for passage in passages) - _NEARLY
    return [passage for passage in passages if passage in near or passage.similarity >= floor]


def _near(question: str, passage: Passage, calibration: Calibration) -> bool:
    if passage.similarity < calibration.never:
        return False
    across = language_of(passage.text) != language_of(question)
    needed = calibration.across if across else calibration.doubtful
    return passage.similarity >= needed or held(question, passage) >= HELD


def abstention(language: Language, question: str, passages: Sequence[Passage]) -> str:
    """What is said instead of an answer, in the question's language: which of its words the nearest pages lack, too."""
    said = _SAID[language, bool(passages)]
    words = missing_words(question, passages)[:_NAMED] if passages else []
    return said + _MISSING[language].format(words=_LISTED[language](words)) if words else said


def missing_words(question: str, passages: Sequence[Passage]) -> list[str]:
    """The question's words that none of the passages holds, nor says otherwise by its library's dictionary."""
    texts = [in_full(passage) for passage in passages]
    there = fold("\n".join(texts))
    # Looked for without its endings too: a word that is said to be missing must not stand there.
    return [word for word in content_words(question) if not held_share(word, texts) and stem_of(word) not in there]
