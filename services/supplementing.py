"""补充: what a resident adds to an open appeal; it may change where the appeal belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models import OPEN, Appeal, AppealEvent, AppealStatus, Category, Grid, Urgency, writing
from services import alarm, bundling, following, history, holding, moving, redirecting, sentences
from services.access import Actor, resident_actor
from services.correction import UNACCEPTED
from services.errors import IllegalMove
from services.history import Act

if TYPE_CHECKING:
    from nlp.judgement import Judgement

_LONGEST_TEXT = 4000
_ROUTING = frozenset({"category_id", "community_id", "grid_id", "urgency"})
"""Columns that decide who serves an appeal."""
_WHY = "居民补充了情况"


async def supplement(
    resident_id: int,
    appeal: Appeal,
    text: str = "",
    *,
    grid_id: int | None = None,
    judgement: Judgement | None = None,
    came: str = sentences.WORDS,
) -> Appeal:
    """Add words (none: what the caller attaches speaks for itself), and tell the holder what `came`.

    What `judgement` (or `grid_id`, from a location) says anew about grid or danger counts, and about a
    category that was unsure: an appeal that nobody accepted yet goes to who serves it now, an emergency is
    announced at once to all who are near and did not hear of it. What an emergency is stays as it was
    announced. What turns out to be about the conduct of cadres goes to the parent area, accepted or not.
    What a follower adds goes to the appeal that theirs was merged into, which is returned; it changes nothing
    there. Joins the caller's transaction.
    Raises: NotFound when it is not this resident's appeal, IllegalMove when it is finished.
    """
    actor = resident_actor(resident_id)
    main = await following.target(appeal)
    if main.id != appeal.id:
        return await _pass_on(actor, appeal, main, text, grid_id or _grid_named(judgement), came)
    async with moving.acting(actor, appeal.id) as found:
        if found.status not in OPEN:
            raise _over(found.number, found.status)
        words = text.strip() or _added(came)
        event = await history.append(history.entry(found, Act.SUPPLEMENT, actor, words))
        grid = await _another_grid(found, grid_id or _grid_named(judgement))
        changes = _placed(found, grid) | await _understood(found, judgement)
        if text.strip() and len(found.text) < _LONGEST_TEXT:
            changes["text"] = f"{found.text}\n{text.strip()}".strip()
        await _apply(found, changes, event)
        if found.urgency is Urgency.EMERGENCY and (grid is not None or "urgency" in changes):
            numbers = judgement.urgency.numbers if judgement is not None else ()
            _ = await alarm.alert_emergency(found, numbers, at=grid)
        await _tell(found, event, came)
    return found


async def _pass_on(
    actor: Actor, own: Appeal, main: Appeal, text: str, grid_id: int | None, came: str
) -> Appeal:
    """The words of a follower, for whoever handles the matter; other residents do not read them."""
    async with writing():
        await following.lock_circle(own.id)
        async with moving.acting(actor, main.id, also=following.follows) as found:
            await _told_to(actor, own, found, text.strip() or _added(came), came)
            grid = await _another_grid(found, grid_id)
            if found.urgency is Urgency.EMERGENCY and grid is not None:
                _ = await alarm.alert_emergency(found, at=grid)
    return found


def _over(number: int, status: AppealStatus) -> IllegalMove:
    return IllegalMove(f"{number} 已经是「{status.label}」了。", in_chat="有新情况请直接写一句话。")


async def _told_to(actor: Actor, own: Appeal, main: Appeal, words: str, came: str) -> None:
    if main.status not in OPEN:
        raise _over(own.number, main.status)
    _ = await history.append(history.entry(own, Act.SUPPLEMENT, actor, words))
    told = f"{own.number} 的居民补充：{words}"
    event = await history.append(history.entry(main, Act.SUPPLEMENT, actor, told, public=False))
    await _tell(main, event, came)


async def _apply(appeal: Appeal, changes: dict[str, Any], event: AppealEvent) -> None:
    unaccepted = appeal.status in UNACCEPTED
    if changes:
        await moving.change(appeal, **changes)
    if "about_conduct" in changes:
        _ = await redirecting.upward(appeal, event, why=_WHY)
    elif unaccepted and changes.keys() & _ROUTING:
        _ = await redirecting.afresh(appeal, why=_WHY)


async def _tell(appeal: Appeal, event: AppealEvent, came: str) -> None:
    """There is more to read: for the holder, and in an emergency for everybody who is on the way."""
    people = await holding.people_of(appeal, await holding.current(appeal.id))
    if appeal.urgency is Urgency.EMERGENCY:
        people = (*people, *await alarm.people(appeal))
    await bundling.tell(appeal, event, people, came)


async def _another_grid(appeal: Appeal, grid_id: int | None) -> Grid | None:
    return await Grid.get(id=grid_id) if grid_id is not None and grid_id != appeal.grid_id else None


def _placed(appeal: Appeal, grid: Grid | None) -> dict[str, Any]:
    """Columns that a new place changes. Into another community goes only what nobody accepted yet."""
    if grid is None:
        return {}
    if grid.community_id == appeal.community_id:
        return {"grid_id": grid.id}
    moves = appeal.status in UNACCEPTED
    return {"grid_id": grid.id, "community_id": grid.community_id} if moves else {}


async def _understood(appeal: Appeal, judgement: Judgement | None) -> dict[str, Any]:
    """Columns that the new words change."""
    if judgement is None or appeal.urgency is Urgency.EMERGENCY:
        return {}
    values: dict[str, Any] = {}
    if judgement.conduct and not appeal.about_conduct:
        values["about_conduct"] = True
    if judgement.urgency.urgent:
        values["urgency"] = Urgency.EMERGENCY
    # Circumstances (孩子还在上学) have categories of their own: they must not move what is understood.
    if appeal.unsure and judgement.sure and judgement.category is not None:
        category = await Category.get_or_none(code=judgement.category, active=True)
        if category is not None:
            values |= {"category_id": category.id, "unsure": False}
    return values


def _added(came: str) -> str:
    return f"补充了{came}"


def _grid_named(judgement: Judgement | None) -> int | None:
    named = judgement.place.grid_ids if judgement is not None and judgement.place is not None else ()
    return named[0] if len(named) == 1 else None
