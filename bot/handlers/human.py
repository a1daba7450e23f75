"""人工: somebody wants to talk to a person."""

from __future__ import annotations

from bot import joining_replies, replies
from bot.commands import Command
from bot.turn import Turn
from services import following, holding, intake
from services.intake import Report


async def call_person(turn: Turn, _command: Command | None = None) -> str:
    """Ask the duty staff to get in touch; an open appeal of a moment ago has its person already."""
    recent = await following.alive(turn.talk.recent_appeal_id)
    if recent is not None:
        main = await following.target(recent)
        number = joining_replies.numbered(recent.number, main.number)
        return replies.person_coming(number, await holding.owner_name(main.id))
    judgement = await turn.known.judge(replies.WANTS_PERSON, turn.talk.community_id)
    report = Report(turn.text or replies.WANTS_PERSON, judgement, triage=True)
    filed = await intake.file(turn.talk, turn.known, report)
    return replies.person_called(filed.appeal.number, filed.owner, filed.appeal.accept_by)
