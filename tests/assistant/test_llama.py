"""assistant.llama and `manage.py answer_server`: llama.cpp on this machine."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from django.core.management import CommandError, call_command

from assistant import llama

ROOT = Path(__file__).resolve().parents[2]


def test_a_missing_file_is_told_with_what_to_do(settings, tmp_path):
    settings.MODELS_DIR = tmp_path
    with pytest.raises(CommandError, match=r"answer_weights_missing.*models_fetch"):
        call_command("answer_server")


@pytest.fixture(scope="module")
def served():
    """(base URL, process) of a running `manage.py answer_server`."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "manage.py", "answer_server", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert f":{port}/v1" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}", process
        process.kill()


@pytest.mark.models
def test_it_answers_as_an_openai_compatible_server(served):
    question = {
        "messages": [{"role": "user", "content": "What is the capital of Japan? Answer with one word."}],
        "max_tokens": 6,
        "temperature": 0,
    }
    answer = httpx.post(f"{served[0]}/v1/chat/completions", json=question, timeout=120).json()
    assert "Tokyo" in answer["choices"][0]["message"]["content"]


@pytest.mark.models
def test_it_names_the_model_of_the_portfolio(served):
    named = httpx.get(f"{served[0]}/v1/models", timeout=30).json()
    assert named["data"][0]["id"] == "qwen2.5-coder-1.5b-instruct"


@pytest.mark.models
def test_it_stops_when_told(served):
    served[1].send_signal(signal.SIGTERM)
    assert served[1].wait(30) == 0


@pytest.mark.models
def test_it_stops_when_its_parent_dies():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    script = f"{sys.executable} manage.py answer_server --port {port} & wait"
    with subprocess.Popen(["/bin/sh", "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert "/v1" in parent.stdout.readline()
        parent.kill()
        # The pipe ends when the last process that holds it, the server, is gone.
        assert parent.stdout.read().endswith("Stopped.\n")


def test_it_stops_where_its_parent_was_gone_before_it_was_up(monkeypatch):
    told = []
    monkeypatch.setattr(llama.signal, "signal", lambda number, _handler: told.append(number))
    llama.until_told_to_stop(parent=0)  # no process has this id
    assert len(told) == 2
