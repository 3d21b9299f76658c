"""Documentation that rots fails the build."""

import re

import pytest
from django.core.management import get_commands

from docs.write_reference import REFERENCE, pages
from ingestion.readable import FORMATS
from tests.conftest import REPOSITORY

PAGES = pages()
WRITTEN = [REPOSITORY / "README.md", REPOSITORY / "SECURITY.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", PAGES)
def test_the_reference_says_what_the_code_says(name):
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name], "run `make docs`"


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.name)
def test_every_make_target_named_in_a_page_exists(file):
    targets = set(re.findall(r"^([a-z][a-z-]*):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^|\n)(?:[A-Z_]+=\S+ )*make ([a-z][a-z-]*)", file.read_text(encoding="utf-8")))
    assert named <= targets


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.name)
def test_every_command_named_in_a_page_exists(file):
    named = set(re.findall(r"manage\.py ([a-z][a-z_]+)", file.read_text(encoding="utf-8")))
    assert named <= set(get_commands())


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.name)
def test_every_relative_link_in_a_page_leads_somewhere(file):
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "docs/how-to/upload.md"])
def test_the_pages_that_list_the_formats_list_them_all(name):
    assert FORMATS in " ".join((REPOSITORY / name).read_text(encoding="utf-8").split())


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.name)
def test_every_test_named_in_a_page_exists(file):
    missing, module = [], ""
    for path, name in re.findall(r"`(tests/[\w/]+\.py)?(?:::(test_\w+))?`", file.read_text(encoding="utf-8")):
        module = path or module
        source = REPOSITORY / module
        if (path or name) and (not source.is_file() or f"def {name}" not in source.read_text(encoding="utf-8")):
            missing.append(f"{module}::{name}")
    assert missing == []
