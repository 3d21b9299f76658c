"""Errors of one page; the file's other pages are not affected."""

from ingestion.errors.base import TenkyoError


class PageUnreadable(TenkyoError):
    """The page cannot be drawn."""

    code = "page_unreadable"
    status = 422
    en = ("This page cannot be drawn. Its text is still there.", "Read the text, or download the original file.")
    ja = (
        "このページは表示できません。テキストは残っています。",
        "テキストを読むか、元のファイルをダウンロードしてください。",
    )


class PageMasked(TenkyoError):
    """The library masks personal data, and the picture of this page may show some that no text tells the place of."""

    code = "page_masked"
    status = 422
    en = (
        "This page is not shown as a picture: its library masks personal data, and the picture could not be read.",
        "Ask an owner of the library. Where OCR is installed, reading the page again may help.",
    )
    ja = (
        "このページの画像は表示できません。個人情報を伏せているライブラリですが、画像の文字を読み取れていません。",
        "ライブラリの所有者に問い合わせてください。OCRがあれば、ページの再読み取りで表示できることがあります。",
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
        "Print it to PDF again with standard fonts and upload it as a new revision; where OCR is installed, try again.",
    )
    ja = (
        "このページの文字情報は読める文字になっていません。閲覧はできますが検索はできません。",
        "標準フォントでPDFを作り直し、新しい版としてアップロードしてください。OCRがあれば再試行で読み取れます。",
    )


class PageNeedsOcr(TenkyoError):
    """The page is a picture, and no OCR engine is installed or OCR_ENGINE is `off`."""

    code = "page_needs_ocr"
    status = 422
    en = (
        "This page is a picture, and no program that reads pictures (OCR) is installed. It can be viewed only.",
        (
            "Ask your administrator to run `apt-get install tesseract-ocr tesseract-ocr-jpn tesseract-ocr-jpn-vert` "
            "where files are read; then try again, which reads these pages only."
        ),
    )
    ja = (
        "このページは画像で、文字認識(OCR)のプログラムがありません。閲覧はできますが検索はできません。",
        (
            "ファイルを読み取るマシンで `apt-get install tesseract-ocr tesseract-ocr-jpn tesseract-ocr-jpn-vert` を"
            "実行するよう管理者に依頼し、再試行してください。これらのページだけを読み直します。"
        ),
    )


class PageSkipped(TenkyoError):
    """The pages before this one were fruitless for too long, so it was not tried."""

    code = "page_skipped"
    status = 422
    en = (
        "This page was not tried: the pages before it stopped or hung the reading process, one after the other.",
        "Try again, which reads these pages only; or save the file again and upload it as a new revision.",
    )
    ja = (
        "手前のページで読み取り処理の停止が続いたため、このページは読み取っていません。",
        "再試行すると、読めなかったページだけを読み直します。続く場合は、作成したアプリで保存し直し、新しい版としてアップロードしてください。",
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


class PageBusy(TenkyoError):
    """A page was to be read again while the document is being read."""

    code = "page_busy"
    status = 409
    en = (
        "The document is being read just now, so this page was not put in line. Nothing was changed.",
        "Wait until the document is ready, then try this page again.",
    )
    ja = (
        "この文書は現在読み取り中のため、このページの再試行は受け付けていません。何も変更していません。",
        "文書の準備ができてから、もう一度このページを再試行してください。",
    )
