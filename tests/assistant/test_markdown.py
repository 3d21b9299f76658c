"""Hostile answers become text that loads nothing, runs nothing and hides no address."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.markdown import rendered

HOSTILE = (
    "![leak](https://evil.example/p.png)",
    "![leak][1]\n\n[1]: https://evil.example/p.png",
    '<img src="https://evil.example/p.png">',
    "<script>alert(1)</script>",
    '<svg onload="alert(1)"><image href="https://evil.example/p.svg"/></svg>',
    "<style>body{background:url(https://evil.example/p)}</style>",
    '<div style="background:url(https://evil.example/p)">x</div>',
    '<link rel="stylesheet" href="https://evil.example/p.css">',
    '<iframe src="https://evil.example"></iframe>',
    '<form action="https://evil.example"><input name="q"></form>',
    "[click](javascript:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    '[a](https://x.example/"onmouseover="alert(1))',
    '<https://x.example/"><script>alert(1)</script>>',
    "`<img src=x onerror=alert(1)>`",
)
ALLOWED = re.compile(
    r"</?(?:p|strong|em|s|code|pre|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|h[3-6])>|<(?:br|hr)>|</a>"
    r'|<ol start="\d+">|<a class="external" rel="noopener noreferrer nofollow"(?: href="[^"<>]*")?>'
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_answer_leaves_only_harmless_tags(text):
    assert "<" not in ALLOWED.sub("", str(rendered(text)))


@given(st.text(alphabet=st.sampled_from("<>[]()!\"'`*_#|-:/=&; \nabimgscriptvhref"), max_size=80))
def test_no_text_whatever_gets_another_tag_through(text):
    assert "<" not in ALLOWED.sub("", str(rendered(text)))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_link_never_runs_a_script(text):
    assert not re.search(r'href="(?!https?:|mailto:|/|#|[^":]*")', str(rendered(text)))


def test_an_image_becomes_its_name():
    assert "https://evil.example" not in rendered("![a pump](https://evil.example/p.png)")


def test_a_link_shows_where_it_leads():
    assert rendered("[the manual](https://evil.example/x)").endswith("the manual</a> (https://evil.example/x)")


def test_one_plain_sentence_comes_without_a_paragraph():
    assert rendered("点検は**8,000時間**ごと。") == "点検は<strong>8,000時間</strong>ごと。"


def test_headings_of_an_answer_stay_below_those_of_the_page():
    assert rendered("# 点検") == "<h3>点検</h3>"


def test_a_link_to_an_address_that_no_source_holds_is_text():
    assert (
        rendered("[the manual](https://evil.example/x)", sources="See the manual.")
        == "the manual (https://evil.example/x)"
    )


def test_a_link_to_an_address_that_a_source_holds_leads_there():
    assert 'href="https://intra.example/x"' in rendered(
        "<https://intra.example/x>", sources="See https://intra.example/x."
    )
