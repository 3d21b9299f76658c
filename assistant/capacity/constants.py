"""The one place of the numbers that machines are sized by, each with where it comes from.

`measured`: by us, in the named page of docs/. `published`: by others, not reproduced here. `chosen`: a margin or an
assumption of ours; those that depend on how you work are options of `manage.py capacity`.
"""

from dataclasses import dataclass
from typing import Literal

Basis = Literal["measured", "published", "chosen"]
_FIRST_RUN = "docs/reference/first-run.md: 1,715 pages of eight manuals in Japanese and English, 384 dimensions"
_BENCHMARKS = "docs/reference/benchmarks.md"
_NIM = "docs.nvidia.com/nim/benchmarking/llm/1.0.0/performance: Llama-3.3-70B FP8 on 2 H100, 5,000 in, 500 out"
_LLAMA = "config.json of meta-llama/Llama-3.3-70B-Instruct"


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that formulae use by its name."""

    name: str
    value: float
    unit: str
    basis: Basis
    where: str


CONSTANTS = (
    # What a page becomes.
    Constant("chunks_per_page", 4395 / 1715, "chunks", "measured", _FIRST_RUN),
    Constant("file_bytes_per_page", 28e6 / 1715, "bytes", "measured", _FIRST_RUN + "; PDFs with text, no scans"),
    Constant(
        "row_bytes_per_page", (32e6 - 4395 * 384 * 4) / 1715, "bytes", "measured", _FIRST_RUN + "; without vectors"
    ),
    Constant(
        "point_bytes",
        29e6 / 4395 - 384 * 4,
        "bytes",
        "measured",
        _FIRST_RUN + "; sparse vector, payload, without the dense vector",
    ),
    Constant("scan_bytes_per_page", 300e3, "bytes", "chosen", "an A4 page at 200 dpi, grey, as JPEG"),
    Constant("tokens_per_chunk", 230, "tokens", "measured", _BENCHMARKS + ": the passages of the embedding benchmark"),
    # How fast pages are taken in.
    Constant(
        "pages_per_second_read", 60 / 2, "pages/s and core", "measured", _FIRST_RUN + "; 2 cores, rows written too"
    ),
    Constant(
        "ocr_seconds_per_page", 9.5, "core seconds", "measured", "docs/reference/reading.md: rapidocr, 200 and 300 dpi"
    ),
    Constant(
        "chunks_per_second_cpu",
        453 / 108.5 / 2,
        "chunks/s and core",
        "measured",
        _BENCHMARKS + ": ingest, multilingual-e5-small; larger models: in proportion to their parameters",
    ),
    Constant(
        "parameters_of_measured",
        21.5e6,
        "parameters",
        "published",
        "multilingual-e5-small without its word table, by its config.json: 12 layers, 384 wide",
    ),
    Constant(
        "tokens_per_second_gpu",
        62e3,
        "tokens/s",
        "published",
        "github michaelfeil/infinity: bge-large, the shape of bge-m3, on one L4",
    ),
    # Answers.
    Constant(
        "answers_per_pair",
        50,
        "answers at once",
        "published",
        _NIM + ": first token 0.84 s at 50 at once, 8.0 s at 100",
    ),
    Constant("first_token_seconds", 0.835, "s", "published", _NIM + ", 50 at once"),
    Constant("seconds_per_token", 0.0597, "s", "published", _NIM + ", 50 at once"),
    Constant("added_seconds", 0.171, "s", "measured", _BENCHMARKS + ": first_token, p95 of what Tenkyo adds"),
    Constant(
        "prompt_tokens",
        6000,
        "tokens",
        "chosen",
        "evidence_tokens of the model in config/portfolio.toml, and 1,000 for rules and history",
    ),
    Constant("answer_tokens", 500, "tokens", "chosen", "what the published figures wrote"),
    Constant("model_bytes", 70.6e9, "bytes", "published", _LLAMA + ": 70.6 billion parameters, FP8: one byte each"),
    Constant(
        "cache_bytes_per_token",
        2 * 80 * 8 * 128,
        "bytes",
        "published",
        _LLAMA + ": keys and values, 80 layers, 8 heads of 128, FP8",
    ),
    Constant("gpu_bytes", 80e9, "bytes", "chosen", "an H100 with 80 GB"),
    Constant("gpu_share", 0.9, "share", "published", "vLLM's default for --gpu-memory-utilization"),
    # Memory.
    Constant(
        "process_bytes",
        1085 * 2**20,
        "bytes",
        "measured",
        _BENCHMARKS + ": memory, web and worker with multilingual-e5-small, 1,000 pages",
    ),
    Constant(
        "answer_process_bytes",
        2.41e9,
        "bytes",
        "measured",
        "docs/how-to/size-a-machine.md: Qwen2.5-Coder-1.5B Q4_K_M in llama.cpp",
    ),
    Constant(
        "weight_bytes_of_measured",
        118e6 * 4,
        "bytes",
        "published",
        "multilingual-e5-small: 118 million parameters, float32",
    ),
    Constant("streams_per_web_process", 100, "answers at once", "chosen", "not measured yet; the load test will say"),
    Constant(
        "parse_bytes",
        4096 * 2**20,
        "bytes",
        "chosen",
        "PARSE_MEMORY_MB, the most that a process which reads a file may use",
    ),
    Constant("cache_share", 0.25, "share", "chosen", "of the database kept in PostgreSQL's memory"),
    # Margins.
    Constant("disk_margin", 1.5, "times", "chosen", "indexes grow before they shrink; upgrades copy tables"),
    Constant("backups_kept", 2, "backups", "chosen", "on the same disk, until they are carried off"),
    Constant("fixed_bytes", 10e9, "bytes", "chosen", "packages, logs, embedding model, font"),
)
# The embedding models of config/portfolio.toml: parameters outside the word table, which compute, and all, which are
# kept in memory. Published with the models.
EMBEDDERS = {
    "multilingual-e5-small": (384, 21.5e6, 118e6),
    "bge-m3": (1024, 303e6, 568e6),
    "ruri-v3-310m": (768, 236e6, 315e6),
}


def constant(name: str) -> float:
    """The value of the constant of that name. Raises KeyError."""
    return {each.name: each.value for each in CONSTANTS}[name]
