"""Errors of a file as a whole: its upload, its format, its content."""

from ingestion.errors.base import TenkyoError
from ingestion.readable import FORMATS


class FileNotSent(TenkyoError):
    """The request carries no file part."""

    code = "file_not_sent"
    status = 422
    en = ("The request carries no file.", "Send it as multipart/form-data in the part named `file`.")
    ja = (
        "リクエストにファイルがありません。",
        "multipart/form-data の `file` という名前の部分に入れて送ってください。",
    )


class FileTooLarge(TenkyoError):
    """The upload is larger than UPLOAD_LIMIT_MB."""

    code = "file_too_large"
    status = 413
    en = (
        "The file is larger than {limit_mb} MiB. Nothing was stored.",
        "Split it, or ask your administrator to raise UPLOAD_LIMIT_MB.",
    )
    ja = (
        "ファイルが{limit_mb} MiBを超えています。何も保存していません。",
        "ファイルを分割するか、管理者に UPLOAD_LIMIT_MB の引き上げを依頼してください。",
    )


class FileMissing(TenkyoError):
    """The stored file of a revision is not on disk."""

    code = "file_missing"
    status = 500
    en = (
        "The stored file is not on the disk. Its pages already read are kept.",
        "Upload the file again, or restore the files folder from a backup.",
    )
    ja = (
        "保存したファイルがディスクにありません。読み取り済みのページは残っています。",
        "ファイルをもう一度アップロードするか、ファイルフォルダーをバックアップから戻してください。",
    )


class FileEmpty(TenkyoError):
    """The file has no bytes, or nothing but blanks."""

    code = "file_empty"
    status = 422
    en = (
        "The file is empty.",
        "Check the original and upload it again.",
    )
    ja = (
        "ファイルが空です。",
        "元のファイルを確認して、もう一度アップロードしてください。",
    )


class FileTruncated(TenkyoError):
    """A PDF without its end."""

    code = "file_truncated"
    status = 422
    en = (
        (
            "The file ends too early: it was not copied completely. "
            "Nothing of it was indexed; other documents are not affected."
        ),
        "Copy or download it again, check that it opens, and upload it.",
    )
    ja = (
        (
            "ファイルが途中で切れています。コピーが完了していません。"
            "この文書は索引に入っていません。ほかの文書に影響はありません。"
        ),
        "もう一度コピーまたはダウンロードし、開けることを確認してからアップロードしてください。",
    )


class FileDamaged(TenkyoError):
    """The format is known, but the content cannot be read."""

    code = "file_damaged"
    status = 422
    en = (
        "The file is damaged. Nothing of it was indexed; other documents are not affected.",
        "Open it in its own program, save it again and upload the new copy.",
    )
    ja = (
        "ファイルが壊れています。この文書は索引に入っていません。ほかの文書に影響はありません。",
        "作成したアプリで開いて保存し直し、新しいファイルをアップロードしてください。",
    )


class FileEncrypted(TenkyoError):
    """A password is needed to read it."""

    code = "file_encrypted"
    status = 422
    en = (
        "The file is protected with a password. Nothing of it was indexed; other documents are not affected.",
        "Save a copy without the password and upload that.",
    )
    ja = (
        "ファイルがパスワードで保護されています。この文書は索引に入っていません。ほかの文書に影響はありません。",
        "パスワードを外したコピーを保存してアップロードしてください。",
    )


class FileProtected(TenkyoError):
    """An e-book under digital rights management."""

    code = "file_protected"
    status = 422
    en = (
        "The book is protected by DRM (digital rights). Nothing of it was indexed; other documents are not affected.",
        "Ask its publisher for a copy without DRM that your company may use in this way, and upload that.",
    )
    ja = (
        "電子書籍がDRM(デジタル著作権管理)で保護されています。この文書は索引に入っていません。ほかの文書に影響はありません。",
        "社内でこのように利用できるDRMのない版を出版元に依頼し、それをアップロードしてください。",
    )


class FileNoPages(TenkyoError):
    """A PDF with zero pages."""

    code = "file_no_pages"
    status = 422
    en = (
        "The file has no pages.",
        "Check the original, save it again and upload it.",
    )
    ja = (
        "ファイルにページがありません。",
        "元のファイルを確認し、保存し直してアップロードしてください。",
    )


class FileNoText(TenkyoError):
    """The file opens, but no text is in it (pictures only, an empty form)."""

    code = "file_no_text"
    status = 422
    en = (
        "The file holds no text that could be read. Nothing of it was indexed; other documents are not affected.",
        "If the text is in pictures, save it as PDF and upload that: pages of a PDF that are pictures are read by OCR.",
    )
    ja = (
        "ファイルに読み取れる文字がありません。この文書は索引に入っていません。ほかの文書に影響はありません。",
        "文字が画像になっている場合は、PDFに保存してアップロードしてください。画像だけのページはOCRで読み取ります。",
    )


class FileBomb(TenkyoError):
    """A zip container that would unpack to far more than it claims to be."""

    code = "file_bomb"
    status = 422
    en = (
        "The file would unpack to a dangerous size, so it was not opened.",
        "If it is honest, split it into smaller files; otherwise delete it and tell your administrator.",
    )
    ja = (
        "展開すると危険な大きさになるため、ファイルを開きませんでした。",
        "正当なファイルなら分割してください。心当たりがなければ削除し、管理者に連絡してください。",
    )


