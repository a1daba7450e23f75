"""My own page: where I belong moves what nobody accepted yet, as in the chat."""

from __future__ import annotations

import pytest

from models import Appeal
from tests.api.residents.conftest import LogIn
from tests.make import make_appeal, make_community, make_duty, make_grid, make_grid_member


async def test_name_birth_date_community_and_grid_are_ones_own_to_say(log_in: LogIn) -> None:
    community = await make_community()
    grid = await make_grid(community)
    resident = await log_in("mini-1")
    changes = {"name": "住户", "born": "1958-05-01", "community_id": community.id, "grid_id": grid.id}

    me = (await resident.patch("/me", json=changes)).json()

    assert (me["name"], me["born"]) == ("住户", "1958-05-01")
    assert (me["community"]["id"], me["grid"]["id"]) == (community.id, grid.id)


async def test_another_grid_takes_along_what_nobody_accepted_yet(log_in: LogIn) -> None:
    community = await make_community()
    _ = await make_duty(community)
    old, new = await make_grid(community), await make_grid(community)
    holder, _ = await make_grid_member(old), await make_grid_member(new)
    resident = await log_in("mini-1")
    me = (await resident.patch("/me", json={"community_id": community.id, "grid_id": old.id})).json()
    appeal = await make_appeal(community, grid=old, resident_id=me["resident_id"], holder=holder)

    _ = (await resident.patch("/me", json={"grid_id": new.id})).raise_for_status()

    assert (await Appeal.get(id=appeal.id)).grid_id == new.id


@pytest.mark.parametrize(
    "body",
    [
        {"born": "2999-01-01"},
        {"born": "1800-01-01"},
        {"born": "02/30"},
        {"born": 0},
        {"community_id": 999},
        {"grid_id": 999},
        {"name": "长" * 33},
        {"unknown": 1},
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_changes(log_in: LogIn, body: dict[str, object]) -> None:
    resident = await log_in("mini-1")
    before = (await resident.get("/me")).json()

    assert (await resident.patch("/me", json=body)).status_code == 422
    assert (await resident.get("/me")).json() == before
