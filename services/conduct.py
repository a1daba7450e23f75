"""作风: staff say what the words did not: that an appeal is about the conduct of cadres, or is not."""

from __future__ import annotations

from models import OPEN, Appeal, AppealEvent
from services import access, audit, history, moving, redirecting
from services.access import Actor
from services.correction import may_correct
from services.errors import Forbidden
from services.history import Act


async def mark_conduct(actor: Actor, number: int, about: bool, reason: str) -> Appeal:
    """Mark the appeal as about the conduct of cadres, or (above the community alone) take the mark back.

    Marked, it goes to the parent area, accepted or not, and nobody below sees it any more; unmarked it goes
    to whom it fits. A finished one only changes who sees it. Marked as it was: nothing happens.
    Raises: NotFound, Forbidden, Invalid (no reason).
    """
    words = moving.needed(reason, "请写明理由。")
    async with moving.acting(actor, number) as appeal:
        may_correct(actor, appeal)
        if appeal.about_conduct == about:
            return appeal
        if not about and actor.role not in access.ABOVE_COMMUNITY:
            raise Forbidden("是不是反映干部作风，由上级认定。")
        await moving.change(appeal, about_conduct=about)
        await audit.record(
            actor, audit.CONDUCT, f"appeal {number}", community_id=appeal.community_id, about_conduct=about
        )
        event = await history.append(history.entry(appeal, Act.CONDUCT, actor, words, public=False))
        if appeal.status in OPEN:
            await _to_whom_it_fits(appeal, event, actor, about=about)
    return appeal


async def _to_whom_it_fits(appeal: Appeal, event: AppealEvent, actor: Actor, *, about: bool) -> None:
    if about:
        _ = await redirecting.upward(appeal, event, why="反映干部作风", by=actor)
    else:
        _ = await redirecting.afresh(appeal, why="不是反映干部作风", by=actor)
