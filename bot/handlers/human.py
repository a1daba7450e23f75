"""人工: somebody wants to talk to a person."""

from __future__ import annotations

from dataclasses import replace

from bot import joining_replies, replies
from bot.commands import Command
from bot.turn import Turn
from nlp.judgement import Intent, Judgement
from services import following, handling, holding, intake, sentences
from services.intake import Report


async def call_person(turn: Turn, command: Command | None = None) -> str:
    """Ask somebody to get in touch: whoever handles the open appeal of a moment ago, else the duty staff."""
    words = replies.WANTS_PERSON if command is not None else turn.text
    recent = await following.alive(turn.talk.recent_appeal_id)
    if recent is not None:
        added = await handling.supplement(turn.talk.resident_id, recent, words, came=sentences.CALL)
        turn.talk.about(recent.id)
        number = joining_replies.numbered(recent.number, added.number)
        return replies.person_coming(number, await holding.owner_name(added.id))
    judgement = await _judgement(turn, command)
    filed = await intake.file(turn.talk, turn.known, Report(words, judgement, triage=True))
    return replies.person_called(filed.appeal.number, filed.owner, filed.appeal.accept_by)


async def _judgement(turn: Turn, command: Command | None) -> Judgement:
    """How the resident's own words are understood; a command (找工作人员) tells of no matter (找工作)."""
    if command is None:
        return await turn.known.judge(turn.text, turn.talk.community_id)
    return replace(intake.unjudged(turn.known.lexicon.version), intent=Intent.HUMAN)
