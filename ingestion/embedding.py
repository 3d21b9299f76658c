"""The only door to sentence-transformers: passages and questions side by side, so prefixes cannot drift apart."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Lock
from typing import Any, Protocol

import numpy as np
import structlog
from django.conf import settings
from numpy.typing import NDArray

from config.portfolio import Model, model_named
from ingestion.errors import EmbedderUnavailable
from ingestion.lexicon import Rendering, renderings
from ingestion.searched import searched_model
from ingestion.sparse import SparseVector, encode_query
from ingestion.text import Language

Vectors = NDArray[np.float32]
log = structlog.get_logger(__name__)
# Tokens of one batch, padding included. On a CPU small batches are the fastest, and a question waits for one at most.
_CPU_BATCH_TOKENS = 768
_GPU_BATCH_TOKENS = 16_384


class Embedder(Protocol):
    """Unit-length vectors, float32. Thread-safe."""

    name: str
    dimension: int
    max_tokens: int

    def passages(self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None) -> Vectors:
        """(n, dimension), one row per text. `on_batch` is told how many texts are done."""

    def query(self, text: str) -> Vectors:
        """(dimension,)."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens of the model each text takes, without prompt and special tokens."""


@dataclass(frozen=True, slots=True)
class QueryVectors:
    """A question as the index searches it."""

    dense: Vectors
    sparse: SparseVector


class _Turns:
    """One user of the model at a time; a question goes before the batches of passages that wait."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._busy = False
        self._questions = 0

    @contextmanager
    def question(self) -> Iterator[None]:
        with self._changed:
            self._questions += 1
            self._changed.wait_for(lambda: not self._busy)
            self._questions -= 1
            self._busy = True
        with self._ended():
            yield

    @contextmanager
    def batch(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._busy and not self._questions)
            self._busy = True
        with self._ended():
            yield

    @contextmanager
    def _ended(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()


class SentenceEmbedder:
    """`Embedder` over a sentence-transformers folder on this machine's disk; nothing is asked of any hub."""

    def __init__(self, model: Model, folder: Path, *, device: str) -> None:
        """Load the folder. Raises EmbedderUnavailable where it is missing or not such a model."""
        self.name, self.dimension, self.max_tokens = model.name, model.dimension, model.max_tokens
        self._query_prompt, self._passage_prompt = model.query_prompt, model.passage_prompt
        try:
            self._model = _load(folder, device)
        except Exception as error:
            # Whatever a damaged folder makes torch, transformers or tokenizers raise, the operator needs the same text.
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise EmbedderUnavailable(model=model.name, folder=str(folder), reason=reason) from error
        self._batch_tokens = _GPU_BATCH_TOKENS if self._model.device.type == "cuda" else _CPU_BATCH_TOKENS
        self._turns = _Turns()
        self._asking = _one_core_thread()
        # The one tokenizer counts and cuts; it is set differently for each and must not change under the other.
        self._tokenizing = Lock()

    def passages(self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None) -> Vectors:
        """(n, dimension), one row per text. `on_batch` is told how many texts are done."""
        prompted = [self._passage_prompt + text for text in texts]
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        done = 0
        for batch in batches(self._lengths(prompted), self._batch_tokens):
            features = self._features([prompted[number] for number in batch])
            with self._turns.batch():
                vectors[batch] = self._encode(features)
            done += len(batch)
            if on_batch:
                on_batch(done)
        return vectors

    def query(self, text: str) -> Vectors:
        """(dimension,)."""
        prompted = self._query_prompt + text
        self._lengths([prompted])
        features = self._features([prompted])
        with self._turns.question():
            vector: Vectors = self._asking.submit(self._encode, features).result()[0]
        return vector

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens of the model each text takes, without prompt and special tokens."""
        with self._tokenizing:
            tokenizer = self._model.tokenizer.backend_tokenizer
            tokenizer.no_truncation()
            tokenizer.no_padding()
            return [len(found.ids) for found in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def _lengths(self, prompted: list[str]) -> list[int]:
        lengths = [count + 2 for count in self.count_tokens(prompted)]
        too_long = sum(length > self.max_tokens for length in lengths)
        if too_long:
            log.warning("text_longer_than_embedder", texts=too_long, longest=max(lengths), limit=self.max_tokens)
        return lengths

    def _features(self, prompted: list[str]) -> Any:
        with self._tokenizing:
            return self._model.preprocess(prompted)

    def _encode(self, features: Any) -> Vectors:
        import torch

        with torch.inference_mode():
            there = {name: value.to(self._model.device) for name, value in features.items() if torch.is_tensor(value)}
            found = self._model(there)["sentence_embedding"].float()
            # Again in float32: bfloat16 leaves lengths of 0.997 to 1.003, and scores must compare across devices.
            unit: Vectors = torch.nn.functional.normalize(found, dim=1).cpu().numpy()
        return unit


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Positions grouped by falling length so that longest × size stays within the budget; no group is empty."""
    group: list[int] = []
    for number in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if group and lengths[group[0]] * (len(group) + 1) > budget:
            yield group
            group = []
        group.append(number)
    if group:
        yield group


