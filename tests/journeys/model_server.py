"""A tiny OpenAI-compatible server whose answers a test writes: what the product talks to over real HTTP."""

import json
import re
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_LINE = re.compile(r"^\s*(?:[\[［【](\d+)[\]］】])?\s*(.+)$", re.MULTILINE)
_EVIDENCE = re.compile(r"<documents>\n(.*?)</documents>", re.DOTALL)


class ModelServer:
    """Serves `reply(prompt)` as a stream of small pieces. `down` makes every request fail; `pause` slows pieces."""

    def __init__(self):
        self.reply = lambda _prompt: ""
        self.down, self.pause = False, 0.0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def reset(self):
        self.reply, self.down, self.pause = (lambda _prompt: ""), False, 0.0

    def _handler(self):
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self._json(503 if model.down else 200, {"status": "ok", "object": "list", "data": []})

            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if model.down:
                    self._json(503, {"error": {"message": "loading"}})
                    return
                text = model.reply("\n".join(str(message["content"]) for message in asked["messages"]))
                with suppress(BrokenPipeError, ConnectionResetError):
                    self._stream(text) if asked.get("stream") else self._json(200, _whole(text))

            def _stream(self, text):
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for start in range(0, len(text), 3):
                    self._event({"choices": [{"index": 0, "delta": {"content": text[start : start + 3]}}]})
                    time.sleep(model.pause)
                self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                self.wfile.write(b"data: [DONE]\n\n")

            def _event(self, data):
                facts = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "scripted", **data}
                self.wfile.write(f"data: {json.dumps(facts)}\n\n".encode())
                self.wfile.flush()

            def _json(self, status, data):
                body = json.dumps(data).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments):
                pass

        return Handler


def _whole(text):
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    return {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice], "usage": usage}


def quoting(*words, after=""):
    """A reply that repeats the evidence lines holding these words, each with its number if it has one, then `after`."""

    def reply(prompt):
        # The last block is the evidence; what comes before may be an example.
        evidence = (_EVIDENCE.findall(prompt) or [""])[-1]
        found = {
            text.strip(): number for number, text in _LINE.findall(evidence) if any(word in text for word in words)
        }
        return "".join(f"{text}[{number}]" if number else f"{text}\n" for text, number in found.items()) + after

    return reply
