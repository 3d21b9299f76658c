"""Make .venv and install the pinned packages. Standard library only: it runs before anything is installed.

`python3 requirements/install.py runtime` or `… test`. What a stamp says is installed is left alone, so the second run
takes no time; a run that was interrupted goes on where pip stopped, with pip's own cache.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from get_pip_wheel import fetch_pip

HERE = Path(__file__).resolve().parent
VENV = Path(os.environ.get("VENV", HERE.parent / ".venv"))
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
# torch first and alone: an unpinned torch, pulled in by another package, brings gigabytes of CUDA.
PARTS = {"runtime": ("torch", "runtime"), "test": ("torch", "runtime", "test")}


def main(kind: str) -> None:
    """Install every part of `runtime` or `test` whose stamp does not match its file."""
    if sys.version_info < OLDEST:
        version = sys.version.split()[0]
        sys.exit(f"Tenkyo needs Python 3.11 or later; this is {version}. Try: make PYTHON=python3.11 demo")
    if not has_pip():
        make_venv()
    for part in PARTS[kind]:
        install(part)


def has_pip() -> bool:
    """Whether .venv is there and whole: an interrupted start leaves one without pip."""
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0


def make_venv() -> None:
    """Create .venv with pip in it, also where Debian's python3-venv (ensurepip) is not installed."""
    say(f"Making the virtual environment {VENV}")
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        say("python3 -m venv has no pip to give (Debian: python3-venv is missing); fetching pip instead")
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", VENV], check=True)
        wheel = fetch_pip(VENV)
        # A wheel of pip can install itself: Python imports straight from the zip file.
        command = [PYTHON, wheel / "pip", "install", "--quiet", "--no-index", wheel]
        subprocess.run(command, check=True)


def install(part: str) -> None:
    """Install requirements/<part>.txt, unless its stamp says that exactly this was installed."""
    file = HERE / f"{part}.txt"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    stamp = VENV / f"installed-{part}"
    if stamp.exists() and stamp.read_text() == digest:
        return
    say(f"Installing {file.relative_to(HERE.parent)}")
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "on", "-r", file]
    ended = subprocess.run(command, check=False)
    if ended.returncode:
        sys.exit(f"pip could not install {file.name} (see above). What is installed stays; run the same command again.")
    stamp.write_text(digest)


def say(line: str) -> None:
    """One line of progress, at once."""
    print(f"== {line}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
