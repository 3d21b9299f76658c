import os
import signal
import subprocess
import sys

import pytest

from ingestion.parsing import UnreadableFile
from ingestion.parsing import isolated as room
from ingestion.parsing.isolated import IsolatedReader, render_png
from tests.ingestion.parsing import samples

MEMORY = 2 * 1024**3


@pytest.fixture
def opened(tmp_path, layout_font):
    readers = []

    def opener(data, filename="pump.pdf", *, memory=MEMORY, timeout=60):
        path = tmp_path / f"stored-{len(readers)}"
        path.write_bytes(data)
        reader = IsolatedReader(path, filename, font=layout_font, memory_bytes=memory, timeout=timeout)
        readers.append(reader)
        return reader

    yield opener
    for reader in readers:
        reader.close()


def _code(call):
    with pytest.raises(UnreadableFile) as caught:
        call()
    return caught.value.code


def _pid(reader):
    return reader._child._process.pid


def test_pages_come_in_order_from_where_one_asks(opened):
    assert [page.number for page in opened(samples.pdf(5)).pages(3)] == [3, 4, 5]


def test_stretches_of_pages_can_be_asked_for_one_after_the_other(opened):
    reader = opened(samples.pdf(5))
    assert [page.number for last in (2, 5) for page in reader.pages(last, last)] == [2, 5]


def test_a_child_killed_between_pages_costs_at_most_one_page(opened):
    reader = opened(samples.pdf(3))
    pages = reader.pages()
    first = next(pages)
    reader._child._process.send_signal(signal.SIGKILL)
    reader._child._buffer.clear()
    rest = list(pages)
    assert [(page.number, page.reason) for page in [first, *rest]] == [(1, ""), (2, "page_crashed"), (3, "")]


def test_a_child_that_hangs_costs_its_page_and_no_other(opened):
    reader = opened(samples.pdf(3), timeout=2)
    pages = reader.pages()
    next(pages)
    os.kill(_pid(reader), signal.SIGSTOP)
    reader._child._buffer.clear()
    # What the child had written before it stopped is still in the pipe: drain it, so that silence begins.
    os.set_blocking(reader._child._output.fileno(), False)
    while reader._child._output.read(1 << 20):
        pass
    os.set_blocking(reader._child._output.fileno(), True)
    assert [page.reason for page in pages] == ["page_timeout", ""]


def test_pages_after_a_long_fruitless_stretch_are_listed_as_not_tried(opened, monkeypatch):
    reader = opened(samples.pdf(30))
    monkeypatch.setattr(room, "MAX_HUNG_IN_A_ROW", 0.01)
    reader.close()

    send = room.Child.send

    def die_on_pages(child, order):
        if order["op"] == "pages":
            child._process.kill()
        send(child, order)

    monkeypatch.setattr(room.Child, "send", die_on_pages)
    pages = list(reader.pages())
    assert [page.number for page in pages] == list(range(1, 31))
    assert {page.reason for page in pages} == {"page_crashed", "page_skipped"}


def test_an_attachment_that_kills_the_child_costs_the_attachments_and_not_the_message(opened, monkeypatch):
    send = room.Child.send

    def die_on_attachments(child, order):
        if order.get("enclosed"):
            child._process.kill()
        send(child, order)

    monkeypatch.setattr(room.Child, "send", die_on_attachments)
    pages = list(opened(samples.eml(), "pump.eml").pages())
    assert [(bool(page.text), page.reason) for page in pages] == [(True, ""), (False, "attachment_skipped")]


def test_more_memory_than_allowed_is_refused_with_a_code(opened):
    text = ("あいうえお。" * 50_000 + "\n").encode()
    assert _code(lambda: opened(text * 4, "a.txt", memory=40 * 1024**2)) in {"file_too_complex", "file_crashed"}


def test_a_file_that_takes_too_long_to_open_is_refused(opened):
    assert _code(lambda: opened(samples.pdf(), timeout=0.001)) == "file_timeout"


def test_leaving_in_the_middle_of_pages_does_not_confuse_the_next_question(opened):
    reader = opened(samples.pdf(4))
    pages = reader.pages()
    next(pages)
    pages.close()
    assert reader.page(4).number == 4


def test_the_child_is_gone_after_the_with_block(opened):
    with opened(samples.pdf()) as reader:
        process = reader._child._process
    assert process.returncode is not None


def test_a_page_is_drawn_without_keeping_a_reader(tmp_path, layout_font):
    path = tmp_path / "stored"
    path.write_bytes(samples.pdf())
    picture = render_png(path, "pump.pdf", 1, scale=1, font=layout_font, memory_bytes=MEMORY, timeout=60)
    assert picture.startswith(b"\x89PNG")


def test_a_missing_font_is_named(tmp_path):
    path = tmp_path / "stored"
    path.write_bytes(b"text")
    nowhere = tmp_path / "none.ttf"
    assert _code(lambda: IsolatedReader(path, "a.txt", font=nowhere, memory_bytes=MEMORY, timeout=60)) == "font_missing"


def test_the_child_imports_neither_django_nor_torch():
    said = "import ingestion.parsing.child, sys; print([m for m in ('django', 'torch', 'config') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_child_cannot_reach_the_network():
    said = (
        "from ingestion.parsing.confine import confine; confine(1 << 30)\n"
        "import socket\n"
        "try: socket.socket(); print('made')\n"
        "except PermissionError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "refused"


def test_the_child_cannot_write_files(tmp_path):
    said = (
        "from ingestion.parsing.confine import confine; confine(1 << 30)\n"
        f"try: open({str(tmp_path / 'x')!r}, 'wb', 0).write(b'data'); print('written')\n"
        "except OSError: print('refused')"
    )
    ignored = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    done = subprocess.run([sys.executable, "-c", ignored + said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "refused"
