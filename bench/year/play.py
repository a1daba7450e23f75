"""People of the district: they accept, return, suspend and resolve, each at their own pace, and go on leave.

Everything they do goes through the services, at the moment of a simulated clock.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import count

import time_machine

from bench.year import arrivals
from bench.year.arrivals import Arrival
from bench.year.district import District
from models import (
    OPEN,
    Appeal,
    AppealStatus,
    AssigneeKind,
    Assignment,
    GridMember,
    Rating,
    Staff,
    Urgency,
    writing,
)
from services import conversations, deadlines, handling, holding, intake, revisions, timers, understanding
from services.access import resident_actor
from services.clock import CHINA, china_today, now
from services.errors import DomainError
from services.intake import Report
from services.roster import Key

TICK = timedelta(minutes=15)
ACCEPT_MINUTES, RESOLVE_MINUTES = 40.0, 420.0
"""Medians of somebody of ordinary pace, in working time."""
RETURNED, HANDED_OVER, SUSPENDED, RATED, UNHAPPY = 0.04, 0.02, 0.03, 0.5, 0.06
PACES = ((0.6, 0.35), (1.0, 0.45), (3.0, 0.17), (60.0, 0.03))
"""(factor, share): some are quick, some slow, and a few hardly ever look."""
LEAVES_A_YEAR = 3

Deed = Callable[[], Awaitable[None]]


class Play:
    """One year of one district."""

    def __init__(self, place: District, clock: time_machine.Traveller, dice: random.Random) -> None:
        """`dice` decides everything that people decide."""
        self.orphaned = 0
        self.refused = 0
        self._place, self._clock, self._dice = place, clock, dice
        self._agenda: list[tuple[datetime, int, Deed]] = []
        self._order = count()
        self._seen = 0
        factors, shares = zip(*PACES, strict=True)
        self._pace: dict[Key, float] = {key: dice.choices(factors, shares)[0] for key in place.actors}

    async def run(self, messages: Iterable[Arrival]) -> None:
        """Play all messages and whatever follows from them, until the end of the year."""
        people: list[GridMember | Staff] = [*self._place.members, *self._place.staff]
        for person in people:
            self._plan_leaves(person)
        end = arrivals.FIRST + timedelta(days=arrivals.DAYS)
        self._at(arrivals.FIRST + TICK, self._tick)
        for message in messages:
            await self._until(message.at)
            await self._file(message)
        await self._until(end)

    def _at(self, moment: datetime, deed: Deed) -> None:
        heapq.heappush(self._agenda, (moment, next(self._order), deed))

    async def _until(self, moment: datetime) -> None:
        while self._agenda and self._agenda[0][0] <= moment:
            at, _, deed = heapq.heappop(self._agenda)
            self._clock.move_to(max(at, now()))
            try:
                await deed()
            except DomainError:
                self.refused += 1  # somebody moved it meanwhile, as in life
        self._clock.move_to(moment)

    async def _tick(self) -> None:
        """The scheduler of the product, every quarter of an hour."""
        while await timers.run_due():
            pass
        await self._notice()
        if now().astimezone(CHINA).hour == 12 and now().minute < 15:
            self.orphaned = max(self.orphaned, await orphans())
        self._at(now() + TICK, self._tick)

    async def _file(self, message: Arrival) -> None:
        known = await understanding.knowledge()
        async with writing():
            talk = await conversations.lock("oa", message.openid)
            judgement = await known.judge(message.text, talk.community_id)
            _ = await intake.file(talk, known, Report(message.text, judgement))
            await conversations.save(talk)
        await self._notice()

    async def _notice(self) -> None:
        """Whoever was given something since we last looked will answer in their own time."""
        given = await Assignment.filter(id__gt=self._seen).order_by("id").select_related("appeal")
        for one in given:
            self._seen = one.id
            key = holding.holder_key(one)
            self._at(await self._later(one.appeal, key, ACCEPT_MINUTES), partial(self._answer, one))

    async def _later(self, appeal: Appeal, key: Key, median: float) -> datetime:
        calendar = await deadlines.calendar_of(appeal.community_id)
        hurry = 0.15 if appeal.urgency is Urgency.EMERGENCY else 1.0
        minutes = median * hurry * self._pace[key] * math.exp(self._dice.gauss(0, 0.8))
        return deadlines.hours(calendar, appeal.urgency).add(now(), timedelta(minutes=minutes))

    async def _answer(self, assignment: Assignment) -> None:
        """Accept, unless it is somebody else's: then say so. Who is on leave answers after it."""
        appeal, key = await self._still(assignment)
        if appeal is None or appeal.status not in (AppealStatus.ASSIGNED, AppealStatus.RETURNED):
            return
        if (back := await self._back(key)) is not None:
            self._at(back, partial(self._answer, assignment))
            return
        actor, chance = self._place.actors[key], self._dice.random()
        field = key[0] is not AssigneeKind.STAFF
        if field and chance < RETURNED:
            _ = await handling.give_back(actor, appeal.number, "不归我们管")
        elif field and chance < RETURNED + HANDED_OVER:
            _ = await handling.hand_over(actor, appeal.number, "请别的网格处理")
        else:
            _ = await handling.accept(actor, appeal.number)
            await self._plan_work(assignment, appeal, key)
        await self._notice()

    async def _plan_work(self, assignment: Assignment, appeal: Appeal, key: Key) -> None:
        held = await Assignment.filter(ended_at=None, **{holding.holder_column(key[0]): key[1]}).count()
        crowded = RESOLVE_MINUTES * (1 + held / 8)
        self._at(await self._later(appeal, key, crowded), partial(self._work, assignment))

    async def _work(self, assignment: Assignment) -> None:
        appeal, key = await self._still(assignment)
        if appeal is None or appeal.status is not AppealStatus.ACCEPTED:
            return
        if (back := await self._back(key)) is not None:
            self._at(back, partial(self._work, assignment))
            return
        actor = self._place.actors[key]
        if self._dice.random() < SUSPENDED:
            until = china_today() + timedelta(days=self._dice.randint(2, 10))
            _ = await handling.suspend(actor, appeal.number, until, "等材料")
            self._at(now() + timedelta(days=12), partial(self._work, assignment))
            return
        _ = await handling.resolve(actor, appeal.number, "已处理好")
        if self._dice.random() < RATED:
            self._at(now() + timedelta(hours=self._dice.randint(1, 40)), partial(self._rate, appeal))

    async def _rate(self, appeal: Appeal) -> None:
        rating = Rating.UNHAPPY if self._dice.random() < UNHAPPY else Rating.HAPPY
        _ = await handling.rate(resident_actor(appeal.resident_id), appeal.number, rating)
        await self._notice()

    async def _still(self, assignment: Assignment) -> tuple[Appeal | None, Key]:
        """The appeal while this assignment is the one that counts."""
        held = await Assignment.filter(id=assignment.id, ended_at=None).select_related("appeal").first()
        return (held.appeal if held else None), holding.holder_key(assignment)

    async def _back(self, key: Key) -> datetime | None:
        """When somebody on leave is back at work; None for who is not away."""
        table = {AssigneeKind.GRID_MEMBER: GridMember, AssigneeKind.STAFF: Staff}.get(key[0])
        person = await table.get(id=key[1]) if table else None
        if person is None or not person.away(china_today()):
            return None
        day = person.leave_until or china_today()
        return datetime.combine(day, datetime.min.time(), CHINA) + timedelta(days=1, hours=9)

    def _plan_leaves(self, person: GridMember | Staff) -> None:
        for _ in range(LEAVES_A_YEAR):
            start = arrivals.FIRST + timedelta(days=self._dice.randrange(1, arrivals.DAYS), hours=1)
            self._at(start, partial(self._leave, person, self._dice.randint(2, 9)))

    async def _leave(self, person: GridMember | Staff, days: int) -> None:
        async with writing():
            await revisions.bump(revisions.ROSTER)
            today = china_today()
            await (
                type(person)
                .filter(id=person.id)
                .update(leave_from=today, leave_until=today + timedelta(days=days))
            )


async def orphans() -> int:
    """Open appeals that nobody holds at this moment."""
    held = Assignment.filter(ended_at=None).values_list("appeal_id", flat=True)
    return len(set(await Appeal.filter(status__in=list(OPEN)).values_list("id", flat=True)) - set(await held))
