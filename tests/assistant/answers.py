"""An answer made of given events, in place of the model, the index and the rows; and uvicorn around the product."""

import asyncio
import socket
import threading
import time
from contextlib import contextmanager
from uuid import UUID

import uvicorn

from assistant.errors import QuestionEmpty
from assistant.services import AskEvent

CONVERSATION = "0b7f7b1e-7c1a-4f0e-9b63-3f3b7f3f0001"
MESSAGE = "0b7f7b1e-7c1a-4f0e-9b63-3f3b7f3f0002"
DONE = {
    "conversation": CONVERSATION,
    "message": MESSAGE,
    "question": MESSAGE,
    "answer": "P-101は500時間ごとに給油する。",
    "abstained": False,
    "state": "complete",
    "sentences": [{"text": "P-101は500時間ごとに給油する。", "verdict": "supported", "reasons": [], "citations": [1]}],
    "citations": [
        {
            "number": 1,
            "id": MESSAGE,
            "document": MESSAGE,
            "title": "ポンプ",
            "revision": 1,
            "page": 3,
            "quote": "500 h",
            "boxes": [[1.0, 2.0, 3.0, 4.0]],
            "url": "/documents/x/pages/3/",
        }
    ],
    "nearest": [],
    "model": "qwen2.5-coder-1.5b-instruct",
    "timings": {"retrieve_ms": 12, "first_token_ms": 300, "total_ms": 900},
}
PASSAGES = {"conversation": CONVERSATION, "message": MESSAGE, "question": MESSAGE, "passages": []}
ERROR = {
    "code": "model_unavailable",
    "message": "The answer model is not running.",
    "hint": "Try again.",
    "conversation": CONVERSATION,
    "message_id": MESSAGE,
    "question": MESSAGE,
}


class ScriptedAsk:
    """`services.ask` that tells given events; remembers what it was asked and how it ended.

    An exception among the events is raised there; a number waits that many seconds.
    """

    def __init__(self, *events):
        self.events = events or (("passages", PASSAGES), ("token", {"text": "P"}), ("done", DONE))
        self.asked = []
        self.ended = threading.Event()
        self.how = ""

    async def __call__(self, **asked):
        self.asked.append(asked)
        if not asked["question"] and not asked["regenerate"]:
            raise QuestionEmpty
        try:
            for event in self.events:
                if isinstance(event, Exception):
                    raise event  # noqa: TRY301 - the stand-in for whatever fails inside
                if isinstance(event, (int, float)):
                    await asyncio.sleep(event)
                else:
                    yield AskEvent(*event)
            self.how = "finished"
        except BaseException as error:
            self.how = type(error).__name__
            raise
        finally:
            self.ended.set()


def frames(text):
    """[(event name, data text)] of a stream's body."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append((lines["event"], lines["data"]))
    return found


def has_error_shape(response):
    """Whether the body is the one error shape, and whole."""
    body = response.json()
    return (
        set(body) == {"error"}
        and set(body["error"]) == {"code", "message", "hint", "request_id"}
        and all(isinstance(value, str) and value for value in body["error"].values())
    )


@contextmanager
def serving():
    """The product behind a real uvicorn in this process; yields its address."""
    from config.asgi import application

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def is_uuid(text):
    return str(UUID(text)) == text
