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


class RerankerUnavailable(TenkyoError):
    """The reranker could not be loaded."""

    code = "reranker_unavailable"
    status = 503
    en = (
        "The model {model} that orders search results cannot be loaded from {folder} ({reason}). Documents are safe.",
        "Put the model into that folder, or leave RERANK_MODEL empty to search without it, and start again.",
    )
    ja = (
        "検索結果を並べ替えるモデル {model} を {folder} から読み込めません({reason})。文書は無事です。",
        "モデルをそのフォルダーに置くか、RERANK_MODEL を空にして(並べ替えなしで検索)、起動し直してください。",
    )


class AnswerWeightsMissing(TenkyoError):
    """The answer model's file is not in MODELS_DIR."""

    code = "answer_weights_missing"
    status = 503
    en = (
        "The file of the answer model {model} is not at {path}. Nothing was started.",
        "Run `manage.py models_fetch`, or set ANSWER_URL to a server that runs the model.",
    )
    ja = (
        "回答モデル {model} のファイルが {path} にありません。何も起動していません。",
        "`manage.py models_fetch` を実行するか、モデルを動かしているサーバーを ANSWER_URL に設定してください。",
    )


class AnswerServerFailed(TenkyoError):
    """llama.cpp did not come up on this machine."""

    code = "answer_server_failed"
    status = 503
    transient = True
    en = (
        "The answer model {model} did not start on port {port} ({reason}). Documents and conversations are safe.",
        "Check that the port is free (ANSWER_PORT chooses another) and that 3 GB of memory are, then start it again.",
    )
    ja = (
        "回答モデル {model} をポート {port} で起動できませんでした({reason})。文書と会話は無事です。",
        "ポートの空き(ANSWER_PORT で変更可)とメモリー3 GBの空きを確認して、もう一度起動してください。",
    )


