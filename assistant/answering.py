"""What the model is told: rules first (the same for every question, so it is read once), history, then the evidence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dictionary import Alias, bridging
from assistant.evidence import Block, tokens
from assistant.instructions import told_names
from assistant.llm import ChatMessage
from assistant.marks import disarmed, unmarked
from assistant.prompts import Prompt, prompt
from ingestion.text import Language

# History costs reading time with every question; what matters of it is in the rewritten question.
_HISTORY_TURNS = 2
_HISTORY_TOKENS = 300
# A document must not be able to close the frame, or speak as someone else in the chat.
_FRAME = re.compile(r"<\s*(/?)\s*documents\s*>", re.IGNORECASE)
_ROLE = re.compile(r"<\|[^|<>]{0,40}\|>|</?s>|\[/?INST\]|<</?SYS>>", re.IGNORECASE)
_WORDS = {
    "ja": {
        "page": "{title} {page}ページ {heading}",
        "same": "「{asked}」は「{other}」のことです。\n",
        "question": "質問: {question}\n答え:",
    },
    "en": {
        "page": "{title}, page {page}, {heading}",
        "same": '"{asked}" means "{other}".\n',
        "question": "Question: {question}\nAnswer:",
    },
}
_REWRITE = {
    "ja": "会話: {talk}\n最後の質問: {question}\n書き直した質問:",
    "en": "Conversation: {talk}\nLast question: {question}\nRewritten question:",
}
_TRANSLATE = {"ja": "質問: {question}\n英訳:", "en": "Question: {question}\nJapanese:"}
_SAID = {"ja": "質問「{question}」 答え「{answer}」", "en": 'question "{question}" answer "{answer}"'}


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of the conversation and the text of its answer."""

    question: str
    answer: str


def answer_messages(
    question: str, blocks: Sequence[Block], history: Sequence[Exchange], language: Language, *, marks: bool = True
) -> list[ChatMessage]:
    """The chat that asks for an answer, with marks of the evidence or in the model's own words alone."""
    said = _WORDS[language]
    framed = "\n".join(_framed(block, language, marks=marks) for block in blocks)
    same = "".join(
        said["same"].format(asked=_one_line(one.word), other=_one_line(one.other)) for one in _aliases(blocks)
    )
    last = f"<documents>\n{framed}\n</documents>\n{same}{said['question'].format(question=harmless(question))}"
    return [
        ChatMessage("system", _answer_prompt(language, marks=marks).text),
        *_recent(history),
        ChatMessage("user", last),
    ]


def rewrite_messages(question: str, history: Sequence[Exchange], language: Language) -> list[ChatMessage]:
    """The chat that asks for the question as it would be asked without the conversation."""
    talk = " ".join(
        _SAID[language].format(question=one.question, answer=one.answer[:200]) for one in history[-_HISTORY_TURNS:]
    )
    return [
        ChatMessage("system", prompt("rewrite_ja" if language == "ja" else "rewrite_en").text),
        ChatMessage("user", harmless(_REWRITE[language].format(talk=talk, question=question))),
    ]


def translate_messages(question: str, language: Language) -> list[ChatMessage]:
    """The chat that asks for the question in the other of the two languages, to search with."""
    return [
        ChatMessage("system", prompt("translate_ja" if language == "ja" else "translate_en").text),
        ChatMessage("user", harmless(_TRANSLATE[language].format(question=question))),
    ]


def prompt_hash(language: Language, *, marks: bool) -> str:
    """SHA-256 of the prompt an answer in this language is made with."""
    return _answer_prompt(language, marks=marks).sha256


def _answer_prompt(language: Language, *, marks: bool) -> Prompt:
    if marks:
        return prompt("answer_ja" if language == "ja" else "answer_en")
    return prompt("answer_unmarked_ja" if language == "ja" else "answer_unmarked_en")


def harmless(text: str) -> str:
    """Text for the model in which nothing can pass for a mark, for the frame, or for another speaker."""
    return disarmed(_ROLE.sub(" ", _FRAME.sub(" ", text)))


def _aliases(blocks: Sequence[Block]) -> list[Alias]:
    """What the dictionary must tell the model: the evidence calls the question's words so."""
    found = (alias for block in blocks for alias in bridging(_read(block), block.passage.aliases))
    return list(dict.fromkeys(found))


def _read(block: Block) -> str:
    return "\n".join([block.passage.document_title, block.passage.heading, *(text for _, text in block.lines)])


def _framed(block: Block, language: Language, *, marks: bool) -> str:
    place = block.passage
    names = {"title": told_names(place.document_title), "heading": told_names(place.heading)}
    title = _WORDS[language]["page"].format(**names, page=place.page)
    lines = [f"[{one.number}] {_one_line(text)}" if one and marks else _one_line(text) for one, text in block.lines]
    return "\n".join([f"## {_one_line(title)}", *lines])


def _one_line(text: str) -> str:
    return " ".join(harmless(text).split())


def _recent(history: Sequence[Exchange]) -> list[ChatMessage]:
    """The last exchanges that fit, oldest first, without marks: their numbers mean nothing now."""
    kept: list[ChatMessage] = []
    room = _HISTORY_TOKENS
    for one in reversed(history[-_HISTORY_TURNS:]):
        room -= tokens(one.question) + tokens(one.answer)
        if room < 0:
            break
        kept = [
            ChatMessage("user", harmless(one.question)),
            ChatMessage("assistant", harmless(unmarked(one.answer))),
            *kept,
        ]
    return kept
