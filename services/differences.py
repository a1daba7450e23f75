"""What sets two versions of the learned words apart, in words that staff can read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

NOTICED = 0.3
"""Smaller weights and changes decide nothing that staff would see (hand-written ones weigh 1 to 6)."""

NAMED = 6
"""Words that a sentence names, at most."""

Weighted = tuple[str, str, float]
"""(text, category, weight)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One word for one category: what it counted and counts; 0 is not at all."""

    text: str
    before: float
    after: float

    @property
    def size(self) -> float:
        """How far it moved."""
        return abs(self.after - self.before)


@dataclass(slots=True)
class Difference:
    """Everything that changed for one category, the largest changes first.

    `context` counts the single characters, which carry weight but tell people nothing.
    """

    category: str
    added: list[Change] = field(default_factory=list)
    removed: list[Change] = field(default_factory=list)
    raised: list[Change] = field(default_factory=list)
    lowered: list[Change] = field(default_factory=list)
    context: int = 0


def differences(before: Iterable[Weighted], after: Iterable[Weighted]) -> list[Difference]:
    """The categories that changed, by code."""
    old, new = _noticed(before), _noticed(after)
    found: dict[str, Difference] = {}
    for key in old.keys() | new.keys():
        text, category = key
        change = Change(text, old.get(key, 0.0), new.get(key, 0.0))
        if change.size >= NOTICED:
            _enter(found.setdefault(category, Difference(category)), change)
    for one in found.values():
        for changes in (one.added, one.removed, one.raised, one.lowered):
            changes.sort(key=lambda change: (-change.size, change.text))
    return [found[category] for category in sorted(found)]


def _noticed(pairs: Iterable[Weighted]) -> dict[tuple[str, str], float]:
    return {(text, category): weight for text, category, weight in pairs if abs(weight) >= NOTICED}


def _enter(difference: Difference, change: Change) -> None:
    if len(change.text) < 2:
        difference.context += 1
    elif not change.before:
        difference.added.append(change)
    elif not change.after:
        difference.removed.append(change)
    elif change.after > change.before:
        difference.raised.append(change)
    else:
        difference.lowered.append(change)


def said(difference: Difference, names: Mapping[str, str]) -> str:
    """One sentence: `环境卫生：新增 2 个词：臭味（+1.2）、没人收（+0.8）；去掉 1 个词：…。`"""
    parts = [
        _part("新增", difference.added, lambda one: f"{one.text}（{one.after:+.1f}）"),
        _part("去掉", difference.removed, lambda one: one.text),
        _part("加重", difference.raised, _moved),
        _part("减轻", difference.lowered, _moved),
    ]
    if difference.context:
        parts.append(f"另有 {difference.context} 个单字（上下文）的权重变了")
    name = names.get(difference.category, difference.category)
    return f"{name}：{'；'.join(part for part in parts if part)}。"


def _moved(change: Change) -> str:
    return f"{change.text}（{change.before:+.1f} → {change.after:+.1f}）"


def _part(verb: str, changes: Sequence[Change], show: Callable[[Change], str]) -> str:
    if not changes:
        return ""
    more = "等" if len(changes) > NAMED else ""
    return f"{verb} {len(changes)} 个词：{'、'.join(show(one) for one in changes[:NAMED])}{more}"
