"""What a load with kills in it left behind: in the tables, and on the screens of WeChat's users."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Self

import httpx

from models import Appeal, Assignment, Channel, Delivery, DeliveryState
from services.notices import REPEATED

TEMPLATE = "/cgi-bin/message/template/send"
OTHERS = ("/cgi-bin/message/custom/send", "/cgi-bin/message/subscribe/send")
ENDED = (DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.FELL_BACK)


@dataclass(frozen=True)
class Screens:
    """What WeChat showed over one or several of its interfaces, by person and words without the mark."""

    shown: int
    repeats: int
    """How often somebody saw what they had seen before."""
    most: int
    """How often somebody saw the same at most."""
    unmarked: int
    """How many of these did not say that they may be repeats."""
    needless: int
    """How often the first that somebody saw was marked: the send before it had shown nothing."""

    @property
    def different(self) -> int:
        """How many there were without the repeats."""
        return self.shown - self.repeats

    @classmethod
    def of(cls, calls: list[dict[str, object]]) -> Self:
        """From the platform's own list of calls."""
        words = [(one["account"], one["openid"], _words(one["body"])) for one in calls if one["shown"]]
        every = Counter((*person, text.replace(REPEATED, "")) for *person, text in words)
        plain = Counter((*person, text) for *person, text in words if REPEATED not in text)
        return cls(
            shown=len(words),
            repeats=len(words) - len(every),
            most=max(every.values(), default=0),
            unmarked=plain.total() - len(plain),
            needless=len(every.keys() - plain.keys()),
        )


@dataclass(frozen=True)
class Aftermath:
    """Counts after everything has settled. One resident wrote one message."""

    written: int
    acknowledged: int
    kills: int
    cut: int
    """Kills that hit a message or a push half done."""
    lost: int
    """Acknowledged messages that are no appeal."""
    twice: int
    """Messages that are more than one appeal."""
    ownerless: int
    unfinished: int
    """Deliveries that are neither sent nor dead nor carried on by another channel."""
    ends: dict[DeliveryState, int]
    unseen: int
    """Deliveries that count as sent and that WeChat never showed."""
    templates: Screens
    others: Screens

    @classmethod
    async def of(cls, sandbox_url: str, taken: set[str], written: int, kills: int, cut: int) -> Self:
        """Look at the opened database and ask the platform."""
        openids = await Appeal.all().values_list("resident__conversations__openid", flat=True)
        appeals = Counter(map(str, openids))
        owned = set(await Assignment.filter(ended_at=None).values_list("appeal_id", flat=True))
        deliveries = await Delivery.all()
        states = Counter([one.state for one in deliveries])
        sent = Counter([one.channel for one in deliveries if one.state is DeliveryState.SENT])
        templates = Screens.of(await _calls(sandbox_url, TEMPLATE))
        others = Screens.of([call for path in OTHERS for call in await _calls(sandbox_url, path)])
        unseen = (
            sent[Channel.TEMPLATE] - templates.different,
            sent.total() - sent[Channel.TEMPLATE] - others.different,
        )
        return cls(
            written=written,
            acknowledged=len(taken),
            kills=kills,
            cut=cut,
            lost=len(taken - appeals.keys()),
            twice=sum(number > 1 for number in appeals.values()),
            ownerless=len(set(await Appeal.all().values_list("id", flat=True)) - owned),
            unfinished=sum(number for state, number in states.items() if state not in ENDED),
            ends={state: states[state] for state in ENDED},
            unseen=sum(max(0, one) for one in unseen),
            templates=templates,
            others=others,
        )


async def _calls(sandbox_url: str, path: str) -> list[dict[str, object]]:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        found = await http.get(f"{sandbox_url}/sandbox/api/sent", params={"path": path})
    listed: list[dict[str, object]] = found.json()
    return listed


def _words(body: object) -> str:
    assert isinstance(body, dict)
    return str(body.get("data") or body["text"])
