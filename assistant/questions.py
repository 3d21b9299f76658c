"""What a person typed, as a question or a remark: without what cannot be typed, not empty, not too long."""

import unicodedata

from django.conf import settings

from assistant.errors import QuestionEmpty, QuestionTooLong

_KEPT = "\n\t"
_LONGEST_REMARK = 4000


def cleaned(text: str) -> str:
    """The question without control characters and outer blanks. Raises QuestionEmpty, QuestionTooLong."""
    # The length first: a text of any size must cost nothing.
    if len(text) > settings.QUESTION_LIMIT:
        raise QuestionTooLong(length=len(text), limit=settings.QUESTION_LIMIT)
    kept = "".join(char for char in text if char in _KEPT or unicodedata.category(char) not in {"Cc", "Cs", "Co", "Cn"})
    question = kept.strip()
    if not any(unicodedata.category(char)[0] in "LNSP" for char in question):
        raise QuestionEmpty
    return question


def remark(text: str) -> str:
    """What a person writes about an answer, as it is kept: cut at a length, without what a database refuses."""
    return text.replace("\x00", "").strip()[:_LONGEST_REMARK]  # PostgreSQL takes no NUL