def _load(folder: Path, device: str) -> Any:
    if not folder.is_dir():
        raise FileNotFoundError("the folder is missing")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    chosen = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
    dtype = torch.bfloat16 if _fast_in_bfloat16(torch, chosen) else torch.float32
    model = SentenceTransformer(str(folder), device=chosen, local_files_only=True, model_kwargs={"dtype": dtype})
    return model.eval()


def _one_core_thread() -> ThreadPoolExecutor:
    """A thread on which torch uses one core."""
    # A question is short: a second core gains it some milliseconds on an idle machine, and waiting for that core
    # costs it up to a second while ingestion or the answer model computes.
    import torch

    thread = ThreadPoolExecutor(1, thread_name_prefix="embed-question")
    usual = torch.get_num_threads()
    thread.submit(torch.get_num_threads).result()  # a thread's first use of torch sets its number anew
    thread.submit(torch.set_num_threads, 1).result()
    torch.set_num_threads(usual)  # threads made from now on start with what was set last
    return thread


def _fast_in_bfloat16(torch: Any, device: str) -> bool:
    """GPUs are; of CPUs only those with AVX512_BF16, the others emulate it at a third of the speed."""
    return device.startswith("cuda") or bool(torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001


_loading = Lock()
_loaded: dict[str, Embedder] = {}


def embedder(name: str = "") -> Embedder:
    """The embedder of that model (default: the one searched with), loaded once per process on first use.

    Raises EmbedderUnavailable.
    """
    name = name or searched_model()
    if (there := _loaded.get(name)) is not None:  # questions do not wait while another model is being loaded
        return there
    with _loading:
        if name not in _loaded:
            model = model_named(name, "embed")
            folder = settings.MODELS_DIR / model.path
            _loaded[name] = SentenceEmbedder(model, folder, device=settings.EMBED_DEVICE)
        return _loaded[name]


class Asked:
    """The vectors of one question, for the index of one model: no text of it is embedded twice."""

    def __init__(self, model: str = "") -> None:
        """`model`: default the one searched with. Raises EmbedderUnavailable."""
        self.model = model
        self._embedder = embedder(model)
        self._dense: dict[str, Vectors] = {}

    def vectors(self, text: str, also: Sequence[tuple[str, str]] = (), *, into: Language | None = None) -> QueryVectors:
        """Both vectors of the question or its translation. `also`: (a word of it, what to look for in its place too).

        `into`: the language of the passages it is looked for in, where that is not its own: its words are looked up.
        """
        read = " ".join([text, *dict.fromkeys(other for _, other in also)])
        if read not in self._dense:
            self._dense[read] = self._embedder.query(read)
        said = [*(Rendering(*pair) for pair in also), *(renderings(text, into) if into else ())]
        return QueryVectors(self._dense[read], encode_query(text, said))


def embed_query(text: str, also: Sequence[tuple[str, str]] = ()) -> QueryVectors:
    """Both vectors of a question, for the index that is searched. `also`: as for `Asked.vectors`."""
    return Asked().vectors(text, also)
