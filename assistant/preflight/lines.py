"""One line of the report: what was looked at, how it stands, what to do."""

from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.preflight.texts import TEXTS
from ingestion.errors import TenkyoError

State = Literal["ok", "warning", "problem"]
Language = Literal["en", "ja"]


@dataclass(frozen=True, slots=True)
class Line:
    """`name` is what was looked at, `code` what was found; `facts` fill the texts."""

    name: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    error: TenkyoError | None = None

    @property
    def state(self) -> State:
        """ok, warning (it runs, but worse than it could) or problem (it will not, or is not safe)."""
        return TEXTS[self.code].state

    def texts(self, language: Language) -> tuple[str, str]:
        """(what was found, what to do; empty where nothing is to be done)."""
        if self.error is not None:
            return self.error.texts(language)
        said = TEXTS[self.code]
        found, todo = said.ja if language == "ja" else said.en
        return found.format_map(self.facts), todo.format_map(self.facts)

    def as_json(self) -> dict[str, Any]:
        """Everything, in both languages."""
        both = {language: dict(zip(("found", "do"), self.texts(language), strict=True)) for language in ("en", "ja")}
        return {"name": self.name, "code": self.code, "state": self.state, "facts": self.facts, **both}
