"""Answer text as safe HTML: Markdown without raw HTML or images, links that show where they lead.

The text comes from a model that read documents anybody may have written, so it is hostile until cleaned, twice:
markdown-it never emits HTML of the text's own, and nh3 lets only a short list of tags through.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

TAGS = {
    *("p", "br", "strong", "em", "s", "code", "pre", "ul", "ol", "li", "blockquote", "a", "hr"),
    *("table", "thead", "tbody", "tr", "th", "td", "h3", "h4", "h5", "h6"),
}
ATTRIBUTES = {"a": {"href", "class", "rel"}, "ol": {"start"}}


def rendered(text: str, *, sources: str | None = None) -> SafeString:
    """The Markdown as HTML that loads nothing and runs nothing. One plain paragraph comes without its <p>.

    `sources`: what the text was proved with. A link then leads only to an address that stands there; any other is text.
    """
    html = nh3.clean(
        _parser().render(text, {"sources": sources}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,  # the renderer writes rel itself
    ).strip()
    inner = html.removeprefix("<p>").removesuffix("</p>")
    if html.startswith("<p>") and "<p>" not in inner:
        html = inner
    return mark_safe(html)  # noqa: S308  cleaned just above


class _Renderer(RendererHTML):
    """markdown-it's renderer, with links that tell their address and images that are only named."""

    def link_open(self, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
        address = str(tokens[index].attrGet("href") or "")
        if not _leads(address, env):
            return ""
        address = escape(address)
        return f'<a class="external" rel="noopener noreferrer nofollow" href="{address}">'

    def link_close(self, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
        opened = next(i for i in range(index, -1, -1) if tokens[i].type == "link_open")
        address = str(tokens[opened].attrGet("href") or "")
        words = "".join(token.content for token in tokens[opened:index])
        closing = "</a>" if _leads(address, env) else ""
        return closing if words == address else f"{closing} ({escape(address)})"

    def image(self, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        return escape(_("[image left out: %(name)s]") % {"name": tokens[index].content})

    def heading_open(self, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        return f"<{_lower(tokens[index].tag)}>"

    def heading_close(self, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        return f"</{_lower(tokens[index].tag)}>"


def _leads(address: str, env: Any) -> bool:
    sources = env.get("sources")
    return sources is None or address in sources


def _lower(tag: str) -> str:
    # The page has its own h1 and h2; an answer's headings come below them.
    return f"h{min(6, int(tag[1]) + 2)}"


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer).enable("table")
