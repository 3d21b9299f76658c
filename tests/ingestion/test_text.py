"""ingestion.text: what counts as the same text, its language, where sentences end."""

import pytest

from ingestion.text import fold, language_of, sentence_spans


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("ﾎﾟﾝﾌﾟ", "ポンプ"),
        ("Ｐ－１０１", "p-101"),
        ("Ｐー１０１", "P-101"),
        ("P‐101", "P−101"),
        ("ストレーナー", "ストレーナ"),
        ("モ−タ−ル", "モータール"),
        ("スーーパー", "スーパー"),
        ("ＫＷ", "kw"),
        ("㎜", "mm"),
    ],
)
def test_fold_makes_one_of_two_ways_to_write(written, same):
    assert fold(written) == fold(same)


@pytest.mark.parametrize(("one", "other"), [("キー", "キ"), ("エラー", "エラ"), ("P-101", "P-102"), ("ビル", "ビール")])
def test_fold_keeps_apart_what_means_different_things(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("P-101のポンプ", "ja"),
        ("点検周期", "ja"),
        ("ﾎﾟﾝﾌﾟ", "ja"),
        ("pip install torch を実行すると error が出る", "ja"),
        ("What does ストレーナ mean?", "en"),
        ("P-101", "en"),
        ("", "en"),
    ],
)
def test_language_is_that_of_most_of_the_text(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    "sentences",
    [
        ["軸受を外す。", "次に洗う。"],
        ["危険！", "触るな。"],
        ["手順は次の通り．", "３．５mm以下とする．"],
        ["「停止した。」と表示される。", "復旧する。"],
        ["「停止した。」", "復旧する。"],
        ["注意(高温。火傷の恐れ。)を守る。", "終わり。"],
        ["See e.g. No. 5 for details.", "The value is 3.5 mm."],
        ["Dr. Smith said so!", "Really?", "Yes."],
        ["Edit /etc.", "Then open config.txt and P-101.A again."],
        ["He said 'stop.'", "She did."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences):
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


@pytest.mark.parametrize(
    "lines",
    [
        ["1. 電源を切る。", "2. 弁を閉じる。", "3. カバーを外す"],
        ["・ボルト", "・ナット"],
        ["- bolts", "- nuts"],
        ["部品\t周期", "軸受\t8,000 h"],
        ["| part | period |", "| bearing | 8,000 h |"],
        ["（1）停止する", "（2）排水する"],
        ["第1章 総則", "", "この章は目的を定める。"],
    ],
)
def test_rows_and_list_items_are_sentences_of_their_own(lines):
    text = "\n".join(lines)
    assert [text[start:end] for start, end in sentence_spans(text)] == [line for line in lines if line]


@pytest.mark.parametrize(
    "row",
    [
        "型式: P-101 / 備考: 停止後に行う。音も聞く。 / 周期: 8,000 時間",
        "P-101 / remark: Stop it first. Then wait. / interval: 8,000 h",
    ],
)
def test_a_row_with_its_columns_names_is_one_sentence(row):
    assert sentence_spans(f"前の文。\n\n{row}\n\n次の文。")[1:2] == [(6, 6 + len(row))]


def test_a_row_that_nobody_reads_as_one_is_cut_at_its_sentences():
    assert len(sentence_spans("型式: P-101 / 備考: " + "停止後に行う。" * 60)) == 60


@pytest.mark.parametrize(
    "sentence",
    [
        "これは長い文章であり、行の折り返しがあるため途中で改行されているけれど\n文としてはまだ続いているのでここまで来てようやく終わる。",
        "This sentence is wrapped because the page is narrow\nand goes on in the next line until it ends.",
    ],
)
def test_a_wrapped_line_does_not_end_a_sentence(sentence):
    assert sentence_spans(sentence) == [(0, len(sentence))]
