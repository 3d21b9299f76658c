"""Errors of backing up and restoring, told to whoever runs the commands."""

from ingestion.errors.base import TenkyoError


class BackupExists(TenkyoError):
    """There is a file where the backup would be written."""

    code = "backup_exists"
    status = 409
    en = (
        "{file} is there already. It was left as it is, and no backup was made.",
        "Name another file, or a folder: the file is then named by the time.",
    )
    ja = (
        "{file} はすでに存在します。そのまま残し、バックアップは作成していません。",
        "別の名前かフォルダーを指定してください。フォルダーなら日時がファイル名になります。",
    )


class BackupUnwritable(TenkyoError):
    """The backup cannot be written where it should be."""

    code = "backup_unwritable"
    status = 507
    en = (
        "The backup cannot be written to {folder} ({reason}). No backup was made; what is stored is safe.",
        "Make the folder, give it to the user Tenkyo runs as, or name another one.",
    )
    ja = (
        "{folder} にバックアップを書き込めません({reason})。バックアップは作成していません。保存済みの内容は無事です。",
        "フォルダーを作成するか、Tenkyo の実行ユーザーに書き込み権限を与えるか、別のフォルダーを指定してください。",
    )


class BackupRunning(TenkyoError):
    """Another backup or restore of this data folder is under way."""

    code = "backup_running"
    status = 409
    en = (
        "Another backup or restore of {folder} is running. This one did nothing.",
        "Wait until it has ended, then start this one again.",
    )
    ja = (
        "{folder} の別のバックアップまたは復元が実行中です。今回は何もしていません。",
        "終わるのを待って、もう一度実行してください。",
    )


class BackupUnreadable(TenkyoError):
    """The archive cannot be opened at all."""

    code = "backup_unreadable"
    status = 404
    en = (
        "{file} cannot be read ({reason}). Nothing was changed.",
        "Check the path, and that the user Tenkyo runs as may read it.",
    )
    ja = (
        "{file} を読み込めません({reason})。何も変更していません。",
        "パスと、Tenkyo の実行ユーザーに読み取り権限があることを確認してください。",
    )


class BackupDamaged(TenkyoError):
    """The archive is not what was written: a part is missing, surplus, or has another checksum."""

    code = "backup_damaged"
    status = 422
    en = (
        "The backup {file} is damaged at {part}. Nothing was changed.",
        "Copy it again from where it is kept, or take an older one; `manage.py backup FILE --verify` checks it.",
    )
    ja = (
        "バックアップ {file} は {part} が壊れています。何も変更していません。",
        "保管先からコピーし直すか、前のバックアップを使ってください。`manage.py backup FILE --verify` で確認できます。",
    )


class BackupNewer(TenkyoError):
    """The archive was written by a newer Tenkyo than this one."""

    code = "backup_newer"
    status = 422
    en = (
        "The backup {file} was made by a newer Tenkyo ({theirs}; this is {ours}). Nothing was changed.",
        "Install that version or a later one, then restore.",
    )
    ja = (
        "バックアップ {file} は新しい Tenkyo({theirs}、こちらは {ours})で作成されています。何も変更していません。",
        "そのバージョン以降をインストールしてから復元してください。",
    )


class BackupOtherDatabase(TenkyoError):
    """The archive holds another kind of database than DATABASE_URL names."""

    code = "backup_other_database"
    status = 422
    en = (
        "The backup {file} holds a {theirs} database, and this installation uses {ours}. Nothing was changed.",
        "Restore with a DATABASE_URL of the same kind (unset: SQLite).",
    )
    ja = (
        "バックアップ {file} のデータベースは {theirs} ですが、この環境は {ours} です。何も変更していません。",
        "同じ種類の DATABASE_URL(未設定なら SQLite)で復元してください。",
    )


class RestoreNotEmpty(TenkyoError):
    """There is something where the backup would be restored."""

    code = "restore_not_empty"
    status = 409
    en = (
        "This installation is not empty: it holds {held}. Nothing was changed.",
        "With --replace it is saved as a backup in {folder} first and then replaced.",
    )
    ja = (
        "この環境は空ではありません({held})。何も変更していません。",
        "--replace を付けると、まず {folder} にバックアップを保存し、その後で置き換えます。",
    )


class RestoreInUse(TenkyoError):
    """Other processes use the database that would be replaced."""

    code = "restore_in_use"
    status = 409
    en = (
        "The database is in use by other processes ({who}). Nothing was changed.",
        "Stop the web server, the workers and beat, then restore.",
    )
    ja = (
        "データベースは他のプロセスが使用中です({who})。何も変更していません。",
        "Web サーバー、ワーカー、beat を止めてから復元してください。",
    )
