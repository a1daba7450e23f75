"""Place names and their aliases over the admin API, and what messages are read with afterwards."""

from __future__ import annotations

import httpx
import pytest

from models import Grid
from nlp.judgement import PlaceFound
from services import understanding
from tests.api.conftest import Enter
from tests.make import make_community, make_duty, make_grid


@pytest.fixture
async def grid(db: str) -> Grid:
    """A grid of a community with somebody on duty."""
    return await make_grid(await make_community())


@pytest.fixture
async def desk(grid: Grid, enter: Enter) -> httpx.AsyncClient:
    """The person on duty, logged in."""
    return await enter(await make_duty(await grid.community))


async def _place(grid: Grid, text: str) -> PlaceFound | None:
    understanding.forget()
    known = await understanding.knowledge()
    return (await known.judge(text, grid.community_id)).place


async def test_a_place_has_aliases_that_messages_are_read_with(desk: httpx.AsyncClient, grid: Grid) -> None:
    body = {"grid_id": grid.id, "name": "老年食堂", "aliases": ["大食堂", "大食堂", "老年食堂"]}

    made = (await desk.post("/place-names", json=body)).json()
    found = await _place(grid, "大食堂门口的灯坏了")

    assert made["aliases"] == ["大食堂"]
    assert found == PlaceFound("大食堂门口", "老年食堂", (grid.id,))
    assert (await desk.get("/place-names")).json()["items"] == [made]


async def test_other_aliases_replace_the_present_ones(desk: httpx.AsyncClient, grid: Grid) -> None:
    body = {"grid_id": grid.id, "name": "粮站", "aliases": ["老粮库"]}
    made = (await desk.post("/place-names", json=body)).json()

    changed = await desk.patch(f"/place-names/{made['id']}", json={"aliases": ["粮管所", "粮站"]})
    renamed = await desk.patch(f"/place-names/{made['id']}", json={"name": "粮管所"})

    assert changed.json()["aliases"] == ["粮管所"]
    assert (renamed.json()["name"], renamed.json()["aliases"]) == ("粮管所", [])
    assert await _place(grid, "粮管所后面") == PlaceFound("粮管所后面", "粮管所", (grid.id,))
    assert await _place(grid, "老粮库") is None


async def test_what_cannot_be_a_place_name_is_refused(desk: httpx.AsyncClient, grid: Grid) -> None:
    first, second = [
        (await desk.post("/place-names", json={"grid_id": grid.id, "name": name})).json()["id"]
        for name in ("老槐树", "东头桥")
    ]

    assert (await desk.patch("/place-names/999999", json={"aliases": []})).status_code == 404
    assert (await desk.patch(f"/place-names/{first}", json={"aliases": ["桥"]})).status_code == 422
    assert (await desk.patch(f"/place-names/{second}", json={"name": "老槐树"})).status_code == 409
