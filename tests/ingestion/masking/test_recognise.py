"""What is told as personal data, and what only looks like it."""

import pytest

from ingestion.masking import FILL, find, key_of, masked
from ingestion.masking.numbers import is_card, is_iban, is_my_number
from ingestion.models import PersonalData

ALL = frozenset(PersonalData)


def found(text, kinds=ALL, **more):
    return [(span.kind.value, text[span.start : span.end]) for span in find(text, kinds, **more)]


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("点検は佐々木翔太が行った。", "name", "佐々木翔太"),
        ("森さんが森で作業した。", "name", "森"),
        ("承認者：小野寺", "name", "小野寺"),
        ("氏名：一二三 四五六", "name", "一二三 四五六"),
        ("ヤマダ タロウ", "name", "ヤマダ タロウ"),
        ("Ask Emily Thompson first.", "name", "Emily Thompson"),
        ("Mrs. Quux-Farnham signed.", "name", "Quux-Farnham"),
        ("Approved by: Satoh Kenji", "name", "Satoh Kenji"),
        ("大阪府堺市北区新金岡町4丁1番8号に送る。", "address", "大阪府堺市北区新金岡町4丁1番8号"),
        ("at 42 Church Road, Leeds LS1 4AP.", "address", "42 Church Road, Leeds LS1 4AP"),
        ("電話は０３－５２５３－１１１１です", "phone", "０３－５２５３－１１１１"),
        ("内線 4021", "phone", "4021"),
        ("Call (212) 555-0143 now", "phone", "(212) 555-0143"),
        ("宛先はtaro.y@example.co.jpです", "email", "taro.y@example.co.jp"),
        ("マイナンバー：123456789018", "my_number", "123456789018"),
        ("普通預金 1234567", "account", "1234567"),
        ("IBAN GB82 WEST 1234 5698 7654 32", "account", "GB82 WEST 1234 5698 7654 32"),
        ("カードは4111 1111 1111 1111で払う", "card", "4111 1111 1111 1111"),
        ("運転免許証番号 第123456789012号", "licence", "第123456789012号"),
        ("旅券番号はTK1234567", "passport", "TK1234567"),
        ("車両は品川 300 あ 12-34です", "vehicle", "品川 300 あ 12-34"),
        ("昭和60年4月12日生まれ", "birth_date", "昭和60年4月12日"),
        ("Date of birth: 12 April 1985", "birth_date", "12 April 1985"),
        ("社員番号A-10234を入力", "employee", "A-10234"),
    ],
)
def test_personal_data_is_found_to_the_character(text, kind, said):
    assert found(text, {kind}) == [(kind, said)]


@pytest.mark.parametrize(
    "text",
    [
        "田中製作所のポンプと山本式継手。",
        "レイノルズ数とベルヌーイの定理",
        "次回点検日は2026年4月12日です。",
        "品番 03-5253-1111 を注文する。",
        "製造番号 123456789018",
        "Serial no. 4111111111111111",
        "Mark Complete when the Pump Station runs.",
        "Robert Bosch GmbH and the Johnson Street plant",
        "手順 3-2-1、圧力 1.0 MPa、8,000 h",
        "P-101, MS-20, V-12, RAID10",
        "Bearing 123456789012 and O-ring 987654321",
        "Extension: 120 mm, stroke 250 mm",
        "圧力容器の登録番号 12345",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text):
    assert found(text) == []


def test_a_check_digit_that_is_wrong_makes_no_individual_number():
    assert [is_my_number(digits) for digits in ("123456789018", "123456789019", "12345")] == [True, False, False]


def test_a_check_digit_that_is_wrong_makes_no_card():
    assert (is_card("4111111111111111"), is_card("4111111111111112")) == (True, False)


def test_an_iban_is_told_by_its_check_digits():
    assert (is_iban("GB82WEST12345698765432"), is_iban("GB83WEST12345698765432")) == (True, False)


def test_only_the_chosen_kinds_are_found():
    assert found("佐藤花子様 090-1234-5678", {"phone"}) == [("phone", "090-1234-5678")]


def test_what_an_owner_spared_is_not_found():
    assert found("森さんと林さん", exceptions={"name": {key_of("森")}}) == [("name", "林")]


def test_a_mask_is_as_long_as_what_it_hides_and_keeps_its_blanks():
    text = "氏名: 山田 太郎、電話 090-1234-5678"
    assert masked(text, find(text, ALL)) == f"氏名: {FILL * 2} {FILL * 2}、電話 {FILL * 13}"
