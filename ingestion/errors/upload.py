"""Errors of files that are sent in pieces (tus 1.0)."""

from ingestion.errors.base import TenkyoError


class UploadProtocol(TenkyoError):
    """The request does not say that it speaks tus 1.0.0."""

    code = "upload_protocol"
    status = 412
    en = (
        "Uploads in pieces speak tus 1.0.0 only. Nothing was stored.",
        "Send the header `Tus-Resumable: 1.0.0`, or upload the file in one request.",
    )
    ja = (
        "分割アップロードは tus 1.0.0 にだけ対応しています。何も保存していません。",
        "ヘッダー `Tus-Resumable: 1.0.0` を付けるか、1回のリクエストでアップロードしてください。",
    )


class UploadHeader(TenkyoError):
    """A header that says how long the file is, where the piece belongs, or what it is called, is missing or no such."""

    code = "upload_header"
    status = 400
    en = ("The header {name} is missing or makes no sense. Nothing was stored.", "Send it as tus 1.0.0 has it.")
    ja = (
        "ヘッダー {name} がないか、値が正しくありません。何も保存していません。",
        "tus 1.0.0 のとおりに送ってください。",
    )


class UploadType(TenkyoError):
    """A piece that is not sent as one."""

    code = "upload_type"
    status = 415
    en = ("This is not a piece of a file. Nothing was stored.", "Send it as `application/offset+octet-stream`.")
    ja = (
        "ファイルの断片ではありません。何も保存していません。",
        "`application/offset+octet-stream` として送ってください。",
    )


class UploadOffset(TenkyoError):
    """A piece that does not begin where the one before ended, or goes beyond the file's end."""

    code = "upload_offset"
    status = 409
    en = (
        "The piece does not fit: {received} bytes have arrived. They are safe.",
        "Ask with HEAD how much has arrived, and go on from there.",
    )
    ja = (
        "断片の位置が合いません。受け取り済みの {received} バイトは無事です。",
        "HEAD で受け取り済みの量を確かめ、そこから続けてください。",
    )


class UploadBusy(TenkyoError):
    """Another piece of the same file is being written."""

    code = "upload_busy"
    status = 423
    transient = True
    en = (
        "Another piece of this file is being stored.",
        "Wait a second, ask with HEAD how much has arrived, and go on.",
    )
    ja = (
        "このファイルの別の断片を保存中です。",
        "少し待ってから HEAD で受け取り済みの量を確かめ、続けてください。",
    )


class UploadDiffers(TenkyoError):
    """The file that arrived is not the one that its sender announced."""

    code = "upload_differs"
    status = 422
    en = (
        "What arrived is not the file that was announced: its SHA-256 differs. It was discarded.",
        "Send the file again; it may have changed while it was being sent.",
    )
    ja = (
        "受け取った内容が予告されたファイルと一致しません(SHA-256 が異なります)。破棄しました。",
        "もう一度送ってください。送信中にファイルが変わった可能性があります。",
    )
