"""活动, 报名, 我的, 取消, 接受, 放弃: places with limited room, in chat. The same services as the API's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot import slot_replies, wishes
from bot.commands import Command, label, verb_and_name
from bot.handlers import binding, claiming, lists
from bot.handlers.claiming import Whom
from bot.turn import Turn
from models import SignUp, SignUpState, Slot
from services.clock import now
from services.slots import openings, signup
from services.slots.openings import Someone

SLOT_QUESTION = "slot"
PERSON_QUESTION = "person"
CANCEL_QUESTION = "cancel_sign_up"
_AT_ONCE = 6
_SHOWN = 30
_LONGEST_NAME = 12
"""Characters behind 报名 from which words that name nothing are a sentence of their own."""
_SHORTEST_PART = 2
"""Characters of a title by which it is known."""
_OWN = ("我", "自己", "本人", "给我", "给我自己", "给自己")

Question = dict[str, Any]


async def activities(turn: Turn, _command: Command | None = None) -> str:
    """What is open for them, the next slot of each; a digit signs up."""
    found = await openings.next_of_each(turn.talk.community_id, _SHOWN)
    if not found:
        return await _nothing(turn, slot_replies.NOTHING_ON)
    return _listed(turn, slot_replies.LISTED, found)


async def sign_up(turn: Turn, command: Command) -> str | None:
    """Sign up for what is named; asked back where several slots or people fit. None for a sentence."""
    wanted = command.words.strip("《》「」“”\"' ")
    if not wanted:
        return slot_replies.WHAT_TO_SIGN_UP
    found = await named(turn, wanted)
    if not found:
        return await _nothing(turn, slot_replies.unknown(wanted)) if len(wanted) <= _LONGEST_NAME else None
    return await _among(turn, found, wanted)


async def _nothing(turn: Turn, told: str) -> str:
    """Nothing fits; who belongs nowhere yet is asked where, since that may be why."""
    if turn.talk.community_id is not None:
        return told
    return slot_replies.where_first(await binding.ask_community(turn))


async def wish(turn: Turn) -> str | None:
    """An ordinary sentence that wishes to sign up for something that it names; None when it names nothing."""
    found = await _called(turn, lambda title: wishes.likeness(title) in wishes.likeness(turn.text))
    return await _among(turn, found, turn.text) if found else None


async def _among(turn: Turn, found: Sequence[Slot], words: str) -> str:
    if len(found) > 1:
        return _listed(turn, slot_replies.WHICH, found, words)
    return await _for_whom(turn, found[0], words)


async def named(turn: Turn, words: str) -> list[Slot]:
    """Open slots whose title holds the words, or stands in them; the whole title wins."""
    exact = await _called(turn, lambda title: wishes.likeness(title) == wishes.likeness(words))
    if exact:
        return exact
    names = [one.name for one in await openings.household_of(turn.talk.resident_id)]
    part = wishes.stripped(words, names)
    return await _called(turn, lambda title: wishes.fits(title, words)) or await _called(
        turn, lambda title: wishes.fits(title, part)
    )


async def _called(turn: Turn, fits: Callable[[str], bool]) -> list[Slot]:
    titles = await openings.titles(turn.talk.community_id)
    return await openings.of_offerings([one for one, title in titles.items() if fits(title)], _SHOWN)


async def answered(turn: Turn, question: Question, text: str) -> str | None:
    """A slot of the list is chosen by its title; None for other words."""
    if wishes.likeness(text) not in [wishes.likeness(one) for one in question["titles"]]:
        return None
    return await _among(turn, await named(turn, text), f"{question['words']} {text}")


async def choose_slot(turn: Turn, question: Question, digit: int) -> str:
    """The slot of the list was chosen."""
    turn.talk.settle()
    slot = await Slot.get(id=question["ids"][digit - 1]).select_related("offering")
    return await _for_whom(turn, slot, question["words"])


async def choose_person(turn: Turn, question: Question, digit: int) -> str:
    """It was said whom to sign up."""
    turn.talk.settle()
    slot = await Slot.get(id=question["slot"]).select_related("offering")
    place = digit - 1
    whom = Whom.of([Someone(question["keys"][place], question["names"][place])], question["party"])
    return await claiming.claim(turn, slot, whom)


def person_words(question: Question) -> dict[str, int]:
    """The choices written out: names of the household, and ways to say oneself."""
    return dict.fromkeys(_OWN, 1) | {name: place for place, name in enumerate(question["names"], start=1)}


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
        slot_replies.mine_line(
            _title(one), _when(one.slot), slot_replies.party(who[one.id], one.party), one.state.label
        )
        for one in found
    ]


async def without_gap(turn: Turn) -> Command | None:
    """取消四点半学堂 as a command, where the words are the title of something; None for a sentence."""
    command = verb_and_name(turn.text)
    if command is None:
        return None
    mine = [_title(one) for one in await openings.ahead_of(turn.talk.resident_id, *SignUpState)]
    known = {*mine, *(await openings.titles(turn.talk.community_id)).values()}
    said = wishes.likeness(command.words).removeprefix("报名")
    return command if said in {wishes.likeness(one) for one in known} else None


async def cancel(turn: Turn, command: Command) -> str | None:
    """Cancel the sign-up that is named; None when the words name none and nothing that could be one."""
    found = _fitting(await openings.ahead_of(turn.talk.resident_id), command.words)
    if len(found) > 1:
        turn.talk.ask(CANCEL_QUESTION, ids=[one.id for one in found])
        return slot_replies.which_to_cancel(await lines(turn, found))
    return await _leave(turn, found[0]) if found else await _not_theirs(turn, command.words)


async def cancel_one(turn: Turn, sign_up_id: int) -> str:
    """It was said which sign-up to cancel."""
    turn.talk.settle()
    return await _leave(turn, await SignUp.get(id=sign_up_id).select_related("slot__offering"))


async def accept(turn: Turn, command: Command) -> str | None:
    """接受 takes the places that were offered; None when the words name none."""
    found = await _offered(turn, command)
    if len({_title(one) for one in found}) > 1:
        return slot_replies.which_offer(label(command), [_title(one) for one in found])
    if not found:
        return await _no_offer(turn, command)
    made = found[0]
    _ = await signup.accept(turn.talk.resident_id, made.id)
    return slot_replies.accepted(_title(made), _when(made.slot), made.slot.offering.place)


async def decline(turn: Turn, command: Command) -> str | None:
    """放弃 gives them to the next one; None when the words name none."""
    found = await _offered(turn, command)
    if len({_title(one) for one in found}) > 1:
        return slot_replies.which_offer(label(command), [_title(one) for one in found])
    return await _leave(turn, found[0]) if found else await _no_offer(turn, command)


async def _leave(turn: Turn, made: SignUp) -> str:
    _ = await signup.cancel(turn.talk.resident_id, made.id)
    return slot_replies.cancelled(_title(made), _when(made.slot))


async def _offered(turn: Turn, command: Command) -> list[SignUp]:
    found = await openings.ahead_of(turn.talk.resident_id, SignUpState.OFFERED)
    return _fitting(found, command.words) if command.words else found


async def _no_offer(turn: Turn, command: Command) -> str | None:
    return await _not_theirs(turn, command.words) if command.words else slot_replies.NO_OFFER


async def _not_theirs(turn: Turn, words: str) -> str | None:
    """The words name something to sign up for, of which they have nothing to give back or to take."""
    if len(wishes.likeness(words)) < _SHORTEST_PART:
        return None
    ended = _fitting(await openings.ahead_of(turn.talk.resident_id, *SignUpState), words)
    title = _title(ended[0]) if ended else None
    if title is None:
        titles = (await openings.titles(turn.talk.community_id)).values()
        title = next((one for one in titles if wishes.fits(one, words)), None)
    return slot_replies.not_theirs(title) if title else None


async def _for_whom(turn: Turn, slot: Slot, words: str) -> str:
    people = await openings.household_of(turn.talk.resident_id)
    names = [one.name for one in people[1:]]
    said = wishes.beside(words, slot.offering.title, names)
    meant = wishes.people(said, names)
    wanted = [one for one in people if one.name in meant]
    if wishes.oneself(said) or len(people) == 1:
        wanted = [people[0], *wanted]
    party = wishes.party(said)
    if wanted:
        return await claiming.claim(turn, slot, Whom.of(wanted, party))
    shown = [one.name for one in people]
    turn.talk.ask(PERSON_QUESTION, slot=slot.id, keys=[one.key for one in people], names=shown, party=party)
    return slot_replies.for_whom(slot.offering.title, shown)


def _listed(turn: Turn, heading: str, found: Sequence[Slot], words: str = "") -> str:
    """The slots by number, the first of them at once; `words` tell who and how many, for later."""
    titles = list(dict.fromkeys(one.offering.title for one in found))
    turn.talk.ask(SLOT_QUESTION, ids=[one.id for one in found], titles=titles, words=words)
    numbered = [f"{place} {_shown(one)}" for place, one in enumerate(found, start=1)]
    return lists.begin(turn, heading, numbered, _AT_ONCE)


def _shown(one: Slot) -> str:
    title, place = one.offering.title, one.offering.place
    if one.by_lot and now() < one.closes_at:
        return slot_replies.lot_line(title, one.starts_at, one.ends_at, place, one.capacity)
    return slot_replies.line(title, one.starts_at, one.ends_at, place, one.free, one.waiting)


def _fitting(found: Sequence[SignUp], words: str) -> list[SignUp]:
    return [one for one in found if wishes.fits(_title(one), words)]


def _title(made: SignUp) -> str:
    return made.slot.offering.title


def _when(slot: Slot) -> str:
    return slot_replies.time_of(slot.starts_at, slot.ends_at)
