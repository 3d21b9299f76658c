"""What a filter asks, in words of either language, and what is said where it leaves nothing. Pure."""

from typing import Literal

from ingestion.filters import Filter

Language = Literal["ja", "en"]
_LANGUAGES = {"ja": {"ja": "日本語", "en": "英語"}, "en": {"ja": "Japanese", "en": "English"}}
_ASKED = {
    "ja": {"tag": "タグ「{0}」", "language": "言語「{0}」", "department": "部署「{0}」", "product": "製品「{0}」"},
    "en": {
        "tag": "tag “{0}”",
        "language": "language {0}",
        "department": "department “{0}”",
        "product": "product “{0}”",
    },
}
_NOTHING = {
    "ja": "閲覧できる文書に、絞り込み({said})に当てはまるものがありません。外すと、すべての文書を検索します。",
    "en": "No document you may read is inside the filter ({said}). Remove the filter to search them all.",
}
_ONLY = {
    "ja": "検索したのは、絞り込み({said})に当てはまる文書だけです。外すと、ほかの文書も検索します。",
    "en": " Only documents inside the filter ({said}) were searched; remove it to search the others too.",
}


def in_words(only: Filter, language: Language) -> str:
    """What the filter asks: “tag “pump”, language Japanese”."""
    asked = _ASKED[language]
    parts = [asked["tag"].format(name) for name in only.tags]
    if only.language:
        parts.append(asked["language"].format(_LANGUAGES[language][only.language]))
    parts += [asked[name].format(value) for name in ("department", "product") if (value := getattr(only, name))]
    return ("、" if language == "ja" else ", ").join(parts)


def nothing_within(only: Filter, language: Language) -> str:
    """Said where no document that may be read is inside the filter, and how to get out of it."""
    return _NOTHING[language].format(said=in_words(only, language))


def only_within(only: Filter, language: Language) -> str:
    """Said after a refusal: it speaks of some of the documents only. Empty without a filter."""
    return _ONLY[language].format(said=in_words(only, language)) if only else ""
