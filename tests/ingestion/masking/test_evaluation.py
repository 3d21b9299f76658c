"""The sentences that masking is measured on, and how they are counted."""

from ingestion.masking import Span, find
from ingestion.masking.evaluation.generated import Sentence, generated, generated_held_out
from ingestion.masking.evaluation.scores import scored
from ingestion.models import PersonalData

NAME, PHONE = PersonalData.NAME, PersonalData.PHONE


def test_the_same_seed_makes_the_same_sentences():
    assert list(generated(200, seed=3)) == list(generated(200, seed=3))


def test_two_thousand_sentences_and_more_hold_every_kind_in_both_languages():
    found = {(span.kind, one.language) for one in generated() for span in one.spans}
    assert found == {(kind, language) for kind in PersonalData for language in ("ja", "en")}


def test_a_third_of_the_sentences_holds_nothing_personal():
    made = list(generated(2400))
    assert sum(not one.spans for one in made) > 0.3 * len(made)


def test_no_value_of_a_made_sentence_is_empty():
    assert all(one.text[span.start : span.end].strip() for one in generated_held_out(200) for span in one.spans)


def test_a_span_masked_in_part_is_not_recalled_and_its_rest_is_counted():
    sentence = Sentence("山田太郎です", "ja", (Span(0, 4, NAME),))
    score = scored([(sentence, [Span(0, 2, NAME)])])["name", "ja"]
    assert (score.recall, score.precision, score.left) == (0.0, 1.0, 0.5)


def test_a_span_masked_as_another_kind_is_hidden_but_not_rightly_named():
    sentence = Sentence("山田太郎です", "ja", (Span(0, 4, NAME),))
    scores = scored([(sentence, [Span(0, 4, PHONE)])])
    assert (scores["name", "ja"].recall, scores["phone", "ja"].precision) == (1.0, 0.0)


def test_nine_in_ten_of_the_made_sentences_are_masked_rightly():
    made = list(generated(400))
    scores = scored((one, find(one.text, set(PersonalData))) for one in made)
    assert min(scores["all", language].recall for language in ("ja", "en")) > 0.9
