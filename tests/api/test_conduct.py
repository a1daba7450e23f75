"""A complaint about cadres, said in the chat: over the API only those above the community see it."""

from __future__ import annotations

import pytest

from models import GridMember
from tests.api.conftest import Enter
from tests.bot.village import build, newest, owner, say
from tests.make import make_staff_login


@pytest.mark.parametrize(
    "words", ["新联村值班的人上班打牌", "村主任不接电话", "网格员电话打不通", "村干部找不到人"]
)
async def test_what_is_said_of_cadres_is_out_of_sight_below_the_parent_area(enter: Enter, words: str) -> None:
    village = await build()
    await say(words)
    number = (await newest()).number
    leader = await GridMember.get(title="三组网格长")

    above = await enter(village.town)
    below = [await enter(village.duty), await enter(await make_staff_login(leader))]

    assert await owner(await newest()) == "示范镇值班"
    assert (await above.get(f"/appeals/{number}")).json()["text"] == words
    for client in below:
        for asked in ({}, {"search": words}, {"search": str(number)}):
            assert (await client.get("/appeals", params=asked)).json()["items"] == []
        assert (await client.get(f"/appeals/{number}")).status_code == 404
        assert words not in (await client.get("/unsure-appeals")).text


async def test_an_ordinary_appeal_is_in_sight(enter: Enter) -> None:
    village = await build()
    await say("三组路灯不亮")
    number = (await newest()).number

    desk = await enter(village.duty)

    assert [one["number"] for one in (await desk.get("/appeals")).json()["items"]] == [number]
    assert (await desk.get(f"/appeals/{number}")).status_code == 200
