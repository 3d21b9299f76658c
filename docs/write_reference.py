"""Write docs/reference from the code: `python -m docs.write_reference` (or `make docs`). A test compares.

settings.md from config/env.py, commands.md from the management commands, errors.md from the error classes, api.md from
the OpenAPI schema, metrics.md from the metrics' definitions.
"""

import ast
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from pydantic import AliasChoices, SecretStr

BASE_DIR = Path(__file__).resolve().parent.parent
REFERENCE = BASE_DIR / "docs" / "reference"
_MADE = "<!-- Made by `make docs` from the code. Do not edit. -->\n\n"
_METHODS = ("get", "head", "options", "post", "put", "patch", "delete")


def pages() -> dict[str, str]:
    """File name → text of every generated page. Django must be set up."""
    makers: dict[str, Callable[[], str]] = {
        "settings.md": settings_page,
        "commands.md": commands_page,
        "errors.md": errors_page,
        "api.md": api_page,
        "metrics.md": metrics_page,
    }
    return {name: _MADE + make() for name, make in makers.items()}


def settings_page() -> str:
    """Every environment variable with its default and meaning."""
    from config.env import Environment

    rows = []
    for field in Environment.model_fields.values():
        alias = field.validation_alias
        name = alias.choices[0] if isinstance(alias, AliasChoices) else alias
        rows.append((f"`{name}`", _default(field.default), str(field.description)))
    return (
        "# Settings\n\nTenkyo reads its settings from environment variables, once, when a process starts.\n\n"
        + _table(("Variable", "Default", "Meaning"), rows)
    )


def _default(value: object) -> str:
    if value is None or value == "" or isinstance(value, SecretStr):
        return "unset"
    if isinstance(value, Path):
        shown = str(value).replace(str(BASE_DIR), "<repository>").replace(str(Path.home()), "~")
        return f"`{shown}`"
    return f"`{value}`"


def commands_page() -> str:
    """Every management command of the two apps with its arguments."""
    from django.core.management import get_commands, load_command_class

    ours = sorted((name, app) for name, app in get_commands().items() if app in ("ingestion", "assistant"))
    parts = []
    for name, app in ours:
        command = load_command_class(app, name)
        parser = command.create_parser("manage.py", name)
        own = {"--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback"}
        own |= {"--no-color", "--force-color", "--skip-checks"}
        rows = [
            (f"`{', '.join(action.option_strings) or action.dest}`", str(action.help or ""))
            for action in parser._actions  # noqa: SLF001 - argparse has no public list of its arguments
            if not set(action.option_strings) & own
        ]
        parts.append(
            f"## `manage.py {name}`\n\n{command.help}\n\n" + (_table(("Argument", "Meaning"), rows) if rows else "")
        )
    return "# Commands\n\n" + "\n".join(parts)


def errors_page() -> str:
    """Every error with code, HTTP status and texts."""
    rows = []
    for error in sorted(error_classes(), key=lambda each: each.code):
        english, japanese = (" ".join(texts) for texts in (error.en, error.ja))
        rows.append((f"`{error.code}`", str(error.status), english, japanese))
    return "# Errors\n\n" + _table(("Code", "HTTP", "English", "日本語"), rows)


def error_classes() -> list[type]:
    """Every subclass of TenkyoError in both rooms, base included."""
    import assistant.errors  # noqa: F401 - importing defines the subclasses
    from ingestion.errors import TenkyoError

    def below(parent: type) -> Iterator[type]:
        yield parent
        for child in parent.__subclasses__():
            yield from below(child)

    return [
        each
        for each in dict.fromkeys(below(TenkyoError))
        if each.__module__.split(".")[0] in ("ingestion", "assistant")
    ]


def api_page() -> str:
    """Every operation of the HTTP API."""
    from assistant.api import api

    schema = api.get_openapi_schema()
    rows = [
        (f"`{method.upper()} {path}`", operation.get("summary", ""), str(operation.get("description", "")))
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
        if method in _METHODS
    ]
    return (
        "# HTTP API\n\nSign in with `Authorization: Bearer TOKEN` (`manage.py api_token USERNAME`) or with the "
        "session of the web pages. The schema: `/api/v1/openapi.json`; to read: `/api/v1/docs`.\n\n"
        + _table(("Operation", "Name", "What it does"), rows)
    )


def metrics_page() -> str:
    """Every metric served at /metrics."""
    found = dict(pair for room in ("config", "ingestion", "assistant") for pair in _metrics_in(BASE_DIR / room))
    return (
        "# Metrics\n\nServed at `/metrics` in Prometheus' format. No label names a person or a document.\n\n"
        + _table(("Metric", "Meaning"), [(f"`{name}`", told) for name, told in sorted(found.items())])
    )


def _metrics_in(room: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(room.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        texts = {
            node.targets[0].id: node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and len(node.args) > 1 and _is_metric(node.args[0]):
                told = node.args[1]
                text = told.value if isinstance(told, ast.Constant) else texts.get(getattr(told, "id", ""), "")
                yield ast.literal_eval(node.args[0]), str(text)


def _named_texts(tree: ast.Module) -> dict[str, object]:
    found: dict[str, object] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=text)):
                found[name] = text
    return found


def _is_metric(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and str(node.value).startswith("tenkyo_")


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    escaped = ([cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in lines)
    return "".join(f"| {' | '.join(row)} |\n" for row in escaped)


def main() -> None:
    """Write the pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
