"""MSG (Outlook, MS-OXMSG): properties of a message in an OLE container, each a stream named by its number and type."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from ingestion.parsing import UnreadableFile
from ingestion.parsing.decode import decode_as
from ingestion.parsing.headers import moment_text, name_text
from ingestion.parsing.letters import Body, Enclosed, Letter
from ingestion.parsing.source import Held, Source

_PROPERTIES = "__properties_version1.0"
_ATTACHMENT = "__attach_version1.0_"
_EMBEDDED = "__substg1.0_3701000D"
# Bytes before the first property: of the file's own message, of one inside it.
_HEADER, _INNER_HEADER = 32, 24
_PROPERTY = struct.Struct("<HHI8s")
_SUBJECT, _TO, _CC, _BODY, _HTML, _RTF = "0037", "0E04", "0E03", "1000", "1013", "1009"
_SENDER, _ADDRESSES = "0C1A", ("5D01", "0C1F")
_DATA, _NAMES = "3701", ("3707", "3704", "3001")
_SENT, _DELIVERED, _CODE_PAGE = 0x0039, 0x0E06, 0x3FDE
# FILETIME: tenths of a microsecond since then.
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_STREAM = 2  # a kind of olefile's
_CODE_PAGES = {65001: "utf-8", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 50222: "iso-2022-jp", 51932: "euc-jp"}


def read(source: Source) -> Letter:
    """Read the file. Raises UnreadableFile (file_unsupported where the container holds no message)."""
    import olefile

    with source.open("rb") as file, olefile.OleFileIO(file) as container:
        if not container.exists(_PROPERTIES):
            raise UnreadableFile("file_unsupported", {"kind": "OLE"})
        return _Message(container, [], _HEADER).letter()


class _Message:
    """A message in a storage of the container: the file's own, or one attached to it."""

    def __init__(self, container: Any, place: list[str], header: int) -> None:
        self._container, self._place = container, place
        self._numbers = dict(_numbers(self._stream(_PROPERTIES)[header:]))

    def letter(self) -> Letter:
        """What the message says, and what is attached."""
        body = Body(self._text(_BODY), self._html())
        enclosed = list(self._enclosed())
        if not (body.plain.strip() or body.html.strip()) and self._data(_RTF):
            enclosed.insert(0, Enclosed("body.rtf", None, "file_unsupported"))
        said = {"subject": self._line(_SUBJECT), "to": self._line(_TO), "cc": self._line(_CC)}
        return Letter(**said, sender=self._sender(), date=self._date(), bodies=[body], enclosed=enclosed)

    def _sender(self) -> str:
        name = self._line(_SENDER)
        address = next((found for found in map(self._line, _ADDRESSES) if "@" in found), "")
        return f"{name} <{address}>" if name and address and name != address else name or address

    def _date(self) -> str:
        ticks = self._numbers.get(_SENT) or self._numbers.get(_DELIVERED) or 0
        try:
            return moment_text(_EPOCH + timedelta(microseconds=ticks // 10)) if ticks else ""
        except OverflowError:
            return ""

    def _html(self) -> str:
        data = self._data(_HTML)
        return decode_as(data, self._charset()) if data else self._text(_HTML)

    def _enclosed(self) -> Iterator[Enclosed]:
        for storage in self._container.listdir(streams=False, storages=True):
            if storage[:-1] == self._place and storage[-1].startswith(_ATTACHMENT):
                yield _Attachment(self._container, storage, self._charset()).enclosed()

    def _line(self, tag: str) -> str:
        return " ".join(self._text(tag).split())

    def _text(self, tag: str) -> str:
        return _text(self._stream(f"__substg1.0_{tag}001F"), self._stream(f"__substg1.0_{tag}001E"), self._charset())

    def _data(self, tag: str) -> bytes:
        return self._stream(f"__substg1.0_{tag}0102")

    def _charset(self) -> str:
        """What its bytes are written in, where they are no Unicode."""
        number = self._numbers.get(_CODE_PAGE, 0) & 0xFFFFFFFF
        return _CODE_PAGES.get(number, f"cp{number}" if number else "")

    def _stream(self, name: str) -> bytes:
        return _stream(self._container, [*self._place, name])


class _Attachment:
    """An attachment's storage."""

    def __init__(self, container: Any, place: list[str], charset: str) -> None:
        self._container, self._place, self._charset = container, place, charset

    def enclosed(self) -> Enclosed:
        """The file, the message, or why neither can be read."""
        name = next((found for found in map(self._line, _NAMES) if found), "attachment")
        if name.lower().endswith(".p7m"):
            return Enclosed(name, None, "file_encrypted")
        inner = [*self._place, _EMBEDDED]
        if self._container.exists([*inner, _PROPERTIES]):
            return Enclosed(f"{name}.msg", _Message(self._container, inner, _INNER_HEADER).letter())
        if self._container.exists(inner):  # an object of some program, drawn into the body
            return Enclosed(name, None, "file_unsupported")
        return Enclosed(name, Held(self._stream(f"__substg1.0_{_DATA}0102")))

    def _line(self, tag: str) -> str:
        wide, narrow = (self._stream(f"__substg1.0_{tag}{kind}") for kind in ("001F", "001E"))
        return name_text(_text(wide, narrow, self._charset))

    def _stream(self, name: str) -> bytes:
        return _stream(self._container, [*self._place, name])


def _stream(container: Any, place: list[str]) -> bytes:
    """The stream's bytes; none where there is no such stream."""
    if container.get_type(place) != _STREAM:
        return b""
    with container.openstream(place) as stream:
        return bytes(stream.read())


def _text(wide: bytes, narrow: bytes, charset: str) -> str:
    if wide:
        return wide.decode("utf-16-le", "replace").replace("\x00", "").replace("\r\n", "\n")
    return decode_as(narrow, charset) if narrow else ""


def _numbers(data: bytes) -> Iterator[tuple[int, int]]:
    """Number of the property → its value, of those that are written in eight bytes."""
    for _, tag, _, value in _PROPERTY.iter_unpack(data[: len(data) // _PROPERTY.size * _PROPERTY.size]):
        yield tag, int.from_bytes(value, "little")
