"""Sends what is due: claim, look for an open line, begin, call WeChat outside of transactions, record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from hashlib import blake2s
from itertools import groupby
from types import MappingProxyType

from adapters.wechat import Sent, Verdict, WeChatApi, WeChatError
from adapters.wechat_fields import fit_fields
from models import Channel, Delivery
from services import channels, claims, notices, outcomes
from services.channels import Line, Shut, Situation
from services.clock import now
from services.outcomes import Try

AT_ONCE = 8
"""Recipients served side by side; what one recipient gets keeps its order."""
SAME_ID_FOR = timedelta(minutes=9)
"""WeChat shows one `client_msg_id` once in ten minutes; a minute is left for the call itself."""
CALL_MARGIN_SECONDS = 10
TEXT_BYTES = 2048

ApiFor = Callable[[str], WeChatApi]


async def send_due(api_for: ApiFor, limit: int = 40) -> int:
    """Send up to `limit` due deliveries; returns how many were claimed, 0 when nothing was due.

    `api_for` gives the API of an account. Raises: ExceptionGroup of what went wrong unforeseen, after every
    other delivery has had its turn; those rows are taken up again when their lease is over.
    """
    claimed = await claims.claim(limit)
    if not claimed:
        return 0
    situation = await channels.look({one.resident_id for one in claimed})
    turns = asyncio.Semaphore(AT_ONCE)
    groups = [_in_order(group, situation, api_for, turns) for group in _by_recipient(claimed)]
    ended = await asyncio.gather(*groups, return_exceptions=True)
    wrong = [one for one in ended if isinstance(one, Exception)]
    if wrong:
        raise ExceptionGroup("deliveries", wrong)
    return len(claimed)


def client_msg_id(delivery: Delivery) -> str:
    """32 characters that stay the same for every send of this row and differ between installations."""
    name = f"{delivery.id}|{delivery.dedup_key}|{delivery.created_at.isoformat()}"
    return blake2s(name.encode(), digest_size=16).hexdigest()


def _by_recipient(claimed: Sequence[Delivery]) -> Iterable[list[Delivery]]:
    # Sorting is stable, so each recipient's keep their order; the groups start with the most pressing one.
    first: dict[int, int] = {}
    for place, one in enumerate(claimed):
        first.setdefault(one.resident_id, place)
    ordered = sorted(claimed, key=lambda one: first[one.resident_id])
    return [list(group) for _, group in groupby(ordered, key=lambda one: one.resident_id)]


async def _in_order(
    group: Iterable[Delivery], situation: Situation, api_for: ApiFor, turns: asyncio.Semaphore
) -> None:
    async with turns:
        for delivery in group:
            await _deliver(delivery, situation, api_for)


async def _deliver(delivery: Delivery, situation: Situation, api_for: ApiFor) -> None:
    """One delivery, from the look for a line to the recorded outcome."""
    doubtful = delivery.begun_at is not None
    if doubtful and _had_its_repeat(delivery):
        await outcomes.pass_on(delivery, None, "没有收到微信的答复，不再重复", seen=True)
        return
    line = channels.way(delivery, delivery.channel, situation, now())
    if isinstance(line, Shut):
        await _shut(delivery, line, situation)
        return
    repeat = delivery.repeat or (doubtful and not _shown_once(delivery))
    spent = await claims.begin(delivery, line, repeat=repeat)
    if spent is None:
        # What was read at the start of the batch holds no more: the next batch reads again.
        await claims.release(delivery)
        return
    tried = Try(delivery, line, spent)
    try:
        answer = await _call(delivery, line, api_for(line.account.account), repeat=repeat)
    except WeChatError as error:
        await outcomes.refused(tried, error)
    else:
        await outcomes.sent(tried, answer)


def _shown_once(delivery: Delivery) -> bool:
    """Whether WeChat itself keeps a second send of this row from being shown."""
    begun = delivery.begun_at
    return delivery.channel is Channel.TEMPLATE and begun is not None and now() < begun + SAME_ID_FOR


def _had_its_repeat(delivery: Delivery) -> bool:
    if outcomes.used_up(delivery, delivery.attempts):
        return True
    return bool(delivery.repeat) and not _shown_once(delivery)


async def _shut(delivery: Delivery, shut: Shut, situation: Situation) -> None:
    if shut.stopped is not None and not channels.elsewhere(delivery, situation, now()):
        await outcomes.wait(delivery, shut.stopped.code, shut.why)
        return
    await outcomes.pass_on(delivery, None, shut.why, seen=delivery.begun_at is not None)


async def _call(delivery: Delivery, line: Line, api: WeChatApi, *, repeat: bool) -> Sent:
    """Raises: WeChatError; no answer within the lease is an unknown outcome."""
    try:
        async with asyncio.timeout(claims.lease().total_seconds() - CALL_MARGIN_SECONDS):
            return await _SENDERS[delivery.channel](api, delivery, line, repeat)
    except TimeoutError:
        raise WeChatError(None, "no answer within the lease", Verdict.BACK_OFF, outcome_known=False) from None


async def _template(api: WeChatApi, delivery: Delivery, line: Line, repeat: bool) -> Sent:
    return await api.template(
        line.conversation.openid,
        line.template_id,
        _values(delivery, repeat=repeat),
        client_msg_id=client_msg_id(delivery),
    )


async def _subscribe(api: WeChatApi, delivery: Delivery, line: Line, repeat: bool) -> Sent:
    return await api.subscribe(
        line.conversation.openid, line.template_id, "", _values(delivery, repeat=repeat)
    )


async def _customer(api: WeChatApi, delivery: Delivery, line: Line, repeat: bool) -> Sent:
    mark = notices.REPEATED if repeat else ""
    return await api.custom_text(line.conversation.openid, fit_bytes(f"{mark}{delivery.payload['text']}"))


_SENDERS: Mapping[Channel, Callable[[WeChatApi, Delivery, Line, bool], Awaitable[Sent]]] = MappingProxyType(
    {Channel.TEMPLATE: _template, Channel.SUBSCRIBE: _subscribe, Channel.CUSTOMER: _customer}
)


def _values(delivery: Delivery, *, repeat: bool) -> dict[str, str]:
    fields = delivery.payload["fields"]
    return fit_fields(notices.template_values(delivery.notice, fields, repeat=repeat))


def fit_bytes(text: str, limit: int = TEXT_BYTES) -> str:
    """At most `limit` bytes of UTF-8, cut between characters with `…` where something is missing."""
    if len(text.encode("utf-8", "replace")) <= limit:
        return text
    return text.encode("utf-8", "replace")[: limit - 3].decode("utf-8", "ignore") + "…"
