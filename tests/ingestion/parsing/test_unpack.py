"""ZIP archives of documents: which files are handed out, under which names, and why others are not."""

import io
import random
import stat
import zipfile

import pytest

from ingestion.parsing import UnreadableFile, unpack
from ingestion.parsing.source import Held
from ingestion.parsing.unpacked import Archive, NotTaken, Unpacked
from tests.ingestion.parsing import samples
from tests.ingestion.parsing.packages import zipped

TEXT = "The pump needs oil."


def found(data):
    """Names to what was handed out, or to the reason."""
    return {member.name: member.reason or member.source.read_bytes().decode() for member in unpack.members(Held(data))}


def with_names(names, *, flag=0):
    """An archive whose names are these bytes, with or without the flag that they are UTF-8."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(len(names)):
            archive.writestr(f"{number}" * 8 + ".txt", TEXT)
    data = target.getvalue()
    for number, name in enumerate(names):
        assert len(name) == 12
        data = data.replace(f"{number}".encode() * 8 + b".txt", name)
    return data


def entry(name, *, mode=0, data=TEXT):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, data)
    return target.getvalue()


def refused(data):
    with pytest.raises(UnreadableFile) as caught:
        list(unpack.members(Held(data)))
    return caught.value.code


def test_files_come_in_order_by_their_paths():
    assert found(zipped({"b.txt": TEXT, "dir/": "", "dir/a.txt": TEXT})) == {"b.txt": TEXT, "dir/a.txt": TEXT}


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_japanese_names_without_the_utf8_flag_are_read(encoding):
    name = {"cp932": "表紙ソア.txt", "utf-8": "軸a受.txt1"}[encoding]
    raw = name.encode(encoding)
    assert list(found(with_names([raw.ljust(12, b"x")]))) == [raw.ljust(12, b"x").decode(encoding)]


def test_backslashes_part_folders():
    assert list(found(with_names([b"manuals\\p.tx"]))) == ["manuals/p.tx"]


@pytest.mark.parametrize("name", ["/etc/a.txt", "../a.txt", "a/../../b.txt", "C:\\a.txt", "..\\a.txt"])
def test_a_path_that_leads_out_is_not_taken(name):
    assert list(found(entry(name)).values()) == ["archive_path"]


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o600, stat.S_IFCHR | 0o600])
def test_a_link_or_device_is_not_taken(mode):
    assert found(entry("a.txt", mode=mode, data="/etc/passwd")) == {"a.txt": "archive_link"}


@pytest.mark.parametrize("name", [".DS_Store", "__MACOSX/._a.txt", "sub/.git/config", "Thumbs.db"])
def test_what_systems_keep_for_themselves_is_not_taken(name):
    assert found(zipped({name: TEXT, "a.txt": TEXT})) == {name: "archive_hidden", "a.txt": TEXT}


def test_an_encrypted_file_is_not_taken():
    data = bytearray(zipped({"a.txt": TEXT}))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + flags] |= 1
    assert found(bytes(data)) == {"a.txt": "file_encrypted"}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.exe", b"MZ\x90\x00" + bytes(range(256)), "file_unsupported"),
        ("a.pdf", b"<html><body>404</body></html>", "file_mislabelled"),
        ("a.txt", b"", "file_empty"),
        ("a.docx", samples.docx()[:5000], "file_damaged"),
        ("a.docx", samples.bomb(), "file_bomb"),
    ],
)
def test_what_could_not_be_read_is_not_taken(name, data, reason):
    assert found(zipped({name: data, "b.txt": TEXT})) == {name: reason, "b.txt": TEXT}


def test_files_of_an_archive_inside_are_taken_under_its_name():
    assert found(zipped({"inner.zip": zipped({"a.txt": TEXT})})) == {"inner.zip/a.txt": TEXT}


def test_a_document_that_is_a_zip_is_taken_whole():
    assert [member.source.read_bytes() for member in unpack.members(Held(zipped({"a.docx": samples.docx()})))] == [
        samples.docx()
    ]


def test_archives_too_deep_inside_each_other_are_not_taken():
    data = zipped({"a.txt": TEXT})
    for depth in range(unpack.MAX_DEPTH + 1):
        data = zipped({f"{depth}.zip": data})
    assert list(found(data).values()) == ["archive_nested"]


def test_a_damaged_archive_inside_costs_the_others_nothing():
    inner = zipped({"a.txt": TEXT})[:-10]
    assert found(zipped({"inner.zip": inner, "b.txt": TEXT})) == {"inner.zip": "file_damaged", "b.txt": TEXT}


def test_more_files_than_allowed_are_refused_before_the_first(monkeypatch):
    monkeypatch.setattr(unpack, "MAX_FILES", 2)
    assert refused(zipped(dict.fromkeys("abc", TEXT))) == "archive_too_many"


def test_files_of_archives_inside_count_too(monkeypatch):
    monkeypatch.setattr(unpack, "MAX_FILES", 3)
    inner = zipped(dict.fromkeys("abc", TEXT))
    assert found(zipped({"inner.zip": inner, "b.txt": TEXT})) == {"inner.zip": "archive_too_many", "b.txt": TEXT}


def test_an_archive_inside_that_is_damaged_around_it_costs_the_others_nothing():
    noise = random.Random(1).randbytes(300_000)  # noqa: S311  it only must not compress
    data = bytearray(zipped({"inner.zip": zipped({"a.pdf": noise}), "b.txt": TEXT}))
    data[200_000:200_050] = bytes(50)
    assert found(bytes(data)) == {"inner.zip": "file_damaged", "b.txt": TEXT}


def test_archives_inside_that_together_would_be_too_large_are_not_taken(monkeypatch):
    monkeypatch.setattr(unpack, "MAX_TOTAL_BYTES", 4_000)
    inner = zipped({"a.txt": TEXT * 100})
    assert list(found(zipped({"1.zip": inner, "2.zip": inner})).values()) == [TEXT * 100, "file_bomb"]


def test_a_bomb_is_refused_before_its_first_file():
    assert refused(zipped({"a.txt": TEXT, "zeros.txt": b" " * (50 * 1024**2)})) == "file_bomb"


def test_half_an_archive_is_damaged():
    assert refused(zipped({"a.txt": TEXT})[:60]) == "file_damaged"


@pytest.fixture
def archive(tmp_path):
    """Opens an archive in a child."""
    made = []

    def opening(data, filename="a.zip"):
        path = tmp_path / "stored"
        path.write_bytes(data)
        made.append(Archive(path, filename, memory_bytes=2 * 1024**3, timeout=60))
        return made[-1]

    yield opening
    for one in made:
        one.__exit__(None, None, None)


def test_files_come_out_of_the_child_whole(archive):
    large = bytes(range(256)) * 20_000
    data = zipped({"a.txt": TEXT, "b.pdf": b"%PDF-1.7\n" + large})
    assert [file.file.read(10**8) for file in archive(data).files()] == [TEXT.encode(), b"%PDF-1.7\n" + large]


def test_a_file_that_nobody_reads_is_passed_over(archive):
    data = zipped({"a.pdf": b"%PDF-" + b"x" * 3_000_000, "b.txt": TEXT})
    assert [file.name for file in archive(data).files()] == ["a.pdf", "b.txt"]


def test_what_is_not_taken_comes_with_its_reason(archive):
    files = list(archive(zipped({"a.exe": b"MZ\x90\x00" + bytes(range(256))})).files())
    assert files == [NotTaken("a.exe", "file_unsupported", {"kind": ".exe"})]


def test_a_file_damaged_inside_says_so_when_it_is_read_and_the_next_one_comes(archive):
    noise = random.Random(1).randbytes(300_000)  # noqa: S311  it only must not compress
    data = bytearray(zipped({"a.pdf": b"%PDF-1.7\n" + noise, "b.txt": TEXT}))
    data[200_000:200_050] = bytes(50)
    files = archive(bytes(data)).files()
    with pytest.raises(UnreadableFile):
        next(files).file.read(10**8)
    assert next(files).name == "b.txt"


def test_a_file_that_is_no_archive_says_so(archive):
    opened = archive(samples.docx())
    assert (opened.is_archive, list(opened.files())) == (False, [])


def test_a_child_that_dies_ends_the_archive_with_a_code(archive):
    opened = archive(zipped({"a.txt": TEXT, "b.txt": TEXT}))
    opened._child._process.kill()
    opened._child._process.wait()
    while opened._child._process.stdout.read(65_536):
        pass  # what it had said before is not to be half read
    opened._child._buffer.clear()
    with pytest.raises(UnreadableFile) as caught:
        list(opened.files())
    assert caught.value.code == "file_crashed"


def test_an_unpacked_file_is_what_the_service_takes_for_an_upload(archive):
    file = next(archive(zipped({"a.txt": TEXT})).files())
    assert isinstance(file, Unpacked)
    assert (file.file.seek(0), file.size, file.file.read(4), file.file.read(100)) == (
        0,
        19,
        b"The ",
        b"pump needs oil.",
    )
