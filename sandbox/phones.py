"""Phones and what stands on their screens."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Literal

MAX_ENTRIES = 5_000
REPEAT_SECONDS = 600

Via = Literal["user", "passive", "template", "custom", "subscribe", "system"]


@dataclass(frozen=True)
class Preset:
    """A phone that the chat page shows from the start."""

    openid: str
    label: str
    account: str = "oa"


PRESETS = (
    Preset("resident-1", "居民"),
    Preset("grid-1", "网格员"),
    Preset("org-1", "社会组织"),
    Preset("resident-2", "居民二"),
)


@dataclass(frozen=True)
class Entry:
    """One thing on the screen of one phone; `repeat` marks a push equal to one of the last ten minutes."""

    seq: int
    at: float
    account: str
    openid: str
    direction: Literal["up", "down"]
    via: Via
    type: str
    text: str
    repeat: bool = False
    extra: dict[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The entry with its extra fields beside the fixed ones."""
        fields = asdict(self)
        del fields["extra"]
        return {**self.extra, **fields}


@dataclass
class Phone:
    """One person's view of one account."""

    openid: str
    account: str
    label: str
    preset: bool = False
    following: bool = True
    blocks_pushes: bool = False
    active_at: float | None = None
    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=MAX_ENTRIES))
    pushed: dict[tuple[str, str], float] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """What the page needs to draw it."""
        names = ("openid", "account", "label", "preset", "following", "blocks_pushes")
        return {name: getattr(self, name) for name in names}


class Phones:
    """Every phone that was ever named; a stranger follows from the first mention, unless told otherwise."""

    def __init__(self, now: Callable[[], float], presets: Iterable[Preset]) -> None:
        self._now = now
        self._presets = tuple(presets)
        self._seq = itertools.count(1)
        self.listeners: set[Callable[[Entry], None]] = set()
        self.reset()

    def reset(self) -> None:
        """Back to the presets, with empty screens."""
        self._all = {
            (one.account, one.openid): Phone(one.openid, one.account, one.label, preset=True)
            for one in self._presets
        }

    def all(self) -> list[Phone]:
        """Presets first, then in order of first mention."""
        return list(self._all.values())

    def get(self, account: str, openid: str) -> Phone:
        """The phone, made when it is new."""
        key = (account, openid)
        if key not in self._all:
            self._all[key] = Phone(openid, account, openid)
        return self._all[key]

    def of(self, openid: str, account: str | None = None) -> list[Phone]:
        """This person's phones, on one account or on all."""
        return [one for one in self._all.values() if one.openid == openid and account in {None, one.account}]

    def show(
        self, phone: Phone, direction: Literal["up", "down"], via: Via, kind: str, text: str, **extra: object
    ) -> Entry:
        """Put something on the screen and tell the listeners."""
        entry = Entry(
            seq=next(self._seq),
            at=self._now(),
            account=phone.account,
            openid=phone.openid,
            direction=direction,
            via=via,
            type=kind,
            text=text,
            repeat=via in {"template", "custom", "subscribe"} and self._pushed_before(phone, via, text),
            extra=extra,
        )
        phone.entries.append(entry)
        for listener in tuple(self.listeners):
            listener(entry)
        return entry

    def _pushed_before(self, phone: Phone, via: Via, text: str) -> bool:
        # Oldest first, so that the oldest can be forgotten.
        before = phone.pushed.pop((via, text), float("-inf"))
        phone.pushed[via, text] = self._now()
        if len(phone.pushed) > MAX_ENTRIES:
            del phone.pushed[next(iter(phone.pushed))]
        return self._now() - before < REPEAT_SECONDS
