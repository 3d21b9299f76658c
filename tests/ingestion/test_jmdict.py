"""ingestion.jmdict: JMdict's XML as a table of what a word is called in the other language."""

import gzip
import sqlite3
from contextlib import closing

import pytest

from ingestion import jmdict

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE JMdict [
<!ATTLIST gloss xml:lang CDATA "eng">
<!ENTITY uk "word usually written using kana alone">
<!ENTITY arch "archaism">
]>
<JMdict>
"""


def entry(written, read, *senses, marks=()):
    """`senses`: strings of XML. `marks`: of the first way to write it."""
    kanji = "".join(f"<k_ele><keb>{form}</keb>{''.join(marks)}</k_ele>" for form in written)
    kana = "".join(f"<r_ele><reb>{form}</reb>{''.join(marks) if not written else ''}</r_ele>" for form in read)
    return f"<entry>{kanji}{kana}{''.join(f'<sense>{sense}</sense>' for sense in senses)}</entry>"


def gloss(*said):
    return "".join(f"<gloss>{one}</gloss>" for one in said)


@pytest.fixture
def others(tmp_path):
    """`others(language, key, *entries)`: what the table made of the entries says of the key."""

    def looked_up(language, key, *entries):
        source = tmp_path / "jmdict.xml.gz"
        source.write_bytes(gzip.compress((HEAD + "".join(entries) + "</JMdict>").encode()))
        jmdict.write_folder(source, tmp_path / "made")
        with closing(sqlite3.connect(tmp_path / "made" / jmdict.TABLE)) as table:
            asked = "SELECT other FROM word WHERE language = ? AND key = ? ORDER BY rank"
            return [other for (other,) in table.execute(asked, (language, key))]

    return looked_up


def test_each_sense_says_its_first_gloss_before_any_says_its_second(others):
    lock = entry(["錠"], ["じょう"], gloss("lock", "padlock"), gloss("tablet", "pill"))
    assert others("ja", "錠", lock) == ["lock", "tablet", "padlock", "pill"]


def test_a_word_is_found_by_what_english_calls_it_whatever_its_ending(others):
    assert others("en", "~encrypt", entry(["暗号化"], ["あんごうか"], gloss("encryption"))) == ["暗号化"]


def test_glosses_in_other_languages_are_left_out(others):
    key = entry(["鍵"], ["かぎ"], '<gloss xml:lang="ger">Schlüssel</gloss>' + gloss("key"))
    assert others("ja", "鍵", key) == ["key"]


def test_a_gloss_that_explains_in_many_words_is_left_out(others):
    saying = entry(["湯冷め"], ["ゆざめ"], gloss("after-bath chill", "feeling cold after a hot bath"))
    assert others("ja", "湯冷め", saying) == ["after-bath chill"]


def test_to_a_and_the_are_no_part_of_a_name(others):
    assert others("ja", "外す", entry(["外す"], ["はずす"], gloss("to remove"))) == ["remove"]


def test_what_a_gloss_says_aside_is_no_part_of_a_name(others):
    assert others("ja", "栓", entry(["栓"], ["せん"], gloss("plug (of a bottle)"))) == ["plug"]


def test_senses_that_no_manual_has_are_left_out(others):
    old = entry(["弁"], ["べん"], "<misc>&arch;</misc>" + gloss("speech"), gloss("valve"))
    assert others("ja", "弁", old) == ["valve"]


def test_readings_are_words_only_where_kana_alone_is_usual(others):
    screw = entry(["螺子"], ["ねじ"], "<misc>&uk;</misc>" + gloss("screw"))
    assert others("ja", "ねじ", screw) == ["screw"]


def test_a_reading_of_a_word_in_kanji_is_no_word(others):
    assert others("ja", "かぎ", entry(["鍵"], ["かぎ"], gloss("key"))) == []


def test_a_common_word_keeps_rare_ones_written_the_same_out(others):
    common = entry(["弁"], ["べん"], gloss("valve"), marks=["<ke_pri>nf10</ke_pri>"])
    assert others("ja", "弁", entry(["弁"], ["わきまえ"], gloss("discernment")), common) == ["valve"]


def test_the_commoner_of_two_words_comes_first(others):
    rarer = entry(["刷り"], ["すり"], gloss("printing"), marks=["<ke_pri>nf30</ke_pri>"])
    commoner = entry(["印刷"], ["いんさつ"], gloss("printing"), marks=["<ke_pri>nf05</ke_pri>"])
    assert others("en", "printing", rarer, commoner) == ["印刷", "刷り"]


def test_a_word_of_few_texts_is_kept_behind_common_ones(others):
    technical = entry(["軸受け"], ["じくうけ"], gloss("bearing"))
    common = entry(["態度"], ["たいど"], gloss("attitude", "bearing"), marks=["<ke_pri>nf02</ke_pri>"])
    assert others("en", "bearing", technical, common) == ["態度", "軸受け"]


@pytest.mark.parametrize(("written", "label"), [("軸受け", "軸受"), ("取り消し", "取消"), ("締め付け", "締付")])
def test_a_word_is_found_without_its_kana_endings_as_labels_write_it(others, written, label):
    assert others("ja", label, entry([written], ["よみ"], gloss("name"))) == ["name"]


def test_no_more_than_ten_renderings_are_kept(others):
    many = entry(["軸"], ["じく"], *(gloss(f"name {number}") for number in range(12)))
    assert others("ja", "軸", many) == [f"name {number}" for number in range(10)]
