"""What a slot leaves behind follows its resident: united with another row, or forgotten."""

from __future__ import annotations

from datetime import date

import pytest

from models import CalendarLink, Certificate, Community, Resident, SignUp, SignUpState, Survey
from services.access import resident_actor
from services.clock import now
from services.errors import Conflict, NotFound
from services.residents import erasing, uniting
from services.slots import calendar, certificates, signup
from tests.make import make_community, make_offering, make_resident, make_slot


@pytest.fixture
async def community(db: str) -> Community:
    return await make_community()


async def certified(resident: Resident, community: Community) -> Certificate:
    return await Certificate.create(
        number=f"V2026-{resident.id:06d}",
        code=f"code{resident.id}",
        community=community,
        resident=resident,
        name="张三丰",
        minutes=60,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        entries=[["2026-03-01", "巡河", 60, False]],
        issued_at=now(),
    )


async def test_two_rows_that_are_one_person_keep_certificates_and_one_calendar(community: Community) -> None:
    older = await make_resident(community=community, account="oa")
    younger = await make_resident(community=community, account="mini")
    kept, gone = await calendar.link_for(older.id), await calendar.link_for(younger.id)
    made = await certified(younger, community)

    assert await uniting.unite(older.id, younger.id)

    assert await calendar.link_for(older.id) == kept != gone
    assert (await Certificate.get(id=made.id)).resident_id == older.id
    assert await CalendarLink.all().count() == 1


async def test_who_is_forgotten_leaves_no_name_no_words_and_no_link(community: Community) -> None:
    resident = await make_resident(community=community)
    slot = await make_slot(await make_offering(community))
    done = await signup.sign_up(resident.id, slot.id, [f"r{resident.id}"])
    await SignUp.filter(id=done.id).update(state=SignUpState.ATTENDED)
    await Survey.create(
        sign_up_id=done.id,
        slot_id=slot.id,
        offered_at=now(),
        ratings={"老师": 4},
        words='{"想说的话": "我姓张"}',
    )
    secret = (await calendar.link_for(resident.id)).split("/")[-1].removesuffix(".ics")
    made = await certified(resident, community)

    await erasing.erase(resident.id)

    with pytest.raises(NotFound):
        await calendar.feed(secret)
    survey = await Survey.get()
    assert (survey.words, survey.ratings) == ("", {"老师": 4})
    assert (await certificates.confirmed(made.code)).name == ""
    with pytest.raises(Conflict, match="注销"):
        await certificates.paper(resident_actor(resident.id), made.id)
