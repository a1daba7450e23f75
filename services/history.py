"""办理记录: what happened to an appeal, in order, never edited."""

from __future__ import annotations

from datetime import datetime

from models import Appeal, AppealEvent, AppealStatus, Labelled, Verb
from services.access import Actor
from services.clock import now


class Act(Labelled):
    """What stands in the history besides the verbs that move an appeal."""

    SUBMIT = "submit", "提交"
    REPLY = "reply", "回复"
    ASK = "ask", "询问"
    ANSWER = "answer", "答复"
    NOTE = "note", "备注"
    RATE = "rate", "评价"
    SUPPLEMENT = "supplement", "补充"
    CORRECT = "correct", "更正类别"
    CONFIRM = "confirm", "确认类别"
    REMIND = "remind", "提醒"
    ALERT = "alert", "报警"
    STAND_DOWN = "stand_down", "误报"
    SPLIT = "split", "拆分"
    CONDUCT = "conduct", "作风标记"


def entry(
    appeal: Appeal,
    what: Verb | Act,
    actor: Actor,
    words: str = "",
    *,
    before: AppealStatus | None = None,
    after: AppealStatus | None = None,
    public: bool = True,
    at: datetime | None = None,
) -> AppealEvent:
    """A line of the history, not yet written. `public`: whether the resident may read the words."""
    return AppealEvent(
        community_id=appeal.community_id,
        appeal_id=appeal.id,
        verb=what.value,
        from_status=before,
        to_status=after,
        role=actor.role,
        actor=actor.title,
        actor_resident_id=actor.resident_id,
        actor_staff_id=actor.staff_id,
        words=words,
        public=public,
        at=at or now(),
    )


async def append(event: AppealEvent) -> AppealEvent:
    """Write one line inside the caller's `writing()`; its id then names what is told about it."""
    await event.save(force_create=True)
    return event
