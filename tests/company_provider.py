"""A company's OpenID Connect provider in a process of its own: `python -m tests.company_provider PORT`.

The provider is a package's; around it stands what that leaves out: a code is given for a PKCE challenge, and only
whoever has its verifier gets the token.
"""

import base64
import hashlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

from tests.conftest import REPOSITORY

CLIENT, SECRET = "tenkyo", "a secret of forty random characters"
WAIT_SECONDS = 30


class Pkce:
    """WSGI around the provider: refuses what does not prove that it began the sign-in."""

    def __init__(self, inner):
        self.inner, self.challenges = inner, {}

    def __call__(self, environ, start):
        if environ["PATH_INFO"] == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            if not self._proved(parse_qs(body.decode())):
                start("400 Bad Request", [("Content-Type", "application/json")])
                return [b'{"error": "invalid_grant"}']
        asked = parse_qs(environ.get("QUERY_STRING", ""))

        def started(status, headers, *rest):
            code = parse_qs(urlsplit(dict(headers).get("Location", "")).query).get("code")
            if code and asked.get("code_challenge_method") == ["S256"]:
                self.challenges[code[0]] = asked["code_challenge"][0]
            return start(status, headers, *rest)

        return self.inner(environ, started)

    def _proved(self, sent):
        digest = hashlib.sha256(sent.get("code_verifier", [""])[0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return self.challenges.pop(sent.get("code", [""])[0], None) == challenge


@contextmanager
def provider_running():
    """The provider's address, while it runs."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "tests.company_provider", str(port)]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _until_up(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _until_up(address, process):
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            return urllib.request.urlopen(f"{address}/jwks", timeout=5).close()  # noqa: S310  our own process
        except OSError:
            time.sleep(0.1)
    message = "The provider did not start."
    raise RuntimeError(message)


if __name__ == "__main__":
    from oidc_provider_mock import app
    from werkzeug.serving import run_simple

    run_simple("127.0.0.1", int(sys.argv[1]), Pkce(app()), threaded=True)