class ModelNotApproved(TenkyoError):
    """The model asked for is not among the approved answer models."""

    code = "model_not_approved"
    status = 422
    en = ("{model} is not an approved answer model.", "Leave `model` out, or name one from config/portfolio.toml.")
    ja = (
        "{model} は承認された回答モデルではありません。",
        "`model` を省略するか、config/portfolio.toml にある名前を指定してください。",
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


class CsrfFailed(TenkyoError):
    """A session's request without its CSRF token: it may come from another site."""

    code = "csrf_failed"
    status = 403
    en = (
        "The request did not prove that it comes from this site. Nothing was changed.",
        "Reload the page and try again; a program should send a Bearer token instead of a session cookie.",
    )
    ja = (
        "このサイトからのリクエストであることを確認できませんでした。何も変更していません。",
        "ページを再読み込みしてもう一度お試しください。プログラムからはセッションではなくBearerトークンを使ってください。",
    )


class InvalidRequest(TenkyoError):
    """A field is missing or of another kind than the API says."""

    code = "invalid_request"
    status = 422
    en = (
        "The request is not valid ({problems}). Nothing was changed.",
        "Compare it with the API's description at /api/v1/docs.",
    )
    ja = (
        "リクエストの内容が正しくありません({problems})。何も変更していません。",
        "/api/v1/docs の説明と見比べてください。",
    )


class BodyUnreadable(TenkyoError):
    """The request's body is not JSON."""

    code = "body_unreadable"
    status = 400
    en = (
        "The body of the request cannot be read as JSON. Nothing was changed.",
        "Send UTF-8 JSON with `Content-Type: application/json`.",
    )
    ja = (
        "リクエスト本文をJSONとして読み取れません。何も変更していません。",
        "UTF-8のJSONを `Content-Type: application/json` で送ってください。",
    )


class BodyTooLarge(TenkyoError):
    """The request's body, files apart, is larger than Django's limit."""

    code = "body_too_large"
    status = 413
    en = (
        "The body of the request is larger than {limit_mb} MiB. Nothing was changed.",
        "Shorten it. Long texts are uploaded as documents.",
    )
    ja = (
        "リクエスト本文が{limit_mb} MiBを超えています。何も変更していません。",
        "短くしてください。長い文章は文書としてアップロードできます。",
    )


class MethodNotAllowed(TenkyoError):
    """The address exists, but not with this method."""

    code = "method_not_allowed"
    status = 405
    en = ("This address does not take {method}. Nothing was changed.", "/api/v1/docs lists what it takes.")
    ja = (
        "このアドレスは{method}を受け付けません。何も変更していません。",
        "使えるメソッドは /api/v1/docs にあります。",
    )


class BadRequest(TenkyoError):
    """Django refused the request before any view saw it."""

    code = "bad_request"
    status = 400
    en = (
        "The server refused the request as malformed. Nothing was changed.",
        "Check the address, the Host header (ALLOWED_HOSTS) and the encoding.",
    )
    ja = (
        "リクエストの形式が正しくないため受け付けませんでした。何も変更していません。",
        "アドレス、Hostヘッダー(ALLOWED_HOSTS)、文字コードを確認してください。",
    )


class NotReady(TenkyoError):
    """A part that answers need does not answer."""

    code = "not_ready"
    status = 503
    transient = True
    en = (
        "Not ready: {parts}. Documents and conversations are safe.",
        "See the part's `cause` here as an administrator who is signed in, or the log.",
    )
    ja = (
        "準備ができていません: {parts}。文書と会話は無事です。",
        "管理者としてログインしてこのアドレスの `cause` を見るか、ログを確認してください。",
    )


class EvaluationSetUnreadable(TenkyoError):
    """A file of an evaluation set is missing, no TOML or JSON, or breaks the set's own rules."""

    code = "evaluation_set_unreadable"
    status = 422
    en = (
        "The evaluation set cannot be read: {file}: {problem}. Nothing was asked.",
        "tests/golden/README.md says what each key means; --golden and --data name the folders.",
    )
    ja = (
        "評価用の質問を読み取れません: {file}: {problem}。質問は実行していません。",
        "各項目の意味は tests/golden/README.md にあります。フォルダーは --golden と --data で指定します。",
    )


class DictionaryWordsFew(TenkyoError):
    """An entry has fewer than two words, or its words differ by spelling only."""

    code = "dictionary_words_few"
    status = 422
    en = (
        "An entry needs at least two words that differ by more than case, width or hyphens. Nothing was changed.",
        "Write what people say and what the documents say, each on a line of its own.",
    )
    ja = (
        "項目には、表記の揺れ(大文字・全角・ハイフンなど)以外で異なる語が2つ以上必要です。何も変更していません。",
        "人が使う語と文書で使われる語を、1行に1つずつ書いてください。",
    )


class DictionaryWordsMany(TenkyoError):
    """An entry has more words than one is searched for."""

    code = "dictionary_words_many"
    status = 422
    en = (
        "The entry has {count} words; the limit is {limit}. Nothing was changed.",
        "Keep the words that the documents and the people who ask really use.",
    )
    ja = (
        "項目に{count}語あります。上限は{limit}語です。何も変更していません。",
        "文書と質問で実際に使われる語だけを残してください。",
    )


class DictionaryWordUnusable(TenkyoError):
    """A word is too long, or too short to tell where it is meant."""

    code = "dictionary_word_unusable"
    status = 422
    en = (
        "“{word}” cannot be a word of the dictionary. Nothing was changed.",
        "A word has 2 to {limit} characters, or is one kanji; a number alone is none.",
    )
    ja = (
        "「{word}」は辞書の語にできません。何も変更していません。",
        "語は2〜{limit}文字、または漢字1文字です。数字だけの語は使えません。",
    )


class DictionaryEntryExists(TenkyoError):
    """The library's dictionary has an entry with exactly these words."""

    code = "dictionary_entry_exists"
    status = 409
    en = ("The dictionary already has this entry: {words}. Nothing was changed.", "Change that entry instead.")
    ja = ("辞書にはすでにこの項目があります: {words}。何も変更していません。", "その項目を編集してください。")


class DictionaryFull(TenkyoError):
    """The library's dictionary has as many entries as it takes."""

    code = "dictionary_full"
    status = 409
    en = (
        "A dictionary holds at most {limit} entries. Nothing was changed.",
        "Delete entries that nobody needs, or join those that mean the same.",
    )
    ja = (
        "1つの辞書に登録できるのは{limit}項目までです。何も変更していません。",
        "使われない項目を削除するか、同じ意味の項目をまとめてください。",
    )


class DictionaryFileUnreadable(TenkyoError):
    """The file is no CSV in UTF-8 or Shift_JIS, has no rows, or is too large."""

    code = "dictionary_file_unreadable"
    status = 422
    en = (
        "The file cannot be read as a dictionary. Nothing was changed.",
        "Choose a CSV file in UTF-8 or Shift_JIS of at most {limit_mb} MiB; export one to see its columns.",
    )
    ja = (
        "ファイルを辞書として読み取れません。何も変更していません。",
        "UTF-8またはShift_JISのCSVファイル({limit_mb} MiBまで)を選んでください。列は書き出したファイルで確認できます。",
    )


class DictionaryRowsUnusable(TenkyoError):
    """Rows of the file cannot become entries."""

    code = "dictionary_rows_unusable"
    status = 422
    en = (
        "{count} rows of the file cannot become entries. Nothing was changed. Line {problems}",
        "Correct these rows and import the file again.",
    )
    ja = (
        "ファイルの{count}行を項目にできません。何も変更していません。行 {problems}",
        "該当する行を直して、もう一度読み込んでください。",
    )
