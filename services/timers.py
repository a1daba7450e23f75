"""What the clock does to appeals: reminders, escalation, the end of a suspension, closing in silence.

A due appeal is taken by its (id, timer, moment): of any number of workers one gets it, and each effect
commits in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from weakref import WeakKeyDictionary

import structlog
from tortoise.context import TortoiseContext, require_context

from models import (
    Appeal,
    AppealEvent,
    AppealStatus,
    Assignment,
    AssignmentEnd,
    Category,
    Notice,
    Timer,
    Verb,
    writing,
)
from services import (
    alerts,
    deadlines,
    deliveries,
    dispatch,
    following,
    giving,
    history,
    holding,
    moving,
    notices,
    rosters,
    sentences,
)
from services.access import SYSTEM
from services.clock import china_today, now
from services.deliveries import Told
from services.history import Act
from services.ranking import Chosen
from services.rating import supervisor_level
from services.worktime import published

log = structlog.get_logger(__name__)

POSTPONED = timedelta(minutes=10)
"""An appeal whose timer fails is tried again after this time, behind all others."""

HORIZON_DAYS = 30
"""Staff are warned so long before deadlines fall into a year whose holidays nobody has published."""

_Effect = Callable[[Appeal, Category], Awaitable[None]]

_looked: WeakKeyDictionary[TortoiseContext, date] = WeakKeyDictionary()


async def run_due(limit: int = 100) -> int:
    """Do what the clock owes to up to `limit` appeals; returns to how many it was done here.

    Raises: ExceptionGroup after all were tried, of those that failed; they are postponed.
    """
    await _warn_of_unpublished_year()
    due = await (
        Appeal.filter(timer_at__lte=now(), timer__isnull=False)
        .order_by("timer_at")
        .limit(limit)
        .values_list("id", "timer", "timer_at")
    )
    done, failed = 0, list[Exception]()
    for number, timer, at in due:
        try:
            done += await _fire(int(number), timer, at)
        except Exception as exc:  # the worker's loop: one bad appeal must not hold up the others
            log.warning("timer failed", appeal=number, timer=str(timer))
            failed.append(exc)
            await Appeal.filter(id=number, timer=timer, timer_at=at).update(timer_at=now() + POSTPONED)
    if done:
        deliveries.wake()
    if failed:
        raise ExceptionGroup("timers failed", failed)
    return done


async def _warn_of_unpublished_year() -> None:
    """Alert, once a day, when deadlines soon fall into a year whose holidays nobody has published."""
    context, today = require_context(), china_today()
    if _looked.get(context) == today:
        return
    _looked[context] = today
    day = today + timedelta(days=HORIZON_DAYS)
    if published(day) is None:
        words = f"{day.year} 年放假安排还没有发布，期限暂按周一到周五计算。请在「工作日」里补登。"
        await alerts.raise_alert(f"calendar:{day.year}", words)


async def _fire(number: int, timer: Timer, at: datetime) -> int:
    """The effect of one timer, unless somebody else was faster; returns 1 when it was done here."""
    async with writing():
        appeal = await Appeal.filter(id=number, timer=timer, timer_at=at).select_for_update().first()
        if appeal is None:
            return 0
        taken = Appeal.filter(id=number, timer=timer, timer_at=at)
        if await taken.update(timer=None, timer_at=None) != 1:
            return 0
        category = await Category.get(id=appeal.category_id)
        await _EFFECTS[timer](appeal, category)
    return 1


async def _remind_accept(appeal: Appeal, category: Category) -> None:
    await _remind(appeal, category, sentences.remind_accept(appeal.accept_by, appeal.number))


async def _remind_resolve(appeal: Appeal, category: Category) -> None:
    await _remind(appeal, category, sentences.remind_resolve(appeal.resolve_by, appeal.number))


async def _remind(appeal: Appeal, category: Category, words: str) -> None:
    await moving.rearm(appeal, category)
    event = await history.append(history.entry(appeal, Act.REMIND, SYSTEM, words, public=False))
    held = await holding.current(appeal.id)
    payload = notices.remind(appeal, words)
    await _queue(Notice.REMIND, appeal, event.id, await holding.people_of(appeal, held), payload)


async def _escalate_accept(appeal: Appeal, category: Category) -> None:
    """Nobody accepted: one rung up gets it, with a deadline of their own."""
    held = await holding.current(appeal.id)
    excluded = await dispatch.tried(appeal, AssignmentEnd.ESCALATED)
    need = await dispatch.need_of(appeal, category, excluded, held.level + 1)
    chosen = await dispatch.choose_for(appeal.community_id, need)
    stays = chosen.assignee.key == holding.holder_key(held)
    event = await giving.give(
        appeal,
        category,
        chosen,
        why="超时未接单",
        by=SYSTEM,
        ended_as=AssignmentEnd.ESCALATED,
        verb=Verb.ESCALATE,
        escalation=appeal.escalation + 1,
    )
    who = chosen.assignee.name
    words = sentences.still_waiting(appeal.number) if stays else sentences.passed_over(who)
    people = await holding.people_of(appeal, held)
    await _queue(Notice.ESCALATED, appeal, event.id, people, notices.escalated(appeal, words))
    if not stays:
        await moving.tell_resident(appeal, event, sentences.escalated(who))


async def _escalate_resolve(appeal: Appeal, category: Category) -> None:
    """Not resolved in time: the owner stays, who watches over them is told, one rung higher each time."""
    held = await holding.current(appeal.id)
    rung = await _rungs_told(appeal)
    chosen = await _watcher(appeal, category, held, rung)
    higher = await _anybody_above(appeal, chosen)
    calendar = await deadlines.calendar_of(appeal.community_id)
    timer, at = deadlines.after_escalation(appeal, calendar, now(), higher=higher)
    await moving.change(appeal, escalation=appeal.escalation + 1, timer=timer, timer_at=at)
    who = await dispatch.owner_name(appeal.id)
    event = await moving.step(
        appeal, Verb.ESCALATE, SYSTEM, f"超时未办结，已报{chosen.assignee.name}", before=appeal.status
    )
    owners = await holding.people_of(appeal, held)
    told = [one for one in chosen.assignee.resident_ids if one not in owners]
    watch = notices.supervisor(appeal, sentences.watch(who, appeal.resolve_by))
    await _queue(Notice.SUPERVISOR, appeal, event.id, told, watch)
    late = notices.escalated(appeal, sentences.overdue(appeal.resolve_by))
    await _queue(Notice.ESCALATED, appeal, event.id, owners, late)
    if rung == 0:
        await moving.tell_resident(appeal, event, sentences.late())


async def _rungs_told(appeal: Appeal) -> int:
    """How many rungs know already that the present holder is late."""
    held = await holding.current(appeal.id)
    late = AppealEvent.filter(
        appeal_id=appeal.id,
        verb=Verb.ESCALATE.value,
        from_status=AppealStatus.ACCEPTED,
        at__gte=held.started_at,
    )
    return int(await late.count())


async def _watcher(appeal: Appeal, category: Category, held: Assignment, rung: int) -> Chosen:
    need = await dispatch.need_of(
        appeal, category, {holding.holder_key(held)}, min_level=supervisor_level(held) + rung
    )
    return await dispatch.choose_for(appeal.community_id, need)


async def _anybody_above(appeal: Appeal, chosen: Chosen) -> bool:
    roster = await rosters.of(appeal.community_id)
    return any(roster.duty(level) for level in range(chosen.level + 1, roster.top + 1))


async def _resume(appeal: Appeal, category: Category) -> None:
    """The date of the suspension has come."""
    calendar = await deadlines.calendar_of(appeal.community_id)
    due = deadlines.shifted(appeal, calendar, now())
    before = await moving.move(appeal, Verb.RESUME, SYSTEM, resolve_by=due, suspended_at=None, resume_on=None)
    event = await moving.step(appeal, Verb.RESUME, SYSTEM, "挂起到期", before=before)
    held = await holding.current(appeal.id)
    payload = notices.remind(appeal, sentences.resumes_today(due))
    await _queue(Notice.REMIND, appeal, event.id, await holding.people_of(appeal, held), payload)
    await moving.tell_resident(appeal, event, sentences.resumed(due))
    await following.tell(appeal, event, lambda _: sentences.twin_resumed(due))


async def _close_silent(appeal: Appeal, category: Category) -> None:
    """Nobody rated it for a week; no push about nothing."""
    before = await moving.move(appeal, Verb.CLOSE, SYSTEM, closed_at=now())
    _ = await moving.step(appeal, Verb.CLOSE, SYSTEM, sentences.quiet_close(), before=before)


async def _queue(
    notice: Notice, appeal: Appeal, event_id: int, people: Iterable[int], payload: dict[str, object]
) -> None:
    held = [Told(notice, one, f"event:{event_id}", payload, appeal) for one in people]
    await deliveries.queue(*held)


_EFFECTS: Mapping[Timer, _Effect] = MappingProxyType(
    {
        Timer.REMIND_ACCEPT: _remind_accept,
        Timer.REMIND_RESOLVE: _remind_resolve,
        Timer.ESCALATE_ACCEPT: _escalate_accept,
        Timer.ESCALATE_RESOLVE: _escalate_resolve,
        Timer.RESUME: _resume,
        Timer.CLOSE_SILENT: _close_silent,
    }
)
