"""Errors of files inside other files: attachments of a message, files of an archive."""

from ingestion.errors.base import TenkyoError
from ingestion.readable import FORMATS


class AttachmentUnsupported(TenkyoError):
    """A format Tenkyo does not read, in a message."""

    code = "attachment_unsupported"
    status = 422
    en = (
        "Attachments of this kind ({kind}) cannot be read. The message and its other attachments are indexed.",
        f"Save it in one of these formats and upload that as a document of its own: {FORMATS}.",
    )
    ja = (
        "この種類の添付ファイル({kind})は読み取れません。メール本文とほかの添付は索引に入っています。",
        f"次のいずれかの形式で保存し、単独の文書としてアップロードしてください: {FORMATS}。",
    )


class AttachmentEncrypted(TenkyoError):
    """An attachment with a password, or a message that is encrypted as a whole."""

    code = "attachment_encrypted"
    status = 422
    en = (
        "This attachment is encrypted or protected with a password. The message and its other attachments are indexed.",
        "Save it without the protection and upload it as a document of its own.",
    )
    ja = (
        "この添付は暗号化またはパスワードで保護されています。メール本文とほかの添付は索引に入っています。",
        "保護を外して保存し、単独の文書としてアップロードしてください。",
    )


class AttachmentDamaged(TenkyoError):
    """The format of an attachment is known, but the content cannot be read."""

    code = "attachment_damaged"
    status = 422
    en = (
        "This attachment is damaged. The message and its other attachments are indexed.",
        "Ask for it again, check that it opens, and upload it as a document of its own.",
    )
    ja = (
        "この添付は壊れています。メール本文とほかの添付は索引に入っています。",
        "もう一度入手して開けることを確認し、単独の文書としてアップロードしてください。",
    )


class AttachmentTooMany(TenkyoError):
    """The attachments before this one are as many as one message may have."""

    code = "attachment_too_many"
    status = 422
    en = (
        "This attachment was not read: the message has too many of them. The message and the others are indexed.",
        "Save the attachment as a file and upload that as a document of its own.",
    )
    ja = (
        "添付ファイルが多すぎるため、この添付は読み取っていません。メール本文とほかの添付は索引に入っています。",
        "添付ファイルを保存し、単独の文書としてアップロードしてください。",
    )


class AttachmentSkipped(TenkyoError):
    """An attachment killed or hung the reading process, so none of the message was opened."""

    code = "attachment_skipped"
    status = 422
    en = (
        (
            "This attachment was not read: one of the message's attachments stopped or hung the reading process. The "
            "message itself is indexed."
        ),
        "Save the attachments as files and upload each as a document of its own.",
    )
    ja = (
        "添付ファイルのどれかで読み取り処理が停止したため、この添付は読み取っていません。メール本文は索引に入っています。",
        "添付ファイルを保存し、それぞれ単独の文書としてアップロードしてください。",
    )


class AttachmentTooDeep(TenkyoError):
    """A message inside a message inside a message … beyond what is followed."""

    code = "attachment_too_deep"
    status = 422
    en = (
        "This message lies too deep inside other messages and was not read. The others are indexed.",
        "Save it as a file and upload that as a document of its own.",
    )
    ja = (
        "メールの入れ子が深すぎるため、この添付メールは読み取っていません。ほかの内容は索引に入っています。",
        "添付メールを保存し、単独の文書としてアップロードしてください。",
    )


class ArchiveNotHere(TenkyoError):
    """A ZIP archive where one document is expected: in a mail, as a new revision, at the address for one file."""

    code = "archive_not_here"
    status = 422
    en = (
        "This is a ZIP archive, and one document was expected. Nothing of it was indexed.",
        (
            "Upload it on the library's page, or send it to the library's address `archives` over HTTP: each file in "
            "it becomes a document."
        ),
    )
    ja = (
        "1つの文書が必要なところにZIPファイルがあります。このファイルは索引に入っていません。",
        (
            "ライブラリのページでアップロードするか、HTTPではライブラリの `archives` に送ってください。"
            "中のファイルがそれぞれ文書になります。"
        ),
    )


class ArchiveTooMany(TenkyoError):
    """More files than one archive may hold."""

    code = "archive_too_many"
    status = 422
    en = (
        "The archive holds more than {limit} files, those of archives inside it included. None of them was taken.",
        "Split it into smaller archives, or have your administrator take the folder in with `manage.py ingest_folder`.",
    )
    ja = (
        "ZIPファイルに{limit}個を超えるファイルがあります(中のZIPのファイルも数えます)。どれも取り込んでいません。",
        "小さなZIPに分けるか、管理者に `manage.py ingest_folder` でのフォルダーの取り込みを依頼してください。",
    )


class ArchiveNested(TenkyoError):
    """An archive inside an archive inside an archive … beyond what is followed."""

    code = "archive_nested"
    status = 422
    en = (
        "This archive lies too deep inside other archives, so its files were not taken.",
        "Unpack it and upload its files.",
    )
    ja = (
        "ZIPの入れ子が深すぎるため、このZIPの中のファイルは取り込んでいません。",
        "展開して、中のファイルをアップロードしてください。",
    )


class ArchivePath(TenkyoError):
    """An absolute path, or one that leads out of the archive."""

    code = "archive_path"
    status = 422
    en = (
        "This file's path leads out of the archive (absolute, or with “..”), so it was not taken.",
        "No ordinary program makes such archives. If you trust it, unpack it and upload the file itself.",
    )
    ja = (
        "このファイルのパスはZIPの外を指しています(絶対パスまたは「..」)。取り込んでいません。",
        "通常のソフトはこのようなZIPを作りません。信頼できるなら、展開してファイル自体をアップロードしてください。",
    )


class ArchiveLink(TenkyoError):
    """A symbolic link or a device."""

    code = "archive_link"
    status = 422
    en = ("This is a link and no file, so it was not taken.", "Upload the file that it points at.")
    ja = (
        "これはリンクで、ファイルではありません。取り込んでいません。",
        "リンク先のファイルをアップロードしてください。",
    )


class ArchiveHidden(TenkyoError):
    """What systems keep for themselves: names that begin with a full stop, __MACOSX, Thumbs.db."""

    code = "archive_hidden"
    status = 422
    en = (
        "Hidden files, which systems keep for themselves, are not taken.",
        "Nothing is to be done. If it is a document, give it a name without a full stop at its beginning.",
    )
    ja = (
        "システムが自分用に置く隠しファイルは取り込みません。",
        "対応は不要です。文書であれば、先頭にピリオドのない名前に変えてください。",
    )
