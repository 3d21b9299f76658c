"""One PDF taken in, against reading it and `SentenceTransformer.encode` of the same chunks alone. Target: ≤ 1.25 ×.

    python -m benchmarks.ingest [FILE]

FILE: a PDF; without it, the Debian installation guide in Japanese (package installation-guide-amd64).
"""

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.harness import debian_guide, start_django

if TYPE_CHECKING:
    from ingestion.models import Revision


def main() -> None:
    """Print seconds of each part, pages per second, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    wanted = parser.parse_args()
    path = wanted.file or debian_guide()
    start_django(ANSWER_URL="http://127.0.0.1:9/v1")
    from ingestion.embedding import embedder

    embedder().query("warm up")
    product, revision = _product(path)
    reading, encoding, chunks = _raw(path, revision)
    raw = reading + encoding
    print(f"{path.name}: {revision.pages_total} pages, {chunks} chunks")
    print(f"raw      reading {reading:6.1f} s, encode {encoding:6.1f} s, together {raw:6.1f} s")
    print(f"product  upload to ready {product:6.1f} s ({revision.pages_total / product:.1f} pages/s)")
    print(f"ratio: {product / raw:.2f} (target ≤ 1.25)")


def _product(path: Path) -> tuple[float, "Revision"]:
    """Seconds from the upload to ready, with every row, audit entry and point written."""
    from ingestion import pipeline
    from ingestion.access import scope_for
    from ingestion.models import IngestionRun, Library, Revision, Status, User
    from ingestion.services import document_add

    user = User.objects.create_superuser("bench", password=None)
    library = Library.objects.create(name="bench")
    began = time.perf_counter()
    with path.open("rb") as file:
        document_add(
            user=user,
            scope=scope_for(user),
            library_id=library.id,
            file=file,
            filename=path.name,
            size=path.stat().st_size,
        )
    run = IngestionRun.objects.get()
    while pipeline.parse(run.id, at=[Status.QUEUED, Status.PARSING]):  # a portion of the pages, read and indexed
        pipeline.embed(run.id, at=[Status.EMBEDDING])
    took = time.perf_counter() - began
    return took, Revision.objects.get(status=Status.READY)


def _raw(path: Path, revision: "Revision") -> tuple[float, float, int]:
    """Seconds of reading every page in this process, seconds of plain encode, number of texts encoded."""
    from django.conf import settings
    from sentence_transformers import SentenceTransformer

    from config.portfolio import model_named
    from ingestion.chunking import chunk_pages
    from ingestion.embedding import embedder
    from ingestion.files import font_path
    from ingestion.parsing import open_file

    began = time.perf_counter()
    reader = open_file(path, path.name, font=font_path())
    pages = [reader.page(number) for number in range(1, reader.page_count + 1)]
    reading = time.perf_counter() - began
    title = revision.document.title
    texts = [draft.embedded_text for draft in chunk_pages(pages, title=title, count_tokens=embedder().count_tokens)]
    model = model_named(settings.EMBED_MODEL, "embed")
    plain = SentenceTransformer(str(settings.MODELS_DIR / model.path), device="cpu")
    began = time.perf_counter()
    plain.encode(texts, prompt=model.passage_prompt)
    return reading, time.perf_counter() - began, len(texts)


if __name__ == "__main__":
    main()
