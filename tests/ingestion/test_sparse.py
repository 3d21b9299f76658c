"""ingestion.sparse: which terms texts share, and what they weigh."""

import pytest

from ingestion.sparse import encode_passage, encode_query, term_id, terms


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("吸込", "吸い込み"),
        ("取付ボルト", "ボルトの取り付け"),
        ("ストレーナ", "ストレーナーの清掃"),
        ("ｽﾄﾚｰﾅｰ", "ストレーナ"),
        ("ポン\nプ", "ポンプ"),
        ("bearings", "the bearing"),
        ("8000", "every 8,000 h"),
        ("ORA-00942", "error ora00942"),
        ("弁", "弁"),
        ("192.168.1.1", "address 192.168.1.1."),
    ],
)
def test_two_ways_to_write_share_a_term(asked, written):
    assert set(encode_query(asked).indices) & set(encode_passage(written).indices)


@pytest.mark.parametrize(("one", "other"), [("3.5", "35"), ("E-05", "E-50")])
def test_different_numbers_share_no_term(one, other):
    assert not set(terms(one)) & set(terms(other)) - {"e"}


def test_a_part_number_is_one_whole_term():
    assert "p101" in set(terms("Ｐ－１０１のシール"))


def test_a_repeated_term_weighs_more_but_less_than_twice():
    once, twice = encode_passage("pump"), encode_passage("pump pump")
    assert once.values[0] < twice.values[0] < 2 * once.values[0]


def test_a_term_weighs_less_in_a_longer_passage():
    pump = term_id("pump")
    short, long = (encode_passage(text) for text in ("pump", "pump " + "valve " * 500))
    assert long.values[long.indices.index(pump)] < short.values[short.indices.index(pump)]


def test_particles_weigh_less_than_names_in_a_question():
    query = encode_query("軸受から")
    weights = dict(zip(query.indices, query.values, strict=True))
    assert weights[term_id("から")] < weights[term_id("軸受")]


def test_term_ids_never_change():
    assert (term_id("軸受"), term_id("p101")) == (2304636692, 3779774190)


def test_a_text_without_terms_has_an_empty_vector():
    assert encode_passage(" 。、 ").indices == ()
