"""What commands say to the person at the terminal."""

from django.core.management.base import CommandError

from ingestion.errors import TenkyoError


def in_both_languages(error: TenkyoError) -> CommandError:
    """The error with its code, in English and below it in Japanese: nobody knows who sits at the terminal."""
    return CommandError(f"{error}\n{' '.join(error.texts('ja'))}")


def size(count: float) -> str:
    """Bytes as people read them: "3.2 GB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:  # noqa: PLR2004  # the units' own step
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
