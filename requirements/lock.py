"""Write torch.txt, runtime.txt and test.txt from what is installed in this environment (`make lock`).

Walks from the direct dependencies in pyproject.toml down, so nothing that merely happens to be installed is pinned.
"""

import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent
HEADER = "# Made by `make lock` from pyproject.toml and the packages installed then. Do not edit.\n"
TORCH_NOTE = """\
# Installed first and alone. On an ordinary machine PyPI gives the CUDA build of this version; without a GPU, save some
# gigabytes with:  PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu make demo
"""


def main() -> None:
    """Write the three files."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = closure(project["dependencies"])
    test = closure(project["optional-dependencies"]["test"])
    torch = {"torch": runtime.pop("torch")}
    write("torch.txt", HEADER + TORCH_NOTE, torch)
    write("runtime.txt", HEADER, runtime)
    write("test.txt", HEADER, {name: pin for name, pin in test.items() if name not in runtime and name != "torch"})


def closure(requirements: list[str]) -> dict[str, str]:
    """Name → exact version of everything these requirements need, themselves included."""
    found: dict[str, str] = {}
    waiting = [Requirement(text) for text in requirements]
    seen: set[tuple[str, str]] = set()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        for extra in ("", *wanted.extras):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            waiting.extend(_needs(name, extra))
        # A local version such as 2.13.0+cpu exists on no index but its own.
        found[name] = distribution(name).version.split("+")[0]
    return found


def _needs(name: str, extra: str) -> list[Requirement]:
    declared = [Requirement(text) for text in distribution(name).requires or []]
    return [need for need in declared if _applies(need, extra)]


def _applies(need: Requirement, extra: str) -> bool:
    # The CUDA wheels belong to torch's GPU build, which brings its own.
    if canonicalize_name(need.name).startswith(("nvidia-", "cuda-", "triton")):
        return False
    return need.marker is None or need.marker.evaluate({"extra": extra})


def write(file: str, header: str, pins: dict[str, str]) -> None:
    """One `name==version` per line, sorted."""
    lines = [f"{name}=={version}\n" for name, version in sorted(pins.items())]
    (HERE / file).write_text(header + "".join(lines), encoding="utf-8")
    print(f"{file}: {len(lines)} packages", file=sys.stderr)


if __name__ == "__main__":
    main()
