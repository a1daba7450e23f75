"""Somebody is in danger: the emergency numbers first, one alarm for each resident in ten minutes."""

from __future__ import annotations

import settings
from bot import alarm_replies, replies
from bot.handlers import filing
from bot.turn import Turn
from models import OPEN, Appeal
from nlp.judge import SENTENCE
from nlp.judgement import Judgement
from services import filing as enclosing
from services import following, handling, holding, intake
from services.filing import Enclosure
from services.intake import Filed, Report
from services.understanding import COUNSELLING

_ANY_DANGER = ("110", "119", "120")


def in_danger(judgement: Judgement) -> bool:
    """Whether such words must be answered as an emergency, wherever they stand."""
    return judgement.urgency.urgent or judgement.urgency.self_harm


def is_faint(judgement: Judgement) -> bool:
    """Whether such words may as well tell of something else; never of wishing to end oneself."""
    return judgement.urgency.faint and not judgement.urgency.self_harm


async def alarm(turn: Turn, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...] = ()) -> str:
    """File and announce an emergency, or join the alarm that is out already.

    A complaint about cadres in the same message becomes a linked appeal of its own.
    """
    apart = await turn.known.danger_apart(text, turn.talk.community_id) if judgement.conduct else None
    if apart is None:
        return (await _raise(turn, text, judgement, enclosures))[1]
    danger, complaint = [await turn.known.judge(one, turn.talk.community_id) for one in apart]
    running, told = await _raise(turn, apart[0], danger, enclosures)
    return replies.joined(told, await beside(turn, running, apart[1], complaint, linked=True))


async def _raise(
    turn: Turn, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...]
) -> tuple[Appeal, str]:
    """The alarm, and the words that answer it."""
    running = await intake.open_alarm(turn.talk, judgement) or await _told_before(turn, text, judgement)
    if running is not None:
        return running, await _join(turn, running, text, judgement, enclosures)
    filed = await intake.file(turn.talk, turn.known, Report(text, judgement, enclosures))
    number = filed.appeal.number
    hint = replies.bind_hint() if turn.talk.community_id is None else ""
    if filed.grids and not judgement.urgency.self_harm:
        hint = await filing.ask_place(turn, number, filed.grids)
    elif filed.appeal.grid_id is None:
        turn.talk.ask(filing.PLACE_QUESTION, number=number, ids=[])
    if judgement.urgency.self_harm:
        return filed.appeal, replies.joined(_gentle(number, filed.owner), hint)
    place = await _said_place(turn, filed)
    told = alarm_replies.emergency(spoken_numbers(judgement), number, (filed.owner, *filed.alerted), place)
    return filed.appeal, replies.joined(told, hint)


async def _told_before(turn: Turn, text: str, judgement: Judgement) -> Appeal | None:
    """The open appeal that a few words about a danger belong to, where they may be circumstances of it.

    栏杆断了, then 小孩走那边危险: it becomes an emergency itself, instead of being torn in two.
    """
    few = len(text) < SENTENCE and is_faint(judgement)
    recent = await following.alive(turn.talk.recent_appeal_id) if few else None
    own = recent is not None and recent.status in OPEN and recent.about_conduct == judgement.conduct
    return recent if own else None


async def _said_place(turn: Turn, filed: Filed) -> str:
    """Where it is, when the words said more than the name of a grid; "" when that has to be asked."""
    appeal = filed.appeal
    if appeal.grid_id is None or filed.grids or not appeal.place:
        return ""
    grid = await turn.known.grid_called(appeal.community_id, appeal.place)
    return "" if grid is not None else appeal.place


async def _join(
    turn: Turn, running: Appeal, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...]
) -> str:
    await keep(turn, running, text, enclosures, judgement)
    if judgement.urgency.self_harm:
        return _gentle(running.number, await holding.owner_name((await following.target(running)).id))
    return alarm_replies.joined_alarm(spoken_numbers(judgement), running.number)


def _gentle(number: int, owner: str) -> str:
    return alarm_replies.self_harm(settings.load().psychology_hotline, number, owner)


async def keep(
    turn: Turn,
    running: Appeal,
    text: str,
    enclosures: tuple[Enclosure, ...] = (),
    judgement: Judgement | None = None,
) -> None:
    """Add words to a running alarm; whoever is on the way reads them."""
    added = await handling.supplement(turn.talk.resident_id, running, text, judgement=judgement)
    await enclosing.attach(added.id, turn.talk.account, enclosures, turn.talk.moment)
    turn.talk.about(running.id)


async def beside(
    turn: Turn,
    running: Appeal,
    text: str,
    judgement: Judgement,
    enclosures: tuple[Enclosure, ...] = (),
    *,
    linked: bool = False,
) -> str:
    """File another matter while an alarm is out, which goes on: later words still belong to it, and its
    question stays the one that waits. `linked`: both were told in one message.
    """
    pending, until = turn.talk.pending, turn.talk.pending_until
    to = running.id if linked else None
    told = await filing.file_words(turn, text, judgement, enclosures, ask=False, linked_to=to)
    turn.talk.pending, turn.talk.pending_until = pending, until
    turn.talk.about(running.id)
    return replies.joined(alarm_replies.beside(running.number), told)


def told_more(turn: Turn, alarm: Appeal, *, called_off: bool = False) -> str:
    """The answer to further words during an alarm, gentle where somebody may harm themself; `called_off`:
    words like 不用来了.
    """
    if is_gentle(turn, alarm):
        return alarm_replies.heard(settings.load().psychology_hotline, alarm.number)
    return (alarm_replies.still_alarmed if called_off else alarm_replies.added)(alarm.number)


def is_gentle(turn: Turn, alarm: Appeal) -> bool:
    """Whether the alarm is out because somebody may harm themself."""
    return turn.known.category_by_id(alarm.category_id).code == COUNSELLING


def spoken_numbers(judgement: Judgement) -> str:
    """The numbers to call, the fitting one first."""
    numbers = judgement.urgency.numbers or _ANY_DANGER
    gas = settings.load().gas_hotline
    return "、".join(one if one.isdigit() else gas for one in numbers)
