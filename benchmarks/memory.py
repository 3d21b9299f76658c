"""Peak memory of the web and worker process while it takes in a PDF of 1,000 pages. Target: ≤ 2 GiB.

    python -m benchmarks.memory [--pages 1000]

The answer model runs elsewhere (ANSWER_URL), as it does in its own process when the product is served.
"""

import argparse
import time
from pathlib import Path

import httpx

from benchmarks.harness import access_token, peak_megabytes, plain_pdf, server, start_django


def main() -> None:
    """Print pages, seconds and the peak."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    wanted = parser.parse_args()
    data = start_django(ANSWER_URL="http://127.0.0.1:9/v1")
    token = access_token()
    path = plain_pdf(wanted.pages)
    began = time.monotonic()
    with server(data) as (base, process):
        state = _taken_in(base, token, path)
        peak = peak_megabytes(process.pid)
    print(
        f"{state['pages_total']} pages, {state['chunks']} chunks, {state['status']} in {time.monotonic() - began:.0f} s"
    )
    print(f"peak of the web and worker process: {peak:.0f} MiB (target ≤ 2048)")


def _taken_in(base: str, token: str, path: Path) -> dict[str, object]:
    """Upload through the API, wait until the revision is ready, and return its state."""
    with httpx.Client(base_url=f"{base}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=120) as client:
        library = client.post("/libraries", json={"name": "bench"}).raise_for_status().json()["id"]
        with path.open("rb") as file:
            document = (
                client.post(f"/libraries/{library}/documents", files={"file": file}).raise_for_status().json()["id"]
            )
        while True:
            state: dict[str, object] = client.get(f"/documents/{document}").raise_for_status().json()["revision"]
            if state["status"] not in {"queued", "parsing", "embedding", "indexing"}:
                return state
            time.sleep(1)


if __name__ == "__main__":
    main()
