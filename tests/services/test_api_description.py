"""The HTTP API of a served site keeps to its own description, whatever it is sent. No model is asked for an answer."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import text_file
from tests.services import programs

pytestmark = [pytest.mark.services, pytest.mark.models]
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "negative_data_rejection",
    "ignored_auth",
    "unsupported_method",
)
NO_LIMITS = dict.fromkeys(("ASKS_PER_MINUTE", "SEARCHES_PER_MINUTE", "UPLOADS_PER_MINUTE"), "0")


@pytest.fixture
def site(tmp_path):
    """(address, token) of a served site with one document."""
    port = programs.free_port()
    env = programs.environment(tmp_path / "data", PORT=str(port), **NO_LIMITS)
    programs.manage("migrate", "--verbosity", "0", env=env)
    programs.manage("first_admin", env=env)
    (tmp_path / "manuals").mkdir()
    (tmp_path / "manuals" / "pump.txt").write_bytes(text_file())
    programs.manage("ingest_folder", str(tmp_path / "manuals"), "--library", "Pumps", env=env)
    token = programs.manage("api_token", "admin", env=env).split()[-1]
    log = tmp_path / "log"
    with programs.running("manage.py", "serve", env=env, log=log):
        address = f"http://127.0.0.1:{port}"
        programs.wait_until(lambda: programs.status_of(f"{address}/healthz") == 200, log=log)
        yield address, token


def test_whatever_is_sent_is_answered_as_described(site, tmp_path):
    address, token = site
    asked = [
        f"{address}/api/v1/openapi.json",
        "--header",
        f"Authorization: Bearer {token}",
        "--checks",
        ",".join(CHECKS),
    ]
    amount = ["--phases", "coverage,fuzzing", "--max-examples", "10", "--seed", "1", "--exclude-path", "/api/v1/ask"]
    command = [Path(sys.executable).with_name("st"), "run", *asked, *amount, "--continue-on-failure", "--no-color"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False)
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-1000:]
