"""What a wish to sign up says beside its verb: which title, who of the household, how many in all. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from nlp.segment import figure, normalise

_NUMERAL = re.compile("[零〇一二两三四五六七八九十百]+")
_TOGETHER = {"俩": "2人", "仨": "3人"}
_PARTY = re.compile(r"(?P<count>[0-9]{1,3})(?:个名额|名额|个人|个|人|位|口|名)")
_BESIDE = re.compile(r"[给替帮我们家想要跟和与及,，、。:：;；!！]|报名|预约|自己|本人")
"""Words and marks around the name of what is wished for."""
_ONESELF = re.compile("自己|本人|我[和跟与、]|[和跟与、]我")


def likeness(text: str) -> str:
    """Words as they are compared: half-width, without blanks, numerals in digits (四点半 = 4点半)."""
    plain = normalise("".join(text.split()))
    for spelt, counted in _TOGETHER.items():
        plain = plain.replace(spelt, counted)
    return _NUMERAL.sub(lambda found: figure(found[0]), plain)


def fits(title: str, words: str) -> bool:
    """Whether the title stands in the words, or holds them."""
    called, said = likeness(title), likeness(words)
    return called in said or (bool(said) and said in called)


def stripped(words: str, names: Collection[str]) -> str:
    """The words without who comes, how many, and what stands around a title."""
    return _BESIDE.sub("", _PARTY.sub("", _without(likeness(words), names)[0]))


def beside(words: str, title: str, names: Collection[str]) -> str:
    """What the words say beside the title; nothing where they are a part of it."""
    said, called = likeness(words), likeness(title)
    if called in said:
        return said.replace(called, "")
    return "" if said in called else said.replace(stripped(words, names), "", 1)


def people(said: str, names: Collection[str]) -> list[str]:
    """Those of `names` who are named; a name inside a longer one that is named is not."""
    return _without(likeness(said), names)[1]


def oneself(said: str) -> bool:
    """Whether who writes means themself, too."""
    return _ONESELF.search(said) is not None


def party(said: str) -> int | None:
    """How many there are in all, where it is said: 2人, 两位, 我们俩."""
    found = _PARTY.search(likeness(said))
    return int(found["count"]) if found else None


def _without(said: str, names: Collection[str]) -> tuple[str, list[str]]:
    found = []
    for name in sorted(names, key=len, reverse=True):
        if likeness(name) in said:
            said = said.replace(likeness(name), "")
            found.append(name)
    return said, found
