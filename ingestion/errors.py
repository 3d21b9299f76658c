"""Every ingestion error: a stable code, and what happened and what to do next, in English and Japanese.

`TenkyoError` is the base of both rooms' errors; the API and the pages render it in one shape.
"""

from typing import Any, ClassVar

from django.utils.translation import get_language


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
        return chosen[0].format_map(self.params), chosen[1].format_map(self.params)

    def __str__(self) -> str:
        """The English message with its code, for logs and terminals."""
        return f"{self.code}: {' '.join(self.texts('en'))}"


class NotFound(TenkyoError):
    """What does not exist and what you may not see answer identically."""

    code = "not_found"
    status = 404
    en = ("There is nothing here that you may see.", "Check the address, or ask the owner of the library for access.")
    ja = ("表示できるものがありません。", "アドレスを確認するか、ライブラリの所有者に閲覧権限を依頼してください。")


def error_named(code: str, params: dict[str, Any] | None = None) -> TenkyoError:
    """The catalogue's error of that code (as stored on a run or a page). An unknown code gives the general error."""
    return _catalogue(TenkyoError).get(code, TenkyoError)(**(params or {}))


def _catalogue(base: type[TenkyoError]) -> dict[str, type[TenkyoError]]:
    found = {base.code: base}
    for child in base.__subclasses__():
        found.update(_catalogue(child))
    return found