class FileUnsupported(TenkyoError):
    """A format Tenkyo does not read."""

    code = "file_unsupported"
    status = 422
    en = (
        "Files of this kind ({kind}) cannot be read. Nothing of it was indexed; other documents are not affected.",
        f"Save it in one of these formats and upload that: {FORMATS}.",
    )
    ja = (
        "この種類のファイル({kind})は読み取れません。この文書は索引に入っていません。ほかの文書に影響はありません。",
        f"次のいずれかの形式で保存し、アップロードしてください: {FORMATS}。",
    )


class FileMislabelled(TenkyoError):
    """The name says a binary format, the content is plain text."""

    code = "file_mislabelled"
    status = 422
    en = (
        (
            "The file is named {kind}, but it holds something else. "
            "Nothing of it was indexed; other documents are not affected."
        ),
        "Check that the right file was saved (an error page is a common cause), and upload it again.",
    )
    ja = (
        "ファイル名は {kind} ですが、中身が異なります。この文書は索引に入っていません。ほかの文書に影響はありません。",
        (
            "正しいファイルが保存されているか確認し(エラーページの保存がよくある原因です)、"
            "もう一度アップロードしてください。"
        ),
    )


class FileEncoding(TenkyoError):
    """A text file in no encoding that could be recognised."""

    code = "file_encoding"
    status = 422
    en = (
        (
            "The characters of this text file cannot be decoded. "
            "Nothing of it was indexed; other documents are not affected."
        ),
        "Save it as UTF-8 and upload it again.",
    )
    ja = (
        "テキストファイルの文字コードを判別できません。この文書は索引に入っていません。ほかの文書に影響はありません。",
        "UTF-8で保存し直してアップロードしてください。",
    )


class FileTooComplex(TenkyoError):
    """Reading it needs more memory, or gives more text, than one document may."""

    code = "file_too_complex"
    status = 422
    en = (
        (
            "The file is too large or too complex to be read within the limits. "
            "Nothing of it was indexed; other documents are not affected."
        ),
        "Split it into smaller files, or ask your administrator to raise PARSE_MEMORY_MB.",
    )
    ja = (
        (
            "ファイルが大きすぎるか複雑すぎて、制限内で読み取れません。"
            "この文書は索引に入っていません。ほかの文書に影響はありません。"
        ),
        "分割してアップロードするか、管理者に PARSE_MEMORY_MB の引き上げを依頼してください。",
    )


class FileCrashed(TenkyoError):
    """The reading process died when opening it, or on many pages in a row."""

    code = "file_crashed"
    status = 422
    en = (
        (
            "The reading process stopped while it read this file. "
            "The pages read before are kept; nothing else is affected."
        ),
        "Save it again in its own program, or as PDF, and upload the new copy.",
    )
    ja = (
        "このファイルの読み取り中に処理が停止しました。読み取り済みのページは残り、ほかへの影響はありません。",
        "作成したアプリで保存し直すか、PDFにして、新しいファイルをアップロードしてください。",
    )


class FileTimeout(TenkyoError):
    """Opening the file took longer than PARSE_TIMEOUT."""

    code = "file_timeout"
    status = 422
    en = (
        (
            "Opening the file took too long, so it was stopped. "
            "Nothing of it was indexed; other documents are not affected."
        ),
        "Split it, or ask your administrator to raise PARSE_TIMEOUT; then retry.",
    )
    ja = (
        (
            "ファイルを開くのに時間がかかりすぎたため中止しました。"
            "この文書は索引に入っていません。ほかの文書に影響はありません。"
        ),
        "分割するか、管理者に PARSE_TIMEOUT の引き上げを依頼してから再試行してください。",
    )


class OcrNeeded(TenkyoError):
    """The file is a scan or a picture, and nothing here can read it."""

    code = "ocr_needed"
    status = 422
    en = (
        (
            "None of the pages holds text, {pages} are pictures, and no program that reads pictures (OCR) is "
            "installed. They can be viewed, but not searched."
        ),
        (
            "Ask your administrator to run `apt-get install tesseract-ocr tesseract-ocr-jpn tesseract-ocr-jpn-vert` "
            "where files are read; then try again."
        ),
    )
    ja = (
        (
            "テキストのあるページがなく、{pages}ページは画像ですが、文字認識(OCR)のプログラムがありません。"
            "閲覧はできますが検索はできません。"
        ),
        (
            "ファイルを読み取るマシンで `apt-get install tesseract-ocr tesseract-ocr-jpn tesseract-ocr-jpn-vert` を"
            "実行するよう管理者に依頼し、再試行してください。"
        ),
    )


class NoText(TenkyoError):
    """The file was read, and there is no text in it."""

    code = "no_text"
    status = 422
    en = ("The file holds no text to search.", "Check that it is the right file, and upload one with text.")
    ja = (
        "ファイルに検索できるテキストがありません。",
        "正しいファイルか確認し、テキストのあるものをアップロードしてください。",
    )
