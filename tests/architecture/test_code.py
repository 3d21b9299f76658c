"""The house rules that a machine can check."""

import ast
import re
import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY

HEAVY = (
    "torch",
    "llama_index",
    "qdrant_client",
    "qdrant_edge",
    "sentence_transformers",
    "transformers",
    "xllamacpp",
    "pypdfium2",
    "docx",
    "pptx",
    "openpyxl",
    "rapidocr",
    "onnxruntime",
    "cv2",
    "fido2",
    "cryptography",
)
ROOMS = ("config", "ingestion", "assistant")


def sources():
    for room in ROOMS:
        yield from (file for file in sorted((REPOSITORY / room).rglob("*.py")) if "migrations" not in file.parts)


def ran(*command, **options):
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False, **options)


def test_rooms_import_each_other_in_one_direction_only():
    ended = ran(sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")
    assert ended.returncode == 0, ended.stdout


def test_a_system_check_imports_nothing_heavy():
    code = (
        "import sys; from django.core.management import execute_from_command_line as run; run(['manage.py', 'check'])\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    ended = ran(sys.executable, "-c", code)
    assert "HEAVY []" in ended.stdout, ended.stdout + ended.stderr


def test_only_env_reads_the_environment():
    readers = set()
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and _reads(file, node):
                readers.add(str(file.relative_to(REPOSITORY)))
    assert readers == set()


def _reads(file, node):
    line = file.read_text(encoding="utf-8").splitlines()[node.lineno - 1]
    # Writing for libraries (HF_HUB_OFFLINE) and children is not reading; setdefault of the settings module neither.
    written = re.search(r"environ\[[^\]]+\] = |environ\.(setdefault|update)\(", line)
    whole_for_a_child = re.search(r"\*\*os\.environ|env=|dict\(os\.environ\)", line)
    return not (written or whole_for_a_child)


@pytest.mark.django_db
def test_the_migrations_hold_every_model_as_it_is():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def lengths():
    """Lines of each function from `def` to its end, docstring and blank lines left out."""
    for file in sources():
        text = file.read_text(encoding="utf-8")
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                first = body[0].lineno if body else node.lineno
                last = node.end_lineno
                yield sum(bool(line.strip()) for line in lines[first - 1 : last]) + 1


def test_half_of_the_functions_fit_in_eight_lines():
    found = sorted(lengths())
    assert found[len(found) // 2] <= 8


def test_nine_in_ten_functions_fit_in_thirty_lines():
    found = sorted(lengths())
    assert found[int(len(found) * 0.9)] <= 30


def test_a_file_keeps_to_one_subject():
    longest = max(len(file.read_text(encoding="utf-8").splitlines()) for file in sources())
    assert longest <= 400


def test_only_doors_that_know_of_the_second_factor_sign_anybody_in():
    doors = set()
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.contrib.auth"):
                doors |= {file.name for name in node.names if name.name in {"login", "alogin", "LoginView"}}
    assert doors == {"sign_in_views.py", "half_way.py", "company_views.py"}
