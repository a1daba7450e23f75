"""What belongs to an appeal that exists: further words, a photo, a place, or the answer to what was asked."""

from __future__ import annotations

import re

from bot import alarm_replies, joining_replies, replies
from bot.handlers import asked, binding, emergency, places
from bot.handlers.filing import PLACE_QUESTION, ask_place, ask_which
from bot.handlers.joining import offer_again
from bot.handlers.places import Where
from bot.turn import Turn
from models import OPEN, Appeal, AppealStatus, Urgency
from nlp.judge import SENTENCE
from nlp.judgement import Intent, Judgement
from nlp.topics import announces_another, opens_another
from services import filing, following, handling, holding, talking
from services.filing import Enclosure
from services.place_words import where

WORDS_QUESTION = "words"
_LONGEST_PLACE = 128
_OF_DANGER = re.compile(
    "[他她]|[爸妈爹娘爷奶]|老[人伴公婆头]|孩|娃|儿子|女儿|[进出下上]不[来去]|[堵困烧疼痛]"
)
"""During an alarm words about a person, or about the way in and out, belong to it whatever else they name."""

_YES_OR_NO = re.compile(r"(?:没?有|没有|是|不是)(?:的|了)?[，,。 ]")


async def supplement(
    turn: Turn, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...] = ()
) -> str | None:
    """Add to the appeal that the words belong to; None when they open a matter of their own."""
    question = turn.talk.question or {}
    if question.get("kind") == WORDS_QUESTION:
        waiting = await following.alive(int(question["number"]))
        return await _classify(turn, waiting, text, judgement, enclosures)
    recent = await recent_appeal(turn)
    alarm = await alarm_out(turn)
    placeless = await _placeless(turn, alarm, text)
    if placeless is not None:
        found = await places.where(turn, placeless, text, judgement)
        if found is not None:
            return await note_place(turn, placeless, text, found, enclosures)
    answered = [one for one in await questions(turn) if await _is_answer(turn, one, text, judgement)]
    if answered:
        told = await asked.answer_one_of(turn, answered, text, enclosures)
        called_off = judgement.intent is Intent.CANCEL and len(answered) == 1
        return replies.joined(told, replies.withdraw_hint(answered[0].number) if called_off else "")
    if alarm is not None:
        return await _during_alarm(turn, alarm, text, judgement, enclosures)
    if recent is None or new_topic(turn, recent, judgement):
        return None
    return await add(turn, recent, text, judgement, enclosures)


async def _placeless(turn: Turn, alarm: Appeal | None, text: str) -> Appeal | None:
    """The appeal whose place was asked for, unless the words are for a responder or open another matter.

    Who is in danger is asked without a question of its own, and may say it at any time.
    """
    question = turn.talk.question or {}
    if announces_another(text):
        return None
    if alarm is not None:
        return alarm
    if question.get("kind") != PLACE_QUESTION:
        return None
    waiting = await following.alive(int(question["number"]))
    answers = waiting is not None and turn.talk.asked_appeal_id in (None, waiting.id)
    return waiting if answers else None


async def _during_alarm(
    turn: Turn, alarm: Appeal, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...]
) -> str:
    """Later lines join the alarm. What is clearly another matter gets an appeal of its own as well."""
    other = new_topic(turn, alarm, judgement) and (judgement.conduct or not _OF_DANGER.search(text))
    # Those near must not read complaints about cadres, and need no words that announce something else.
    if not (other and (judgement.conduct or announces_another(text))):
        await emergency.keep(turn, alarm, text, enclosures)
    if other:
        return await emergency.beside(turn, alarm, text, judgement, enclosures)
    return emergency.told_more(turn, alarm, called_off=not judgement.intent.is_appeal)


async def recent_appeal(turn: Turn) -> Appeal | None:
    """The open appeal that the words of the last ten minutes were about."""
    return await following.alive(turn.talk.recent_appeal_id)


async def alarm_out(turn: Turn, *, late: bool = False) -> Appeal | None:
    """The alarm that their words of the last ten minutes were about; `late`: else the newest still out."""
    recent = await recent_appeal(turn)
    if recent is None and late:
        alarms = Appeal.filter(
            following.handled_in(*OPEN), resident_id=turn.talk.resident_id, urgency=Urgency.EMERGENCY
        )
        recent = await alarms.order_by("-id").first()
    return recent if recent is not None and await following.alarmed(recent) else None


async def questions(turn: Turn) -> list[Appeal]:
    """The resident's appeals about which a responder waits for an answer, who asked last at the end."""
    waiting = turn.talk.asked_appeal_id is not None
    return await talking.waiting(turn.talk.resident_id) if waiting else []


