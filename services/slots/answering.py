"""报名 with answers in own words: what no content check has passed is marked with the sign-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models import SignUp, WordsCheck, WordsOf, writing
from services import unchecked
from services.content_check import refuse_risky
from services.slots import signup


async def sign_up(
    resident_id: int,
    slot_id: int,
    people: Sequence[str],
    *,
    guests: int = 0,
    answers: Mapping[str, str],
    checked: WordsCheck,
    may_wait: bool = True,
) -> SignUp:
    """`signup.sign_up` of somebody whose answers were checked, see there; both are written, or neither is.

    Raises: WordsRefused, and whatever `signup.sign_up` raises.
    """
    refuse_risky(checked)
    own = any(one.strip() for one in answers.values())
    if not own or checked is WordsCheck.PASSED:
        return await signup.sign_up(
            resident_id, slot_id, people, guests=guests, answers=answers, may_wait=may_wait
        )
    async with writing():
        made = await signup.sign_up(
            resident_id, slot_id, people, guests=guests, answers=answers, may_wait=may_wait
        )
        await unchecked.note(
            WordsOf.ANSWERS, made.id, checked, community_id=made.community_id, resident_id=resident_id
        )
    return made
