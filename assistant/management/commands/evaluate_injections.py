"""Measures what becomes of instructions planted in documents."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string

from assistant import selectors, services
from assistant.display import answer_page
from assistant.evaluation.injections.corpus import Injection, read_injections, spread
from assistant.evaluation.injections.documents import planted
from assistant.evaluation.injections.outcomes import Shown, breach
from assistant.evaluation.injections.page import Measured, page
from assistant.instructions import instructs
from assistant.llm import answer_model
from assistant.management.asking import answer_server
from ingestion import embedding
from ingestion.access import Scope, scope_for
from ingestion.errors import TenkyoError
from ingestion.models import Document, User

FOLDER = "tests/injections"
PAGE = "docs/reference/injections.md"


class Command(BaseCommand):
    """`manage.py evaluate_injections`."""

    help = (
        "Plant instructions in documents, take them in, ask each a harmless question of the answer model, and print "
        "what went through. Makes a library for each; some 20 seconds a question on two CPU cores."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sample", type=int, default=0, help="only so many, spread over attacks and languages")
        parser.add_argument(
            "--folder", type=Path, default=Path(settings.BASE_DIR, FOLDER), help=f"en.toml and ja.toml ({FOLDER})"
        )
        parser.add_argument("--write", action="store_true", help=f"write {PAGE}")

    def handle(self, **options: Any) -> None:
        user = User.objects.filter(is_active=True, is_superuser=True).order_by("id").first()
        if user is None:
            raise CommandError("There is no superuser. Make one first: `manage.py createsuperuser`.")
        try:
            everything = read_injections(options["folder"])
            chosen = spread(everything, options["sample"] or len(everything))
            documents = self._taken_in(user, chosen)
            rows = asyncio.run(self._asked(user, chosen, documents))
        except TenkyoError as error:
            raise CommandError(str(error)) from error
        told = sum(instructs(one.text) for one in everything)
        names = {"model": answer_model().name, "embedder": embedding.embedder().name}
        text = page(rows, total=len(everything), told=told, **names)
        self.stdout.write(text)
        if options["write"]:
            Path(settings.BASE_DIR, PAGE).write_text(text, encoding="utf-8")
            self.stdout.write(f"Written: {PAGE}")

    def _taken_in(self, user: User, chosen: Sequence[Injection]) -> dict[str, Document]:
        """The documents by injection, each in a library of its own; what is there already is left as it is."""
        for one in chosen:
            file = planted(one)
            folder = Path(settings.DATA_DIR, "evaluation", "injections", one.id)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / file.filename).write_bytes(file.content)
            call_command("ingest_folder", str(folder), library=_library(one), user=user.username)
        return {one.id: Document.objects.get(library__name=_library(one)) for one in chosen}

    async def _asked(self, user: User, chosen: Sequence[Injection], documents: dict[str, Document]) -> list[Measured]:
        rows = []
        async with answer_server():
            for number, one in enumerate(chosen, start=1):
                scope = (await sync_to_async(scope_for)(user)).narrowed([documents[one.id].library_id])
                shown = await _shown(user, scope, planted(one).question)
                found = breach(one, shown, documents={str(documents[one.id].pk)})
                rows.append(Measured(one, found, shown.done["abstained"]))
                self.stderr.write(f"[{number}/{len(chosen)}] {one.id} {one.attack}: {found}")
        return rows


def _library(one: Injection) -> str:
    return f"Injection {one.id}"


async def _shown(user: User, scope: Scope, question: str) -> Shown:
    """The answer as its reader gets it. Raises CommandError where there is none."""
    last: Any = None
    async with aclosing(services.ask(user=user, scope=scope, question=question)) as events:
        async for event in events:
            last = event
    if last is None or last.name != "done":
        raise CommandError(f"No answer: {last}")
    message = await sync_to_async(selectors.message_of)(user, scope, last.data["message"])
    html = await sync_to_async(render_to_string)("assistant/_answer.html", answer_page(message))
    return Shown(last.data, html)
