"""The verbs of grid members, organizations and staff: 接单, 转派, 退单, 挂起, 恢复, 办结, 问, 备注."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

from bot import responder_replies
from bot.commands import Command, Word, label
from bot.handlers.which import ask_which
from bot.turn import Turn
from models.moves import Verb
from services import handling, holding
from services.access import Actor, visible_appeals
from services.worklist import fitting, post_for

Done = Callable[[Actor, int, Command], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class _Act:
    done: Done
    verb: Verb | None
    needs_words: bool = True


async def respond(turn: Turn, command: Command) -> str | None:
    """Do what a responder asks for; the number may be left out when only one appeal fits.

    None when an ordinary resident used such a word in a sentence.
    """
    posts = await turn.posts()
    if not posts:
        plain = command.number is None and bool(command.words or command.word is Word.RESOLVE)
        return None if plain else responder_replies.FOR_RESPONDERS_ONLY
    act = _ACTS[command.word]
    number = command.number
    if number is None:
        found = fitting(act.verb, await turn.in_hand(), posts)
        if act.verb is Verb.ACCEPT:
            found = [*await turn.alarms(), *found]
        if len(found) != 1:
            return ask_which(turn, command, found) if found else await _nothing(turn)
        number = found[0].number
    if missing := _missing(act, command, number):
        return missing
    return await act.done(await acting(turn, number), number, command)


async def acting(turn: Turn, number: int) -> Actor:
    """The post in which the user acts on an appeal: one that holds it, else one that sees it, else any."""
    posts = await turn.posts()
    for one in await turn.in_hand():
        post = post_for(posts, one)
        if one.appeal_id == number and post is not None:
            return post
    for post in posts:
        if await visible_appeals(post).filter(id=number).exists():
            return post
    return posts[0]


async def _nothing(turn: Turn) -> str:
    return responder_replies.LOOKED_AWAY if await turn.in_hand() else responder_replies.NOTHING_IN_HAND


def _missing(act: _Act, command: Command, number: int) -> str:
    if command.word is Word.SUSPEND and command.until is None:
        return responder_replies.NEEDS_DAY.format(number=number)
    if act.needs_words and not command.words:
        return responder_replies.needs_words(label(command), number, command.word.value, command.until)
    return ""


async def _accept(actor: Actor, number: int, _command: Command) -> str:
    appeal = await handling.accept(actor, number)
    return responder_replies.accepted(number, appeal.resolve_by)


async def _hand_over(actor: Actor, number: int, command: Command) -> str:
    _ = await handling.hand_over(actor, number, command.words)
    return responder_replies.handed_over(number, await holding.owner_name(number))


async def _give_back(actor: Actor, number: int, command: Command) -> str:
    _ = await handling.give_back(actor, number, command.words)
    return responder_replies.given_back(number, await holding.owner_name(number))


async def _suspend(actor: Actor, number: int, command: Command) -> str:
    until = command.until or date.max
    _ = await handling.suspend(actor, number, until, command.words)
    return responder_replies.suspended(number, until)


async def _resume(actor: Actor, number: int, _command: Command) -> str:
    appeal = await handling.resume(actor, number)
    return responder_replies.resumed(number, appeal.resolve_by)


async def _resolve(actor: Actor, number: int, command: Command) -> str:
    _ = await handling.resolve(actor, number, command.words)
    return responder_replies.RESOLVED.format(number=number)


async def _ask(actor: Actor, number: int, command: Command) -> str:
    _ = await handling.ask(actor, number, command.words)
    return responder_replies.QUESTION_SENT.format(number=number)


async def _note(actor: Actor, number: int, command: Command) -> str:
    _ = await handling.note(actor, number, command.words)
    return responder_replies.NOTED.format(number=number)


async def say_to_resident(actor: Actor, number: int, command: Command) -> str:
    """Words of a responder for the resident."""
    _ = await handling.reply(actor, number, command.words)
    return responder_replies.WORDS_SENT.format(number=number)


_ACTS = {
    Word.ACCEPT: _Act(_accept, Verb.ACCEPT, needs_words=False),
    Word.HAND_OVER: _Act(_hand_over, Verb.HAND_OVER),
    Word.GIVE_BACK: _Act(_give_back, Verb.RETURN),
    Word.SUSPEND: _Act(_suspend, Verb.SUSPEND),
    Word.RESUME: _Act(_resume, Verb.RESUME, needs_words=False),
    Word.RESOLVE: _Act(_resolve, Verb.RESOLVE),
    Word.ASK: _Act(_ask, None),
    Word.NOTE: _Act(_note, None),
}
