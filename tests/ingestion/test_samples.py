"""The sample library: the same bytes each time, and manuals that agree."""

import re
from itertools import zip_longest

import pytest
from django.core.management import call_command

from ingestion import samples
from ingestion.models import Document, Library, Revision
from ingestion.samples.manuscript import Grid, Heading, Paragraph, Points, blocks_of


def manuscript(name):
    return blocks_of((samples.CONTENT / name).read_text(encoding="utf-8"))


def numbers(text):
    return sorted(re.findall(r"\d[\d,.:/]*\d|\d", text.replace("第", "")))


def told(block):
    match block:
        case Heading(text=text) | Paragraph(text=text):
            return text
        case Points(items=items):
            return " ".join(items)
        case Grid(rows=rows):
            return " ".join(" ".join(row) for row in rows)
    return ""


JAPANESE, ENGLISH = (manuscript(f"pump-manual.{language}.md") for language in ("ja", "en"))
BODY = [
    (ja, en) for ja, en in zip_longest(JAPANESE, ENGLISH) if not isinstance(ja, Paragraph) or "2026年" not in ja.text
]


def test_the_same_files_come_out_byte_for_byte(tmp_path, layout_font):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    made = [samples.build(folder, font=layout_font) for folder in (first, second)]
    assert [path.read_bytes() for path in made[0]] == [path.read_bytes() for path in made[1]]


def test_both_manuals_have_the_same_blocks():
    assert [type(block) for block in JAPANESE] == [type(block) for block in ENGLISH]


@pytest.mark.parametrize("pair", range(len(BODY)))
def test_both_manuals_state_the_same_part_numbers(pair):
    part = re.compile(r"[A-Z]+\d*-\d+[A-Z]*|E-\d\d|ISO VG\d+|\bM\d+\b")
    japanese, english = (sorted(part.findall(told(block))) for block in BODY[pair])
    assert japanese == english


@pytest.mark.parametrize("pair", [at for at, pair in enumerate(BODY) if isinstance(pair[0], Grid)])
def test_both_manuals_state_the_same_quantities_in_tables(pair):
    unit = re.compile(r"\d[\d,.]* ?(?:N·m|mm/s|mm|MPa|m³/h|kW|kg|Hz|℃|°C|L|mL|V|A)(?![A-Za-z])")
    japanese, english = (sorted(unit.findall(told(block).replace("℃", "°C"))) for block in BODY[pair])
    assert japanese == english


def test_the_manual_is_a_pdf_of_at_least_eight_pages_with_an_outline(tmp_path, layout_font):
    import pypdfium2

    manual = pypdfium2.PdfDocument(samples.build(tmp_path, font=layout_font)[0])
    assert (len(manual) >= 8, len(list(manual.get_toc())) >= 30) == (True, True)


@pytest.fixture
def made(admin, settings, layout_font, tmp_path, queued):
    """The command has run once, with whatever font there is."""
    settings.MODELS_DIR = tmp_path
    (tmp_path / "ipaexg.ttf").symlink_to(layout_font)
    call_command("sample_library")


def test_the_command_makes_a_library_of_seven_documents(made):
    assert (Library.objects.count(), Document.objects.count()) == (1, 7)


def test_a_second_run_changes_nothing(made):
    before = list(Revision.objects.values_list("id", "sha256"))
    call_command("sample_library")
    assert list(Revision.objects.values_list("id", "sha256")) == before
