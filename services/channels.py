"""Which account can carry a delivery over its channel at this moment. Reads once for a whole batch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import settings
from models import Channel, ChannelHalt, Consent, Conversation, Delivery, Notice
from services import halts
from services.deliveries import CHANNELS
from services.halts import EVERYTHING
from services.notices import LAYOUTS
from settings import WeChatAccount

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """An open way to one person: through `account` to the WeChat user of `conversation`."""

    account: WeChatAccount
    conversation: Conversation
    template_id: str = ""


@dataclass(frozen=True, slots=True)
class Shut:
    """No way now. `why` is for staff; `stopped` is the halt of a whole account that alone stands between."""

    why: str
    stopped: ChannelHalt | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known about recipients and accounts when a batch starts."""

    conversations: Mapping[int, Collection[Conversation]]
    """By resident."""
    halted: Mapping[tuple[str, str], ChannelHalt]
    """By (account, api)."""
    consented: frozenset[tuple[int, str]] = frozenset()
    """(conversation, template) with an accept left."""
    accounts: Mapping[str, WeChatAccount] = field(
        default_factory=lambda: {one.account: one for one in settings.load().wechat_accounts}
    )


async def look(resident_ids: Collection[int]) -> Situation:
    """Read what sending to these residents depends on, in three statements."""
    found = await Conversation.filter(resident_id__in=list(resident_ids), following=True, reachable=True)
    grouped: dict[int, list[Conversation]] = {}
    for one in found:
        grouped.setdefault(one.resident_id or 0, []).append(one)
    consents = await Consent.filter(
        conversation_id__in=[one.id for one in found], remaining__gt=0, revoked=False
    )
    return Situation(
        grouped, await halts.active(), frozenset((one.conversation_id, one.template_id) for one in consents)
    )


def way(delivery: Delivery, channel: Channel, situation: Situation, moment: datetime) -> Line | Shut:
    """The best open line for the delivery over `channel`: of several, where the person wrote last."""
    known = [
        Line(
            situation.accounts[one.account], one, _template(situation.accounts[one.account], delivery.notice)
        )
        for one in situation.conversations.get(delivery.resident_id, ())
        if one.account in situation.accounts and delivery.account in {"", one.account}
    ]
    if not known:
        return Shut("没有关注公众号，或账号已失效")
    ready = [line for line in known if _ready(line, channel, situation, moment)]
    if not ready:
        return Shut(_WHY[channel])
    return _unhalted(ready, channel, situation)


def elsewhere(delivery: Delivery, situation: Situation, moment: datetime) -> bool:
    """Whether one of the channels that the delivery may still fall back to is open."""
    rest = (CHANNELS[one] for one in delivery.next_channels)
    return any(isinstance(way(delivery, one, situation, moment), Line) for one in rest)


_WHY: Mapping[Channel, str] = {
    Channel.TEMPLATE: "没有可用的模板消息",
    Channel.SUBSCRIBE: "没有可用的订阅消息授权",
    Channel.CUSTOMER: "客服消息窗口已关闭",
}


def _template(account: WeChatAccount, notice: Notice) -> str:
    layout = LAYOUTS.get(notice)
    return account.templates.get(layout.family, "") if layout else ""


def _ready(line: Line, channel: Channel, situation: Situation, moment: datetime) -> bool:
    talk = line.conversation
    if channel is Channel.TEMPLATE:
        return line.account.kind == "oa" and bool(line.template_id)
    if channel is Channel.SUBSCRIBE:
        return line.account.kind == "mini" and (talk.id, line.template_id) in situation.consented
    return talk.window_until is not None and talk.window_until > moment and talk.window_left > 0


def _unhalted(ready: Iterable[Line], channel: Channel, situation: Situation) -> Line | Shut:
    stopped = resting = None
    for line in sorted(ready, key=_last_spoken, reverse=True):
        stop = situation.halted.get((line.account.account, EVERYTHING))
        rest = situation.halted.get((line.account.account, channel.value))
        if stop is None and rest is None:
            return line
        stopped, resting = stopped or stop, resting or rest
    code = (stopped or resting or ChannelHalt()).code
    return Shut(f"接口停用（{code}）", stopped)


def _last_spoken(line: Line) -> tuple[datetime, int]:
    return line.conversation.window_until or _NEVER, line.conversation.id
