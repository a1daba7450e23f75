"""What a community chooses for itself."""

from __future__ import annotations

from models import AuditEntry
from tests.api.conftest import Enter
from tests.make import make_community, make_duty


async def test_a_community_chooses_what_follows_from_absence_and_takes_it_back(enter: Enter) -> None:
    community = await make_community()
    desk, stranger = (
        await enter(await make_duty(community)),
        await enter(await make_duty(await make_community())),
    )
    address = f"/communities/{community.id}"
    limits = {"absences_until_block": 2, "absence_days": 60, "block_days": 14}

    changed = (await desk.patch(address, json=limits)).raise_for_status().json()
    taken_back = (await desk.patch(address, json={"block_days": None})).raise_for_status().json()

    assert {name: changed[name] for name in limits} == limits
    assert {name: taken_back[name] for name in limits} == limits | {"block_days": None}
    assert taken_back["work_start"] == community.work_start
    for wrong in ({"absences_until_block": 0}, {"absence_days": 3651}, {"block_days": "14"}):
        assert (await desk.patch(address, json=wrong)).status_code == 422
    assert (await stranger.patch(address, json=limits)).status_code == 403
    assert [one.detail for one in await AuditEntry.all().order_by("id")] == [limits, {"block_days": None}]
