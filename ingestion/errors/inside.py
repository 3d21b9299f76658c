"""Errors of files inside other files: attachments of a message, files of an archive."""

from ingestion.errors.base import TenkyoError


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
