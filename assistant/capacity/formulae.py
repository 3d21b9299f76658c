"""The formulae, in the order they are computed. A name is an option, a constant, or an earlier formula."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """`name = expression`, in `unit`; `told` is what a person reads. `result`: it belongs to the summary."""

    name: str
    expression: str
    unit: str
    told: str
    result: bool = False


FORMULAE = (
    # Answers.
    Formula(
        "answer_seconds",
        "added_seconds + first_token_seconds + answer_tokens * seconds_per_token",
        "s",
        "one answer takes",
    ),
    Formula(
        "answers_mean",
        "users * questions_per_hour / 3600 * answer_seconds",
        "answers",
        "at once in the busiest hour, on average",
    ),
    Formula(
        "answers_at_once",
        "ceil(answers_mean + 2 * sqrt(answers_mean))",
        "answers",
        "at once, not exceeded 97.7 % of that hour",
        result=True,
    ),
    Formula(
        "pairs_for_speed",
        "ceil(answers_at_once / answers_per_pair)",
        "pairs",
        "of GPUs, so that nobody waits 8 s for a first word",
    ),
    Formula(
        "cache_bytes",
        "answers_at_once * (prompt_tokens + answer_tokens) * cache_bytes_per_token",
        "bytes",
        "keys and values of the answers at once",
    ),
    Formula("cache_bytes_per_pair", "2 * gpu_bytes * gpu_share - model_bytes", "bytes", "left for them on a pair"),
    Formula("pairs_for_memory", "ceil(cache_bytes / cache_bytes_per_pair)", "pairs", "of GPUs, so that they fit"),
    Formula(
        "answer_gpus",
        "2 * max(1, pairs_for_speed, pairs_for_memory)",
        "GPUs",
        "for the answer model (80 GB each)",
        result=True,
    ),
    # Taking documents in.
    Formula("chunks", "pages * chunks_per_page", "chunks", "of all current revisions"),
    Formula("scanned_pages", "pages * scanned / 100", "pages", "read by OCR"),
    Formula(
        "read_hours",
        "(pages / pages_per_second_read + scanned_pages * ocr_seconds_per_page) / cores / 3600",
        "h",
        "to read everything once on the cores",
    ),
    Formula(
        "embed_hours_cpu",
        "chunks / chunks_per_second_cpu * embed_parameters / parameters_of_measured / cores / 3600",
        "h",
        "to embed everything once on the cores",
    ),
    Formula(
        "embed_hours_gpu",
        "chunks * tokens_per_chunk / tokens_per_second_gpu / 3600",
        "h",
        "to embed everything once on one GPU of 24 GB",
    ),
    Formula(
        "embed_gpus",
        "ceil(min(1, max(0, embed_hours_cpu - hours)))",
        "GPUs",
        "for the embedder: none where the cores do it in time",
        result=True,
    ),
    Formula(
        "ingest_hours",
        "read_hours + (embed_hours_gpu if embed_gpus else embed_hours_cpu)",
        "h",
        "until everything is searchable, the first time",
        result=True,
    ),
    Formula(
        "document_seconds",
        "ingest_hours * 3600 / documents",
        "s",
        "of the machines for a document of average length",
        result=True,
    ),
    # Disk.
    Formula(
        "file_bytes",
        "revisions * (pages * file_bytes_per_page + scanned_pages * scan_bytes_per_page)",
        "bytes",
        "uploaded files",
    ),
    Formula("vector_bytes", "revisions * chunks * dimension * 4", "bytes", "vectors in the database"),
    Formula("database_bytes", "revisions * pages * row_bytes_per_page + vector_bytes", "bytes", "database"),
    Formula("index_bytes", "chunks * (point_bytes + dimension * 4)", "bytes", "vector index, current revisions only"),
    Formula("backup_bytes", "backups_kept * (file_bytes + database_bytes)", "bytes", "backups kept on the machine"),
    Formula(
        "disk_bytes",
        "fixed_bytes + disk_margin * (file_bytes + database_bytes + index_bytes) + backup_bytes",
        "bytes",
        "disk for data",
        result=True,
    ),
    Formula("model_disk_bytes", "model_bytes + embed_weight_bytes", "bytes", "disk for model weights", result=True),
    # Memory.
    Formula(
        "web_processes", "max(2, ceil(answers_at_once / streams_per_web_process))", "processes", "of the web server"
    ),
    Formula(
        "answer_slots",
        "floor(answers_per_pair * answer_gpus / 2 / web_processes)",
        "answers",
        "ANSWER_SLOTS: at once in each web process",
        result=True,
    ),
    Formula(
        "one_process_bytes",
        "process_bytes - weight_bytes_of_measured + embed_weight_bytes",
        "bytes",
        "of memory, one web or worker process",
    ),
    Formula("index_memory_bytes", "index_bytes", "bytes", "of memory, the vector index wholly in it"),
    Formula("database_memory_bytes", "2**30 + cache_share * database_bytes", "bytes", "of memory, PostgreSQL"),
    Formula(
        "process_memory_bytes",
        "(web_processes + workers) * one_process_bytes + workers * parse_bytes",
        "bytes",
        "of memory, all of them, while files are read",
    ),
    Formula(
        "memory_bytes",
        "process_memory_bytes + index_memory_bytes + database_memory_bytes",
        "bytes",
        "memory, without the answer model's machine",
        result=True,
    ),
    Formula(
        "small_machine_bytes",
        "process_bytes + answer_process_bytes",
        "bytes",
        "memory of one machine for one or two people at once, without a GPU",
        result=True,
    ),
)
