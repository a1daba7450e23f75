"""Whether somebody is in danger now. Alerts too often rather than too rarely."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from nlp.judgement import Urgency
from nlp.phrases import Phrases
from nlp.tables import WORDS, rows

_LISTS = {
    "FUEL": "(?:煤气罐?|燃气|天然气|液化气|瓦斯|沼气|管道气|气罐|钢瓶)",
    "DEAR": "(?:老人家?|老太太?|老头|大爷|大妈|奶奶|爷爷|外公|外婆|爹爹|婆婆|爸|妈|爹|娘|老伴|孩子|小孩|宝宝|娃|孙子|孙女|儿子|女儿|痴呆)",  # noqa: E501 - one pattern
    "KIN": "(?:老人家?|老太太?|老头|大爷|大妈|奶奶|爷爷|外公|外婆|爹爹|婆婆|爸|妈|爹|娘|老伴|邻居|孩子|小孩|宝宝|娃|孙子"  # noqa: E501 - one pattern
    "|孙女|儿子|女儿|老公|老婆|有人|一个人|他|她|我)",
}
SELF_HARM = "self-harm"
BRIEF = 6
"""A clause of so few characters that names a past time (去年冬天，) sets the time of the next one."""

_CLAUSE = re.compile(r"[^，。！？；,!?;\s]+")
_TELLS = re.compile(r"说|讲|报|反映")


class Danger(NamedTuple):
    """A kind of danger, the numbers to call, and an expression for the words that tell of it."""

    name: str
    numbers: tuple[str, ...]
    words: re.Pattern[str]

    def heads(self) -> list[str]:
        """The heads that stand in the expression; words that match hold at least one of them."""
        return [head for head in _HEADS.texts if head in self.words.pattern]


def _dangers() -> Iterator[Danger]:
    """The dangers of the table, their lines joined."""
    lines: dict[str, list[str]] = {}
    numbers: dict[str, tuple[str, ...]] = {}
    for _, (name, call, expression) in rows(WORDS / "dangers.tsv"):
        for placeholder, alternatives in _LISTS.items():
            expression = expression.replace(placeholder, alternatives)
        lines.setdefault(name, []).append(expression)
        numbers[name] = tuple(call.split())
    for name, expressions in lines.items():
        yield Danger(name, numbers[name], re.compile("|".join(expressions)))


def _surroundings() -> dict[str, list[str]]:
    """What words around a danger say, by kind."""
    kinds: dict[str, list[str]] = {}
    for _, (kind, expression) in rows(WORDS / "surroundings.tsv"):
        kinds.setdefault(kind, []).append(expression)
    return kinds


DANGERS = tuple(_dangers())
_AROUND = _surroundings()
_HEADS = Phrases(" ".join(_AROUND["head"]).split())
_FIGURATIVE, _PAST, _FEARED, _CONDITION, _TALK, _NOW = (
    re.compile("|".join(_AROUND[kind]))
    for kind in ("figurative", "past", "feared", "condition", "talk", "now")
)
_AFTER = re.compile(rf"[^，。；]{{0,3}}?(?:{'|'.join(_AROUND['after'])})")


_LED_BY = {head: [danger for danger in DANGERS if head in danger.heads()] for head in _HEADS.texts}


def urgency(text: str) -> Urgency:
    """Judge a normalised text: what is past, feared, figurative or only talked about is no alarm."""
    heads = _HEADS.found(text)
    return present(text, {danger.name for head in heads for danger in _LED_BY[head]}) if heads else Urgency()


def present(text: str, names: Collection[str]) -> Urgency:
    """Look for the named dangers; `urgency` names those whose heads occur, which never changes the result."""
    plain = _FIGURATIVE.sub(lambda found: "，" * len(found[0]), text)
    matched: dict[str, None] = {}
    numbers: dict[str, None] = {}
    self_harm = False
    for danger in (danger for danger in DANGERS if danger.name in names):
        for found in danger.words.finditer(plain):
            if not _excused(danger, plain, found):
                matched[found[0]] = None
                numbers |= dict.fromkeys(danger.numbers)
                self_harm = self_harm or danger.name == SELF_HARM
    return Urgency(bool(matched), tuple(numbers), self_harm, tuple(matched))


def _excused(danger: Danger, text: str, found: re.Match[str]) -> bool:
    """Whether the words around say that this is no danger now; thoughts of death are hardly ever excused."""
    clause, before = _clauses(text[: found.end()])
    if _AFTER.match(text, found.end()) or _TALK.search(clause):
        return True
    if danger.name == SELF_HARM or _NOW.search(clause):
        return False
    return bool(_PAST.search(clause) or _FEARED.search(clause) or _sets_the_scene(before))


def _sets_the_scene(before: str) -> bool:
    """Whether the clause before moves this one into the past or makes it a mere condition."""
    past = len(before) <= BRIEF and bool(_PAST.search(before)) and not _TELLS.search(before)
    return past or bool(_CONDITION.search(before))


def _clauses(text: str) -> tuple[str, str]:
    """The last clause of the text and the one before it."""
    clauses = ["", *_CLAUSE.findall(text)]
    return clauses[-1], clauses[-2] if len(clauses) > 1 else ""
