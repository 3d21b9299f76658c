"""Errors of libraries and of what a person may see and do."""

from ingestion.errors.base import TenkyoError


class NotFound(TenkyoError):
    """What does not exist and what you may not see answer identically."""

    code = "not_found"
    status = 404
    en = ("There is nothing here that you may see.", "Check the address, or ask the owner of the library for access.")
    ja = ("表示できるものがありません。", "アドレスを確認するか、ライブラリの所有者に閲覧権限を依頼してください。")


class NotAllowed(TenkyoError):
    """The person may see it, but not do this."""

    code = "not_allowed"
    status = 403
    en = ("You may not do this.", "Ask your administrator for the permission.")
    ja = ("この操作は許可されていません。", "管理者に権限を依頼してください。")


class LibraryNameEmpty(TenkyoError):
    """Nothing is left of the name once control characters and blanks are removed, or it is too long."""

    code = "library_name_empty"
    status = 422
    en = ("The library has no usable name.", "Give it a name of 1 to 200 characters.")
    ja = ("ライブラリ名が使えません。", "1〜200文字の名前を付けてください。")


class LibraryNameTaken(TenkyoError):
    """Another library has this name."""

    code = "library_name_taken"
    status = 409
    en = ("There is already a library with this name.", "Choose another name.")
    ja = ("同じ名前のライブラリがすでにあります。", "別の名前を付けてください。")


class NotSignedIn(TenkyoError):
    """The request carries neither a valid token nor a session."""

    code = "not_signed_in"
    status = 401
    en = (
        "You are not signed in, or the token is not valid. Nothing was changed.",
        "Sign in, or send `Authorization: Bearer TOKEN` with a token from `manage.py api_token USERNAME`.",
    )
    ja = (
        "ログインしていないか、トークンが無効です。何も変更していません。",
        "ログインするか、`manage.py api_token ユーザー名` のトークンを `Authorization: Bearer` で送ってください。",
    )


class TooManyRequests(TenkyoError):
    """One person, or one address, asked, searched or uploaded more often than the settings allow.

    `seconds`: how long to wait; it is the answer's Retry-After too.
    """

    code = "too_many_requests"
    status = 429
    transient = True
    en = (
        "That was too often in a short time. Nothing was done, and nothing is lost.",
        "Wait {seconds} seconds and try again. If your work needs more, ask your administrator to raise the limit.",
    )
    ja = (
        "短い時間に回数が多すぎます。何も実行していません。失われたものもありません。",
        "{seconds}秒待ってからもう一度お試しください。業務に足りない場合は、管理者に上限の引き上げを依頼してください。",
    )

    @property
    def seconds(self) -> int:
        """How long to wait."""
        return int(self.params["seconds"])


class SignInRefused(TooManyRequests):
    """Too many sign-ins for this name or from this address failed. Whether the name exists makes no difference."""

    code = "sign_in_refused"
    en = (
        "Too many sign-ins failed for this name or from this address. This one was not tried.",
        "Wait {minutes} minutes and sign in again. Forgotten password: ask your administrator for a new one.",
    )
    ja = (
        "このユーザー名、またはこのアドレスからのログインの失敗が多すぎます。今回のログインは試していません。",
        "{minutes}分待ってからログインしてください。パスワードを忘れた場合は、管理者に再設定を依頼してください。",
    )


class TokenDayPast(TenkyoError):
    """A token would end before it begins."""

    code = "token_day_past"
    status = 422
    en = ("The last day of the token is over already. No token was made.", "Choose today or a later day.")
    ja = (
        "トークンの最終日がすでに過ぎています。トークンは発行していません。",
        "今日以降の日を選んでください。",
    )


class TokenLibrariesNone(TenkyoError):
    """A token for chosen libraries names none."""

    code = "token_libraries_none"
    status = 422
    en = (
        "The token is for chosen libraries, but none is chosen. No token was made.",
        "Choose at least one library, or make the token for all libraries you may read.",
    )
    ja = (
        "選んだライブラリだけのトークンですが、ライブラリが選ばれていません。トークンは発行していません。",
        "ライブラリを1つ以上選ぶか、閲覧できるすべてのライブラリのトークンにしてください。",
    )


class DatesReversed(TenkyoError):
    """A document would end before it begins."""

    code = "dates_reversed"
    status = 422
    en = (
        "The last day would be before the first day: the document would never be effective. Nothing was changed.",
        "Choose a first day that is not after the last day, or leave one of them empty.",
    )
    ja = (
        "終了日が開始日より前のため、有効になる日がありません。何も変更していません。",
        "開始日が終了日より後にならないように選ぶか、どちらかを空にしてください。",
    )


class WithdrawnInFuture(TenkyoError):
    """A document would be withdrawn since a day to come."""

    code = "withdrawn_in_future"
    status = 422
    en = (
        "A document cannot have been withdrawn since a day that is still to come. Nothing was changed.",
        "Leave it effective, and choose that day as the last day it is effective.",
    )
    ja = (
        "まだ来ていない日から廃止済みにすることはできません。何も変更していません。",
        "有効のままにして、有効な最後の日としてその日を選んでください。",
    )


class TagsTooMany(TenkyoError):
    """A document was given more tags than anybody reads."""

    code = "tags_too_many"
    status = 422
    en = ("A document can have {limit} tags at most. Nothing was changed.", "Leave some of them out.")
    ja = ("1つの文書に付けられるタグは {limit} 個までです。何も変更していません。", "いくつかを外してください。")


class UndoGone(TenkyoError):
    """The way back of a change to many documents is too old, or was not made here."""

    code = "undo_gone"
    status = 409
    en = ("This change can no longer be undone in one step. Nothing was changed.", "Set the documents back one by one.")
    ja = ("この変更はもう一括では元に戻せません。何も変更していません。", "文書を1つずつ元に戻してください。")
