"""Errors of folders that a library follows."""

from ingestion.errors.base import TenkyoError


class FolderMissing(TenkyoError):
    """The folder is not there: a share that is not mounted, a path that was renamed."""

    code = "folder_missing"
    status = 422
    transient = True
    en = (
        "The folder {path} cannot be read. Nothing was withdrawn or deleted: its documents stay as they are.",
        "Check that the share is mounted and that Tenkyo may read it. The next look goes on by itself.",
    )
    ja = (
        "フォルダー {path} を読み取れません。取り下げも削除もしていません。文書はそのままです。",
        "共有フォルダーがマウントされ、Tenkyo に読み取り権限があるか確認してください。次の確認で自動的に続けます。",
    )


class FolderEmptied(TenkyoError):
    """So many files are gone at once that a fault is likelier than a decision."""

    code = "folder_emptied"
    status = 409
    en = (
        "{gone} of the {known} files of the folder {path} are gone at once. Their documents stay as they are.",
        "If they were meant to go, run `manage.py sync_folder` with `--accept-removals`; if not, bring them back.",
    )
    ja = (
        "フォルダー {path} の {known} 件のうち {gone} 件のファイルが一度になくなりました。文書はそのまま残しています。",
        "意図した削除なら `manage.py sync_folder` を `--accept-removals` 付きで実行し、違えば元に戻してください。",
    )


class FolderOrphaned(TenkyoError):
    """The person a folder is followed for may not add to the library any more."""

    code = "folder_orphaned"
    status = 403
    en = (
        "The folder {path} is not followed any more: whoever set it up does not own the library. Nothing was changed.",
        "Have an owner of the library run `manage.py sync_folder` with `--user`.",
    )
    ja = (
        "フォルダー {path} の追跡を止めています。設定した人がライブラリの所有者ではありません。何も変更していません。",
        "ライブラリの所有者を `--user` に指定して `manage.py sync_folder` を実行してください。",
    )


class FolderBusy(TenkyoError):
    """Somebody else is looking at the folder."""

    code = "folder_busy"
    status = 409
    transient = True
    en = (
        "The folder {path} is being looked at already. Nothing was changed.",
        "Wait until that has ended, then try again.",
    )
    ja = (
        "フォルダー {path} は確認中です。何も変更していません。",
        "終わるまで待ってから、もう一度お試しください。",
    )


class FolderUnread(TenkyoError):
    """A file of a followed folder could not be opened."""

    code = "folder_file_unread"
    status = 422
    transient = True
    en = (
        "The file could not be read ({reason}). An earlier state of it is still answered from.",
        "Check its permissions; the next look tries again.",
    )
    ja = (
        "ファイルを読み取れませんでした({reason})。以前に取り込んだ内容からは引き続き回答します。",
        "アクセス権を確認してください。次の確認でもう一度読み取ります。",
    )


class FolderLink(TenkyoError):
    """A symbolic link in a followed folder: it may lead anywhere."""

    code = "folder_link"
    status = 422
    en = (
        "This is a link to somewhere else. It was not followed.",
        "Put the file itself into the folder, or follow the folder that it lies in.",
    )
    ja = (
        "別の場所へのリンクです。リンク先は取り込んでいません。",
        "ファイルそのものをフォルダーに置くか、そのファイルのあるフォルダーを追跡してください。",
    )


class FolderName(TenkyoError):
    """A file name whose bytes are no text."""

    code = "folder_name"
    status = 422
    en = (
        "The file's name cannot be read as text. The file was not taken in.",
        "Rename it; it is often a name in Shift_JIS on a share that is mounted as UTF-8.",
    )
    ja = (
        "ファイル名を文字として読み取れません。取り込んでいません。",
        "名前を変更してください。UTF-8 でマウントした共有に Shift_JIS の名前があるときによく起こります。",
    )
