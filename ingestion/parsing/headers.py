"""Header fields of mail: whether a file begins with them, and what they say in whatever characters."""

import base64
import binascii
import re
from datetime import datetime
from quopri import decodestring

from ingestion.parsing.decode import decode_as

_FIELD = re.compile(rb"(?P<name>[!-9;-~]{1,76}):")
_MARK = b"\xef\xbb\xbf"
_KNOWN = {
    *(b"from", b"to", b"cc", b"subject", b"date", b"sender", b"reply-to", b"return-path", b"delivered-to"),
    *(b"message-id", b"mime-version", b"content-type", b"received", b"content-transfer-encoding"),
}
# Only programs write these.
_BY_PROGRAMS = {b"message-id", b"mime-version", b"received"}
_ENOUGH = 3
_WORD = re.compile(r"=\?(?P<charset>[^?\s]+)\?(?P<way>[bq])\?(?P<text>[^?]*)\?=", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<=\?=)\s+(?==\?)")
_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FOLD = re.compile(r"\r?\n[ \t]")


def is_mail(head: bytes, *, named: bool) -> bool:
    """Whether a file that begins with these bytes is a message: header fields, known ones among them.

    Where the file is `named` a message, one known field is enough, and lines that are none may stand among them. Else
    there are no others, and some that only programs write: a note may begin with "From:" and "To:" as well.
    """
    names: set[bytes] = set()
    others = 0
    lines = head.removeprefix(_MARK).split(b"\n")
    for number, line in enumerate(lines[:-1] or lines):
        found = _FIELD.match(line)
        if not line.strip():
            break
        if found:
            names.add(found["name"].lower())
        elif not (number and line[:1] in b" \t") and not (number == 0 and line.startswith(b"From ")):
            others += 1
    known = len(names & _KNOWN)
    if named:
        return known > others
    return not others and known >= _ENOUGH and len(names & _BY_PROGRAMS) > 1


def field_text(raw: str) -> str:
    """What a header field says, in one line: encoded words decoded, unlabelled bytes found out."""
    line = _BETWEEN.sub("", _FOLD.sub(" ", raw))
    said: list[tuple[str, bytes]] = []
    at = 0
    for word in _WORD.finditer(line):
        said.append(("", _bytes(line[at : word.start()])))
        charset = word["charset"].partition("*")[0].lower()
        decoded = _decoded(word)
        if decoded is None:
            said[-1] = ("", said[-1][1] + _bytes(word[0]))
        elif len(said) > 1 and said[-2][0] == charset and not said[-1][1]:
            said[-2:] = [(charset, said[-2][1] + decoded)]  # a character may be cut in two between words
        else:
            said.append((charset, decoded))
        at = word.end()
    said.append(("", _bytes(line[at:])))
    return " ".join("".join(decode_as(data, charset) for charset, data in said if data).split())


def name_text(raw: str) -> str:
    """The name of a file as a field says it, without marks that turn the direction of writing: "exe.pdf" stays so."""
    return field_text(_UNSEEN.sub("", raw))


def date_text(raw: str) -> str:
    """The moment as "2026-11-27 09:30 +09:00"; as it is written where it is no date."""
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(field_text(raw))
    except (ValueError, TypeError, IndexError, OverflowError):
        return field_text(raw)
    return moment_text(moment)


def moment_text(moment: datetime) -> str:
    """The same of a moment, without a zone where none is known."""
    zone = moment.isoformat()[len(moment.replace(tzinfo=None).isoformat()) :]
    return f"{moment.replace(tzinfo=None).isoformat(' ', 'minutes')} {zone}".strip()


def _bytes(text: str) -> bytes:
    """The bytes of the file: what is not ASCII was kept as lone surrogates."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # other lone surrogates: a parameter said to be UTF-16
        return text.encode("utf-8", "replace")


def _decoded(word: re.Match[str]) -> bytes | None:
    text = word["text"].encode("ascii", "replace")
    if word["way"] in "qQ":
        return decodestring(text, header=True)
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        return None
