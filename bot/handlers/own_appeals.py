"""What a resident does with their own appeals: 撤回, 满意/一般/不满意, 误报."""

from __future__ import annotations

import settings
from bot import alarm_replies, joining_replies, replies
from bot.commands import Command
from bot.handlers import emergency
from bot.handlers.which import ask_which
from bot.turn import Turn
from models import OPEN, Appeal, AppealStatus, Rating, Role, Urgency
from services import following, handling, holding, rating
from services.access import Actor
from services.worklist import post_for

WITHDRAW_QUESTION = "withdraw"
"""Kind of the pending question whether an appeal is really to be withdrawn."""


async def withdraw(turn: Turn, command: Command) -> str:
    """Take an appeal back; without a number the one that was asked about, or the only one that is open."""
    question = turn.talk.question or {}
    pending = question["number"] if question.get("kind") == WITHDRAW_QUESTION else None
    number = pending if command.number is None else command.number
    if number is None:
        fitting = await of_resident(turn, *OPEN)
        if len(fitting) != 1:
            return ask_which(turn, command, fitting) if fitting else replies.NOTHING_TO_WITHDRAW
        number = fitting[0].number
    number = await following.own_number(turn.talk.resident_id, number)
    goes_on = await following.others_follow(turn.talk.resident_id, number)
    withdrawn = await handling.withdraw(turn.resident, number, command.words)
    if pending == number:
        turn.talk.settle()
    return _taken_back(withdrawn, goes_on)


def _taken_back(appeal: Appeal, goes_on: bool) -> str:
    """What taking it back has done; an alarm goes on where others reported the same."""
    if appeal.merged_into_id is not None:
        return joining_replies.LEFT.format(number=appeal.number, into=appeal.merged_into_id)
    if appeal.urgency is not Urgency.EMERGENCY:
        return replies.WITHDRAWN.format(number=appeal.number)
    told = alarm_replies.ALARM_GOES_ON if goes_on else alarm_replies.ALARM_WITHDRAWN
    return told.format(number=appeal.number)


async def rate(turn: Turn, command: Command) -> str | None:
    """Rate what is resolved; with nothing to rate, words behind the verdict are a message of their own.

    Who is unhappy may mean what they rated before; what is open again is told what they say of it.
    """
    number, unhappy = command.number, command.rating is Rating.UNHAPPY
    if number is None:
        fitting = await unrated(turn)
        if unhappy and not fitting:
            fitting = await rating.finished_lately(turn.talk.resident_id)
        if not fitting:
            return None if command.words else replies.NOTHING_TO_RATE
        if len(fitting) > 1:
            return ask_which(turn, command, fitting)
        number = fitting[0].number
    number = await following.own_number(turn.talk.resident_id, number)
    open_ = await following.alive(number) if unhappy and command.words else None
    if open_ is not None:
        _ = await handling.supplement(turn.talk.resident_id, open_, command.words)
        turn.talk.about(number)
        return replies.SUPPLEMENTED.format(number=number)
    _ = await handling.rate(turn.resident, number, command.rating or Rating.FAIR, command.words)
    if not unhappy:
        return replies.RATED_WELL.format(number=number)
    turn.talk.about(number)
    return replies.rated_badly(number, await holding.owner_name(number))


async def unrated(turn: Turn) -> list[Appeal]:
    """The resident's appeals that wait for a rating, newest first."""
    return [one for one in await of_resident(turn, AppealStatus.RESOLVED) if one.rating is None]


async def false_alarm(turn: Turn, command: Command) -> str:
    """Stand down everyone who was alerted; the resident's own alarm, or one in a responder's hands."""
    number = command.number
    if number is None:
        alarms = [one for one in await of_resident(turn, *OPEN) if one.urgency is Urgency.EMERGENCY]
        alarms += [one.appeal for one in await turn.in_hand() if one.appeal.urgency is Urgency.EMERGENCY]
        if not alarms:
            return alarm_replies.NO_ALARM
        number = alarms[0].number
    actor = await _alarm_actor(turn, number)
    own = actor.role is Role.RESIDENT
    number = await following.own_number(turn.talk.resident_id, number) if own else number
    goes_on = own and await following.others_follow(turn.talk.resident_id, number)
    stood_down = await handling.stand_down(actor, number)
    if stood_down.merged_into_id is not None:
        return await _left_alarm(turn, stood_down, stood_down.merged_into_id)
    told = alarm_replies.ALARM_GOES_ON if goes_on else alarm_replies.STOOD_DOWN
    gentle = own and emergency.is_gentle(turn, stood_down)
    hotline = alarm_replies.still_there(settings.load().psychology_hotline) if gentle else ""
    return replies.joined(told.format(number=number), hotline)


async def _left_alarm(turn: Turn, appeal: Appeal, into: int) -> str:
    """Theirs is taken back, what it was merged into goes on: a neighbour's alarm, or one of their own."""
    main = await Appeal.get(id=into)
    if main.urgency is not Urgency.EMERGENCY:
        return joining_replies.LEFT.format(number=appeal.number, into=into)
    own = main.resident_id == turn.talk.resident_id
    told = alarm_replies.OWN_ALARM_GOES_ON if own else alarm_replies.ALARM_GOES_ON
    return told.format(number=appeal.number, into=into)


async def _alarm_actor(turn: Turn, number: int) -> Actor:
    for one in await turn.in_hand():
        post = post_for(await turn.posts(), one)
        if one.appeal_id == number and post is not None:
            return post
    return turn.resident


async def of_resident(turn: Turn, *statuses: AppealStatus) -> list[Appeal]:
    """The resident's appeals in these states, and those that are handled within one that is."""
    own = Appeal.filter(following.handled_in(*statuses), resident_id=turn.talk.resident_id)
    return await own.order_by("-id")