async def _is_answer(turn: Turn, appeal: Appeal, text: str, judgement: Judgement) -> bool:
    """Whether words answer what a responder asked: all but those that surely tell of another matter.

    Short ones, a place, 有 or 没有 in front, and what the question itself was about are answers.
    """
    if not new_topic(turn, appeal, judgement):
        return True
    if len(judgement.topics) > 1 or judgement.conduct:
        return False
    if len(text) < SENTENCE or places.is_phrase(text) or _YES_OR_NO.match(text):
        return True
    question = await turn.known.judge(await talking.last_question(appeal.id), appeal.community_id)
    return judgement.category in {one.code for one in question.ranked}


async def add(
    turn: Turn, appeal: Appeal, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...]
) -> str:
    """Further words or media; what changes category or grid before anyone accepted changes the owner.

    What was merged keeps its own number, and its words go where it is handled.
    """
    before = appeal.category_id, appeal.about_conduct
    added = await handling.supplement(turn.talk.resident_id, appeal, text, judgement=judgement)
    await filing.attach(added.id, turn.talk.account, enclosures, turn.talk.moment)
    turn.talk.about(appeal.id)
    if await following.alarmed(appeal):
        return emergency.told_more(turn, appeal)
    if added.id != appeal.id:
        return replies.SUPPLEMENTED.format(number=joining_replies.numbered(appeal.number, added.number))
    which = await ask_which(turn, added, judgement) if turn.talk.question is None else ""
    if (added.category_id, added.about_conduct) == before:
        return replies.joined(replies.SUPPLEMENTED.format(number=appeal.number), which)
    owner = await holding.owner_name(appeal.id)
    if added.about_conduct or turn.known.category_by_id(added.category_id).delicate:
        return replies.joined(replies.rerouted_delicate(appeal.number, owner), which)
    return replies.joined(replies.rerouted(appeal.number, turn.category_name(added), owner), which)


def new_topic(turn: Turn, appeal: Appeal, judgement: Judgement) -> bool:
    """Whether the words surely tell something else than the appeal is about.

    An appeal whose category nobody is sure of has no topic yet: sure words give it one. What an emergency is
    stays as it was announced.
    """
    if len(judgement.topics) > 1 or (judgement.conduct and not appeal.about_conduct):
        return True
    unsure = appeal.unsure and appeal.urgency is not Urgency.EMERGENCY
    if unsure and not announces_another(turn.text):
        return False
    return opens_another(turn.text, judgement, turn.known.category_by_id(appeal.category_id).code)


async def _classify(
    turn: Turn, appeal: Appeal | None, text: str, judgement: Judgement, enclosures: tuple[Enclosure, ...]
) -> str | None:
    # Who handles what theirs was merged into must not read complaints about cadres.
    if appeal is None or (appeal.status is AppealStatus.MERGED and new_topic(turn, appeal, judgement)):
        return None
    turn.talk.settle()
    told = await add(turn, appeal, text, judgement, enclosures)
    if turn.talk.question is not None or appeal.status is AppealStatus.MERGED:
        return told  # the words named a place that may lie in several grids, or others handle it
    return replies.joined(told, await _ask_where(turn, appeal.id) or await offer_again(turn, appeal.number))


async def _ask_where(turn: Turn, appeal_id: int) -> str:
    """The question that is left once words have classified an appeal; who handles conduct visits nobody."""
    appeal = await Appeal.get(id=appeal_id)
    if turn.talk.community_id is None:
        return replies.bind_hint() if appeal.grid_id is not None else await binding.ask_community(turn)
    placeless = appeal.grid_id is None and not appeal.about_conduct
    return await ask_place(turn, appeal.number) if placeless else ""


async def note_place(
    turn: Turn, appeal: Appeal, text: str, found: Where, enclosures: tuple[Enclosure, ...] = ()
) -> str:
    """Keep where it is, and ask which grid when that is unsure; the words change nothing else."""
    question = turn.talk.question or {}
    offered = set(question.get("ids", ()))
    if question.get("kind") == PLACE_QUESTION:
        turn.talk.settle()
    added = await handling.supplement(turn.talk.resident_id, appeal, text, grid_id=found.grid_id)
    await filing.attach(added.id, turn.talk.account, enclosures, turn.talk.moment)
    if turn.talk.asked_appeal_id == appeal.id:
        await asked.pass_on(turn, appeal, text)
    place = where(appeal.place, found.words, " ")[:_LONGEST_PLACE]
    await Appeal.filter(id=appeal.id).update(place=place)
    turn.talk.about(appeal.id)
    told = replies.place_noted(joining_replies.numbered(appeal.number, added.number), place)
    if await following.alarmed(appeal):
        told = alarm_replies.place_known(appeal.number, place)
    among = set(found.grid_ids)
    if len(among) > 1 and among != offered:
        return replies.joined(told, await ask_place(turn, appeal.number, found.grid_ids))
    return replies.joined(told, await offer_again(turn, appeal.number))
