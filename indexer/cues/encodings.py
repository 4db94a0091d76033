"""From the bytes of a text file to its text, whatever encoding it was written in."""

from __future__ import annotations

import codecs

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
WRITTEN_IN = (
    *("cp1252", "cp1250", "cp1251", "cp1254", "cp1253", "cp1255", "cp1256", "cp1257"),
    *("cp932", "gb18030", "big5", "cp949", "euc_jp", "koi8_r"),
)
"""What programs for subtitles wrote before UTF-8, the commonest first."""


def read_text(data: bytes) -> str | None:
    """The text: by its byte order mark, as UTF-16 or UTF-8 where it is that, else by the likeliest encoding.

    None where it is no text in any of them.
    """
    for mark, named in MARKS.items():
        if data.startswith(mark):
            return data.decode(named, "replace")
    if b"\0" in data:
        return _read_utf16(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _read_likeliest(data)


def _read_utf16(data: bytes) -> str | None:
    """Without a mark the zero bytes of digits and line ends tell; they are on one side only."""
    low, high = data[::2].count(0), data[1::2].count(0)
    if 10 * min(low, high) > max(low, high):
        return None
    return data.decode("utf-16-le" if high > low else "utf-16-be", "replace")


def _read_likeliest(data: bytes) -> str | None:
    """By charset-normalizer: which encoding gives the letters of a language (coherence) and no jumble (chaos).

    Numbers and times say nothing and would only dilute that, so it is shown the lines that are not plain ASCII.
    """
    from charset_normalizer import from_bytes

    telling = b"\n".join(line for line in data.split(b"\n") if not line.isascii())
    likely = from_bytes(telling, cp_isolation=list(WRITTEN_IN))
    best = max(
        likely,
        key=lambda match: (round(match.coherence - 2 * match.chaos, 3), -WRITTEN_IN.index(match.encoding)),
        default=None,
    )
    return None if best is None else data.decode(best.encoding, "replace")
