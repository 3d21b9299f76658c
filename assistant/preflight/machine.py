"""The machine: disk, memory, processor, GPU, open files, clock."""

import ctypes
import os
import platform
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from assistant.capacity.constants import constant
from assistant.preflight.lines import Line
from ingestion.management.said import size

_GB = 1e9
_WANTED_BYTES = 10 * _GB
# A person who reads an answer holds a connection, its model's connection, and now and then a file.
_FILES_PER_PERSON = 4
_FILES_WANTED = 4096
# Of adjtimex(2): the kernel's clock is not disciplined by anything.
_TIME_ERROR = 5
_TIMEX_BYTES = 256
_APART_SECONDS = 5
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def lines() -> Iterator[Line]:
    """Every line about the machine."""
    yield from _disks()
    yield memory_line(*_memory())
    yield _cpu()
    yield _gpu()
    yield descriptors_line(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    yield _clock()


def disk_line(name: str, folder: Path, free: float, needed: float) -> Line:
    """How much room a folder has: `needed` bytes at the least."""
    facts = {"free": size(free), "folder": str(folder), "needed": size(needed), "wanted": size(_WANTED_BYTES)}
    if free < needed:
        return Line(name, "disk_full", facts)
    return Line(name, "disk_low" if free < _WANTED_BYTES else "disk_enough", facts)


def memory_line(total: float, free: float) -> Line:
    """Whether what Tenkyo uses fits; bytes."""
    answer = constant("answer_process_bytes") if settings.ANSWER_BESIDE_WEB else 0
    needed = constant("process_bytes") + answer
    facts = {"total": size(total), "free": size(free), "needed": size(needed)}
    if total < needed:
        return Line("memory", "memory_short", facts)
    return Line("memory", "memory_low" if free < needed else "memory_enough", facts)


def cpu_line(machine: str, cores: int, flags: frozenset[str]) -> Line:
    """Whether the processor has the instructions that models and index are built for."""
    if machine not in {"x86_64", "AMD64"}:
        return Line("cpu", "cpu_other", {"cores": cores, "machine": machine})
    quick = sorted(flags & {"avx512_bf16", "amx_bf16"})
    if quick:
        return Line("cpu", "cpu_bfloat16", {"cores": cores, "flags": ", ".join(quick)})
    return Line("cpu", "cpu_plain" if "avx2" in flags else "cpu_old", {"cores": cores})


def gpu_line(device: str, cards: list[tuple[str, str]], usable: int) -> Line:
    """Whether the embedder has the GPU it should have. `cards`: (name with memory, driver); `usable`: by PyTorch."""
    names = ", ".join(name for name, _ in cards)
    if device.startswith("cuda") and not usable:
        return Line("gpu", "gpu_missing", {"device": device})
    if not cards:
        return Line("gpu", "gpu_none")
    if not usable and device != "cpu":
        return Line("gpu", "gpu_unused", {"names": names})
    return Line("gpu", "gpu_found", {"names": names, "driver": cards[0][1]})


def descriptors_line(soft: int) -> Line:
    """Whether so many files may be open as people at once need."""
    facts = {"soft": soft, "people": soft // _FILES_PER_PERSON}
    return Line("open_files", "descriptors_low" if 0 <= soft < _FILES_WANTED else "descriptors_enough", facts)


def clock_line(synchronised: bool | None, apart: float | None) -> Line:
    """Whether the time is right. None: cannot be seen."""
    if apart is not None and abs(apart) > _APART_SECONDS:
        return Line("clock", "clock_apart", {"seconds": round(apart)})
    facts = {"zone": settings.TIME_ZONE, "now": f"{timezone.localtime():%Y-%m-%d %H:%M}"}
    codes = {True: "clock_right", False: "clock_loose", None: "clock_unknown"}
    return Line("clock", codes[synchronised], facts)


def _disks() -> Iterator[Line]:
    # An upload arrives, and the largest one must fit beside what a database needs to write at all.
    upload = _GB + settings.UPLOAD_LIMIT_BYTES
    places = (
        ("disk_data", Path(settings.DATA_DIR), upload),
        ("disk_models", Path(settings.MODELS_DIR), 0.0),
        ("disk_temporary", Path(tempfile.gettempdir()), _GB),
    )
    for name, folder, needed in places:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        yield disk_line(name, folder, shutil.disk_usage(there).free, needed)


def _memory() -> tuple[float, float]:
    said = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
    total, free = (float(said[name].split()[0]) * 1024 for name in ("MemTotal", "MemAvailable"))
    limit = _CGROUP_LIMIT.read_text(encoding="ascii").strip() if _CGROUP_LIMIT.exists() else "max"
    return (total, free) if limit == "max" else (min(total, float(limit)), min(free, float(limit)))


def _cpu() -> Line:
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    flags = next((line.split(":", 1)[1] for line in text.splitlines() if line.startswith("flags")), "")
    return cpu_line(platform.machine(), len(os.sched_getaffinity(0)), frozenset(flags.split()))


def _gpu() -> Line:
    cards = _cards()
    device = settings.EMBED_DEVICE
    asked = bool(cards) or device.startswith("cuda")  # PyTorch takes seconds to load
    return gpu_line(device, cards, _usable() if asked else 0)


def _cards() -> list[tuple[str, str]]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    wanted = "--query-gpu=name,memory.total,driver_version"
    command = [program, wanted, "--format=csv,noheader"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603  # fixed words
    rows = [[cell.strip() for cell in line.split(",")] for line in said.stdout.splitlines() if said.returncode == 0]
    return [(f"{row[0]} ({row[1]})", row[2]) for row in rows if len(row) == 3]  # noqa: PLR2004  # the cells asked for


def _usable() -> int:
    import torch

    return int(torch.cuda.device_count())


def _clock() -> Line:
    return clock_line(_synchronised(), _apart())


def _synchronised() -> bool | None:
    """Whether the kernel's clock is kept right by something; adjtimex(2) with no modes set only reads."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (AttributeError, OSError):
        return None
    return None if state < 0 else state != _TIME_ERROR


def _apart() -> float | None:
    """Seconds between this machine's clock and that of a database on another."""
    if connection.vendor != "postgresql":
        return None
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            theirs: datetime = cursor.fetchone()[0]
    except DatabaseError:
        return None
    return time.time() - theirs.timestamp()
