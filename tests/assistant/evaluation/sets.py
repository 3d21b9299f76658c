"""Small evaluation sets, written where a test wants them, and the manual they ask about."""

import hashlib
import json

from tests.assistant.conftest import MANUAL
from tests.factories import text_file

SHA256 = hashlib.sha256(text_file(*MANUAL)).hexdigest()
QUESTIONS = """
[[questions]]
id = "en-fact-001"
kind = "fact"
question = "How often must the mechanical seal MS-20 be replaced?"
evidence = [["pump:2"]]
quote = ["replaced every 16,000 hours"]
answer = "Every 16,000 hours."
expect = [["16,000"]]
split = "report"

[[questions]]
id = "en-unanswerable-001"
kind = "unanswerable"
question = "Who won the World Cup?"
answer = "foreign: nothing about football"
split = "choose"
"""


def golden_folder(folder, *, questions=QUESTIONS, sha256=SHA256):
    """A golden set of one manual and two questions."""
    folder.mkdir(exist_ok=True)
    manual = {"key": "pump", "package": "pump-doc", "version": "1", "path": "/nowhere/pump.pdf", "language": "en"}
    rows = [*(f'{key} = "{value}"' for key, value in manual.items()), "pages = 2", f'sha256 = "{sha256}"']
    (folder / "manuals.toml").write_text("\n".join(["[[manuals]]", *rows, 'title = "Pump"']), encoding="utf-8")
    (folder / "questions_en.toml").write_text(questions, encoding="utf-8")
    return folder


def data_folder(folder):
    """JSQuAD of two paragraphs and LIT-RAGBench of two rows, one of them unanswerable."""
    (folder / "jglue").mkdir(parents=True)
    (folder / "lit-ragbench").mkdir()
    paragraphs = [
        {"context": "梅雨 [SEP] 梅雨は雨の多い季節である。", "qas": [{"question": "梅雨はどんな季節?"}]},
        {"context": "高度 [SEP] 高度とは海面からの高さである。", "qas": [{"question": "高度とは?"}]},
    ]
    whole = {"data": [{"paragraphs": paragraphs}]}
    (folder / "jglue/jsquad-valid-v1.3.json").write_text(json.dumps(whole), encoding="utf-8")
    for language, chunks in {
        "ja": ("駅は北にある。", "港は南にある。"),
        "en": ("The station is north.", "The port is south."),
    }.items():
        rows = [
            {"question": f"? {language}", "positive_chunk_list": [chunks[1]], "negative_chunk_list": [chunks[0]]},
            {"question": "?", "positive_chunk_list": [], "negative_chunk_list": [{"table": [1]}]},
        ]
        lines = "\n".join(json.dumps(row) for row in rows)
        (folder / f"lit-ragbench/{language}.jsonl").write_text(lines, encoding="utf-8")
    return folder
