"""待看的话: residents' words that no content check has passed; a person keeps them or blanks them.

The words stay where they belong. Whoever steers the slot reads them there meanwhile, marked as unchecked.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from models import Block, SignUp, Survey, UncheckedWords, WordsCheck, WordsOf, writing
from services import access, audit
from services.access import Actor
from services.clock import now
from services.content_check import refuse_risky
from services.errors import Conflict, NotFound

Pairs = tuple[tuple[str, str], ...]
"""What was asked, and what was said; an appeal against a block answers no question."""

_GONE = "没有找到这条，可能居民又改过了，请刷新再看。"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Unchecked words with the words themselves, without who said them."""

    row: UncheckedWords
    words: Pairs


async def note(
    words_of: WordsOf, row_id: int, found: WordsCheck, *, community_id: int, resident_id: int
) -> None:
    """Mark words just written to a row for a person to look at, or take the mark of earlier words off.

    Inside the caller's `writing()`, after the row itself was written: that puts two writers in order.
    Raises: WordsRefused.
    """
    refuse_risky(found)
    _ = await UncheckedWords.filter(words_of=words_of, row_id=row_id).delete()
    if found is WordsCheck.PASSED:
        return
    await UncheckedWords(
        community_id=community_id,
        resident_id=resident_id,
        words_of=words_of,
        row_id=row_id,
        verdict=found,
        created_at=now(),
    ).save(force_create=True)


async def among(words_of: WordsOf, row_ids: Collection[int]) -> frozenset[int]:
    """Those of the rows whose words nobody has looked at yet."""
    found = UncheckedWords.filter(words_of=words_of, row_id__in=list(row_ids), decided_at=None)
    return frozenset(one.row_id for one in await found)


async def page(actor: Actor, before: int | None, limit: int, *, open_only: bool) -> list[Waiting]:
    """Unchecked words in the actor's scope, newest first; `open_only`: nobody has decided yet.

    Raises: Forbidden.
    """
    access.require_role(actor, *access.DESK)
    found = UncheckedWords.filter(community_id__in=actor.community_ids)
    if open_only:
        found = found.filter(decided_at=None)
    if before is not None:
        found = found.filter(id__lt=before)
    return await _with_words(await found.order_by("-id").limit(limit))


async def decide(actor: Actor, unchecked_id: int, *, keep: bool) -> Waiting:
    """Keep the words, or blank them where they stand; ratings and the sign-up itself stay. Audited.

    Raises: Forbidden, NotFound (outside the scope, or said anew since), Conflict (decided already).
    """
    access.require_role(actor, *access.DESK)
    found = await UncheckedWords.get_or_none(id=unchecked_id)
    if found is None or found.community_id not in actor.community_ids:
        raise NotFound(_GONE)
    async with writing():
        # The row of the words first, as whoever says something anew does.
        if not keep:
            await _blank(found)
        open_one = UncheckedWords.filter(id=unchecked_id, decided_at=None)
        if not await open_one.update(decided_at=now(), decided_by_id=actor.staff_id, kept=keep):
            raise Conflict("这条刚刚有人看过，或者居民又改过了，请刷新再看。")
        what = f"{found.words_of.value} {found.row_id}"
        await audit.record(actor, "words.decide", what, community_id=found.community_id, kept=keep)
    await found.refresh_from_db()
    return (await _with_words([found]))[0]


async def _blank(found: UncheckedWords) -> None:
    match found.words_of:
        case WordsOf.SURVEY:
            await Survey.filter(id=found.row_id).update(words="")
        case WordsOf.ANSWERS:
            await SignUp.filter(id=found.row_id).update(answers="")
        case WordsOf.BLOCK_APPEAL:
            await Block.filter(id=found.row_id).update(appeal="")


async def _with_words(found: Sequence[UncheckedWords]) -> list[Waiting]:
    """One query for each kind of words."""

    def ids(words_of: WordsOf) -> list[int]:
        return [one.row_id for one in found if one.words_of is words_of]

    surveys = {one.id: one.words for one in await Survey.filter(id__in=ids(WordsOf.SURVEY))}
    sign_ups = {one.id: one.answers for one in await SignUp.filter(id__in=ids(WordsOf.ANSWERS))}
    blocks = {one.id: one.appeal for one in await Block.filter(id__in=ids(WordsOf.BLOCK_APPEAL))}
    said: Mapping[WordsOf, Mapping[int, Pairs]] = {
        WordsOf.SURVEY: {key: _pairs(words) for key, words in surveys.items()},
        WordsOf.ANSWERS: {key: _pairs(words) for key, words in sign_ups.items()},
        WordsOf.BLOCK_APPEAL: {key: (("", words),) if words else () for key, words in blocks.items()},
    }
    return [Waiting(one, said[one.words_of].get(one.row_id, ())) for one in found]


def _pairs(words: str) -> Pairs:
    return tuple(json.loads(words).items()) if words else ()
