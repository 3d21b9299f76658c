"""Fetch pip's own wheel with the standard library, for a Python that has venv but no ensurepip."""

import hashlib
import os
import re
import sys
import urllib.request
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin

APT_LINE = "sudo apt-get install -y python3-venv"
TIMEOUT_SECONDS = 60


class _Links(HTMLParser):
    """Collects the links of a package index page (PEP 503)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep each address."""
        values = dict(attrs)
        # A yanked release is one that its authors took back.
        if tag == "a" and values.get("href") and "data-yanked" not in values:
            self.found.append(str(values["href"]))


def fetch_pip(folder: Path) -> Path:
    """The newest pip wheel of the index in PIP_INDEX_URL, checked by the SHA-256 that the index gives, in `folder`."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    try:
        links = _Links()
        links.feed(_read(index).decode())
        address, digest = _newest(links.found)
        data = _read(urljoin(index, address))
    except (OSError, ValueError) as error:
        sys.exit(f"pip could not be fetched from {index}: {error}\nInstall it with:  {APT_LINE}\nthen run make again.")
    if hashlib.sha256(data).hexdigest() != digest:
        sys.exit(f"The pip wheel from {index} is not what the index says (SHA-256). Install it with:  {APT_LINE}")
    wheel = folder / address.rsplit("/", 1)[-1]
    wheel.write_bytes(data)
    return wheel


def _newest(links: list[str]) -> tuple[str, str]:
    """(address, SHA-256) of the highest final release. Raises ValueError where the index lists none."""
    wheels = []
    for link in links:
        address, fragment = urldefrag(link)
        name = re.search(r"/pip-(\d+(?:\.\d+)*)-py3-none-any\.whl$", address)
        if name and fragment.startswith("sha256="):
            version = tuple(int(part) for part in name.group(1).split("."))
            wheels.append((version, address, fragment.removeprefix("sha256=")))
    if not wheels:
        raise ValueError("it lists no pip wheel with a SHA-256")
    _, address, digest = max(wheels)
    return address, digest


def _read(address: str) -> bytes:
    if not address.startswith(("https://", "http://", "file://")):
        raise ValueError(f"not an address of a package index: {address}")
    with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - the scheme is checked above
        body: bytes = answer.read()
    return body
