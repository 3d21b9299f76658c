"""Folders: what is seen in one, and what changed since the last look."""

import os

import pytest

from ingestion.errors import FolderMissing
from ingestion.folders import SETTLED_AFTER_NS, Known, Listing, Seen, look, plan

NOW = 100 * SETTLED_AFTER_NS
PUMP = Seen("pump.txt", 10, 1)
KNOWN = Known("pump.txt", 10, 1, sha256="aa")


def listing(*files: Seen, **rest) -> Listing:
    return Listing(files={seen.path: seen for seen in files}, **rest)


def planned(there: Listing, *known: Known, digest=lambda _seen: "aa"):
    return plan(there, known, digest, now_ns=NOW)


def written(folder, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def test_files_of_folders_below_are_named_by_their_path(tmp_path):
    written(tmp_path, "pump.txt", "safety/2026/rules.txt")

    assert list(look(tmp_path).files) == ["pump.txt", "safety/2026/rules.txt"]


@pytest.mark.parametrize("name", [".git/config", "~$plan.docx", "Thumbs.db", "sub/desktop.ini"])
def test_files_that_programs_keep_for_themselves_are_left(tmp_path, name):
    written(tmp_path, name)

    assert look(tmp_path).files == {}


def test_a_link_is_refused_and_not_followed(tmp_path):
    written(tmp_path, "outside/secret.txt", "share/pump.txt")
    (tmp_path / "share/link").symlink_to(tmp_path / "outside")

    found = look(tmp_path / "share")

    assert (list(found.files), found.refused) == (["pump.txt"], {"link": "folder_link"})


def test_a_name_that_is_no_text_is_refused_by_a_name_that_is(tmp_path):
    (tmp_path / os.fsdecode("手順.txt".encode("shift_jis"))).write_text("a")

    found = look(tmp_path)

    assert list(found.refused.values()) == ["folder_name"]
    assert "\N{REPLACEMENT CHARACTER}" in next(iter(found.refused))


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(FolderMissing):
        look(tmp_path / "unmounted")


def test_a_file_not_known_is_new():
    assert planned(listing(PUMP)).new == (PUMP,)


@pytest.mark.parametrize("seen", [Seen("pump.txt", 11, 1), Seen("pump.txt", 10, 2)])
def test_another_size_or_time_is_a_change(seen):
    assert planned(listing(seen), KNOWN).changed == (seen,)


def test_a_file_as_it_was_needs_nothing():
    found = planned(listing(PUMP), KNOWN)

    assert found == type(found)((), (), (), (), (), ())


def test_a_file_that_is_not_there_is_gone():
    assert planned(listing(), KNOWN).gone == ("pump.txt",)


def test_the_same_bytes_under_another_name_are_a_move():
    moved = Seen("old/pump.txt", 10, 5)

    found = planned(listing(moved), KNOWN)

    assert (found.moved, found.new, found.gone) == ((("pump.txt", moved),), (), ())


def test_other_bytes_of_the_same_size_are_no_move():
    found = planned(listing(Seen("valve.txt", 10, 5)), KNOWN, digest=lambda _seen: "bb")

    assert (found.moved, found.gone) == ((), ("pump.txt",))


def test_a_copy_beside_the_original_is_new_and_no_move():
    copy = Seen("copy.txt", 10, 5)

    assert planned(listing(PUMP, copy), KNOWN).new == (copy,)


def test_no_file_is_hashed_where_none_of_its_size_is_missing():
    hashed: list[Seen] = []

    planned(listing(PUMP, Seen("other.txt", 99, 5)), digest=lambda seen: hashed.append(seen) or "")

    assert hashed == []


def test_a_file_that_was_gone_and_is_there_as_it_was_is_back():
    gone = Known("pump.txt", 10, 1, sha256="aa", gone=True)

    assert planned(listing(PUMP), gone).back == (PUMP,)


def test_files_below_a_folder_that_cannot_be_listed_are_not_gone():
    below = Known("share/pump.txt", 10, 1, sha256="aa")

    assert planned(listing(unread=["share/"]), below).gone == ()


def test_a_file_that_changed_just_now_waits():
    copying = Seen("pump.txt", 10, NOW - 1)

    found = planned(listing(copying))

    assert (found.new, found.writing) == ((), (copying,))
