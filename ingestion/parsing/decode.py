"""Bytes become text: strict decoders in an order that suits Japanese and English files, never a silent guess."""

import codecs
import re

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


def _by_mark(data: bytes, partial: bool) -> str | None:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "ignore" if partial else "replace")
    if _ISO_2022_JP.search(data):
        return _strict(data, "iso2022_jp_ext", partial)
    return _utf16_without_mark(data, partial)


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
