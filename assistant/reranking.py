"""A CrossEncoder reads question and passage together and orders anew what search found. Off without RERANK_MODEL.

The other door to sentence-transformers (`ingestion/embedding.py` is the first). Whether a model is worth its time is
measured by `manage.py evaluate` with it and without it: docs/how-to/evaluate.md.
"""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from django.conf import settings

from assistant.errors import RerankerUnavailable
from config.portfolio import Model, model_named


class Reranker(Protocol):
    """Scores texts for a question. Thread-safe."""

    name: str

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score per text, 0 to 1: the higher, the better it answers the question."""


class CrossEncoderReranker:
    """`Reranker` over a sentence-transformers folder on this machine's disk; nothing is asked of any hub."""

    def __init__(self, model: Model, folder: Path, *, device: str) -> None:
        """Load the folder. Raises RerankerUnavailable where it is missing or not such a model."""
        self.name = model.name
        self._one_at_a_time = Lock()
        try:
            self._model = _load(model, folder, device)
        except Exception as error:
            # Whatever a damaged folder makes torch or transformers raise, the operator needs the same text.
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise RerankerUnavailable(model=model.name, folder=str(folder), reason=reason) from error

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score per text, 0 to 1. What is longer than the model reads is cut at its end."""
        import torch

        pairs = [(question, text) for text in texts]
        if not pairs:
            return []
        with self._one_at_a_time:
            found = self._model.predict(pairs, activation_fn=torch.nn.Sigmoid(), show_progress_bar=False)
        return [float(score) for score in found]


def _load(model: Model, folder: Path, device: str) -> Any:
    if not folder.is_dir():
        raise FileNotFoundError("the folder is missing")
    from sentence_transformers import CrossEncoder

    there = None if device == "auto" else device
    length = model.max_tokens or None
    found = CrossEncoder(str(folder), device=there, local_files_only=True, max_length=length)
    if found.num_labels != 1:
        raise ValueError(f"the model says {found.num_labels} things of a pair, not one score")
    return found


_loading = Lock()
_loaded: list[Reranker] = []


def reranker() -> Reranker | None:
    """The reranker of RERANK_MODEL, loaded once per process on first use. Raises RerankerUnavailable."""
    if not settings.RERANK_MODEL:
        return None
    with _loading:
        if not _loaded:
            model = model_named(settings.RERANK_MODEL, "rerank")
            _loaded.append(CrossEncoderReranker(model, settings.MODELS_DIR / model.path, device=settings.EMBED_DEVICE))
        return _loaded[0]
