"""Whether a message complains about the conduct of cadres or officials; such a complaint goes above them."""

from __future__ import annotations

import re

from nlp.phrases import Phrases
from nlp.tables import WORDS, rows

NEAR = 15
"""Characters between an office and what was done."""


def _expressions() -> dict[str, list[str]]:
    """The expressions of each kind."""
    found: dict[str, list[str]] = {}
    for _, (kind, expressions) in rows(WORDS / "conduct.tsv"):
        found.setdefault(kind, []).extend(expressions.split())
    return found


_WORDS = _expressions()
_HEADS = Phrases(_WORDS["head"])
_SAID, _OFFICE, _WRONG, _ALONE, _ELSEWHERE, _OTHERS = (
    re.compile("|".join(_WORDS[kind])) for kind in ("said", "office", "wrong", "alone", "elsewhere", "others")
)
_REPORTED = re.compile(rf"(?:{_SAID.pattern})[^，。；！？,;!?]{{0,6}}?(?:{_OFFICE.pattern})")
_UNREACHED = "|".join(_WORDS["unreached"])
# No more of them than this: they overlap, and are tried in every order.
_AROUND = f"(?:{'|'.join(_WORDS['around'])}){{0,6}}"
_NOBODY_REACHED = re.compile(
    rf"{_AROUND}(?:(?:{_OFFICE.pattern})[^，。；！？,;!?]{{0,6}}?(?:{_UNREACHED})|(?:{_UNREACHED})(?:{_OFFICE.pattern}))"
    r"[^，。；！？,;!?]{0,4}\W*(?:怎么办|咋办|怎么回事|找谁|谁管)?\W*"
)
_CADRE = re.compile("干部|书记")
_STOP = re.compile("[。；！？;!?]")


def about_conduct(text: str) -> bool:
    """Judge a normalised text. Staff of hospitals, schools, firms and the like are not meant."""
    if not _HEADS.occurs(text):
        return False
    if _ALONE.search(text):
        return True
    offices = list(_OFFICE.finditer(text))
    if not offices or (_ELSEWHERE.search(text) and not _CADRE.search(text)):
        return False
    if _NOBODY_REACHED.fullmatch(text.strip()) or _REPORTED.search(text):
        return True
    return any(_did_wrong(text, office) for office in offices)


def names_office(text: str) -> bool:
    """Whether a normalised text names somebody in office."""
    return _OFFICE.search(text) is not None


def _did_wrong(text: str, office: re.Match[str]) -> bool:
    """Whether what stands near the office says that whoever holds it, and nobody else, did wrong."""
    behind = _STOP.split(text[office.end() : office.end() + NEAR + 8])[0]
    done = _WRONG.search(behind)
    if done is not None and done.start() <= NEAR:
        return not _OTHERS.search(behind[: done.start()])
    before = _STOP.split(text[max(0, office.start() - NEAR) : office.start()])[-1]
    suffered = _WRONG.search(before)
    return suffered is not None and len(before) - suffered.end() <= 8 and not _OTHERS.search(before)
