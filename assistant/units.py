"""Units as manuals write them, in both languages: spelling → dimension and factor. Pure data and one lookup."""

import re
from decimal import Decimal

_TABLE: dict[str, dict[str, str]] = {
    # dimension: {factor to its base: spellings (folded, separated by blanks; _ stands for a blank inside)}
    "time": {
        "0.001": "ms msec ミリ秒 millisecond milliseconds",
        "1": "s sec secs second seconds 秒 秒間",
        "60": "min mins minute minutes 分 分間",
        "3600": "h hr hrs hour hours 時間",
        "86400": "day days 日 日間",
        "604800": "week weeks 週 週間",
    },
    "months": {"1": "month months か月 ヶ月 カ月 ヵ月 ケ月 箇月 か月間 ヶ月間", "12": "year years yr yrs 年 年間"},
    "length": {
        "0.000001": "um μm µm ミクロン micron microns マイクロメートル",
        "0.001": "mm ミリ ミリメートル ミリメトル millimeter millimeters millimetre millimetres",
        "0.01": "cm センチ センチメートル centimeter centimeters",
        "1": "m メートル meter meters metre metres",
        "1000": "km キロメートル kilometer kilometers",
        "0.0254": "inch inches インチ",
    },
    "mass": {
        "0.001": "mg ミリグラム",
        "1": "g グラム gram grams",
        "1000": "kg キログラム kilogram kilograms",
        "1000000": "t ton tons tonne tonnes トン",
    },
    "pressure": {
        "1": "pa パスカル",
        "1000": "kpa キロパスカル",
        "1000000": "mpa メガパスカル",
        "100000": "bar bars バール",
        "6894.757": "psi",
    },
    "temperature": {"1": "℃ °c degc degrees_c degrees_celsius 度c 度"},
    "fahrenheit": {"1": "°f degrees_f degrees_fahrenheit 華氏"},
    "angle": {"1": "° deg degrees"},
    "ratio": {"1": "% percent per_cent パーセント ％"},
    "turn": {"1": "rpm min-1 r/min 回転/分 回/分 rev/min"},
    "volt": {"0.001": "mv", "1": "v volt volts ボルト", "1000": "kv"},
    "ampere": {"0.001": "ma", "1": "a amp amps ampere amperes アンペア"},
    "watt": {"1": "w watt watts ワット", "1000": "kw キロワット", "1000000": "mw"},
    "ohm": {"1": "ω ohm ohms オーム", "1000": "kω", "1000000": "mω"},
    "hertz": {"1": "hz ヘルツ", "1000": "khz", "1000000": "mhz", "1000000000": "ghz"},
    "torque": {"1": "n・m n·m nm n-m n⋅m ニュートンメートル"},
    "force": {"1": "n ニュートン", "1000": "kn"},
    "volume": {
        "0.001": "ml cc ミリリットル",
        "1": "l リットル liter liters litre litres",
        "1000": "m3 m³ 立方メートル",
    },
    "flow": {"1": "l/min リットル/分", "60": "l/s", "16.6667": "m3/h m³/h"},
    "level": {"1": "db デシベル"},
    "bytes": {
        "1": "byte bytes バイト",
        "1000": "kb",
        "1024": "kib",
        "1000000": "mb メガバイト",
        "1048576": "mib",
        "1000000000": "gb ギガバイト",
        "1073741824": "gib",
        "1000000000000": "tb",
        "1099511627776": "tib",
    },
    "bits": {"1": "bit bits ビット"},
    "yen": {"1": "円 yen"},
    "dollar": {"1": "ドル dollar dollars usd"},
    "pieces": {"1": "個 コ piece pieces"},
    "machines": {"1": "台"},
    "times": {"1": "回 times"},
    "long things": {"1": "本"},
    "flat things": {"1": "枚"},
    "people": {"1": "人 名 people persons"},
    "cases": {"1": "件"},
    "pages": {"1": "ページ page pages 頁"},
    "chapters": {"1": "章 chapter chapters"},
    "kinds": {"1": "種類"},
    "places": {"1": "箇所 か所 カ所 ヶ所"},
    "steps": {"1": "段 段階 steps"},
    "storeys": {"1": "階"},
    "points": {"1": "点"},
    "letters": {"1": "文字 characters"},
    "age": {"1": "歳 years_old"},
    "fold": {"1": "倍"},
}
UNITS: dict[str, tuple[str, Decimal]] = {
    spelling.replace("_", " "): (dimension, Decimal(factor))
    for dimension, factors in _TABLE.items()
    for factor, spellings in factors.items()
    for spelling in spellings.split()
}
# The longest spelling first; a Latin unit ends where the word ends ("5 mm", not "5 mmol").
_SPELLINGS = sorted(UNITS, key=len, reverse=True)
UNIT = "|".join(
    re.escape(spelling).replace(r"\ ", r"\s+") + (r"(?![a-z0-9])" if spelling[-1].isascii() else "")
    for spelling in _SPELLINGS
)
# Case tells these apart: MPa and mPa, MW and mW, MΩ and mΩ. A manual's small prefix is rare; the large one is read.


def unit_of(spelling: str) -> tuple[str, Decimal]:
    """(dimension, factor) of a folded spelling that UNIT matched."""
    return UNITS[re.sub(r"\s+", " ", spelling)]
