"""Binding codes as people write them: with signs, labels and thanks around them. Pure."""

from __future__ import annotations

import re
import unicodedata

from services.binding_codes import ALPHABET, LENGTH

_BEFORE = re.compile(r"^\W+")
_AFTER = re.compile(r"(?:\W*(?:谢谢|多谢|谢了|麻烦|辛苦|拜托)[您你了啦]*)*\W*$")
_TAIL = 40
"""Characters at the end in which signs and thanks are looked for: long words cost no time."""
_LABEL = re.compile(r"(?:我的)?(?:绑定)?码(?!头)\W*(?:[是为]\W*)?")
_WRITTEN = re.compile(r"[A-Za-z0-9 -]{4,}")
# Of our letters, with a letter and a digit: 12345678 and zhangsan stand in sentences, too.
_ENDS = r"(?![A-Za-z0-9])"
_STANDING = re.compile(
    rf"(?<![A-Za-z0-9])(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[{ALPHABET}]{{{LENGTH}}}{_ENDS}", re.IGNORECASE
)
_SPOILT = re.compile(r"(?<![!-~])(?=[!-~]*[A-Za-z])(?=[!-~]*[0-9])[!-~]{6,}")

_OF_A_THING = re.compile(r"[A-Za-z]{4,}[0-9]{0,4}[A-Za-z]*\W*(?:手机|平板|电脑|手表|怎么|咋|如何)")
"""The name of a model (iphone15) in a sentence about it."""


def without_signs(words: str) -> str:
    """The words in narrow letters, without signs around them and thanks behind them."""
    kept = _BEFORE.sub("", unicodedata.normalize("NFKC", words))
    return kept[:-_TAIL] + _AFTER.sub("", kept[-_TAIL:])


def code_in(words: str) -> str | None:
    """What stands behind 绑定 as a code, right or wrong; None where the words hold none."""
    kept = _LABEL.sub("", without_signs(words), count=1)
    if _WRITTEN.fullmatch(kept):
        return kept
    standing = _STANDING.search(kept)
    return standing[0] if standing else None


def tells_of_code(words: str) -> bool:
    """Whether words behind 绑定 speak of a code, or hold one that cannot be read."""
    kept = without_signs(words)
    spoilt = _SPOILT.search(kept) is not None and _OF_A_THING.match(kept) is None
    return _LABEL.match(kept) is not None or spoilt


def sent_alone(text: str) -> str | None:
    """The code in a message that is nothing else, or that says 绑定 anywhere; only what has our shape."""
    kept = without_signs(text)
    standing = _STANDING.search(kept)
    return standing[0] if standing and (standing[0] == kept or "绑定" in kept) else None
