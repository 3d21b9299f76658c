"""llama.cpp's OpenAI-compatible server inside this process, for machines without a GPU server of their own."""

import os
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from assistant.errors import AnswerServerFailed, AnswerWeightsMissing
from config.portfolio import Model

_HOST = "127.0.0.1"
_SLOTS = 2
_PROMPT_BATCH = 512


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers at `url` until `server` is let go of."""

    url: str
    server: Any


def start(model: Model, folder: Path, *, port: int, seconds: float = 120) -> Running:
    """Load the model's file below `folder` and serve it; returns once it is healthy.

    Raises AnswerWeightsMissing where the file is not there, AnswerServerFailed where it does not come up in time.
    """
    path = folder / model.path
    if not path.is_file():
        raise AnswerWeightsMissing(model=model.name, path=str(path))
    import xllamacpp

    try:
        server = xllamacpp.Server(_parameters(model, path, port))
    except RuntimeError as error:
        raise AnswerServerFailed(model=model.name, port=port, reason=str(error)) from error
    url = f"http://{_HOST}:{port}"
    _wait(url, model, port, seconds)
    return Running(url, server)


def _parameters(model: Model, path: Path, port: int) -> Any:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.model_alias = {model.name}
    parameters.hostnames = [_HOST]
    parameters.port = port
    # Slots share the context; each must hold a whole conversation turn.
    parameters.n_parallel = _SLOTS
    parameters.n_ctx = model.context_tokens * _SLOTS
    parameters.n_batch = parameters.n_ubatch = _PROMPT_BATCH
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = os.cpu_count() or 1
    parameters.cache_prompt = True
    parameters.use_jinja = True
    parameters.offline = True
    parameters.ui = False
    # The server asks for no key: no web page open in a browser on this machine may read its answers.
    parameters.cors_origins = f"http://{_HOST}:{port}"
    return parameters


def _wait(url: str, model: Model, port: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if httpx.get(f"{url}/health", timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass  # it listens only once the model is loaded
        time.sleep(0.2)
    raise AnswerServerFailed(model=model.name, port=port, reason=f"not healthy after {seconds:.0f} s")


def until_told_to_stop(parent: int) -> None:
    """Block until SIGTERM or SIGINT comes, or this process's parent is another: a killed web process leaves no server.

    Watching the parent's id beats PR_SET_PDEATHSIG, which also fires when only the thread that started us ends.
    """
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    while not told.wait(1) and os.getppid() == parent:
        pass
