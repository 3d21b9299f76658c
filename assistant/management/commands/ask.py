"""Asks one question from the terminal."""

import asyncio
from contextlib import aclosing
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assistant.management.asking import answer
from ingestion.access import Scope, scope_for
from ingestion.errors import NotFound, TenkyoError
from ingestion.models import User


class Command(BaseCommand):
    """`manage.py ask "…" [--library NAME] [--user NAME]`."""

    help = (
        "Answer a question from the documents: the text as it is written, then each sentence with its verdict, and "
        "the pages that prove it. Where the server has the index open, the server is asked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("question")
        parser.add_argument("--library", help="only this library, by name")
        parser.add_argument("--user", help="who asks (default: the first superuser)")

    def handle(self, **options: Any) -> None:
        user = _user(options["user"])
        try:
            asyncio.run(self._answer(user, _scope(user, options["library"]), options["question"]))
        except TenkyoError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self._write("\nStopped. What was written is kept in the conversation.\n")

    async def _answer(self, user: User, scope: Scope, question: str) -> None:
        async with aclosing(answer(user, scope, question)) as events:
            async for event in events:
                match event.name:
                    case "waiting":
                        self.stderr.write(f"Place {event.data['place']} in line.")
                    case "token":
                        self._write(event.data["text"])
                    case "done":
                        self._write("\n\n" + "\n".join(_report(event.data)) + "\n")
                    case "error":
                        raise CommandError(f"{event.data['code']}: {event.data['message']} {event.data['hint']}")

    def _write(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()


def _report(done: dict[str, Any]) -> list[str]:
    """The lines below the text: what became of the draft, what is proved, and where."""
    lines = [done["answer"], ""] if done["abstained"] else []
    lines += [_sentence(sentence) for sentence in done["sentences"]]
    if done.get("withheld"):
        lines.append(f"withheld: {done['withheld']}, not proved and not shown")
    lines += ["", *(_citation(citation) for citation in done["citations"])] if done["citations"] else []
    lines += [f"  nearest: {page['title']}, page {page['page']}  {page['heading']}" for page in done.get("nearest", [])]
    times = ", ".join(f"{name.removesuffix('_ms')} {value} ms" for name, value in done["timings"].items())
    return [*lines, "", f"{done['model']}: {times}"]


def _sentence(sentence: dict[str, Any]) -> str:
    numbers = "".join(f"[{number}]" for number in sentence["citations"])
    failed = ", ".join(str(reason["check"]) for reason in sentence.get("reasons", []) if "check" in reason)
    why = f" ({failed})" if failed and sentence["verdict"] != "supported" else ""
    return f"{sentence['verdict']}{why}: {sentence['text']} {numbers}".rstrip()


def _citation(citation: dict[str, Any]) -> str:
    where = f"{citation['title']}, revision {citation['revision']}, page {citation['page']}"
    return f"  [{citation['number']}] {where}: {citation['quote']}"


def _user(username: str | None) -> User:
    people = User.objects.filter(is_active=True).order_by("id")
    found = people.filter(username=username).first() if username else people.filter(is_superuser=True).first()
    if found is None:
        raise CommandError("There is no such user. Make one first: `manage.py createsuperuser`.")
    return found


def _scope(user: User, library: str | None) -> Scope:
    scope = scope_for(user)
    if library is None:
        return scope
    found = scope.libraries().filter(name=library).first()
    if found is None:
        raise CommandError(str(NotFound()))
    return scope.narrowed([found.id])
