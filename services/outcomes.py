"""What becomes of a delivery after a send: one transaction each, decided by the verdict of the table."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from tortoise.transactions import in_transaction

from adapters.wechat import Sent, Verdict, WeChatError, next_midnight
from models import Consent, Conversation, Delivery, DeliveryState, Notice, rows, writing
from services import claims, deliveries, halts, unreachable
from services.alerts import raise_alert
from services.channels import Line
from services.claims import Spent
from services.clock import now
from services.errors import DomainError

ATTEMPTS = 8
"""Sends over one channel, some 20 minutes of them; then the next channel has its turn."""
ALERT_ATTEMPTS = 4
"""The same for an emergency: within a minute."""
BACKOFF_SECONDS = 5
BACKOFF_MOST = 600
NOT_FOLLOWING = 43004


_OWE = "UPDATE conversation SET owed = CASE WHEN owed = '' THEN $2 ELSE owed || $3 || $2 END WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Try:
    """One send that began, and what has to be put right when WeChat refuses it."""

    delivery: Delivery
    line: Line
    spent: Spent

    @property
    def account(self) -> str:
        """The account that it went through."""
        return self.line.account.account


async def sent(tried: Try, answer: Sent) -> None:
    """WeChat took the message."""
    async with writing():
        await claims.settle(
            tried.delivery,
            state=DeliveryState.SENT,
            sent_at=now(),
            provider_id=answer.provider_id[:64],
            begun_at=None,
            error_code=None,
            error="",
        )


async def refused(tried: Try, error: WeChatError) -> None:
    """WeChat refused the message, or its answer never came: do what the verdict says."""
    if not error.outcome_known:
        # The mark of the send stays, so that whoever claims the row next knows of it.
        await again(tried.delivery, error, seen=True)
        return
    await _VERDICTS[error.verdict](tried, error)


async def again(delivery: Delivery, error: WeChatError, *, seen: bool, **columns: object) -> None:
    """Try the same channel later, or the next one when this has been tried often enough."""
    if used_up(delivery, delivery.attempts + 1):
        await pass_on(delivery, error.code, error.message, seen=seen, **columns)
        return
    async with writing():
        due_at = now() + backoff(delivery.attempts + 1)
        await claims.settle(
            delivery, **{**columns, "due_at": due_at, "error_code": error.code, "error": error.message}
        )


async def wait(delivery: Delivery, code: int, why: str) -> None:
    """Leave it for when the account works again; it is neither lost nor counted as tried."""
    async with writing():
        await claims.settle(delivery, due_at=now() + halts.RECHECK, error_code=code, error=why)


async def pass_on(
    delivery: Delivery, code: int | None, why: str, *, seen: bool = False, **columns: object
) -> None:
    """Hand the message to the next channel; without one it is dead, or waits for the person's next message.

    `seen`: this channel may have shown it already, so the next one marks it as a repeat. The owner of an
    appeal who cannot be told loses it in the same transaction.
    """
    if delivery.next_channels or delivery.notice is Notice.REPLY:
        async with writing():
            if await _end(delivery, DeliveryState.FELL_BACK, code, why, columns):
                await _carry(delivery, seen=seen)
        return
    async with writing():
        try:
            async with in_transaction():
                await _bury(delivery, code, why, columns)
        except DomainError as problem:
            await _end(delivery, DeliveryState.DEAD, code, why, columns)
            await unreachable.give_up(delivery, problem)


def used_up(delivery: Delivery, sends: int) -> bool:
    """Whether `sends` are all that one channel gets."""
    return sends >= (ALERT_ATTEMPTS if delivery.notice is Notice.ALERT else ATTEMPTS)


def backoff(attempt: int) -> timedelta:
    """Time before the send after number `attempt`: doubling, at most ten minutes, with jitter of a half."""
    whole = min(BACKOFF_SECONDS * 2.0 ** (attempt - 1), BACKOFF_MOST)
    return timedelta(seconds=whole * random.uniform(0.75, 1.25))  # noqa: S311 - spreads load, hides nothing


async def _bury(delivery: Delivery, code: int | None, why: str, columns: Mapping[str, object]) -> None:
    pushed_owner = unreachable.is_push_of_owner(delivery)
    if pushed_owner:
        # First of all, as every verb does: two last pushes that die at once must see each other.
        await unreachable.lock(delivery)
    if await _end(delivery, _last_state(delivery, code), code, why, columns) and pushed_owner:
        await unreachable.undeliverable(delivery)


def _last_state(delivery: Delivery, code: int | None) -> DeliveryState:
    """Dead, for staff to see, but where nobody allowed it and nobody refused it either."""
    unasked = delivery.notice in deliveries.AS_ALLOWED and code is None
    return DeliveryState.STOOD_DOWN if unasked else DeliveryState.DEAD


async def _end(
    delivery: Delivery, state: DeliveryState, code: int | None, why: str, columns: Mapping[str, object]
) -> bool:
    return await claims.settle(delivery, **{**columns, "state": state, "error_code": code, "error": why})


async def _carry(delivery: Delivery, *, seen: bool) -> None:
    if delivery.next_channels:
        await deliveries.insert([deliveries.Row.after(delivery, repeat=seen or delivery.repeat)])
    else:
        await _owe(delivery)


async def _owe(delivery: Delivery) -> None:
    """The words open the next reply: a conversation always goes on, a window does not."""
    talks = Conversation.filter(resident_id=delivery.resident_id)
    if delivery.account:
        talks = talks.filter(account=delivery.account)
    talk = await talks.order_by("-id").first()
    if talk is None:
        return
    await rows(_OWE, talk.id, str(delivery.payload.get("text", "")), "\n")


def _mended(tried: Try) -> dict[str, object]:
    """Columns as they were before a send that WeChat says it did not do."""
    before = tried.delivery
    return {"begun_at": before.begun_at, "repeat": before.repeat, "account": before.account}


def _doubtful(tried: Try) -> bool:
    """Whether an earlier send of this row may have been seen."""
    return tried.delivery.begun_at is not None


async def _back_off(tried: Try, error: WeChatError) -> None:
    async with writing():
        await claims.give_back(tried.spent)
        await again(tried.delivery, error, seen=_doubtful(tried), **_mended(tried))


async def _next(tried: Try, error: WeChatError) -> None:
    await pass_on(tried.delivery, error.code, error.message, seen=_doubtful(tried), **_mended(tried))


async def _alert_next(tried: Try, error: WeChatError) -> None:
    await _alert(tried, error, "请检查模板和接口权限。")
    async with writing():
        await claims.give_back(tried.spent)
    await _next(tried, error)


async def _rest(tried: Try, error: WeChatError) -> None:
    channel = tried.delivery.channel.value
    async with writing():
        await claims.give_back(tried.spent)
        await halts.halt(tried.account, channel, code=error.code or 0, until=next_midnight(now()))
    await _alert(tried, error, "今天的额度已用完，停到半夜，先走其他渠道。")
    await _next(tried, error)


async def _stop(tried: Try, error: WeChatError) -> None:
    async with writing():
        await claims.give_back(tried.spent)
        await halts.halt(tried.account, halts.EVERYTHING, code=error.code or 0, until=None)
        # Due at once: another account of the same person may carry it, else it waits.
        await claims.settle(
            tried.delivery, **{**_mended(tried), "error_code": error.code, "error": error.message}
        )
    await _alert(tried, error, "这个账号已停止一切推送，处理好以后请在后台恢复。")


async def _mark_recipient(tried: Try, error: WeChatError) -> None:
    column = "following" if error.code == NOT_FOLLOWING else "reachable"
    async with writing():
        await Conversation.filter(id=tried.line.conversation.id).update(**{column: False})
        await _next(tried, error)


async def _shut_window(tried: Try, error: WeChatError) -> None:
    # Only the window that was tried: the person may have written in the meantime.
    talk = tried.line.conversation
    async with writing():
        await Conversation.filter(id=talk.id, window_until=talk.window_until).update(window_left=0)
        await _next(tried, error)


async def _mark_template(tried: Try, error: WeChatError) -> None:
    consents = Consent.filter(conversation_id=tried.line.conversation.id, template_id=tried.line.template_id)
    async with writing():
        await consents.update(remaining=0, revoked=True)
        await _next(tried, error)


async def _alert(tried: Try, error: WeChatError, advice: str) -> None:
    channel = tried.delivery.channel.label
    await raise_alert(
        f"wechat:{tried.account}:{tried.delivery.channel.value}:{error.code}",
        f"账号 {tried.account} 的{channel}被拒绝（{error.code}）：{error.message}。{advice}",
    )


_VERDICTS: Mapping[Verdict, Callable[[Try, WeChatError], Awaitable[None]]] = MappingProxyType(
    {
        Verdict.REFRESH_TOKEN: _back_off,
        Verdict.BACK_OFF: _back_off,
        Verdict.REST_UNTIL_MIDNIGHT: _rest,
        Verdict.ALERT_NEXT: _alert_next,
        Verdict.STOP: _stop,
        Verdict.MARK_RECIPIENT_NEXT: _mark_recipient,
        Verdict.NEXT_WINDOW: _shut_window,
        Verdict.MARK_TEMPLATE_NEXT: _mark_template,
        Verdict.REFUSE_INPUT: _alert_next,
    }
)
