"""A line plot as SVG without scripts or styles, so that every Content-Security-Policy lets it pass. Pure.

Series differ by dashes and by their names at the end of the lines, not by colour alone. Whoever shows it puts a table
with the same values beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDTH, _HEIGHT = 760, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 190, 12, 28
_DASHES = ("none", "8 3", "2 3", "10 3 2 3", "5 5", "1 4")
_LINE_APART = 15.0


@dataclass(frozen=True, slots=True)
class Series:
    """Values from 0 to 1, one for each place on the axis; None where there is none."""

    name: str
    values: tuple[float | None, ...]


def line_plot(title: str, places: Sequence[str], series: Sequence[Series]) -> SafeString:
    """The plot, `places` from left to right."""
    ends = _apart([_y(value) for one in series if (value := _last(one)) is not None])
    drawn = [one for one in series if _last(one) is not None]
    lines = [_line(one, _DASHES[number % len(_DASHES)], ends[number]) for number, one in enumerate(drawn)]
    return format_html(
        '<svg role="img" aria-label="{}" viewBox="0 0 {} {}" width="100%" fill="none" stroke="currentColor" '
        'font-size="12">{}{}{}</svg>',
        title,
        _WIDTH,
        _HEIGHT,
        _grid(),
        _axis(places),
        format_html_join("", "{}", ((line,) for line in lines)),
    )


def _grid() -> SafeString:
    rows = (
        (_LEFT, _y(level), _WIDTH - _RIGHT, _y(level), _LEFT - 6, _y(level) + 4, f"{level:.1f}")
        for level in (0.0, 0.5, 1.0)
    )
    return format_html_join(
        "",
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke-opacity="0.25"/>'
        '<text x="{}" y="{}" text-anchor="end" fill="currentColor" stroke="none">{}</text>',
        rows,
    )


def _axis(places: Sequence[str]) -> SafeString:
    rows = ((round(_x(number, len(places)), 1), _HEIGHT - 8, place) for number, place in enumerate(places))
    return format_html_join(
        "", '<text x="{}" y="{}" text-anchor="middle" fill="currentColor" stroke="none">{}</text>', rows
    )


def _line(series: Series, dashes: str, end: float) -> SafeString:
    count = len(series.values)
    points = [(_x(number, count), _y(value)) for number, value in enumerate(series.values) if value is not None]
    return format_html(
        '<g><polyline points="{}" stroke-width="2" stroke-dasharray="{}"/>{}'
        '<text x="{}" y="{}" fill="currentColor" stroke="none">{}</text></g>',
        " ".join(f"{x:.1f},{y:.1f}" for x, y in points),
        dashes,
        format_html_join(
            "", '<circle cx="{}" cy="{}" r="3" fill="currentColor"/>', ((round(x, 1), round(y, 1)) for x, y in points)
        ),
        _WIDTH - _RIGHT + 8,
        round(end + 4, 1),
        series.name,
    )


def _x(number: int, count: int) -> float:
    return _LEFT + (number + 0.5) * (_WIDTH - _RIGHT - _LEFT) / count


def _y(value: float) -> float:
    return _TOP + (1 - value) * (_HEIGHT - _BOTTOM - _TOP)


def _last(series: Series) -> float | None:
    return next((value for value in reversed(series.values) if value is not None), None)


def _apart(heights: Sequence[float]) -> list[float]:
    """The heights of the names, moved so that none lies on another."""
    placed = list(heights)
    order = sorted(range(len(placed)), key=lambda number: placed[number])
    for upper, lower in pairwise(order):
        placed[lower] = max(placed[lower], placed[upper] + _LINE_APART)
    return placed
