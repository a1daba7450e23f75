"""Identity-card and bank-card numbers are masked before anything is stored.

An 18-digit identity number is known by its check digit (GB 11643) or its birth date: a mistyped one is still
somebody's. A bank card has 16 to 19 digits and passes Luhn. People group the digits with blanks or hyphens.
"""

from __future__ import annotations

import re

_GAP = r"[ \u3000-]?"
# A number that is masked already has stars on one side: its head or tail must not be part of another one.
_START, _END = r"(?<!\d)(?<!\*{11})", r"(?![\dXx])(?!\*{11})"
_MAYBE = re.compile(rf"\d(?:{_GAP}[\dXx]){{15}}", re.ASCII)
_IDENTITY = re.compile(rf"{_START}(?=((?:\d{_GAP}){{17}}[\dXx]){_END})", re.ASCII)
_BIRTH = re.compile(r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]", re.ASCII)
_CARDS = tuple(
    re.compile(rf"{_START}(?=([3-69]{_GAP}(?:\d{_GAP}){{{digits - 2}}}\d){_END})", re.ASCII)
    for digits in (16, 17, 18, 19)
)
_SEPARATORS = re.compile(r"[ \u3000-]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_ASCII_DIGITS = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
_HEAD, _TAIL = 3, 2


def mask(text: str) -> str:
    """`text` with each number's middle as stars: the first three and last two characters stay; idempotent."""
    plain = text.translate(_ASCII_DIGITS)  # one to one, so that places are the same in both
    if not _MAYBE.search(plain):
        return text
    spans = [m.span(1) for m in _IDENTITY.finditer(plain) if _is_identity(_compact(m[1]))]
    for pattern in _CARDS:
        spans += [m.span(1) for m in pattern.finditer(plain) if _is_card(_compact(m[1]))]
    return _starred(text, plain, spans)


def _compact(number: str) -> str:
    return _SEPARATORS.sub("", number).upper()


def _is_identity(number: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECK[total % 11] == number[17] or _BIRTH.fullmatch(number) is not None


def _is_card(number: str) -> bool:
    total = 0
    for place, character in enumerate(reversed(number)):
        digit = int(character) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def _starred(text: str, plain: str, spans: list[tuple[int, int]]) -> str:
    parts, done = [], 0
    for start, end in _joined(spans):
        number = _compact(plain[start:end])
        parts += [text[done:start], number[:_HEAD], "*" * (len(number) - _HEAD - _TAIL), number[-_TAIL:]]
        done = end
    return "".join([*parts, text[done:]])


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
