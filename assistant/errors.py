"""Every assistant error: a stable code, and what happened and what to do next, in English and Japanese."""

from ingestion.errors import TenkyoError


class ModelUnavailable(TenkyoError):
    """The answer model's server did not answer."""

    code = "model_unavailable"
    status = 503
    transient = True
    en = (
        "The answer model is not running.",
        "Your question is kept. Try again in a minute; your administrator can see the cause at /readyz.",
    )
    ja = (
        "回答モデルが動いていません。",
        "質問は保存されています。1分ほどしてもう一度お試しください。管理者は /readyz で原因を確認できます。",
    )


class QuestionTooLong(TenkyoError):
    """The question has more characters than QUESTION_LIMIT."""

    code = "question_too_long"
    status = 413
    en = (
        "The question has {length} characters; the limit is {limit}.",
        "Shorten it, or upload the long text as a document and ask about it.",
    )
    ja = (
        "質問は{length}文字です。上限は{limit}文字です。",
        "短くするか、長い文章は文書としてアップロードしてから質問してください。",
    )


class QuestionEmpty(TenkyoError):
    """Nothing is left of the question once control characters and blanks are removed."""

    code = "question_empty"
    status = 422
    en = ("The question is empty.", "Type what you want to know.")
    ja = ("質問が空です。", "知りたいことを入力してください。")
