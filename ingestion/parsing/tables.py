"""Whether the first row of a table names its columns."""

import re
from collections.abc import Sequence

_VALUE = re.compile(r"[-+±¥$€]?[\d０-９][\d０-９,.:/\-]*\s*\S{0,3}")
_LONGEST_NAME = 40


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """True where the first row holds short, distinct names and no values, and another row follows."""
    if len(rows) < 2:  # noqa: PLR2004 - a header heads something
        return False
    names = [cell.strip() for cell in rows[0]]
    filled = [name for name in names if name]
    return (
        len(filled) >= max(1, len(names) - 1)
        and all(len(name) <= _LONGEST_NAME and not _VALUE.fullmatch(name) for name in filled)
        and (len(names) > 1 or any(_VALUE.fullmatch(row[0].strip()) for row in rows[1:] if row))
    )
