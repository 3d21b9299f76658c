"""How an answer reads on a page and in the clipboard: sentences in order, marks, reasons, and where it came from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from assistant.markdown import rendered
from assistant.models import MessageState
from assistant.narrowing import in_words
from assistant.selectors import CitationView, MessageView, ReportView, SentenceView

_CLOSING = ("</p>", "</li>", "</ul>", "</ol>", "</blockquote>")
_INLINE = ("<strong", "<em", "<code", "<a ", "<s>", "<br")


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a sentence: whether it passed, and what that means."""

    passed: bool
    text: str


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence as HTML in two halves, so that its marks stand inside the list item they belong to."""

    ordinal: int
    supported: bool
    block: bool
    opening: SafeString
    closing: SafeString
    citations: tuple[CitationView, ...]
    checks: tuple[Check, ...]
    report: ReportView | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its newest answer, which is missing only while nothing has been saved of it."""

    question: MessageView
    answer: MessageView | None


def turns(messages: tuple[MessageView, ...]) -> list[Turn]:
    """The messages of a transcript as question and answer pairs, in order."""
    answers = {message.question: message for message in messages if message.role == "assistant"}
    return [Turn(message, answers.get(message.id)) for message in messages if message.role == "user"]


def answer_page(message: MessageView) -> dict[str, Any]:
    """What the template of an answer needs."""
    sentences = [_shown(sentence, message) for sentence in message.sentences]
    plain = message.abstained or not sentences
    return {
        "message": message,
        "sentences": [] if plain else sentences,
        "text": rendered(message.text, sources="") if plain else "",
        "tally": "" if plain or message.withheld else _tally(message),  # what is shown is proved; a line says the rest
        "withheld": "" if message.abstained else withheld_line(message.withheld),
        "copied": copy_text(message),
        "narrowed": in_words(message.only, "ja" if (get_language() or "ja").startswith("ja") else "en"),
        "streaming": message.state == MessageState.STREAMING,
        "stopped": message.state == MessageState.STOPPED,
    }


def copy_text(message: MessageView) -> str:
    """The answer as plain text with its marks, then its sources: what the copy button gives."""
    if message.abstained or not message.sentences:
        return message.text
    lines = [*(_copied(sentence) for sentence in message.sentences), withheld_line(message.withheld)]
    body = "\n".join(line for line in lines if line)
    sources = "\n".join(_source(citation) for citation in message.citations if not citation.withheld)
    return f"{body}\n\n{_('Sources')}\n{sources}" if sources else body


def withheld_line(count: int) -> str:
    """What stands in the place of sentences that are not shown; empty where all are."""
    said = ngettext(
        "%(n)s sentence could not be proved and is not shown.",
        "%(n)s sentences could not be proved and are not shown.",
        count,
    )
    return said % {"n": count} if count else ""


def checks(supported: bool, reasons: Sequence[dict[str, Any]]) -> tuple[Check, ...]:
    """Every check of a sentence, in order. Of one for which nothing was found, nothing more could be checked."""
    failed = {str(reason.get("check")): reason_text(reason) for reason in reasons}
    if not supported and (not failed or "citation" in failed):
        return (Check(False, failed.get("citation", reason_text({}))),)
    known = [Check(name not in failed, failed.get(name, _(text))) for name, text in _PASSED.items()]
    return (*known, *(Check(False, text) for name, text in failed.items() if name not in _PASSED))


def reason_text(reason: dict[str, Any]) -> str:
    """Why a check failed, in the page's language."""
    known = _REASONS.get(str(reason.get("check")))
    return known(reason) if known else _("It could not be checked.")


def _literal(reason: dict[str, Any]) -> str:
    missing = ", ".join(dict.fromkeys(str(value) for value in reason.get("missing", ())))
    return _("Not found in the cited text: %(missing)s") % {"missing": missing or "?"}


_PASSED = {
    "citation": gettext_noop("A passage of the documents is cited for it."),
    "literal": gettext_noop("Its numbers, units, dates, names and part numbers stand in the cited text."),
    "negation": gettext_noop("It denies nothing that the cited text affirms, nor the other way round."),
    "support": gettext_noop("Its words and its meaning are those of the cited text."),
}
_REASONS: dict[str, Callable[[dict[str, Any]], str]] = {
    "citation": lambda _reason: _("No passage of the documents was found that says this."),
    "literal": _literal,
    "negation": lambda _reason: _("The cited text says the opposite: one of the two is negated."),
    "support": lambda _reason: _("The cited text is about something near, but does not say this."),
}


def _shown(sentence: SentenceView, message: MessageView) -> ShownSentence:
    cited = tuple(citation for citation in message.citations if citation.number in sentence.citations)
    html = str(rendered(sentence.text, sources="\n".join(citation.quote for citation in cited)))
    opening, closing = _halves(html)
    return ShownSentence(
        ordinal=sentence.ordinal,
        supported=sentence.supported,
        block=html.startswith("<") and not html.startswith(_INLINE),
        opening=mark_safe(opening),  # noqa: S308  both halves come from rendered()
        closing=mark_safe(closing),  # noqa: S308
        citations=cited,
        checks=checks(sentence.supported, sentence.reasons),
        report=sentence.report,
    )


def _halves(html: str) -> tuple[str, str]:
    opening, closing = html.rstrip(), ""
    while opening.endswith(_CLOSING):
        start = opening.rindex("</")
        opening, closing = opening[:start].rstrip(), opening[start:] + closing
    return opening, closing


def _tally(message: MessageView) -> str:
    total = len(message.sentences)
    proved = sum(sentence.supported for sentence in message.sentences)
    values = {"total": total, "proved": proved}
    if proved == total:
        return ngettext("The one sentence is proved.", "All %(total)s sentences are proved.", total) % values
    return ngettext("The one sentence is not proved.", "%(proved)s of %(total)s sentences are proved.", total) % values


def _copied(sentence: SentenceView) -> str:
    marks = "".join(f"[{number}]" for number in sentence.citations)
    note = "" if sentence.supported else _("(not proved)")
    return " ".join(part for part in (sentence.text.strip(), marks, note) if part)


def _source(citation: CitationView) -> str:
    place = _("%(title)s, revision %(revision)s, page %(page)s")
    values = {"title": citation.title, "revision": citation.revision, "page": citation.page}
    return f"[{citation.number}] {place % values}"
