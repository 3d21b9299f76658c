import pytest

from ingestion.parsing.decode import decode

JAPANESE = "軸受温度は80℃以下とする。ポンプの点検表、第3版。\n振動値は7.1 mm/s以下であること。"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp932", "euc_jp", "iso2022_jp"],
)
def test_japanese_is_read_in_every_encoding_found_in_offices(encoding):
    assert decode(JAPANESE.encode(encoding)) == JAPANESE


def test_half_width_kana_in_shift_jis_is_not_taken_for_euc():
    text = "ﾎﾟﾝﾌﾟの点検をする。ﾓｰﾀｰの温度は正常です。"
    assert decode(text.encode("cp932")) == text


def test_western_text_is_not_taken_for_japanese():
    text = "Le débit de la pompe est élevé; vérifiez l'étanchéité du côté réseau.\n" * 5
    assert decode(text.encode("cp1252")) == text


def test_line_ends_become_one_kind():
    assert decode(b"a\r\nb\rc\n") == "a\nb\nc\n"


def test_bytes_that_are_no_text_are_none():
    assert decode(bytes(range(256)) * 16) is None


def test_a_sample_may_end_inside_a_character():
    assert decode(JAPANESE.encode()[:40], partial=True) is not None
