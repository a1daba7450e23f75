"""进度: where a resident's appeals stand."""

from __future__ import annotations

from bot import replies
from bot.commands import Command
from bot.turn import Turn
from models import OPEN, Appeal, AppealEvent, AppealStatus
from services import browsing, holding
from services.access import Actor, visible_appeals

SHOWN = 5


async def progress(turn: Turn, command: Command | None = None) -> str:
    """One appeal by its number, or the newest few."""
    if command is not None and command.number is not None:
        return await _one(turn, command.number)
    own = Appeal.filter(resident_id=turn.talk.resident_id)
    appeals = await own.filter(status__in=[*OPEN, AppealStatus.RESOLVED]).order_by("-id")
    if not appeals:
        appeals = await own.order_by("-id").limit(1)
    if not appeals:
        return replies.NOTHING_OPEN
    if len(appeals) == 1:
        return await _told(turn, appeals[0])
    owners = await browsing.owners([one.id for one in appeals[:SHOWN]])
    lines = [_line(turn, one, owners[one.id].name if one.id in owners else "") for one in appeals[:SHOWN]]
    return replies.progress_many(lines, len(appeals) - len(lines))


async def _one(turn: Turn, number: int) -> str:
    for actor in (turn.resident, *await turn.posts()):
        appeal = await _seen_by(actor, number)
        if appeal is not None:
            return await _told(turn, appeal)
    return replies.NOT_YOURS.format(number=number)


async def _seen_by(actor: Actor, number: int) -> Appeal | None:
    return await visible_appeals(actor).filter(id=number).first()


async def _told(turn: Turn, appeal: Appeal) -> str:
    said = (
        await AppealEvent.filter(appeal_id=appeal.id, public=True)
        .exclude(words="")
        .exclude(actor_resident_id=turn.talk.resident_id)
        .order_by("-id")
        .first()
    )
    return replies.joined(
        _line(turn, appeal, await holding.owner_name(appeal.id)),
        replies.progress_more(said.words) if said else "",
        replies.rate_hint(appeal.number) if appeal.status is AppealStatus.RESOLVED else "",
    )


def _line(turn: Turn, appeal: Appeal, owner: str) -> str:
    if appeal.status is AppealStatus.MERGED and appeal.merged_into_id is not None:
        return replies.progress_merged(appeal.number, turn.category_name(appeal), appeal.merged_into_id)
    by = None
    if appeal.status is AppealStatus.ACCEPTED:
        by = appeal.resolve_by
    elif appeal.status in (AppealStatus.SUBMITTED, AppealStatus.ASSIGNED):
        by = appeal.accept_by
    name = turn.category_name(appeal)
    return replies.progress_line(appeal.number, name, appeal.status.label, owner, by)
