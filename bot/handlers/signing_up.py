"""活动, 报名, 我的, 取消, 接受, 放弃: places with limited room, in chat. The same services as the API's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot import slot_replies
from bot.commands import Command
from bot.handlers import claiming
from bot.turn import Turn
from models import SignUp, SignUpState, Slot
from services.slots import openings, signup

SLOT_QUESTION = "slot"
PERSON_QUESTION = "person"
CANCEL_QUESTION = "cancel_sign_up"
_SHOWN = 6
_LONGEST_NAME = 12
"""Characters behind 报名 from which words that name nothing are a sentence of their own."""
_READ = 60

Question = dict[str, Any]


async def activities(turn: Turn, _command: Command | None = None) -> str:
    """What is open for them; a digit signs up."""
    found = await openings.open_for(turn.talk.community_id, _READ)
    if not found:
        return slot_replies.NOTHING_ON
    return slot_replies.listed(_ask_which(turn, found[:_SHOWN]), len(found) - _SHOWN)


async def sign_up(turn: Turn, command: Command) -> str | None:
    """Sign up for what is named; asked back where several slots or people fit. None for a sentence."""
    wanted = command.words.strip("《》「」“”\"' ")
    if not wanted:
        return slot_replies.WHAT_TO_SIGN_UP
    found = await named(turn, wanted)
    if not found:
        return slot_replies.unknown(wanted) if len(wanted) <= _LONGEST_NAME else None
    return await _among(turn, found)


async def wish(turn: Turn) -> str | None:
    """An ordinary sentence that wishes to sign up for something that it names; None when it names nothing."""
    found = await openings.named_in(turn.text, turn.talk.community_id)
    return await _among(turn, found) if found else None


async def _among(turn: Turn, found: Sequence[Slot]) -> str:
    if len(found) > 1:
        return slot_replies.which(_ask_which(turn, found[:_SHOWN]))
    return await _for_whom(turn, found[0])


async def named(turn: Turn, words: str) -> list[Slot]:
    """Open slots whose title holds the words, or stands in them; the whole title wins."""
    found = await openings.open_for(turn.talk.community_id, _READ)
    exact = [one for one in found if one.offering.title == words]
    return exact or [one for one in found if words in one.offering.title or one.offering.title in words]


async def choose_slot(turn: Turn, question: Question, digit: int) -> str:
    """The slot of the list was chosen."""
    turn.talk.settle()
    slot = await Slot.get(id=question["ids"][digit - 1]).select_related("offering")
    return await _for_whom(turn, slot)


async def choose_person(turn: Turn, question: Question, digit: int) -> str:
    """It was said whom to sign up."""
    turn.talk.settle()
    slot = await Slot.get(id=question["slot"]).select_related("offering")
    return await claiming.claim(turn, slot, question["keys"][digit - 1], question["names"][digit - 1])


async def mine(turn: Turn, _command: Command) -> str:
    """What their household has signed up for."""
    found = await openings.ahead_of(turn.talk.resident_id)
    if not found:
        return slot_replies.NO_SIGN_UPS
    return slot_replies.mine(await lines(turn, found))


async def lines(turn: Turn, found: Sequence[SignUp]) -> list[str]:
    """A line for each sign-up: what, when, for whom."""
    who = await openings.names(found, turn.talk.resident_id)
    return [
        slot_replies.mine_line(_title(one), _when(one.slot), "、".join(who[one.id]), one.state.label)
        for one in found
    ]


async def cancel(turn: Turn, command: Command) -> str | None:
    """Cancel the sign-up that is named; None when the words name none."""
    found = _fitting(await openings.ahead_of(turn.talk.resident_id), command.words)
    if len(found) > 1:
        turn.talk.ask(CANCEL_QUESTION, ids=[one.id for one in found])
        return slot_replies.which_to_cancel(await lines(turn, found))
    return await _leave(turn, found[0]) if found else None


async def cancel_one(turn: Turn, sign_up_id: int) -> str:
    """It was said which sign-up to cancel."""
    turn.talk.settle()
    return await _leave(turn, await SignUp.get(id=sign_up_id).select_related("slot__offering"))


async def accept(turn: Turn, command: Command) -> str | None:
    """接受 takes the places that were offered; None when the words name none."""
    made = await _offered(turn, command)
    if made is None:
        return None if command.words else slot_replies.NO_OFFER
    _ = await signup.accept(turn.talk.resident_id, made.id)
    return slot_replies.accepted(_title(made), _when(made.slot), made.slot.offering.place)


async def decline(turn: Turn, command: Command) -> str | None:
    """放弃 gives them to the next one; None when the words name none."""
    made = await _offered(turn, command)
    if made is None:
        return None if command.words else slot_replies.NO_OFFER
    return await _leave(turn, made)


async def _leave(turn: Turn, made: SignUp) -> str:
    _ = await signup.cancel(turn.talk.resident_id, made.id)
    return slot_replies.cancelled(_title(made), _when(made.slot))


async def _offered(turn: Turn, command: Command) -> SignUp | None:
    found = await openings.ahead_of(turn.talk.resident_id, SignUpState.OFFERED)
    named = _fitting(found, command.words) if command.words else found
    return named[0] if named else None


async def _for_whom(turn: Turn, slot: Slot) -> str:
    people = await openings.household_of(turn.talk.resident_id)
    if len(people) == 1:
        return await claiming.claim(turn, slot, people[0].key, "您")
    names = [one.name for one in people]
    turn.talk.ask(PERSON_QUESTION, slot=slot.id, keys=[one.key for one in people], names=names)
    return slot_replies.for_whom(slot.offering.title, names)


def _ask_which(turn: Turn, found: Sequence[Slot]) -> list[str]:
    turn.talk.ask(SLOT_QUESTION, ids=[one.id for one in found])
    return [_shown(one) for one in found]


def _shown(one: Slot) -> str:
    title, place = one.offering.title, one.offering.place
    if one.by_lot:
        return slot_replies.lot_line(title, one.starts_at, one.ends_at, place, one.capacity)
    return slot_replies.line(title, one.starts_at, one.ends_at, place, one.free, one.waiting)


def _fitting(found: Sequence[SignUp], words: str) -> list[SignUp]:
    return [one for one in found if words in _title(one) or _title(one) in words]


def _title(made: SignUp) -> str:
    return made.slot.offering.title


def _when(slot: Slot) -> str:
    return slot_replies.time_of(slot.starts_at, slot.ends_at)
