"""The columns of a list of sign-ups as people see them: written for the attendance sheet, read for sign-ups.

Pure. The attendance sheet holds every column of the template, so that it can be handed in again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.sheets import Value

NAME, PHONE, PARTY, PEOPLE = "姓名", "电话", "名额", "参加的人"
STATE, LINE, CAME, NEEDS, MADE, NUMBER = "状态", "候补序号", "到场", "需要留意", "报名时间", "居民编号"
TEMPLATE = (NAME, PHONE, PARTY, PEOPLE)
SHEET = (*TEMPLATE, STATE, LINE, CAME, NEEDS, MADE, NUMBER)
OWN = "本人"
_QUESTION = "问题："
_SHOWN_ONLY = frozenset({STATE, LINE, CAME, NEEDS, MADE})
_BETWEEN = re.compile(r"[、，,；;/\n]+")
_MOST_PLACES = 1_000


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the attendance sheet."""

    name: str
    phone: str
    party: int
    people: tuple[str, ...]
    state: str
    line: int | None
    came: str
    needs: str
    made: str
    resident_id: int
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that can be signed up: whom to find by number or phone, for how many places, for whom."""

    row: int
    name: str
    phone: str
    party: int
    people: tuple[str, ...]
    resident_id: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that cannot be, and why."""

    row: int
    reason: str


class UnknownColumns(Exception):
    """The headers do not fit; `str()` says how."""


def headers(questions: Sequence[str], own: Sequence[str] = SHEET) -> list[str]:
    """The first row: the fixed columns, then one for each question."""
    return [*own, *(f"{_QUESTION}{one}" for one in questions)]


def row_of(one: Listed, questions: Sequence[str]) -> list[Value]:
    """One row below `headers(questions)`."""
    fixed: list[Value] = [one.name, one.phone, one.party, "、".join(one.people), one.state]
    fixed += [one.line if one.line is not None else "", one.came, one.needs, one.made, one.resident_id]
    return fixed + [one.answers.get(label, "") for label in questions]


def read(table: Sequence[Sequence[str]], questions: Sequence[str]) -> list[Wanted | Wrong]:
    """What each row that is not blank asks for. Raises: UnknownColumns."""
    first = list(table[0]) if table else []
    _check(first, questions)
    found: list[Wanted | Wrong] = []
    for number, row in enumerate(table[1:], start=2):
        if row:
            cells = dict(zip(first, [*row, *[""] * len(first)], strict=False))
            found.append(_wanted(number, cells))
    return found


def _check(first: Sequence[str], questions: Sequence[str]) -> None:
    named = [one for one in first if one]
    if NAME not in named or not {PHONE, NUMBER} & set(named):
        raise UnknownColumns(f"第一行要有「{NAME}」「{PHONE}」两列，请用模板填写。")
    twice = [one for one in named if named.count(one) > 1]
    if twice:
        raise UnknownColumns(f"「{twice[0]}」这一列有两个，请只留一个。")
    # What is misspelt would be dropped without a word.
    unknown = [one for one in named if one not in headers(questions)]
    if unknown:
        raise UnknownColumns(
            "不认识的列：" + "、".join(f"「{one[:20]}」" for one in unknown[:5]) + "，请用模板填写。"
        )


def _wanted(number: int, cells: Mapping[str, str]) -> Wanted | Wrong:
    people = tuple(one for one in _BETWEEN.split(cells.get(PEOPLE, "")) if one.strip()) or (OWN,)
    people = tuple(one.strip() for one in people)
    answers = {
        header.removeprefix(_QUESTION): words
        for header, words in cells.items()
        if header.startswith(_QUESTION) and words
    }
    given = cells.get(NUMBER, "")
    try:
        phone = phone_of(cells.get(PHONE, ""))
        party = _count(cells.get(PARTY, ""), len(people))
        resident_id = _count(given, 0) or None
    except ValueError as error:
        return Wrong(number, str(error))
    if resident_id is None and not phone:
        return Wrong(number, "没有填电话。")
    if len(set(people)) < len(people):
        return Wrong(number, "参加的人里有人写了两次。")
    if not len(people) <= party <= _MOST_PLACES:
        return Wrong(number, f"写了 {len(people)} 个人，名额只有 {party} 个。")
    return Wanted(number, cells.get(NAME, "")[:32], phone, party, people, resident_id, answers)


def _count(words: str, usual: int) -> int:
    if not words:
        return usual
    if not words.isascii() or not words.isdecimal() or len(words) > 18:
        raise ValueError(f"「{words[:20]}」应当是一个整数。")
    return int(words)


def phone_of(words: str) -> str:
    """A phone as its bare digits, +86 left out; empty stays empty. Raises: ValueError, in words."""
    digits = re.sub(r"[\s\-()（）]", "", words)
    digits = re.sub(r"^(?:\+|00)?86(?=1[0-9]{10}$)", "", digits)
    if digits and not re.fullmatch(r"1[3-9][0-9]{9}|0[0-9]{9,11}|[2-9][0-9]{6,7}", digits):
        raise ValueError("电话号码不对。")
    return digits
