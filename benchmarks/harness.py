"""What the benchmarks share: a data folder of their own, Django on it, a server on a free port, percentiles."""

import gzip
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

GUIDE = Path("/usr/share/doc/installation-guide-amd64/ja/install.ja.pdf.gz")
ROOT = Path(__file__).resolve().parent.parent
# A benchmark is one person in a hurry.
_UNLIMITED = {"ASKS_PER_MINUTE": "0", "SEARCHES_PER_MINUTE": "0", "UPLOADS_PER_MINUTE": "0"}


def start_django(data: Path | None = None, **variables: str) -> Path:
    """Set Django up on a fresh data folder (the models stay where they are) and migrate. Returns the folder."""
    folder = data or Path(tempfile.mkdtemp(prefix="tenkyo-bench-"))
    os.environ.update(TENKYO_DATA=str(folder), MODELS_DIR=os.environ.get("MODELS_DIR", str(ROOT / "var/models")))
    os.environ.update(LOG_LEVEL="WARNING", DJANGO_SETTINGS_MODULE="config.settings", **_UNLIMITED, **variables)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return folder


def debian_guide() -> Path:
    """The Debian installation guide in Japanese (126 pages), unpacked: the PDF that is read where none is named."""
    if not GUIDE.exists():
        raise SystemExit("Name a PDF, or: apt-get install installation-guide-amd64")
    path = Path(tempfile.mkdtemp()) / "install.ja.pdf"
    path.write_bytes(gzip.decompress(GUIDE.read_bytes()))
    return path


def access_token() -> str:
    """A token of a new superuser."""
    from ingestion.access import token_issue
    from ingestion.models import User

    return token_issue(user=User.objects.create_superuser("bench", password=None), name="bench")


def plain_pdf(pages: int) -> Path:
    """A PDF of that many pages of English text, each with other words."""
    from reportlab.pdfgen.canvas import Canvas

    path = Path(tempfile.mkdtemp()) / "plain.pdf"
    canvas = Canvas(str(path))
    for page in range(pages):
        for line in range(40):
            canvas.drawString(
                50, 800 - line * 18, f"Page {page} line {line}: inspect seal {page * 40 + line} of pump line {line}."
            )
        canvas.showPage()
    canvas.save()
    return path


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def server(data: Path, **variables: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`manage.py serve` on this data folder until the block ends: (base URL, process)."""
    port = free_port()
    environment = {**os.environ, **_UNLIMITED, "TENKYO_DATA": str(data), "PORT": str(port), **variables}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_until(base, process)
        yield base, process
    finally:
        process.terminate()
        process.wait(60)


def _wait_until(base: str, process: subprocess.Popen[bytes], seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"The server stopped with {process.returncode}.")
        try:
            if httpx.get(f"{base}/healthz", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise SystemExit(f"The server did not answer within {seconds} seconds.")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def peak_megabytes(pid: int) -> float:
    """The most memory the process ever held (VmHWM), in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"/proc/{pid}/status names no VmHWM.")
