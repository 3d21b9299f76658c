"""What every error is: a code, a status and its texts; and the one for what nobody foresaw."""

from typing import Any, ClassVar

from django.utils.translation import get_language


class _Values(dict[str, Any]):
    """A value that a stored error lacks reads as "?": a message with a gap beats a page that fails."""

    def __missing__(self, key: str) -> str:
        return "?"


class TenkyoError(Exception):
    """Something a person must be told. `params` fill the texts; `status` is the HTTP status it answers with."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    transient: ClassVar[bool] = False
    en: ClassVar[tuple[str, str]] = (
        "Something went wrong.",
        "Try again. If it happens again, tell your administrator.",
    )
    ja: ClassVar[tuple[str, str]] = (
        "問題が発生しました。",
        "もう一度お試しください。続く場合は管理者に連絡してください。",
    )

    def __init__(self, **params: Any) -> None:
        """Keep the values that fill the texts."""
        super().__init__(self.code)
        self.params = params

    def texts(self, language: str | None = None) -> tuple[str, str]:
        """(message, hint) in the given language, or in the one active now."""
        chosen = self.ja if (language or get_language() or "ja").startswith("ja") else self.en
        values = _Values(self.params)
        return chosen[0].format_map(values), chosen[1].format_map(values)

    def __str__(self) -> str:
        """The English message with its code, for logs and terminals."""
        return f"{self.code}: {' '.join(self.texts('en'))}"


class InternalError(TenkyoError):
    """Something nobody foresaw; the log has it in full."""

    code = "internal_error"
    status = 500
    en = (
        "Tenkyo failed in a way it did not expect. What was stored before is safe.",
        "Try again. If it happens again, give your administrator this time and code: the log has the cause.",
    )
    ja = (
        "予期しない問題が発生しました。これまでに保存した内容は無事です。",
        "もう一度お試しください。続く場合は時刻とコードを管理者に伝えてください。原因はログにあります。",
    )


def error_named(code: str, params: dict[str, Any] | None = None) -> TenkyoError:
    """The catalogue's error of that code (as stored on a run or a page). An unknown code gives the general error."""
    return _catalogue(TenkyoError).get(code, TenkyoError)(**(params or {}))


def statuses() -> list[int]:
    """The HTTP statuses that errors answer with, each once."""
    return sorted({error.status for error in _catalogue(TenkyoError).values()})


def _catalogue(base: type[TenkyoError]) -> dict[str, type[TenkyoError]]:
    found = {base.code: base}
    for child in base.__subclasses__():
        found.update(_catalogue(child))
    return found
