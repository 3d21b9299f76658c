"""What holds for every text."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.sparse import encode_passage, encode_query
from ingestion.text import fold, sentence_spans

MIXED = st.text(
    alphabet=st.one_of(st.sampled_from("ーｰ-－―アカガｱﾞがポ軸受P１ 。．.!?」「\n\t・1("), st.characters()), max_size=60
)
PART = st.from_regex(r"\A[A-Z]{1,3}-[0-9]{2,5}[A-Z]?\Z")
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
VARIANTS = st.sampled_from(
    [
        str.lower,
        lambda part: part.translate(WIDE),
        lambda part: part.replace("-", ""),
        lambda part: part.replace("-", "−"),
        lambda part: part.replace("-", "ー"),
        lambda part: part.replace("-", " "),
        lambda part: part.replace("-", "_"),
    ]
)


@given(MIXED)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(MIXED)
def test_composed_and_decomposed_text_fold_alike(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@settings(max_examples=300)
@given(part=PART, variant=VARIANTS)
def test_every_way_to_write_a_part_number_shares_its_whole_term(part, variant):
    whole = encode_query(part.replace("-", "").lower()).indices
    assert set(whole) <= set(encode_passage(f"部品{variant(part)}を交換").indices)


@given(MIXED)
def test_sentences_are_in_order_and_do_not_overlap(text):
    places = [place for span in sentence_spans(text) for place in span]
    assert places == sorted(places)


@given(MIXED)
def test_sentences_leave_out_nothing_but_blanks(text):
    inside = "".join(text[start:end] for start, end in sentence_spans(text))
    assert "".join(inside.split()) == "".join(text.split())


@given(MIXED)
def test_term_ids_are_distinct_ascending_32_bit_numbers(text):
    indices = encode_passage(text).indices
    assert list(indices) == sorted({number for number in indices if 0 <= number < 2**32})
