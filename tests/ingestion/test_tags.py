"""Tags: which words are one, what a list and a path give, what a document keeps."""

import pytest

from ingestion import tags
from ingestion.errors import TagsTooMany
from ingestion.models import Tag
from tests.factories import make_library, upload


@pytest.fixture
def document(owner, library, queued):
    return upload(owner, library).document


@pytest.mark.parametrize(
    ("one", "other"),
    [("Pump", "ＰＵＭＰ"), ("ポンプ", "ﾎﾟﾝﾌﾟ"), ("ストレーナ", "ストレーナー"), ("a  b", " A B "), ("が", "か\u3099")],
)
def test_spellings_of_one_word_are_one_tag(one, other):
    assert tags.key_of(one) == tags.key_of(other)


@pytest.mark.parametrize(("one", "other"), [("pump", "pumps"), ("P-101", "P-102"), ("弁", "ポンプ")])
def test_different_words_are_different_tags(one, other):
    assert tags.key_of(one) != tags.key_of(other)


@pytest.mark.parametrize(
    "typed", ["pump, valve", "pump、valve", "pump，valve,", "pump;valve", " pump ,, valve , Pump "]
)
def test_a_typed_list_is_parted_by_the_commas_of_both_languages(typed):
    assert tags.listed(typed) == ["pump", "valve"]


@pytest.mark.parametrize(
    ("path", "folders"),
    [
        ("manual.pdf", []),
        ("pumps/P-101/manual.pdf", ["pumps", "P-101"]),
        ("ポンプ/取扱説明書/a.pdf", ["ポンプ", "取扱説明書"]),
        ("C:\\manuals\\pumps\\a.pdf", ["manuals", "pumps"]),
        ("/./../a/../a.pdf", ["a"]),
        ("inner.zip/seals/a.pdf", ["inner", "seals"]),
        ("Valves, old/a.pdf", ["Valves old"]),
        ("pumps/Pumps/a.pdf", ["pumps"]),
    ],
)
def test_the_folders_of_a_path_are_tags(path, folders):
    assert tags.of_folders(path) == folders


def test_a_path_of_any_depth_gives_no_more_tags_than_a_document_can_have():
    assert len(tags.of_folders("/".join(map(str, range(500))))) == tags.MOST


def test_a_folder_name_that_macos_took_apart_is_shown_in_one_piece():
    assert tags.of_folders("が/a.pdf".replace("が", "か\u3099")) == ["が"]


def test_two_documents_share_the_tag_in_the_spelling_that_came_first(document, owner, library):
    other = upload(owner, library, b"other").document
    tags.put(document, ["Pump"])
    tags.put(other, ["ＰＵＭＰ"])
    assert (tags.names_of(other), Tag.objects.count()) == (["Pump"], 1)


def test_a_tag_that_no_document_has_any_more_takes_the_new_spelling(document):
    tags.put(document, ["pUmp"])
    tags.put(document, [])
    tags.put(document, ["Pump"])
    assert tags.names_of(document) == ["Pump"]


def test_the_same_word_in_two_libraries_is_two_tags(document, owner, queued):
    other = upload(owner, make_library("Fans", owner=owner)).document
    for one in (document, other):
        tags.put(one, ["pump"])
    assert Tag.objects.filter(key="pump").count() == 2


def test_more_tags_than_a_document_can_have_are_refused(document):
    with pytest.raises(TagsTooMany):
        tags.put(document, map(str, range(tags.MOST + 1)))


def test_adding_returns_what_was_not_there(document):
    tags.put(document, ["pump"])
    assert tags.add(document, ["Pump", "valve"]) == ["valve"]


def test_adding_stops_at_what_a_document_can_have(document):
    tags.put(document, map(str, range(tags.MOST - 1)))
    tags.add(document, ["a", "b", "c"])
    assert document.tags.count() == tags.MOST


def test_a_tag_whose_characters_fold_into_many_is_kept(document):
    tags.put(document, ["\ufdfa" * tags.CHARACTERS])
    assert len(document.tags.get().key) <= 500
