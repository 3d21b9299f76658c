"""Time to the first token through POST /ask, minus that of the bare model on the same prompt. Target: ≤ 300 ms p95.

    python -m benchmarks.first_token [--questions 12]

A relay between the product and the answer model times the model itself on the very requests the product sends, so both
figures belong to one prompt in one state of the model's prefix cache. A question whose words are not found is
translated first: that request is the model's time as a whole. The rest is the product's: embedding the question,
search, evidence, prompt, streaming. The sample library is what is asked about.
"""

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from benchmarks.harness import ROOT, free_port, percentile, server, start_django

QUESTIONS = (
    "軸受の点検周期は？",
    "How often is the coupling inspected?",
    "メカニカルシールの漏れはどこまで許されますか？",
    "What does the error code on the panel mean?",
    "締付トルクの値を教えてください。",
    "Which grease is used for the bearings?",
)


@dataclass(slots=True)
class Call:
    """Milliseconds of one request to the model: to its first token, and to its end."""

    first: float = 0.0
    whole: float = 0.0


def main() -> None:
    """Print p50 and p95 of both and of the product's share."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=12)
    wanted = parser.parse_args()
    data = start_django()
    token = _sample()
    pairs = []
    with _model() as model_url, _relay(model_url) as (url, calls), server(data, ANSWER_URL=url) as (base, _):
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=f"{base}/api/v1", headers=headers, timeout=600) as client:
            _wait_until_ready(client)
            _first_token(client, QUESTIONS[0])
            for number in range(wanted.questions):
                calls.clear()
                through = _first_token(client, QUESTIONS[number % len(QUESTIONS)])
                if through is not None and calls:
                    pairs.append((through, sum(call.whole for call in calls[:-1]) + calls[-1].first))
    print(f"questions {len(pairs)}")
    _line("bare model on the same prompt", [bare for _, bare in pairs])
    _line("through POST /ask", [ask for ask, _ in pairs])
    _line("the product's share (target p95 ≤ 300)", [ask - bare for ask, bare in pairs])


def _line(name: str, times: list[float]) -> None:
    print(f"{name:40} p50 {percentile(times, 0.5):8.0f} ms   p95 {percentile(times, 0.95):8.0f} ms")


def _sample() -> str:
    from django.core.management import call_command

    from ingestion.access import token_issue
    from ingestion.models import User

    user = User.objects.create_superuser("admin", password=None)
    call_command("sample_library")
    return token_issue(user=user, name="bench")


def _wait_until_ready(client: httpx.Client) -> None:
    while True:
        libraries = [one["id"] for one in client.get("/libraries").json()]
        rows = [row for one in libraries for row in client.get(f"/libraries/{one}/documents").json()]
        if rows and all(row["revision"]["status"] == "ready" for row in rows):
            return
        time.sleep(1)


def _first_token(client: httpx.Client, question: str) -> float | None:
    """Milliseconds until the first token event; the answer is read to its end. None where no model was asked."""
    began, first = time.perf_counter(), None
    with client.stream("POST", "/ask", json={"question": question, "stream": True}) as response:
        for line in response.iter_lines():
            if first is None and line.startswith("event: token"):
                first = (time.perf_counter() - began) * 1000
    return first


@contextmanager
def _model() -> Iterator[str]:
    """The embedded answer server in a process of its own."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "manage.py", "answer_server", "--port", str(port)], cwd=ROOT)
    try:
        url = f"http://127.0.0.1:{port}"
        while True:
            try:
                if httpx.get(f"{url}/health", timeout=2).status_code == httpx.codes.OK:
                    break
            except httpx.HTTPError:
                time.sleep(0.5)
        yield f"{url}/v1"
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def _relay(model_url: str) -> Iterator[tuple[str, list[Call]]]:
    """A server that passes everything on to the model: (URL, what each request took)."""
    calls: list[Call] = []

    class Relay(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = httpx.get(f"{model_url}{self.path.removeprefix('/v1')}", timeout=30)
            self.send_response(answer.status_code)
            self.end_headers()
            self.wfile.write(answer.content)

        def do_POST(self) -> None:
            began, call = time.perf_counter(), Call()
            calls.append(call)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {"Content-Type": "application/json"}
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            url = f"{model_url}{self.path.removeprefix('/v1')}"
            with httpx.stream("POST", url, content=body, headers=headers, timeout=600) as answer:
                for line in answer.iter_lines():
                    if not call.first and _has_text(line):
                        call.first = (time.perf_counter() - began) * 1000
                    self.wfile.write(f"{line}\n".encode())
                    self.wfile.flush()
            call.whole = (time.perf_counter() - began) * 1000

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Say nothing: the benchmark prints its figures only."""

    relay = ThreadingHTTPServer(("127.0.0.1", free_port()), Relay)
    threading.Thread(target=relay.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{relay.server_port}/v1", calls
    finally:
        relay.shutdown()


def _has_text(line: str) -> bool:
    """Whether a line of the stream carries a piece of the answer."""
    if not line.startswith("data: {"):
        return False
    choices = json.loads(line.removeprefix("data: ")).get("choices") or [{}]
    return bool(choices[0].get("delta", {}).get("content"))


if __name__ == "__main__":
    main()
