"""Every text a person can see has its Japanese: taken from the sources as they are now, not from an old catalogue."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

REPOSITORY = Path(__file__).resolve().parent.parent
CATALOGUE = REPOSITORY / "locale" / "ja" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")


def _sources():
    for room in ("config", "ingestion", "assistant"):
        for path in (REPOSITORY / room).rglob("*.py"):
            yield path, path.read_text(encoding="utf-8")
    for path in (REPOSITORY / "templates").rglob("*.html"):
        yield path, templatize(path.read_text(encoding="utf-8"), origin=str(path))


def _asked_for():
    found = set()
    for _path, source in _sources():
        for _line, message, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
            found.add((context, message[0] if isinstance(message, tuple) else message))
    return found


@pytest.fixture(scope="module")
def japanese():
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="ja")
    texts = {}
    for entry in catalogue:
        if entry.id and "fuzzy" not in entry.flags:
            one = entry.id[0] if isinstance(entry.id, tuple) else entry.id
            many = entry.id[1] if isinstance(entry.id, tuple) else entry.id
            said = entry.string[0] if isinstance(entry.string, tuple) else entry.string
            texts[entry.context, one] = (many, said)
    return texts


def test_every_text_of_the_sources_has_a_japanese_translation(japanese):
    missing = {key for key in _asked_for() if not japanese.get(key, ("", ""))[1]}
    assert missing == set()


def test_the_extraction_finds_texts_of_python_and_of_templates():
    assert {(None, "queued"), (None, "What do you want to know?"), ("dialog", "Cancel")} <= _asked_for()


def test_a_translation_fills_the_same_places_as_its_text(japanese):
    wrong = {text: said for text, said in japanese.values() if set(PLACE.findall(text)) != set(PLACE.findall(said))}
    assert wrong == {}


def test_no_translation_is_kept_for_a_text_that_is_gone(japanese):
    assert set(japanese) - _asked_for() == set()
