"""Real manuals through the real pages: upload them in Chromium, ask in the chat, open every cited page, keep pictures.

    python -m benchmarks.first_run --password … --files FOLDER --out FOLDER [--base URL] [--skip-upload]

Writes run.json (stages and answers) and one picture per answer and cited page. A person then looks at them and writes
docs/reference/first-run.md: this program counts, it does not judge whether a cited page proves the sentence.
"""

import argparse
import json
import time
import tomllib
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ENDED = {"ready", "failed", "cancelled"}
MINUTE = 60_000


def main() -> None:
    """Upload, wait, ask, write down."""
    wanted = _arguments()
    wanted.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, base_url=wanted.base, locale="ja-JP")
        _sign_in(page, wanted.user, wanted.password)
        found: dict[str, Any] = {}
        if not wanted.skip_upload:
            found["documents"] = _upload(page, wanted.library, sorted(wanted.files.glob("*.pdf")))
            _keep(found, wanted.out)
        questions = tomllib.loads((Path(__file__).parent / "first_run.toml").read_text(encoding="utf-8"))["question"]
        found["answers"] = []
        for number, question in enumerate(questions[: wanted.most], 1):
            found["answers"].append({**question, **_ask(page, question["text"], wanted.out / f"q{number:02}")})
            _keep(found, wanted.out)
            _say(number, found["answers"][-1])
        browser.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", required=True)
    parser.add_argument("--files", type=Path)
    parser.add_argument("--library", default="Real manuals")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--skip-upload", action="store_true")
    parser.add_argument("--most", type=int, default=1000)
    return parser.parse_args()


def _sign_in(page: Page, user: str, password: str) -> None:
    page.goto("/login/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("#question")


def _upload(page: Page, library: str, files: list[Path]) -> list[dict[str, Any]]:
    """Choose the files on the library's page and wait until every document has ended. One row per document."""
    made = _api(page, "POST", "/api/v1/libraries", {"name": library})
    page.goto(f"/libraries/{made['id']}/")
    with page.expect_response(
        lambda got: got.url.endswith("/documents") and got.request.method == "POST", timeout=5 * MINUTE
    ):
        page.set_input_files("#files", [str(file) for file in files])
    began, seen = time.monotonic(), {}
    while len(seen) < len(files) or not all(row["status"] in ENDED for row in seen.values()):
        page.wait_for_timeout(1000)
        for row in _api(page, "GET", f"/api/v1/libraries/{made['id']}/documents"):
            _note(seen, row, time.monotonic() - began)
    return list(seen.values())


def _note(seen: dict[str, dict[str, Any]], row: dict[str, Any], seconds: float) -> None:
    """Keep when each document entered each stage."""
    revision = row["revision"]
    known = seen.setdefault(row["id"], {"title": row["title"], "entered": {}})
    known["entered"].setdefault(revision["status"], round(seconds, 1))
    known.update(
        status=revision["status"], pages=revision["pages_total"], chunks=revision["chunks"], error=revision["error"]
    )


def _ask(page: Page, question: str, pictures: Path) -> dict[str, Any]:
    """Ask in a new conversation, wait for the end, open every cited page. Returns what the page then shows."""
    page.goto("/")
    page.fill("#question", question)
    began = time.monotonic()
    page.press("#question", "Enter")
    page.wait_for_selector(".answer[data-state]:not([data-state=streaming])", timeout=10 * MINUTE)
    seconds = round(time.monotonic() - began, 1)
    page.wait_for_timeout(500)
    page.screenshot(path=f"{pictures}.png")
    return {"seconds": seconds, **_shown(page), "cited": _cited(page, pictures)}


def _shown(page: Page) -> dict[str, Any]:
    """The answer's sentences with their verdicts, or that it abstained, and the nearest pages."""
    return {
        "abstained": page.locator(".answer .abstained").count() > 0,
        "answer": page.locator(".answer .answer-text").inner_text(),
        "supported": page.locator(".answer .sentence.supported").count(),
        "unsupported": page.locator(".answer .sentence.unsupported").count(),
        "nearest": page.locator(".answer .abstained .source").all_inner_texts(),
    }


def _cited(page: Page, pictures: Path) -> list[dict[str, str]]:
    """Open each source in the panel; keep its picture, its place and its quote."""
    found = []
    sources = page.locator(".answer ol.sources button.source")
    for number in range(sources.count()):
        place = sources.nth(number).inner_text()
        sources.nth(number).click()
        page.wait_for_selector(".panel blockquote")
        page.wait_for_timeout(1500)
        page.screenshot(path=f"{pictures}-cited-{number + 1}.png")
        found.append({"place": " ".join(place.split()), "quote": page.locator(".panel blockquote").inner_text()})
        page.keyboard.press("Escape")
    return found


def _api(page: Page, method: str, path: str, body: dict[str, str] | None = None) -> Any:
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Referer": page.url}
    return page.request.fetch(path, method=method, data=body, headers=headers).json()


def _keep(found: dict[str, Any], out: Path) -> None:
    (out / "run.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


def _say(number: int, row: dict[str, Any]) -> None:
    print(f"{number:2} {row['text']}\n   gold {row.get('document')} {row.get('pages')} {row.get('expect')}")
    print(f"   {row['seconds']} s, {row['answer']!r}")
    for source in row["cited"]:
        print(f"   cited {source['place']}: {source['quote']!r}", flush=True)


if __name__ == "__main__":
    main()
