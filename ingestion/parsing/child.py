"""The reading process: opens one file, answers with pages and pictures over its pipe, touches nothing else."""

import json
import os
import resource
import sys
from dataclasses import astuple
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ingestion.parsing import ParsedPage, Reader, UnreadableFile, open_file
from ingestion.parsing.confine import confine, die_with_parent
from ingestion.parsing.ocr import OcrOptions

if TYPE_CHECKING:
    from ingestion.parsing.unpack import Member

_SPARE_CPU_SECONDS = 10
_BEHIND = 5
_BLOCK_BYTES = 1024**2


def main() -> None:
    """Serve orders until the parent closes the pipe."""
    die_with_parent()
    # Libraries that print must not print into the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _Server(answers).serve(sys.stdin.buffer)


class _Server:
    """Knows the opened file and the limits it is read under."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._reader: Reader | None = None
        self._cpu = 0

    def serve(self, orders: BinaryIO) -> None:
        """One order per line. What an order raises is its answer; only death goes unanswered."""
        for line in orders:
            order = json.loads(line)
            self._allow_cpu(order)
            try:
                getattr(self, f"_{order['op']}")(order)
            except UnreadableFile as error:
                self._answer({"error": error.code, "params": error.params})
            except MemoryError:
                self._answer({"error": "file_too_complex", "params": {}})
            except Exception:  # noqa: BLE001 - any library error over a damaged file: the parent gets a code
                self._answer({"error": "file_damaged", "params": {}})

    def _open(self, order: dict[str, Any]) -> None:
        confine(order["memory"])
        ocr = OcrOptions(**order["ocr"]) if order["ocr"] else None
        if ocr:  # a document is taken in: whoever waits for a page or an answer goes first
            os.nice(_BEHIND)
        settings = {"font": Path(order["font"]), "ocr": ocr, "enclosed": order["enclosed"]}
        self._reader = open_file(Path(order["path"]), order["filename"], **settings)
        opened = self._reader
        self._answer({"pages": opened.page_count, "title": opened.title, "layout": opened.layout})

    def _unpack(self, order: dict[str, Any]) -> None:
        """Hand out the files of an archive. What is no archive says so, and is all there is to say."""
        from ingestion.parsing.detect import Kind, detect
        from ingestion.parsing.unpack import members

        confine(order["memory"])
        source = Path(order["path"])
        if detect(source, order["filename"]) is not Kind.ZIP:
            self._answer({"archive": False})
            return
        files = members(source)
        first = next(files, None)  # what is wrong with the whole archive is said before anything is handed out
        self._answer({"archive": True})
        for member in chain([first] if first else [], files):
            self._allow_cpu(order)
            self._hand_out(member)
        self._answer({"end": True})

    def _hand_out(self, member: "Member") -> None:
        from ingestion.parsing.archive import DAMAGED

        if member.source is None:
            self._answer({"name": member.name, "reason": member.reason, "params": member.params})
            return
        self._answer({"name": member.name, "size": member.size})
        try:
            with member.source.open("rb") as file:
                while block := file.read(_BLOCK_BYTES):
                    self._answer({"bytes": len(block)}, block)
        except DAMAGED:
            self._answer({"error": "file_damaged", "params": {}})
        else:
            self._answer({"bytes": 0})

    def _pages(self, order: dict[str, Any]) -> None:
        for number in range(order["first"], order["last"] + 1):
            self._allow_cpu(order)
            self._answer(_row(self._read(number)))

    def _render(self, order: dict[str, Any]) -> None:
        picture = self._opened.render(order["number"], scale=order["scale"])
        self._answer({"bytes": len(picture)}, picture)

    def _read(self, number: int) -> ParsedPage:
        try:
            return self._opened.page(number)
        except MemoryError:
            return ParsedPage(number, "", 0, 0, reason="page_too_complex")
        except Exception:  # noqa: BLE001 - one bad page never costs the others
            return ParsedPage(number, "", 0, 0, reason="page_damaged")

    @property
    def _opened(self) -> Reader:
        if self._reader is None:
            raise UnreadableFile("file_damaged")
        return self._reader

    def _allow_cpu(self, order: dict[str, Any]) -> None:
        """CPU time for this page. The parent's clock is the limit; this one ends a child nobody waits for any more."""
        self._cpu = int(order.get("cpu", self._cpu))
        used = resource.getrusage(resource.RUSAGE_SELF)
        until = int(used.ru_utime + used.ru_stime) + self._cpu + _SPARE_CPU_SECONDS
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard))

    def _answer(self, answer: dict[str, Any], data: bytes = b"") -> None:
        self._answers.write(json.dumps(answer).encode() + b"\n" + data)
        self._answers.flush()


def _row(page: ParsedPage) -> dict[str, Any]:
    row = {name: getattr(page, name) for name in ParsedPage.__slots__}
    row["words"] = [astuple(word) for word in page.words]
    row["headings"] = [astuple(heading) for heading in page.headings]
    # No database keeps "not a number": a page of no known size is one that cannot be drawn.
    row |= {name: row[name] if isfinite(row[name]) else 0.0 for name in ("width", "height")}
    return row


if __name__ == "__main__":
    main()
