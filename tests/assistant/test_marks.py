import pytest

from assistant.marks import Draft, MarkParser, SentenceSplitter


def read(answer, size=1):
    parser, splitter, drafts = MarkParser(), SentenceSplitter(), []
    for at in range(0, len(answer), size):
        for part in parser.feed(answer[at : at + size]):
            drafts += splitter.add(part)
    for part in parser.close():
        drafts += splitter.add(part)
    return [*drafts, *splitter.close()]


@pytest.mark.parametrize("mark", ["[3]", "［3］", "【3】", "［３］", "[ 3 ]", "[^3]"])
@pytest.mark.parametrize("size", [1, 2, 50])
def test_a_mark_is_read_in_every_form_and_however_it_is_cut(mark, size):
    assert read(f"軸受を交換します{mark}。", size) == [Draft("", "軸受を交換します。", (3,))]


@pytest.mark.parametrize("marks", ["[1][2]", "[1,2]", "[1, 2]", "［1、2］", "[1-2]", "[1;2]"])
def test_several_marks_are_read_together(marks):
    assert read(f"Replace it {marks}.")[0].numbers == (1, 2)


def test_a_mark_after_the_full_stop_belongs_to_the_sentence_before_it():
    assert read("最初です。[1]次です。 [2] 三つ目。[3]") == [
        Draft("", "最初です。", (1,)),
        Draft("", "次です。", (2,)),
        Draft(" ", "三つ目。", (3,)),
    ]


def test_a_mark_at_the_start_of_a_line_belongs_to_that_line():
    assert [one.numbers for one in read("一つ目。\n[2] 二つ目。")] == [(), (2,)]


@pytest.mark.parametrize("text", ["`a[1]` を実行", "```\na[1] = 2\n```", "型番 [A-1] です", "単位は[mm]です"])
def test_what_is_code_or_a_word_in_brackets_stays_text(text):
    assert read(text) == [Draft("", text, ())]


@pytest.mark.parametrize("broken", ["[", "[1", "[]", "[,]"])
def test_a_broken_mark_at_the_end_proves_nothing(broken):
    assert [one.numbers for one in read(f"軸受です。{broken}")] == [()]


def test_a_fence_is_one_piece():
    drafts = read("次を実行します。[1]\n```\nls -l\necho 終わり。次\n```\n終わりです。[2]")
    assert "ls -l\necho 終わり。次" in "\n".join(one.text for one in drafts)
