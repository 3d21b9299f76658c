"""docs/reference/masking.md: how well personal data is found, by kind and language. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.masking.evaluation.scores import Score, Scores
from ingestion.models import PersonalData

_HEAD = """\
# Masking of personal data

<!-- Made by manage.py evaluate_masking --write. Do not edit. -->

{sentences} sentences of works' documents, half of them Japanese, made with seed {seed} from templates and invented
values (`ingestion/masking/evaluation/`): names, formats and check digits of their own, not the recognisers'. Every
third template holds nothing personal: part numbers grouped as telephone numbers are, dates that are no births,
firms, units and methods called after people. Measured with `manage.py evaluate_masking`; nobody real is in it.

- **recall**: the share of what is there that is masked to its last character, as whatever kind.
- **precision**: the share of what is masked that is personal data of that kind, by half of its characters and more.
- **readable**: the share of the characters of personal data that stayed readable.
"""
_FITTED = """\
## Templates the recognisers were tried on

They were written before these figures, and what they showed to be missing was added: take the figures as an upper
bound."""
_HELD_OUT = """\
## Templates held out

{sentences} sentences of other templates, written after the recognisers were finished and not used to change them.
Closer to what to expect; what is missed most is what no word announces: a number or a date in a bare cell, a
surname without an honorific."""
_LIMITS = """\
## What is not found

- Numbers and dates without a check digit that no word announces: an employee's number in a cell of its own, a date
  of birth among other dates. Tables read by Tenkyo carry their columns' names in every row, which announces them.
- Japanese surnames alone, without an honorific or words that announce a person; rare given names behind a surname
  by itself.
- Given names of no listed country; Latin names that are words too (Mark, Rose), unless a title, a form's word or a
  known surname tells.
- Titles, file names and names of sheets are not masked, nor is what a picture shows that OCR did not read.
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """The scores of both sets of templates, and how many sentences they are of."""

    seed: int
    sentences: int
    held_out_sentences: int
    fitted: Scores
    held_out: Scores


def page(found: Measured) -> str:
    """The page's text."""
    parts = [
        _HEAD.format(sentences=found.sentences + found.held_out_sentences, seed=found.seed),
        _FITTED,
        "\n".join(_table(found.fitted)),
        _HELD_OUT.format(sentences=found.held_out_sentences),
        "\n".join(_table(found.held_out)),
        _LIMITS,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _table(scores: Scores) -> Sequence[str]:
    head = "| kind | ja: there | recall | precision | readable | en: there | recall | precision | readable |"
    rows = [head, f"|{' --- |' * 9}"]
    for kind in (*PersonalData.values, "all"):
        cells = [cell for language in ("ja", "en") for cell in _cells(scores.get((kind, language), Score()))]
        rows.append(f"| {kind.replace('_', ' ')} | {' | '.join(cells)} |")
    return rows


def _cells(score: Score) -> list[str]:
    shares = (score.recall, score.precision, score.left)
    return [str(score.there), *("–" if share is None else f"{share:.3f}" for share in shares)]
