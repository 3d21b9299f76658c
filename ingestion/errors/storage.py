"""Errors of what Tenkyo stores in: disk, database, vector index."""

from ingestion.errors.base import TenkyoError


class DiskFull(TenkyoError):
    """The data folder's disk has no room left."""

    code = "disk_full"
    status = 507
    transient = True
    en = (
        "The server's disk is full. What was stored before is safe.",
        "Ask your administrator to free space; work that was waiting goes on by itself afterwards.",
    )
    ja = (
        "サーバーのディスクに空きがありません。これまでに保存した内容は無事です。",
        "管理者に空き容量の確保を依頼してください。待機中の処理はその後自動で再開します。",
    )


class DatabaseBusy(TenkyoError):
    """The database did not answer in time, or not at all."""

    code = "database_busy"
    status = 503
    transient = True
    en = (
        "The database did not answer. What was stored before is safe.",
        "Waiting documents are tried again by themselves; for anything else, try again in a minute.",
    )
    ja = (
        "データベースが応答しませんでした。これまでに保存した内容は無事です。",
        "取り込み待ちの文書は自動で再試行します。それ以外の操作は、1分ほどしてからもう一度お試しください。",
    )


class IndexUnavailable(TenkyoError):
    """The vector index did not answer."""

    code = "index_unavailable"
    status = 503
    transient = True
    en = (
        "The search index does not answer ({reason}). Documents and pages are safe.",
        "It is tried again by itself. If it lasts, run `manage.py index_verify`, then `manage.py index_rebuild`.",
    )
    ja = (
        "検索インデックスが応答しません({reason})。文書とページは無事です。",
        "自動でもう一度試します。続く場合は `manage.py index_verify`、次に `index_rebuild` を実行してください。",
    )


class IndexHeld(IndexUnavailable):
    """Another process has the Qdrant Edge files open; one process at a time may."""

    code = "index_held"
    en = (
        "The search index in {folder} is open in process {pid} ({command}). Nothing was changed.",
        "Stop that process first, or let it do the work: what is uploaded or queued it takes by itself.",
    )
    ja = (
        "{folder} の検索インデックスはプロセス {pid}({command})が使用中です。何も変更していません。",
        "先にそのプロセスを止めてください。アップロード済み・待機中の処理は、そのプロセスが自動で行います。",
    )


class IndexOutdated(TenkyoError):
    """Documents are not in the index that is searched: it was not brought back with the database."""

    code = "index_outdated"
    status = 503
    en = (
        (
            "Searches do not find {documents} of the documents: they are not in the index of the embedding model "
            "{model}. Documents and pages are safe."
        ),
        "Run `manage.py index_rebuild` (on one machine, stop the server first).",
    )
    ja = (
        (
            "{documents}件の文書が埋め込みモデル {model} の検索インデックスに入っておらず、検索で見つかりません。"
            "文書とページは無事です。"
        ),
        "`manage.py index_rebuild` を実行してください(1台構成では先にサーバーを止めてください)。",
    )


def of_database(error: Exception) -> TenkyoError:
    """What a database's OperationalError or InterfaceError means to people."""
    return DiskFull() if "disk is full" in str(error) else DatabaseBusy()
