"""What every role may do with residents themselves: their phones, and words that nobody has checked."""

from __future__ import annotations

from models import Role, UncheckedWords, WordsCheck, WordsOf
from services.clock import now
from tests.api.matrix_world import DESK, FRESH, Asked, Expectation, World, plain
from tests.make import make_resident


async def _phone(world: World, _role: Role) -> Asked:
    resident = await make_resident(community=world.community)
    return f"/residents/{resident.id}/phone-confirmation", {"phone": f"138{next(FRESH):08}"}


async def _unchecked(world: World, _role: Role) -> Asked:
    said = await UncheckedWords.create(
        community_id=world.community.id,
        resident=await make_resident(community=world.community),
        words_of=WordsOf.ANSWERS,
        row_id=next(FRESH),
        verdict=WordsCheck.CHAT,
        created_at=now(),
    )
    return f"/unchecked-words/{said.id}/decision", {"keep": False}


EXPECTED: dict[tuple[str, str], Expectation] = {
    ("post", "/residents/{resident_id}/phone-confirmation"): Expectation(DESK, _phone),
    ("get", "/unchecked-words"): Expectation(DESK, plain("/unchecked-words"), None),
    ("post", "/unchecked-words/{unchecked_id}/decision"): Expectation(DESK, _unchecked),
}
