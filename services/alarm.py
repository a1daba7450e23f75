"""突发险情: everybody near is alerted together, any of them may take it, a false alarm stands all down."""

from __future__ import annotations

from collections.abc import Collection

from models import (
    Appeal,
    AppealStatus,
    AssignmentEnd,
    Category,
    Delivery,
    Notice,
    Role,
    Urgency,
    Verb,
)
from services import deliveries, giving, history, holding, moving, notices, rosters
from services.access import SYSTEM, Actor
from services.clock import china_today
from services.deliveries import Told
from services.errors import Invalid
from services.history import Act
from services.ranking import Assignee, Candidate, Chosen
from services.roster import COMMUNITY, Key, Post, Roster

_ALARMED = {Notice.ALERT, Notice.ASSIGNED}


async def alert_emergency(appeal: Appeal, numbers: Collection[str]) -> int:
    """Push an alarm to grid leader, grid members and community duty together; returns to how many people.

    `numbers` were told to the resident already. Inside the caller's `writing()`. That a resident raises one
    alarm in ten minutes is the caller's rule.
    """
    roster = await rosters.of(appeal.community_id)
    category = await Category.get(id=appeal.category_id)
    alerted = _near(roster, appeal)
    payload = notices.alert(
        appeal,
        category=category,
        grid_name=roster.grid_names.get(appeal.grid_id or 0, ""),
        community_name=roster.community_name,
        numbers="、".join(numbers),
    )
    event = await history.append(
        history.entry(appeal, Act.ALERT, SYSTEM, f"险情提醒已推送给 {len(alerted)} 人", public=False)
    )
    await deliveries.queue(
        *(Told(Notice.ALERT, one, f"event:{event.id}", payload, appeal) for one in alerted)
    )
    return len(alerted)


def _near(roster: Roster, appeal: Appeal) -> list[int]:
    """Who is alerted, leaders first, each once; a conduct matter is nobody's below the parent area."""
    if appeal.about_conduct:
        return []
    posts = [
        *roster.leaders(appeal.grid_id),
        *roster.duty(COMMUNITY),
        *roster.members(appeal.grid_id),
    ]
    standing = [roster.stand_in(post, china_today()) or post for post in posts]
    return list(
        dict.fromkeys(one for post in standing for one in holding.people(post, but=appeal.resident_id))
    )


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


async def stand_down(actor: Actor, number: int) -> Appeal:
    """误报: the appeal ends, and everybody who was alerted is told.

    The reporter takes it back (CANCELLED), staff close it (CLOSED).
    Raises: NotFound, Forbidden, IllegalMove, Invalid when it never was an emergency.
    """
    async with moving.acting(actor, number) as appeal:
        if appeal.urgency is not Urgency.EMERGENCY:
            raise Invalid(f"{number} 不是险情。不用办了请回复：撤回 {number}")
        own = actor.role is Role.RESIDENT
        verb = Verb.WITHDRAW if own else Verb.CLOSE
        await moving.allow(actor, appeal, verb)
        before = await moving.move(appeal, verb, actor)
        _ = await moving.end_assignment(appeal, AssignmentEnd.CANCELLED, note="误报")
        event = await moving.step(appeal, verb, actor, "误报", before=before)
        await tell_over(appeal, event.id, actor, "居民" if own else actor.title)
        await moving.tell_resident(appeal, event, "确认是误报，警报已解除。")
    return appeal


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
