"""Markdown (CommonMark with tables) is rendered and read as the HTML it stands for."""

import re

from ingestion.parsing.blocks import Story
from ingestion.parsing.plain import text_of
from ingestion.parsing.source import Source
from ingestion.parsing.webpage import story_of

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)\n", re.DOTALL)
_TITLE = re.compile(r"""^title:\s*["']?(.*?)["']?\s*$""", re.MULTILINE)


def read(source: Source) -> Story:
    """Read the file. Raises UnreadableFile."""
    from markdown_it import MarkdownIt

    text = text_of(source)
    front = _FRONT_MATTER.match(text)
    named = _TITLE.search(front[1]) if front else None
    body = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text[front.end() :] if front else text)
    return story_of(f"<html><body>{body}</body></html>", title=named[1] if named else "")
