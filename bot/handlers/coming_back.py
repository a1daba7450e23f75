"""没修好, 还是坏的, 又坏了: such words name no matter, they are about one that was reported before."""

from __future__ import annotations

from bot import replies
from bot.commands import Command, Word
from bot.handlers import media, own_appeals, supplement
from bot.turn import Turn
from models import OPEN, Appeal, Rating
from nlp.judge import SENTENCE
from nlp.judgement import Intent, Judgement
from nlp.topics import announces_another
from nlp.unmended import unmended
from services import filing, following, rating


async def bring_back(turn: Turn, judgement: Judgement) -> str | None:
    """What was finished lately comes back as after an unhappy rating; what is open hears of it.

    None where the words say no such thing, belong to what is being talked about, or to nothing of theirs.
    """
    still = unmended(turn.text)
    if not (still or _tells_little(turn, judgement)) or announces_another(turn.text) or judgement.topics:
        return None
    # Who asked, or holds an appeal, is heard first; and what was said a moment ago goes on.
    if turn.talk.asked_appeal_id is not None or await turn.in_hand() or await _goes_on(turn, judgement):
        return None
    still_open = await own_appeals.of_resident(turn, *OPEN) if still else []
    if judgement.intent is Intent.PROGRESS and still_open:
        return None
    ended = await (rating.finished_lately(turn.talk.resident_id) if still else own_appeals.unrated(turn))
    for one in ended:
        if await _about(turn, one, judgement):
            return await _again(turn, one)
    if not still_open or judgement.category is not None:
        return None
    return await supplement.add(turn, still_open[0], turn.text, judgement, media.enclosures(turn.message))


def _tells_little(turn: Turn, judgement: Judgement) -> bool:
    """Whether a few words complain and name neither matter nor place: who is to rate something means that."""
    plain = judgement.category is None and judgement.place is None
    return plain and judgement.intent is Intent.DIFFICULTY and len(turn.text) < SENTENCE


async def _goes_on(turn: Turn, judgement: Judgement) -> bool:
    """Whether the words may belong to what was said a moment ago: all but those sure of another category."""
    recent = await supplement.recent_appeal(turn)
    if recent is None:
        return False
    same = turn.known.category_by_id(recent.category_id).code == judgement.category
    return same or not judgement.sure or await following.alarmed(recent)


async def _again(turn: Turn, appeal: Appeal) -> str:
    unhappy = Command(Word.RATE, appeal.number, turn.text, rating=Rating.UNHAPPY)
    told = await own_appeals.rate(turn, unhappy)
    await filing.attach(appeal.id, turn.talk.account, media.enclosures(turn.message), turn.talk.moment)
    return replies.joined(told or "", replies.MEANT_ANOTHER)


async def _about(turn: Turn, appeal: Appeal, judgement: Judgement) -> bool:
    """Whether words may be about an appeal: neither category, place nor conduct is another one."""
    if judgement.conduct and not appeal.about_conduct:
        return False
    grids = judgement.place.grid_ids if judgement.place is not None else ()
    if grids and appeal.grid_id not in grids:
        return False
    if judgement.category is None:
        return True
    told = await turn.known.judge(appeal.text, appeal.community_id)
    codes = {turn.known.category_by_id(appeal.category_id).code, *(one.code for one in told.ranked)}
    return judgement.category in codes
