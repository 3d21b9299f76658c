"""Both legs as one ranking."""

from uuid import UUID

import pytest

from assistant.fusion import Fused, fuse, joined, reread, unread
from ingestion.index import Hit

ONE, TWO = UUID(int=1), UUID(int=2)


def ranks(fused):
    return [one.key[1] for one in fused]


def test_a_point_that_both_legs_find_first_is_first():
    assert ranks(fuse([Hit(ONE, 7, 0.9), Hit(ONE, 8, 0.8)], [Hit(ONE, 7, 5.0), Hit(ONE, 9, 1.0)]))[0] == 7


def test_meaning_weighs_more_than_words():
    dense, sparse = [Hit(ONE, 1, 0.9), Hit(ONE, 2, 0.8)], [Hit(ONE, 2, 5.0), Hit(ONE, 1, 1.0)]
    assert ranks(fuse(dense, sparse)) == [1, 2]


def test_one_leg_alone_keeps_its_order():
    assert ranks(fuse([Hit(ONE, 3, 0.9), Hit(ONE, 1, 0.5), Hit(ONE, 2, 0.1)], [])) == [3, 1, 2]


def test_scores_lie_between_0_and_1():
    fused = fuse([Hit(ONE, 1, 0.9), Hit(ONE, 2, 0.8)], [Hit(ONE, 1, 5.0), Hit(ONE, 3, 1.0)])
    assert all(0 <= one.score <= 1 for one in fused)


def test_nothing_found_is_no_ranking():
    assert fuse([], []) == []


def test_joined_rankings_hold_every_point_once_where_it_scored_best():
    low, high, other = Fused((ONE, 1), 0.2, 0.8, 1.0), Fused((ONE, 1), 0.7, 0.8, 1.0), Fused((TWO, 1), 0.5, 0.8, 1.0)
    assert joined([low, other], [high]) == [high, other]


@pytest.mark.parametrize("rankings", [(), ([],), ([], [])])
def test_joined_nothing_is_nothing(rankings):
    assert joined(*rankings) == []


def scored(ordinal, score):
    return Fused((ONE, ordinal), score, cosine=0.8, words=1.0)


def test_of_two_points_as_good_the_one_that_says_more_of_the_question_comes_first():
    best = [scored(1, 0.7), scored(2, 0.7)]
    assert ranks(reread(best, {(ONE, 1): 0.2, (ONE, 2): 0.9})) == [2, 1]


def test_a_point_read_again_never_falls_behind_those_that_were_not():
    read = reread([scored(1, 0.7)], {})
    assert read[0].score >= unread([scored(2, 0.7)])[0].score


def test_scores_stay_between_0_and_1_when_read_again():
    assert reread([scored(1, 1.0)], {(ONE, 1): 1.0})[0].score == pytest.approx(1.0)
