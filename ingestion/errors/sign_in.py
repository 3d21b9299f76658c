"""Errors of signing in beyond the password: the second factor."""

from ingestion.errors.base import TenkyoError


class FactorWrong(TenkyoError):
    """A code or a key's answer does not fit, or was used before."""

    code = "factor_wrong"
    status = 422
    en = (
        "That code or key does not fit, or the code was used already.",
        "Wait for the next code and type it anew. If it keeps failing, check the clock of your phone.",
    )
    ja = (
        "コードまたはキーが正しくないか、そのコードはすでに使われています。",
        "次のコードを待って入力し直してください。続く場合は、スマートフォンの時計を確認してください。",
    )


class FactorTaken(TenkyoError):
    """The key is registered already, here or with another person."""

    code = "factor_taken"
    status = 409
    en = ("This key is registered already. Nothing was changed.", "Use another key.")
    ja = ("このキーはすでに登録されています。何も変更していません。", "別のキーを使ってください。")


class FactorNeeded(TenkyoError):
    """The last factor of somebody of whom one is demanded."""

    code = "factor_needed"
    status = 409
    en = (
        "A second factor is required of you, and this is your only one. Nothing was changed.",
        "Set up another one first, then remove this one.",
    )
    ja = (
        "2段階認証が必須で、これが最後の1つです。何も変更していません。",
        "先に別の方法を設定してから、削除してください。",
    )


class FactorOwn(TenkyoError):
    """Somebody would reset their own second factor."""

    code = "factor_own"
    status = 403
    en = (
        "Nobody resets their own second factor. Nothing was changed.",
        "Ask another administrator, or on the server run `manage.py second_factor_reset`.",
    )
    ja = (
        "自分の2段階認証は自分ではリセットできません。何も変更していません。",
        "別の管理者に依頼するか、サーバーで `manage.py second_factor_reset` を実行してください。",
    )


class FactorReason(TenkyoError):
    """A second factor would be reset without a reason."""

    code = "factor_reason"
    status = 422
    en = (
        "Resetting a second factor needs a reason. Nothing was changed.",
        "Say how the person proved who they are, in a few words.",
    )
    ja = (
        "2段階認証のリセットには理由が必要です。何も変更していません。",
        "本人確認の方法などを簡単に書いてください。",
    )


class PasswordWrong(TenkyoError):
    """The password that was asked for once more is not the person's."""

    code = "password_wrong"
    status = 422
    en = ("That is not your password. Nothing was changed.", "Type the password that you sign in with.")
    ja = ("パスワードが正しくありません。何も変更していません。", "ログインに使うパスワードを入力してください。")


class SignInOver(TenkyoError):
    """A sign-in that was begun was not finished in time, or the person changed meanwhile."""

    code = "sign_in_over"
    status = 401
    en = ("This sign-in took too long or was finished elsewhere.", "Sign in again from the beginning.")
    ja = ("ログインの手続きが時間切れになったか、すでに終わっています。", "最初からログインし直してください。")
