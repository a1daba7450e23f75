"""突发险情: everybody near is alerted together, any of them may take it, a false alarm stands all down."""

from __future__ import annotations

from collections.abc import Collection

from models import (
    Appeal,
    AppealEvent,
    AppealStatus,
    Assignment,
    AssignmentEnd,
    Category,
    Delivery,
    Grid,
    Notice,
    Role,
    Urgency,
)
from services import deliveries, giving, history, holding, moving, notices, rosters, sentences
from services.access import SYSTEM, Actor
from services.clock import china_today
from services.deliveries import Told
from services.history import Act
from services.ranking import Assignee, Candidate, Chosen, about_self
from services.roster import AREA, COMMUNITY, Key, Post, Roster

_ALARMED = {Notice.ALERT, Notice.ASSIGNED}


async def alert_emergency(
    appeal: Appeal, numbers: Collection[str] = (), *, at: Grid | None = None
) -> tuple[str, ...]:
    """Push an alarm to grid leader, grid members and community duty together; returns how they are called.

    Called again when more is known (`at`: a grid outside of the appeal's community), it reaches who is near
    there; each person is alerted once for an appeal. A conduct matter is alarmed in the parent area alone.
    `numbers` were told to the resident already. Inside the caller's `writing()`. That a resident raises one
    alarm in ten minutes is the caller's rule.
    """
    roster = await rosters.of(at.community_id if at is not None else appeal.community_id)
    grid_id = at.id if at is not None else appeal.grid_id
    posts = _above(roster, appeal) if appeal.about_conduct else _near(roster, grid_id)
    before = await people(appeal)
    told = {one: post for post in posts for one in holding.people(post, but=appeal.resident_id)}
    fresh = [one for one in told if one not in before]
    if fresh or not before:
        await _push(appeal, roster, grid_id, fresh, numbers)
    reached = {post.key for post in told.values()}
    return tuple(post.name for post in posts if post.has_console or post.key in reached)


async def _push(
    appeal: Appeal, roster: Roster, grid_id: int | None, fresh: Collection[int], numbers: Collection[str]
) -> None:
    payload = notices.alert(
        appeal,
        category=await Category.get(id=appeal.category_id),
        grid_name=roster.grid_names.get(grid_id or 0, ""),
        community_name=roster.community_name,
        numbers="、".join(numbers),
    )
    event = await history.append(
        history.entry(appeal, Act.ALERT, SYSTEM, f"险情提醒已推送给 {len(fresh)} 人", public=False)
    )
    await deliveries.queue(*(Told(Notice.ALERT, one, f"event:{event.id}", payload, appeal) for one in fresh))


def _near(roster: Roster, grid_id: int | None) -> list[Post]:
    """Who is alerted, leaders first; while away whoever stands in."""
    posts = [*roster.leaders(grid_id), *roster.duty(COMMUNITY), *roster.members(grid_id)]
    return _standing(roster, posts)


def _above(roster: Roster, appeal: Appeal) -> list[Post]:
    """The duty staff of the nearest area above that is not complained about: conduct is nobody's below."""
    for level in range(AREA, roster.top + 1):
        posts = _standing(roster, roster.duty(level))
        able = [post for post in posts if not about_self(post, appeal.resident_id, appeal.text)]
        if able:
            return able
    return []


def _standing(roster: Roster, posts: Collection[Post]) -> list[Post]:
    today = china_today()
    return list({one.key: one for one in (roster.stand_in(post, today) or post for post in posts)}.values())


async def alerted(actor: Actor, appeal_id: int) -> bool:
    """Whether this person was pushed the alarm of the appeal."""
    if actor.resident_id is None or actor.role is Role.RESIDENT:
        return False
    told = Delivery.filter(appeal_id=appeal_id, resident_id=actor.resident_id, notice=Notice.ALERT)
    return bool(await told.exists())


async def people(appeal: Appeal) -> list[int]:
    """Residents who were pushed the alarm of the appeal."""
    told = Delivery.filter(appeal_id=appeal.id, notice=Notice.ALERT)
    return sorted({int(one["resident_id"]) for one in await told.values("resident_id")})


async def take(actor: Actor, appeal: Appeal) -> None:
    """In an emergency whoever was alerted, or has the appeal in scope, may accept: make it theirs first.

    Does nothing when it is no unaccepted emergency, or theirs already.
    """
    waiting = (AppealStatus.ASSIGNED, AppealStatus.RETURNED)
    if appeal.urgency is not Urgency.EMERGENCY or appeal.status not in waiting:
        return
    key = _own_key(actor)
    mine = key is None or actor.resident_id == appeal.resident_id or await holding.holds(actor, appeal)
    if mine or not (moving.in_scope(actor, appeal) or await alerted(actor, appeal.id)):
        return
    roster = await rosters.of(appeal.community_id)
    post = roster.posts.get(key) if key is not None else None
    if post is None:
        return
    category = await Category.get(id=appeal.category_id)
    _ = await giving.give(
        appeal,
        category,
        _taken_by(post),
        why=f"险情，{actor.title}先接",
        by=SYSTEM,
        ended_as=AssignmentEnd.REASSIGNED,
    )


async def go_on_in(appeal: Appeal, main: Appeal, event: AppealEvent, held: Assignment | None) -> None:
    """The alarm of `appeal`, merged just now, is that of `main`: whoever came for it comes for that one."""
    told = await people(appeal)
    await deliveries.stand_down(appeal.id, _ALARMED | {Notice.REMIND})
    holders = await holding.people_of(appeal, held) if held is not None else ()
    await moving.tell_people(appeal, event, (*holders, *told), sentences.alarm_merged(main.number))
    fresh = set(told) - set(await people(main)) - {main.resident_id}
    if fresh:
        await _push(main, await rosters.of(main.community_id), main.grid_id, sorted(fresh), ())


def _own_key(actor: Actor) -> Key | None:
    for kind, column in holding.COLUMNS.items():
        own: int | None = getattr(actor, column)
        if own is not None:
            return kind, own
    return None


def _taken_by(post: Post) -> Chosen:
    # Nobody is pushed about what they are just taking.
    taker = Assignee(post.kind, post.id, post.name)
    why = "收到险情提醒，先接单"
    return Chosen(taker, post.level, (Candidate(taker, True, why, post.level),), f"{post.name}：{why}。")


async def tell_over(
    appeal: Appeal, event_id: int, actor: Actor, who: str = "居民", why: str = "确认是误报"
) -> None:
    """Stand down everybody who was alerted, but for the actor; unsent alarms are taken back."""
    told = Delivery.filter(appeal_id=appeal.id, notice__in=list(_ALARMED))
    people = {int(one["resident_id"]) for one in await told.values("resident_id")}
    await deliveries.stand_down(appeal.id, _ALARMED | {Notice.REMIND})
    payload = notices.stand_down_words(appeal, who=who, why=why)
    await deliveries.queue(
        *(
            Told(Notice.STAND_DOWN, one, f"event:{event_id}", payload, appeal)
            for one in sorted(people - {appeal.resident_id, actor.resident_id or 0})
        )
    )
