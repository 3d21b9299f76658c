"""A cell's value as Excel shows it: dates, percent, thousands, decimals, and units written into the number format."""

import datetime as dt
import re
from typing import Any

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]')
_DECIMALS = re.compile(r"[0#?]\.([0#?]+)")
_SIGNIFICANT = 15


def shown(cell: Any) -> str:
    """The cell's text with its comment; "" for an empty cell."""
    text = _value(cell.value, cell.number_format or "General")
    comment = getattr(cell, "comment", None)
    if comment is not None and comment.text:
        text = f"{text} [{' '.join(comment.text.split())}]".strip()
    return text


def _value(value: Any, pattern: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return _number(value, pattern.split(";", 1)[0])
    if isinstance(value, (dt.date, dt.time)):
        return moment(value)
    return str(value).strip()


def moment(value: dt.date | dt.time) -> str:
    """A date, a time, or both, as ISO 8601 writes them."""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes") if value.time() != dt.time() else value.date().isoformat()
    return value.isoformat("minutes") if isinstance(value, dt.time) else value.isoformat()


def _number(value: float, pattern: str) -> str:
    before, after = _literals(pattern)
    bare = _LITERAL.sub("", pattern)
    if "%" in bare:
        value, after = value * 100, f"%{after}"
    decimals = _DECIMALS.search(bare)
    comma = "," if re.search(r"[#0],[#0]", bare) else ""
    if decimals:
        text = format(value, f"{comma}.{len(decimals[1])}f")
    elif re.fullmatch(r"[#0,%\s¥$€]*", bare) and "0" in bare:
        text = format(value, f"{comma}.0f")
    else:
        text = format(value, f"{comma}.{_SIGNIFICANT}g")
    return f"{before}{text}{after}"


def _literals(pattern: str) -> tuple[str, str]:
    """Text the format writes before and after the digits."""
    first = re.search(r"[0#?]", _LITERAL.sub(lambda match: "_" * len(match[0]), pattern))
    at = first.start() if first else 0
    before = after = ""
    for match in _LITERAL.finditer(pattern):
        text = match[1] or match[2] or match[3] or ""
        before, after = (before + text, after) if match.start() < at else (before, after + text)
    lead = re.match(r"[¥$€]", pattern)
    return (lead[0] if lead else "") + before, after
