import pytest

from assistant.literals import missing

SAME = [
    ("8,000時間ごとに交換します。", "交換周期: 8000 h"),
    ("八千時間です。", "8,000 hours"),
    ("8千時間", "8000時間"),
    ("500 kPa", "圧力は0.5MPa"),
    ("２４Ｖです", "24 V"),
    ("令和6年3月5日", "2024-03-05"),
    ("in 2024", "2024年3月5日"),
    ("2024年3月に", "令和6年3月5日"),
    ("March 5, 2024", "2024/03/05"),
    ("P101を点検します", "ポンプＰ－１０１の点検"),
    ("P 101", "P-101"),
    ("5 mmから10 mm", "5～10mm"),
    ("two hours", "2時間"),
    ("50パーセント", "50%"),
    ("up to 70 °C", "70℃以下"),
    ("−10℃", "-10〜40℃"),
    ("「操作禁止」の札", "札(「操作禁止」)を掛ける"),
    ("`apt-get install x`", "run apt-get install x as root"),
    ("1. 弁を閉じます", "弁を閉じる"),
    ("十分に注意します", "注意する"),
    ("**8,000** 時間", "8000時間"),
]
DIFFERENT = [
    ("8,100時間", "8,000時間"),
    ("8000分", "8000時間"),
    ("九千時間", "八千時間"),
    ("P-102", "P-101"),
    ("P-101", "P-1010"),
    ("P-101", "P-101-2"),
    ("2024年4月", "2024年3月5日"),
    ("令和5年", "令和6年"),
    ("10℃", "-10℃"),
    ("5mm", "5cm"),
    ("「停止」を押す", "「起動」を押す"),
    ("2個", "2台"),
    ("30秒", "30分間"),
    ("5〜15 mm", "5〜10 mm"),
    ("v1.2.4", "v1.2.3"),
    ("`rm -rf x`", "rm x"),
]


@pytest.mark.parametrize(("said", "source"), SAME)
def test_the_same_fact_written_another_way_is_found(said, source):
    assert missing(said, [source]) == []


@pytest.mark.parametrize(("said", "source"), DIFFERENT)
def test_another_fact_is_missed(said, source):
    assert missing(said, [source]) != []


def test_a_unit_in_brackets_in_a_tables_first_row_counts_for_its_numbers():
    assert missing("軸受は8000時間です", ["軸受 | 8000"], context=["部品 | 周期 (h)"]) == []


def test_a_number_in_a_heading_proves_nothing():
    assert missing("8000時間です", ["軸受を交換する"], context=["8000時間ごとの整備"]) == ["8000時間"]
