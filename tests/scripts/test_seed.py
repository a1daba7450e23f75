"""The demo community is loaded at every start, over whatever people have made of it."""

from __future__ import annotations

from models import Conversation, GridMember, Resident, Role, Staff
from scripts.seed import seed


async def _bind(member: GridMember, resident: Resident) -> None:
    """As a binding code does."""
    await GridMember.filter(id=member.id).update(resident_id=resident.id)


async def test_a_post_that_somebody_else_took_over_stays_theirs(db: str) -> None:
    await seed()
    leader = await GridMember.get(resident__conversations__openid="xinlian-leader-1")
    newcomer = await Resident.create()
    await _bind(leader, newcomer)
    logins = await Staff.all().count()

    await seed()

    assert (await GridMember.get(id=leader.id)).resident_id == newcomer.id
    assert await Staff.all().count() == logins


async def test_who_took_over_a_second_post_keeps_both(db: str) -> None:
    await seed()
    phone = await Conversation.get(account="oa", openid="grid-1").select_related("resident")
    leader = await GridMember.filter(role=Role.GRID_LEADER).order_by("id").first()
    assert leader is not None
    assert phone.resident is not None
    await _bind(leader, phone.resident)
    logins = await Staff.all().count()

    await seed()

    assert await GridMember.filter(resident_id=phone.resident.id).count() == 2
    assert await Staff.all().count() == logins
