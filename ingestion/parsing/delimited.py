"""CSV and TSV: encoding and delimiter are found out, every row reads on its own with its column names."""

import csv
import io

from ingestion.parsing import UnreadableFile
from ingestion.parsing.blocks import Section, Story, story, table_blocks
from ingestion.parsing.plain import text_of
from ingestion.parsing.source import Source
from ingestion.parsing.tables import looks_like_header

_DELIMITERS = ",\t;|"
_SAMPLED_LINES = 50
_WIDE = 6
_MAX_FIELD = 1_000_000


def read(source: Source) -> Story:
    """Read the file. Raises UnreadableFile."""
    text = text_of(source)
    csv.field_size_limit(_MAX_FIELD)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error:
        raise UnreadableFile("file_damaged") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    wide = len(rows[0]) > _WIDE if rows else False
    return story("", [Section(landscape=wide), *table_blocks(rows, header=looks_like_header(rows))])


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the same, largest number of columns."""
    lines = [line for line in text.split("\n", _SAMPLED_LINES)[:_SAMPLED_LINES] if line.strip()]

    def score(delimiter: str) -> tuple[float, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count, default=1)
        return (counts.count(usual) / max(len(counts), 1) if usual > 1 else 0.0, usual)

    return max(_DELIMITERS, key=score)
