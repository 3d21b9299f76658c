"""What is set on pages here is set as LAYOUT says: boxes kept in a database fit the pictures that are drawn later."""

import hashlib
from pathlib import Path

import pytest
import reportlab

from ingestion.parsing import LAYOUT, OWN_PAGES, open_file
from tests.ingestion.parsing import samples

# Where this fails, pages are set otherwise than before: give LAYOUT its next number, and put what it shows here.
KNOWN = {"layout-1": "9e96b670247ffd3e"}
FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


def _opened(filename, folder):
    path = folder / filename
    path.write_bytes(samples.MADE[filename]())
    return open_file(path, filename, font=FONT)


def _set_here(folder):
    readers = (_opened(filename, folder) for filename in sorted(samples.MADE))
    return [reader for reader in readers if reader.layout == LAYOUT]


def _said(reader):
    for number in range(1, reader.page_count + 1):
        page = reader.page(number)
        words = [
            (word.start, word.end, *(round(side) for side in (word.x0, word.y0, word.x1, word.y1)))
            for word in page.words
        ]
        yield page.text, round(page.width), round(page.height), words


def test_pages_are_set_as_the_layouts_name_says(tmp_path):
    digest = hashlib.sha256(repr([list(_said(reader)) for reader in _set_here(tmp_path)]).encode()).hexdigest()[:16]

    assert {LAYOUT: digest} == {LAYOUT: KNOWN.get(LAYOUT)}


@pytest.mark.parametrize("filename", sorted(samples.MADE))
def test_only_a_file_without_pages_of_its_own_is_set_here(tmp_path, filename):
    own = filename.endswith((".pdf", ".png", ".jpg", ".tif", ".tiff"))

    assert _opened(filename, tmp_path).layout == (OWN_PAGES if own else LAYOUT)
