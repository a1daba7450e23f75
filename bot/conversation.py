"""One message, one answer: which handler takes it. No web server and no XML here; three channels share it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot import replies
from bot.commands import FOR_RESPONDERS, Command, Word, label, parse
from bot.handlers import (
    asked,
    binding,
    blocked,
    cancelling,
    choice,
    claiming,
    coming_back,
    emergency,
    events,
    family,
    filing,
    human,
    looking,
    media,
    own_appeals,
    progress,
    replying,
    responding,
    signing_up,
    small_talk,
    supplement,
    surveying,
    taking_back,
    whose,
)
from bot.turn import Turn
from models import Appeal
from nlp.judge import SENTENCE
from nlp.judgement import Intent, Judgement
from services import intake, open_words, routing
from services.clock import china_today

_COURTESY = 4
"""Characters that a hello, a thank-you or an all right has at most."""

_MAY_ANSWER = frozenset({Intent.NOISE, Intent.CANCEL, Intent.MENU_CHOICE})
"""Words like 没有 or 不用了 answer what somebody asked."""

_LIGHT = frozenset({Intent.GREETING, Intent.THANKS, Intent.NOISE, Intent.MENU_CHOICE})
"""Words that bring nothing by themselves."""

_SMALL_TALK = frozenset({Intent.GREETING, Intent.THANKS, Intent.NOISE, Intent.SIGNUP, Intent.HUMAN})
"""What has to be told beyond doubt a moment after an appeal, lest a line of the matter be lost."""

_TELLING = frozenset(
    {
        Word.ANOTHER,
        Word.APPEAL_BLOCK,
        Word.BIND,
        Word.CANCEL,
        Word.RATE,
        Word.REPLY,
        Word.SURVEY,
        Word.WITHDRAW,
    }
)
"""Commands of residents behind which words may tell of danger."""

_OF_APPEALS = (FOR_RESPONDERS - {Word.TODO}) | {
    Word.FALSE_ALARM,
    Word.NUMBER,
    Word.PROGRESS,
    Word.RATE,
    Word.REPLY,
    Word.WITHDRAW,
}
"""Commands whose number is that of an appeal."""

_UNANSWERED = {
    open_words.WHOSE: whose.settle_unanswered,
    open_words.WHICH_ANSWER: asked.settle_unanswered,
    open_words.ANSWER_OR_MATTER: claiming.settle_unanswered,
}
"""What becomes of words that waited for a choice when something else comes."""

_BY_HAND = frozenset({"CLICK", "unsubscribe"})
"""Events by which people turn to something else."""

Handler = Callable[[Turn, Command], Awaitable[str | None]]

_COMMANDS: dict[Word, Handler] = {
    **dict.fromkeys(FOR_RESPONDERS, responding.respond),
    Word.LOOK: looking.look,
    Word.TODO: looking.todo,
    Word.REPLY: replying.reply,
    Word.PROGRESS: progress.progress,
    Word.WITHDRAW: own_appeals.withdraw,
    Word.RATE: own_appeals.rate,
    Word.FALSE_ALARM: own_appeals.false_alarm,
    Word.BIND: binding.bind,
    Word.MORE: small_talk.more,
    Word.HUMAN: human.call_person,
    Word.MENU: small_talk.menu,
    Word.ACTIVITIES: signing_up.activities,
    Word.SIGN_UP: signing_up.sign_up,
    Word.MINE: signing_up.mine,
    Word.CANCEL: cancelling.cancel,
    Word.CHILD: family.enter,
    Word.ELDER: family.enter,
    Word.BORN: family.born,
    Word.APPEAL_BLOCK: blocked.appeal,
    Word.SURVEY: surveying.answer,
    Word.TAKE_OFFER: signing_up.accept,
    Word.LEAVE_OFFER: signing_up.decline,
    Word.NUMBER: small_talk.bare_number,
}


async def answer(turn: Turn) -> str:
    """The words to answer with, "" for none. Everything is done in the caller's transaction.

    Raises: DomainError, a refusal in words for the user; whatever was written then has to be rolled back.
    """
    message = turn.message
    if message.msg_type == "event":
        if message.event in _BY_HAND:
            await _settle_open(turn)
        told = await events.receive(turn, run)
        return replies.joined(*turn.preface, told) if told else ""
    told = await (_words(turn) if message.text else _media(turn)) if _readable(turn) else ""
    return replies.joined(*turn.preface, told)


async def _media(turn: Turn) -> str:
    await _settle_open(turn)
    return await media.receive(turn)


def _readable(turn: Turn) -> bool:
    return bool(turn.message.text) or bool(media.enclosures(turn.message))


async def run(turn: Turn, command: Command) -> str | None:
    """Carry out a command; None when its words turn out to be an ordinary sentence."""
    if command.word in _TELLING and command.words:
        alarmed = await _alarmed(turn, command)
        if alarmed is not None:
            return alarmed
    return await _carried_out(turn, command)


async def _alarmed(turn: Turn, command: Command) -> str | None:
    """The alarm that stands behind a command of a resident; what may be refused must not undo it."""
    if command.word is Word.REPLY and await turn.posts():
        return None
    judgement = await turn.known.judge(command.words, turn.talk.community_id)
    if not emergency.in_danger(judgement):
        return None
    told = await emergency.alarm(turn, command.words, judgement)
    again = command.word in (Word.APPEAL_BLOCK, Word.CANCEL, Word.RATE, Word.SURVEY, Word.WITHDRAW)
    return replies.joined(told, replies.say_again(label(command)) if again else "")


async def _carried_out(turn: Turn, command: Command) -> str | None:
    if command.word is Word.ANOTHER:
        return await _another(turn, command)
    if command.number == 0 and command.word in _OF_APPEALS:
        return replies.NO_ZERO
    if _chooses(turn, command):
        return await choice.choose(turn, command.number or 0, run)
    return await _COMMANDS[command.word](turn, command)


def _chooses(turn: Turn, command: Command) -> bool:
    """Whether this is a digit, or the number of one of the appeals among which to choose."""
    numbers = (turn.talk.question or {}).get("numbers", ())
    return command.word is Word.DIGIT or (command.word is Word.NUMBER and command.number in numbers)


async def _settle_open(turn: Turn) -> None:
    """Words may wait for a choice; what comes now is none, and must not make them forgotten."""
    unanswered = _UNANSWERED.get((turn.talk.question or {}).get("kind", ""))
    if unanswered is not None:
        await unanswered(turn)


async def _words(turn: Turn) -> str:
    command = parse(turn.text, china_today()) or await signing_up.without_gap(turn)
    taken = await claiming.take(turn, command)
    if taken is not None:
        return taken
    chosen = await choice.choose_by_words(turn, turn.text) if command is None else None
    if chosen is not None:
        return chosen
    if command is None or not _chooses(turn, command):
        await _settle_open(turn)
    if command is not None:
        told = await run(turn, command)
        if told is not None:
            return told
        chosen = await choice.choose_by_words(turn, turn.text)
    return chosen if chosen is not None else await _understood(turn)


async def _understood(turn: Turn) -> str:
    text, enclosures = turn.text, media.enclosures(turn.message)
    judgement = await turn.known.judge(text, turn.talk.community_id)
    # Who asked reads the answer at once; 我在桥上 tells where, not of a danger.
    answers = turn.talk.asked_appeal_id is not None and emergency.is_faint(judgement)
    if emergency.in_danger(judgement) and not answers:
        return await emergency.alarm(turn, text, judgement, enclosures)
    for first in (coming_back.bring_back, _light):
        said = await first(turn, judgement)
        if said is not None:
            return said
    told = await whose.ask_whose(turn, text, enclosures)
    if told is None:
        told = await supplement.supplement(turn, text, judgement, enclosures)
    return told if told is not None else await filing.file_words(turn, text, judgement, enclosures)


async def _light(turn: Turn, judgement: Judgement) -> str | None:
    """The answer to words that bring no appeal and that nobody waits for; None where they do, or may."""
    if _expects(turn, judgement) or await _reports(turn, judgement.intent):
        return None
    unclear = judgement.doubtful and judgement.intent in _SMALL_TALK
    if unclear and await supplement.recent_appeal(turn) is not None:
        return None
    wishes = judgement.intent is Intent.SIGNUP
    return await (signing_up.wish(turn) if wishes else _small_talk(turn, judgement))


async def _small_talk(turn: Turn, judgement: Judgement) -> str | None:
    """The answer to words that bring no matter; None where they do, or may."""
    intent = judgement.intent
    if intent in _LIGHT and await _joins_alarm(turn, intent):
        return None
    files = routing.files(intent, long=len(turn.text) >= SENTENCE, names_offering=False)
    if intent is Intent.HUMAN:
        return await human.call_person(turn)
    if intent is Intent.PROGRESS:
        return await _hurried(turn, judgement, files=files)
    if intent is Intent.CANCEL:
        return await taking_back.ask_back(turn, files=files)
    if files:
        return None
    if intent is Intent.GREETING:
        return await small_talk.greet(turn)
    if intent is Intent.THANKS:
        return await small_talk.thank(turn)
    return await small_talk.all_right(turn) if _has_words(turn.text) else replies.NOT_UNDERSTOOD


async def _joins_alarm(turn: Turn, intent: Intent) -> bool:
    """Whether an alarm of theirs is out: every line joins it. That it is over (没事了) is often said late."""
    alarm = await supplement.alarm_out(turn, late=intent is not Intent.GREETING)
    if alarm is not None:
        turn.talk.about(alarm.id)
    return alarm is not None


async def _hurried(turn: Turn, judgement: Judgement, *, files: bool) -> str | None:
    """How far is it, come quickly: said a moment after an appeal, whoever handles it reads it too."""
    recent = await supplement.recent_appeal(turn)
    if recent is not None:
        told = await supplement.add(turn, recent, turn.text, judgement, media.enclosures(turn.message))
        return replies.joined(told, await progress.progress(turn, Command(Word.PROGRESS, recent.number)))
    if await Appeal.filter(resident_id=turn.talk.resident_id).exists():
        return await progress.progress(turn)
    return None if files else replies.NOTHING_OPEN


async def _reports(turn: Turn, intent: Intent) -> bool:
    """Whether a responder with an appeal in hand may speak of it (修好了, 已处理): they are asked."""
    said = len(turn.text) > _COURTESY and intent is not Intent.HUMAN
    return said and bool(await turn.in_hand())


def _expects(turn: Turn, judgement: Judgement) -> bool:
    """Whether somebody waits for such words as an answer. What is said to a person who asked is theirs, but
    for a short hello and the wish for a person; of our own questions few words are an answer, and neither
    what sounds like calling off nor a plain 嗯嗯 is one.
    """
    intent = judgement.intent
    if turn.talk.asked_appeal_id is not None:
        hello = intent is Intent.GREETING and len(turn.text) <= _COURTESY
        return not hello and intent is not Intent.HUMAN
    if intent not in _MAY_ANSWER:
        return False
    question = turn.talk.question or {}
    asking = question.get("kind") in (filing.PLACE_QUESTION, supplement.WORDS_QUESTION)
    agrees = intent is Intent.NOISE and not judgement.doubtful
    return asking and intent is not Intent.CANCEL and not agrees


def _has_words(text: str) -> bool:
    return any(character.isalpha() for character in text)


async def _another(turn: Turn, command: Command) -> str:
    """另报: a matter of its own, whatever was said a moment ago; a running alarm goes on all the same."""
    turn.talk.appeal_id = turn.talk.appeal_at = None
    if not command.words:
        return replies.SAY_IT
    judgement = await turn.known.judge(command.words, turn.talk.community_id)
    running = await intake.open_alarm(turn.talk)
    if running is not None:
        return await emergency.beside(turn, running, command.words, judgement)
    return await filing.file_words(turn, command.words, judgement)
