"""What the report says, by code: (what was found, what to do) in English and in Japanese."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Said:
    """How it stands, and both texts. What to do is empty where nothing is."""

    state: Literal["ok", "warning", "problem"]
    en: tuple[str, str]
    ja: tuple[str, str]


def _ok(en: str, ja: str) -> Said:
    return Said("ok", (en, ""), (ja, ""))


TEXTS = {
    # The machine.
    "disk_enough": _ok("{free} free at {folder}", "{folder} の空きは {free}"),
    "disk_low": Said(
        "warning",
        ("{free} free at {folder}; {wanted} or more is better", "Free space, or move the folder to a larger disk."),
        ("{folder} の空きは {free}。{wanted} 以上を推奨", "空きを増やすか、より大きいディスクへ移してください。"),
    ),
    "disk_full": Said(
        "problem",
        ("only {free} free at {folder}: {needed} is needed", "Free space, or move the folder to a larger disk."),
        ("{folder} の空きが {free} しかない({needed} が必要)", "空きを増やすか、より大きいディスクへ移してください。"),
    ),
    "memory_enough": _ok(
        "{free} of {total} free; about {needed} is used", "{total} 中 {free} が空き(使用見込み約 {needed})"
    ),
    "memory_low": Said(
        "warning",
        ("{free} of {total} free; about {needed} is used", "End other programs, or give the machine more memory."),
        ("{total} 中 {free} が空き(使用見込み約 {needed})", "他のプログラムを終了するか、メモリーを増やしてください。"),
    ),
    "memory_short": Said(
        "problem",
        ("the machine (or container) has {total}; about {needed} is used", "Give it more memory."),
        ("このマシン(コンテナー)は {total}。約 {needed} を使用", "メモリーを増やしてください。"),
    ),
    "cpu_bfloat16": _ok("{cores} cores with {flags}", "{cores} コア、{flags} あり"),
    "cpu_plain": _ok(
        "{cores} cores with AVX2; without AVX512_BF16 embedding on the processor takes 1.6 times as long",
        "{cores} コア、AVX2 あり。AVX512_BF16 がないため、CPU での埋め込みは 1.6 倍の時間がかかる",
    ),
    "cpu_old": Said(
        "problem",
        ("the processor has no AVX2", "Use a processor of 2013 or later: models and index are built for AVX2."),
        ("CPU に AVX2 がない", "2013 年以降の CPU を使ってください。モデルと検索エンジンは AVX2 を前提にしています。"),
    ),
    "cpu_other": _ok("{cores} cores, {machine}", "{cores} コア、{machine}"),
    "gpu_found": _ok("{names}, driver {driver}", "{names}、ドライバー {driver}"),
    "gpu_none": _ok("none: the embedder computes on the processor", "なし。埋め込みは CPU で計算する"),
    "gpu_unused": Said(
        "warning",
        ("{names} is there, but PyTorch cannot use it", "Install PyTorch's CUDA build, or set EMBED_DEVICE=cpu."),
        ("{names} があるが、PyTorch から使えない", "CUDA 版の PyTorch を入れるか、EMBED_DEVICE=cpu にしてください。"),
    ),
    "gpu_missing": Said(
        "problem",
        (
            "EMBED_DEVICE={device}, but PyTorch finds no such GPU",
            "Check driver and PyTorch build, or set EMBED_DEVICE=auto.",
        ),
        (
            "EMBED_DEVICE={device} だが、PyTorch が GPU を認識しない",
            "ドライバーと PyTorch を確認するか、EMBED_DEVICE=auto にしてください。",
        ),
    ),
    "descriptors_enough": _ok("{soft} open files allowed", "同時に開けるファイルは {soft}"),
    "descriptors_low": Said(
        "warning",
        (
            "{soft} open files allowed: enough for some {people} people at once",
            "Set LimitNOFILE=65536 (ulimit -n 65536).",
        ),
        ("同時に開けるファイルは {soft}(同時約 {people} 人分)", "LimitNOFILE=65536(ulimit -n 65536)にしてください。"),
    ),
    "clock_right": _ok("synchronised, {zone}, now {now}", "同期済み、{zone}、現在 {now}"),
    "clock_unknown": _ok(
        "{zone}, now {now}; whether it is synchronised cannot be seen here", "{zone}、現在 {now}(同期の有無は不明)"
    ),
    "clock_loose": Said(
        "warning",
        (
            "the clock is not synchronised; {zone}, now {now}",
            "Turn on NTP (timedatectl set-ntp true), or see that the time is right.",
        ),
        (
            "時計が同期されていない。{zone}、現在 {now}",
            "NTP を有効に(timedatectl set-ntp true)するか、時刻を確認してください。",
        ),
    ),
    "clock_apart": Said(
        "problem",
        (
            "this machine and the database differ by {seconds} s",
            "Synchronise both clocks: leases and sign-ins depend on them.",
        ),
        (
            "このマシンとデータベースの時刻が {seconds} 秒ずれている",
            "両方の時計を同期してください。処理の引き継ぎとログインに影響します。",
        ),
    ),
    # The installation.
    "tenkyo.E001": Said(
        "problem",
        ("{message}", "Give the folder to the user Tenkyo runs as."),
        ("書き込めないフォルダーがある: {message}", "Tenkyo の実行ユーザーに権限を与えてください。"),
    ),
    "tenkyo.E002": Said(
        "problem",
        ("{message}", "Keep both folders in TENKYO_DATA."),
        ("アップロードの受け取り先と保管先が別のディスクにある", "両方を TENKYO_DATA に置いてください。"),
    ),
    "tenkyo.E003": Said(
        "problem",
        ("{message}", "Choose an approved name."),
        ("承認されていないモデル: {message}", "承認済みの名前を選んでください。"),
    ),
    "tenkyo.W001": Said(
        "problem",
        ("{message}", "Run `manage.py models_fetch`."),
        ("モデルのファイルがない: {message}", "`manage.py models_fetch` を実行してください。"),
    ),
    "tenkyo.W002": Said(
        "warning",
        ("{message}", "{hint}"),
        ("スキャンのページを読めない: {message}", "対応: {hint}"),
    ),
    "check_error": Said("problem", ("{message}", "{hint}"), ("設定の問題: {message}", "{hint}")),
    "check_warning": Said("warning", ("{message}", "{hint}"), ("設定の注意: {message}", "{hint}")),
    "checks_pass": _ok("settings and folders are in order", "設定とフォルダーは問題なし"),
    "model_whole": _ok("{model}: as fetched (checked)", "{model}: 取得時のまま(照合済み)"),
    "model_there": _ok(
        "{model}: at {path}, yours, so not compared with anything", "{model}: {path} にある(独自のモデルのため照合なし)"
    ),
    "model_elsewhere": _ok("{model}: served by ANSWER_URL", "{model}: ANSWER_URL のサーバーが動かす"),
    "model_wrong": Said(
        "problem",
        (
            "{model}: missing at {path}, or not the file that is approved",
            "Run `manage.py models_fetch --only {model}`.",
        ),
        (
            "{model}: {path} にないか、承認済みのファイルと異なる",
            "`manage.py models_fetch --only {model}` を実行してください。",
        ),
    ),
    "model_missing": Said(
        "problem",
        ("{model}: not at {path}", "Put its folder there; nothing is downloaded for it."),
        ("{model}: {path} にない", "モデルのフォルダーを置いてください(自動では取得しません)。"),
    ),
    "permissions_closed": _ok("{folder} is closed to other accounts", "{folder} は他のアカウントから読めない"),
    "permissions_open": Said(
        "warning",
        ("other accounts of this machine can read {files}", "Run `chmod 700 {folder}`."),
        ("このマシンの他のアカウントが {files} を読める", "`chmod 700 {folder}` を実行してください。"),
    ),
    "migrations_applied": _ok("all applied", "すべて適用済み"),
    "migrations_waiting": Said(
        "warning",
        ("{count} not applied", "Run `manage.py migrate`; `serve` does it by itself."),
        ("{count} 件が未適用", "`manage.py migrate` を実行してください(`serve` は自動で行います)。"),
    ),
    "secrets_own": _ok("none is a default or easily guessed", "初期値や推測しやすいものはない"),
    "secret_weak": Said(
        "problem",
        (
            "{variable} holds a password or key that can be guessed",
            "Set a random one (docker/make-secrets makes them).",
        ),
        (
            "{variable} のパスワードまたは鍵が推測できる",
            "ランダムな値にしてください(docker/make-secrets で作成できます)。",
        ),
    ),
    "secret_none": Said(
        "warning",
        ("{variable} names another machine, and no key is set", "Set {key} there and here."),
        ("{variable} は別のマシンを指しているが、鍵が設定されていない", "{key} を両方に設定してください。"),
    ),
    "debug_on": Said(
        "problem",
        ("DEBUG is on: error pages show settings", "Unset DEBUG."),
        ("DEBUG が有効。エラーページに設定が表示される", "DEBUG を解除してください。"),
    ),
    "http_open": Said(
        "warning",
        ("HOST={host} is reached from outside without TLS", "Put a TLS proxy in front and set HTTPS=true."),
        ("HOST={host} に外部から TLS なしで接続できる", "TLS プロキシを前に置き、HTTPS=true にしてください。"),
    ),
    "hosts_any": Said(
        "warning",
        ("ALLOWED_HOSTS=* answers to any name", "Name the hosts that people type."),
        ("ALLOWED_HOSTS=* はどの名前でも応答する", "利用者が入力するホスト名を指定してください。"),
    ),
    "port_free": _ok("{address} is free", "{address} は空いている"),
    "port_ours": _ok("{address}: Tenkyo answers there", "{address} では Tenkyo が応答している"),
    "port_taken": Said(
        "problem",
        ("{address} is taken by another program", "End it, or choose another port with {variable}."),
        ("{address} は他のプログラムが使用中", "それを終了するか、{variable} で別のポートを選んでください。"),
    ),
    "port_refused": Said(
        "problem",
        ("{address} cannot be listened on ({reason})", "Choose an address of this machine and a port above 1023."),
        ("{address} で待ち受けできない({reason})", "このマシンのアドレスと、1024 以上のポートを選んでください。"),
    ),
    "tenkyo.E004": Said(
        "problem",
        ("{message}", "{hint}"),
        ("OIDC_ISSUER には https のアドレス(同じマシンのみ http)と OIDC_CLIENT_ID が必要", "{hint}"),
    ),
    "tenkyo.E005": Said(
        "problem",
        ("{message}", "{hint}"),
        ("LDAP_URL には ldaps または ldap のアドレスと LDAP_BASE が必要", "{hint}"),
    ),
    "company_answers": _ok("{address} answers", "{address} は応答している"),
    # The parts.
    "part_answers": _ok("answered in {milliseconds} ms", "{milliseconds} ミリ秒で応答"),
    "part_served": _ok("open in the running server (process {pid})", "動作中のサーバーが使用中(プロセス {pid})"),
    "part_beside": _ok("`manage.py serve` starts it", "`manage.py serve` が起動する"),
    "part_waits": _ok("not looked at before `manage.py migrate`", "`manage.py migrate` の後に確認できる"),
    "part_silent": Said(
        "problem",
        ("no answer ({cause})", "Start it, and check the address in {variable}."),
        ("応答なし({cause})", "起動しているか、{variable} のアドレスが正しいか確認してください。"),
    ),
    "part_failed": Said("problem", ("", ""), ("", "")),  # the error says it
}
