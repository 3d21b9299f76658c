"""Errors of builds of the index: made beside the one that is searched."""

from ingestion.errors.base import TenkyoError


class BuildSearched(TenkyoError):
    """The build that is asked for is the one that is searched."""

    code = "build_searched"
    status = 409
    en = (
        "Searches use {model} already. Nothing was changed.",
        "To write its index anew from the database, run `manage.py index_rebuild`.",
    )
    ja = (
        "検索にはすでに {model} を使っています。何も変更していません。",
        "インデックスをデータベースから書き直すには `manage.py index_rebuild` を実行してください。",
    )


class BuildBusy(TenkyoError):
    """Another build is being made; one at a time is."""

    code = "build_busy"
    status = 409
    en = (
        "The index of {model} is being built. Nothing was changed.",
        "Wait until searches use it, or stop it first: `manage.py index_build --stop`.",
    )
    ja = (
        "{model} のインデックスを構築中です。何も変更していません。",
        "検索が切り替わるまで待つか、先に `manage.py index_build --stop` で止めてください。",
    )


class BuildNoModel(TenkyoError):
    """The model is not approved, or its weights are not on this machine."""

    code = "build_no_model"
    status = 422
    en = (
        "The embedding model {model} is not there ({folder}), or config/portfolio.toml does not approve it.",
        "Put its folder there, on every machine that embeds or searches, and begin again.",
    )
    ja = (
        "埋め込みモデル {model} がない({folder})か、config/portfolio.toml で承認されていません。",
        "埋め込みや検索を行うすべてのマシンにフォルダーを置いてから、もう一度始めてください。",
    )


class BuildNoRoom(TenkyoError):
    """Both builds would not fit on the disk."""

    code = "build_no_room"
    status = 507
    en = (
        "A second index needs about {needed}, and {free} are free. Nothing was begun.",
        "Free some space or remove a build that is no longer used, then begin again.",
    )
    ja = (
        "もう1つのインデックスには約 {needed} 必要ですが、空きは {free} です。何も始めていません。",
        "空き容量を増やすか、使わなくなった構築を削除してから、もう一度始めてください。",
    )


class BuildInUse(TenkyoError):
    """A build that is searched or being made cannot be removed."""

    code = "build_in_use"
    status = 409
    en = (
        "The build of {model} is searched or being made. It was not removed.",
        "Have another one searched, or stop it, and remove it then.",
    )
    ja = (
        "{model} の構築は検索に使用中か、構築中です。削除していません。",
        "別の構築に切り替えるか、構築を止めてから削除してください。",
    )
