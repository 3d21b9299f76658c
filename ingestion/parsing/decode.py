"""Bytes become text: strict decoders in an order that suits Japanese and English files, never a silent guess."""

import codecs
import re
from contextlib import suppress

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Control characters no text file holds; tab, line feed, form feed, carriage return and escape are left out.
_BINARY = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_BINARY_SHARE = 0.01
_ISO_2022_JP = re.compile(rb"\x1b(\$[@B]|\([JI])")
_ISO_2022_JP_PART = re.compile(rb"\x1b(\$[@B]|\([BJI])")
_JIS_PAIR = re.compile(rb"[\x21-\x7e]{2}")
# What mail and HTML call a set of characters that programs fill with a larger one.
_WIDER = {
    **dict.fromkeys(("shift_jis", "shift-jis", "x-sjis", "sjis", "ms_kanji", "windows-31j", "csshiftjis"), "cp932"),
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("ks_c_5601-1987", "euc-kr"), "cp949"),
}
# How often a character speaks for a decoder (kana and their punctuation) or against it. The wrong decoder of the two
# Japanese families gives rare kanji, half-width kana, private-use and C1 characters.
_WEIGHTS = (
    (re.compile("[ぁ-んァ-ヶー、。]"), 2.0),
    (re.compile("[一-龠々]"), 0.3),
    (re.compile("[\uff61-\uff9f]"), -0.5),
    (re.compile("[\ue000-\uf8ffΑ-ωА-я─-╿\u0080-\u009f]"), -3.0),
)
_WESTERN_LETTERS = re.compile("[À-ÖØ-öø-ÿŒœŠšŽžŸ“”‘’–—…€°§«»·\xa0©®™]")
_WESTERN_SHARE = 0.2
_SAMPLE = 200_000


def decode(data: bytes, *, partial: bool = False) -> str | None:
    r"""The text, byte order mark removed, line ends as \\n; None where the bytes are not text.

    `partial` says that the data may end in the middle of a character.
    """
    text = _by_mark(data, partial) or _by_trial(data, partial)
    if text is None or _looks_binary(text):
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def decode_as(data: bytes, charset: str) -> str:
    r"""The text of bytes whose set of characters is declared, line ends as \\n.

    A wrong declaration is common: what does not fit is found out as for plain text; what fits nothing reads as U+FFFD.
    """
    name = charset.strip().strip("'\"").lower()
    text = None
    # Unlabelled, "ASCII" and ISO-2022-JP bytes are looked at: they are labelled so by programs that know no better.
    if name and "ascii" not in name and not name.startswith("iso-2022"):
        with suppress(LookupError, ValueError):
            text = data.decode(_WIDER.get(name, name))
    if text is None:
        text = decode(data)
    if text is None:
        text = data.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _by_mark(data: bytes, partial: bool) -> str | None:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "ignore" if partial else "replace")
    if _ISO_2022_JP.search(data):
        return _strict(data, "iso2022_jp_ext", partial) or _seven_bit(data)
    return _utf16_without_mark(data, partial)


def _seven_bit(data: bytes) -> str | None:
    """ISO-2022-JP with the characters that Windows adds to it (①, ㈱, 髙), which the standard's decoder refuses."""
    parts = _ISO_2022_JP_PART.split(data)
    shifted = parts[:1] + [_to_cp932(mark, part) for mark, part in zip(parts[1::2], parts[2::2], strict=True)]
    return _strict(b"".join(shifted), "cp932", partial=False)


def _to_cp932(mark: bytes, part: bytes) -> bytes:
    """The bytes after an escape sequence as Shift_JIS with Windows' rows."""
    if mark == b"(I":
        return bytes(byte | 0x80 for byte in part)
    return _JIS_PAIR.sub(_shifted, part) if mark.startswith(b"$") else part


def _shifted(pair: re.Match[bytes]) -> bytes:
    high, low = pair[0]
    lead = (high + 1) // 2 + (0x70 if high < 0x5F else 0xB0)  # noqa: PLR2004  JIS X 0208, annex on Shift_JIS
    trail = low + (0x7E if high % 2 == 0 else 0x1F if low < 0x60 else 0x20)  # noqa: PLR2004
    return bytes((lead, trail))


def _utf16_without_mark(data: bytes, partial: bool) -> str | None:
    sample = data[:4096]
    if not sample.count(0):
        return None
    # ASCII and Japanese punctuation put their zero (or 0x30) byte on one side only.
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 4 * min(even, odd) or max(even, odd) * 20 < len(sample):
        return None
    return _strict(data, "utf-16-be" if even > odd else "utf-16-le", partial)


def _by_trial(data: bytes, partial: bool) -> str | None:
    text = _strict(data, "utf-8", partial)
    if text is not None:
        return text
    japanese = [found for name in ("cp932", "euc_jis_2004") if (found := _strict(data, name, partial)) is not None]
    best = max(japanese, key=_plausibility, default=None)
    if best is not None and _plausibility(best) > 0:
        return best
    return _western(data)


def _strict(data: bytes, name: str, partial: bool) -> str | None:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        return decoder.decode(data, final=not partial)
    except UnicodeDecodeError:
        return None


def _plausibility(text: str) -> float:
    sample = text[:_SAMPLE]
    return sum(weight * len(kind.findall(sample)) for kind, weight in _WEIGHTS)


def _western(data: bytes) -> str | None:
    """Windows' Western European code page where its accents are few and letters; else what the statistics say."""
    if _looks_binary(data[:_SAMPLE].decode("latin-1")):
        return None
    text = _strict(data, "cp1252", partial=False)
    if text is not None and _is_western(text[:_SAMPLE]):
        return text
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    return None if best is None else data.decode(best.encoding, "replace")


def _is_western(text: str) -> bool:
    accented = [char for char in text if not char.isascii()]
    return len(accented) < _WESTERN_SHARE * len(text) and all(_WESTERN_LETTERS.match(char) for char in accented)


def _looks_binary(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(_BINARY.findall(sample)) > _BINARY_SHARE * max(len(sample), 1)
