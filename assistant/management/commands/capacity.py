"""Says how large the machines must be."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assistant.capacity.constants import CONSTANTS, EMBEDDERS, Constant
from assistant.capacity.sizing import Site, Sized, as_json, sized
from ingestion.management.said import size


class Command(BaseCommand):
    """`manage.py capacity --users N --documents N --pages N [--json]`."""

    help = (
        "Size GPUs, disk and memory for so many people and pages, with every formula and where each of its constants "
        "was measured or published. Asks no database."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        for name, told in (("users", "people who ask"), ("documents", "documents"), ("pages", "pages of all of them")):
            parser.add_argument(f"--{name}", type=int, required=True, help=told)
        for name, told in _OPTIONS.items():
            usual = getattr(Site, "__dataclass_fields__")[name].default  # noqa: B009
            told_with_default = f"{told} (default: {usual:g})"
            parser.add_argument(f"--{name.replace('_', '-')}", type=type(usual), default=usual, help=told_with_default)
        parser.add_argument("--embed-model", choices=sorted(EMBEDDERS), default="bge-m3", help="default: bge-m3")
        parser.add_argument("--json", action="store_true", help="everything as JSON")

    def handle(self, **options: Any) -> None:
        site = Site(**{name: options[name] for name in Site.__dataclass_fields__})
        if options["json"]:
            self.stdout.write(json.dumps(as_json(site), ensure_ascii=False, indent=1))
            return
        found = sized(site)
        self.stdout.write(f"For {site.users:,} people, {site.documents:,} documents, {site.pages:,} pages:")
        for each in found:
            if each.formula.result:
                self.stdout.write(f"  {_shown(each.value, each.formula.unit):>12}  {each.formula.told}")
        self.stdout.write("\nHow it was computed:")
        for each in found:
            self.stdout.write(_line(each))
        self.stdout.write("\nConstants:")
        for constant in CONSTANTS:
            self.stdout.write(_constant(constant))


_OPTIONS = {
    "scanned": "percent of the pages that are scans, and read by OCR",
    "questions_per_hour": "questions of each person in the busiest hour",
    "revisions": "revisions kept of each document, the current one too",
    "hours": "hours the first intake may take before a GPU for embedding is asked for",
    "cores": "processor cores that read and embed",
    "workers": "worker processes that read files",
}


def _line(each: Sized) -> str:
    formula = each.formula
    return f"  {formula.name} = {formula.expression}\n      = {_shown(each.value, formula.unit)}  ({formula.told})"


def _constant(constant: Constant) -> str:
    return f"  {constant.name} = {_shown(constant.value, constant.unit)}  [{constant.basis}] {constant.where}"


def _shown(value: float, unit: str) -> str:
    if unit == "bytes":
        return size(value)
    if value and abs(value) < 10:  # noqa: PLR2004  # digits, not a threshold
        return f"{value:.3g} {unit}"
    return f"{value:,.0f} {unit}"
