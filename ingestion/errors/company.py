"""Errors of signing in by the company's own provider or directory."""

from ingestion.errors.base import TenkyoError


class CompanyUnreachable(TenkyoError):
    """The provider or directory does not answer, or answers with an error of its own."""

    code = "company_unreachable"
    status = 503
    transient = True
    en = (
        "The company's sign-in does not answer ({reason}). You are not signed in.",
        "Try again in a minute. Administrators: `manage.py preflight` asks it too.",
    )
    ja = (
        "社内の認証サーバーから応答がありません({reason})。ログインしていません。",
        "1分ほど待ってからお試しください。管理者は `manage.py preflight` で確認できます。",
    )


class CompanyMisconfigured(TenkyoError):
    """What the provider says of itself does not fit the settings, or may not be followed."""

    code = "company_misconfigured"
    status = 502
    en = (
        "The company's sign-in is not set up as Tenkyo expects: {reason}. You are not signed in.",
        "Tell your administrator this code and reason: it is put right in the settings or at the provider.",
    )
    ja = (
        "社内の認証サーバーの設定が Tenkyo の想定と異なります: {reason}。ログインしていません。",
        "コードと理由を管理者に伝えてください。設定または認証サーバー側で修正します。",
    )


class CompanyRefused(TenkyoError):
    """The provider ended the sign-in itself: the person said no, or may not use Tenkyo there."""

    code = "company_refused"
    status = 403
    en = (
        "The company's sign-in said no ({reason}).",
        "Try again, or ask whoever runs it to let you use Tenkyo.",
    )
    ja = (
        "社内の認証サーバーがログインを拒否しました({reason})。",
        "もう一度試すか、認証の担当者に利用許可を依頼してください。",
    )


class CompanyClock(TenkyoError):
    """What the provider signed is not valid at this time."""

    code = "company_clock"
    status = 401
    en = (
        "What the company's sign-in sent is not valid at this time. You are not signed in.",
        "Sign in again. If it stays so, the clocks of both servers differ: administrators set them by NTP.",
    )
    ja = (
        "社内の認証サーバーの応答が、現在の時刻では有効ではありません。ログインしていません。",
        "もう一度ログインしてください。続く場合は両サーバーの時計がずれています。管理者は NTP で合わせてください。",
    )


class CompanyAudience(TenkyoError):
    """What the provider signed is meant for another program."""

    code = "company_audience"
    status = 401
    en = (
        "What the company's sign-in sent is meant for another program. You are not signed in.",
        "Tell your administrator: OIDC_CLIENT_ID and the provider's registration of Tenkyo must be the same.",
    )
    ja = (
        "社内の認証サーバーの応答が、別のプログラム宛てです。ログインしていません。",
        "管理者に伝えてください。OIDC_CLIENT_ID と認証サーバーの登録を一致させる必要があります。",
    )


class CompanyAnswerWrong(TenkyoError):
    """What came is not what the provider signed for this sign-in."""

    code = "company_answer_wrong"
    status = 401
    en = (
        "The answer of the company's sign-in is not genuine, or not for you ({reason}). You are not signed in.",
        "Sign in again from the beginning. If it stays so, tell your administrator this reason.",
    )
    ja = (
        "社内の認証サーバーの応答が正しくないか、別のログインのものです({reason})。ログインしていません。",
        "最初からログインし直してください。続く場合は、この理由を管理者に伝えてください。",
    )


class CompanyNotAllowed(TenkyoError):
    """The company knows the person, and Tenkyo is not open to them: no account, suspended, or in none of the groups."""

    code = "company_not_allowed"
    status = 403
    en = (
        "The company's sign-in knows you, but Tenkyo is not open to you.",
        "Ask your administrator; the audit trail tells them why.",
    )
    ja = (
        "社内の認証では確認できましたが、Tenkyo の利用は許可されていません。",
        "管理者に問い合わせてください。理由は監査記録にあります。",
    )


class CompanyNameTaken(TenkyoError):
    """An account that is not the company's has the name: names alone link nobody."""

    code = "company_name_taken"
    status = 409
    en = (
        "An account named {name} is here already, and is not linked to the company's sign-in. You are not signed in.",
        "If it is yours, ask your administrator to link it (Administration, company identities).",
    )
    ja = (
        "{name} という名前のアカウントがすでにあり、社内の認証とは結び付いていません。ログインしていません。",
        "自分のアカウントであれば、管理者に結び付けを依頼してください(管理画面の「社内認証の ID」)。",
    )
