"""Seconds from the upload of a large PDF to the first hit on its first page, over HTTP. Target: ≤ 5 s for 800 pages.

    python -m benchmarks.first_page [--pages 800] [--to-the-end]

Beside it the raw parts in this process, with everything loaded: opening the file, reading one page and embedding it.
The answer model is not needed. A search is asked again as soon as the last one is answered: a person in a hurry.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import httpx

from benchmarks.harness import access_token, plain_pdf, server, start_django

ENDED = {"ready", "failed", "cancelled"}
QUESTION = "Page 0 line 7: inspect seal 7"


def main() -> None:
    """Print seconds to the first hit, and of the raw parts; with --to-the-end, how the rest becomes findable too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=800)
    parser.add_argument("--to-the-end", action="store_true")
    wanted = parser.parse_args()
    data = start_django(ANSWER_URL="http://127.0.0.1:9/v1")
    token = access_token()
    path = plain_pdf(wanted.pages)
    reading, encoding, chunks = _raw(path)
    with server(data) as (base, _):
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=f"{base}/api/v1", headers=headers, timeout=120) as client:
            _measure(client, path, to_the_end=wanted.to_the_end)
    print(f"raw parts: open the file and read page 1 {reading:.2f} s, encode its {chunks} chunks {encoding:.2f} s")


def _measure(client: httpx.Client, path: Path, *, to_the_end: bool) -> None:
    library = _sent(client, "POST", "/libraries", json={"name": "bench"})["id"]
    _sent(client, "POST", "/search", json={"query": "warm-up"})  # loads the embedder
    began = time.monotonic()
    with path.open("rb") as file:
        document = _sent(client, "POST", f"/libraries/{library}/documents", files={"file": file})["id"]
    uploaded = time.monotonic() - began
    while not (hits := _sent(client, "POST", "/search", json={"query": QUESTION})["hits"]):
        pass
    first = time.monotonic() - began
    state = _sent(client, "GET", f"/documents/{document}")["revision"]
    print(f"{state['pages_total']} pages: uploaded after {uploaded:.2f} s")
    print(f"first hit, on page {hits[0]['page']}, after {first:.2f} s (target ≤ 5 s)")
    print(f"then: {state['status']}, {state['pages_findable']} pages findable")
    if to_the_end:
        _follow(client, document, began)


def _follow(client: httpx.Client, document: str, began: float) -> None:
    """Say when each tenth of the pages could be found, and when it was ready."""
    said = 0
    while True:
        state = _sent(client, "GET", f"/documents/{document}")["revision"]
        if state["pages_findable"] >= said + state["pages_total"] / 10 or state["status"] in ENDED:
            said = state["pages_findable"]
            print(f"{time.monotonic() - began:7.1f} s  {said} pages findable, {state['status']}", flush=True)
        if state["status"] in ENDED:
            return
        time.sleep(0.5)


def _sent(client: httpx.Client, method: str, path: str, **what: Any) -> Any:
    return client.request(method, path, **what).raise_for_status().json()


def _raw(path: Path) -> tuple[float, float, int]:
    """Seconds to open the file and read its first page, seconds to encode its chunks, and how many they are."""
    from ingestion.chunking import chunk_pages
    from ingestion.embedding import embedder
    from ingestion.files import font_path
    from ingestion.parsing import open_file

    embedder().passages(["warm-up"])
    began = time.perf_counter()
    page = open_file(path, path.name, font=font_path()).page(1)
    reading = time.perf_counter() - began
    chunks = chunk_pages([page], title=path.stem, count_tokens=embedder().count_tokens)
    texts = [chunk.embedded_text for chunk in chunks]
    began = time.perf_counter()
    embedder().passages(texts)
    return reading, time.perf_counter() - began, len(texts)


if __name__ == "__main__":
    main()
