"""EML (RFC 5322 and MIME): header fields, the texts of the body, attachments, messages inside messages."""

from collections.abc import Callable
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from mimetypes import guess_extension
from typing import Any, TypeVar, cast

from ingestion.parsing import UnreadableFile
from ingestion.parsing.decode import decode_as
from ingestion.parsing.headers import date_text, field_text, name_text
from ingestion.parsing.letters import Body, Enclosed, Letter
from ingestion.parsing.source import Held, Source

_MARK = b"\xef\xbb\xbf"
_MOST_PARTS = 2_000
_TEXTS = {"text/plain", "text/html"}
_ENCRYPTED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
# They prove who signed the text, and say nothing themselves.
_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
# The HTML of the same message once more, for programs and watches that can do more or less with it.
_COPIES = {"text/x-amp-html", "text/watch-html"}
# What the library's parsers of header fields raise over fields that no program should write.
_BROKEN = (MessageError, ValueError, LookupError, AttributeError, TypeError)

_SAID = {"subject": "subject", "sender": "from", "to": "to", "cc": "cc"}

Part = Message
Found = TypeVar("Found")


def read(source: Source) -> Letter:
    """Read the file. Raises UnreadableFile (file_too_complex, file_damaged)."""
    try:
        with source.open("rb") as file:
            if file.read(len(_MARK)) != _MARK:
                file.seek(0)
            message = BytesParser(policy=policy.default).parse(file)
        return _Reading().letter(message)
    except RecursionError:
        raise UnreadableFile("file_too_complex") from None
    except _BROKEN:
        raise UnreadableFile("file_damaged") from None


class _Reading:
    """Counts the parts: a message of thousands is none."""

    def __init__(self) -> None:
        self._parts = 0

    def letter(self, message: Part) -> Letter:
        """The message and what is inside it."""
        fields: dict[str, str] = {}
        for name, raw in message.raw_items():
            fields.setdefault(name.lower(), str(raw))
        said = {name: field_text(fields.get(field, "")) for name, field in _SAID.items()}
        bodies, enclosed = self._taken(message)
        return Letter(**said, date=date_text(fields.get("date", "")), bodies=bodies, enclosed=enclosed)

    def _taken(self, part: Part) -> tuple[list[Body], list[Enclosed]]:
        """The texts and attachments of a part, in order."""
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise UnreadableFile("file_too_complex")
        kind = _kind(part)
        if kind in _ENCRYPTED and _parameter(part, "smime-type") != "signed-data":
            return [], [Enclosed(_name(part), None, "file_encrypted")]
        if kind == "message/rfc822":
            return [], [self._message(part)]
        if part.is_multipart():
            return self._multipart(kind, part)
        if kind in _TEXTS and not _is_file(part):
            return [_body(kind, part)], []
        return [], [] if kind in _SIGNATURES | _COPIES else [Enclosed(_name(part), Held(_bytes(part)))]

    def _multipart(self, kind: str, part: Part) -> tuple[list[Body], list[Enclosed]]:
        if kind.startswith("message/"):  # reports of mail servers on a message, or a piece of one
            return [], [Enclosed(_name(part), None, "file_unsupported")]
        taken = [self._taken(inner) for inner in part.get_payload()]  # type: ignore[arg-type]  # messages, as it is multipart
        bodies = [bodies for bodies, _ in taken]
        enclosed = [each for _, some in taken for each in some]
        if kind == "multipart/alternative":
            return _one_of(bodies), enclosed
        return [body for some in bodies for body in some], enclosed

    def _message(self, part: Part) -> Enclosed:
        inner = part.get_payload()
        if not isinstance(inner, list) or not inner:
            return Enclosed(_name(part), None, "file_damaged")
        letter = self.letter(inner[0])  # type: ignore[arg-type]  # a message
        return Enclosed(_given_name(part) or f"{letter.subject or 'message'}.eml", letter)


def _one_of(alternatives: list[list[Body]]) -> list[Body]:
    """The same text in several forms: one body, where each form is one text; else the form with the most texts."""
    forms = [bodies for bodies in alternatives if bodies]
    if all(len(bodies) == 1 for bodies in forms):
        plain = next((bodies[0].plain for bodies in forms if bodies[0].plain), "")
        html = next((bodies[0].html for bodies in reversed(forms) if bodies[0].html), "")
        return [Body(plain, html)]
    return max(forms, key=len)


def _body(kind: str, part: Part) -> Body:
    text = decode_as(_bytes(part), _parameter(part, "charset"))
    return Body(html=text) if kind == "text/html" else Body(plain=text)


def _bytes(part: Part) -> bytes:
    found: Any = _or(lambda: cast("Any", part.get_payload(decode=True)), b"")
    return found if isinstance(found, bytes) else b""


def _kind(part: Part) -> str:
    return _or(part.get_content_type, "application/octet-stream")


def _parameter(part: Part, name: str) -> str:
    found = _or(lambda: part.get_param(name), None)
    return str(found[2] if isinstance(found, tuple) else found or "")


def _is_file(part: Part) -> bool:
    return _or(part.get_content_disposition, None) == "attachment" or bool(_given_name(part))


def _given_name(part: Part) -> str:
    return name_text(_or(part.get_filename, None) or "")


def _name(part: Part) -> str:
    """The name it was given, or one made of its kind."""
    kind = _kind(part)
    return _given_name(part) or f"{kind.rpartition('/')[2]}{guess_extension(kind) or ''}"


def _or(said: Callable[[], Found], otherwise: Found) -> Found:
    """What a field says; something else where the library cannot read it."""
    try:
        return said()
    except _BROKEN:
        return otherwise
