"""Learning, trials, measures and rehearsals over real HTTP."""

from __future__ import annotations

import httpx
import pytest

from models import AssigneeKind, Category, Keyword, LearnedWeights, LexiconVersion, VersionState
from nlp import Keyword as Weighted
from nlp.weights import Weights
from services import understanding, versions
from services.clock import now
from tests.api.conftest import Enter
from tests.make import (
    make_appeal,
    make_area,
    make_area_duty,
    make_category,
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
)
from tests.services.learning import make_lesson


@pytest.fixture
async def city(enter: Enter) -> httpx.AsyncClient:
    return await enter(await make_area_duty(await make_area()))


async def _version(*words: tuple[str, str, float], base: LexiconVersion | None = None) -> LexiconVersion:
    made = await LexiconVersion.create(
        state=VersionState.SPARE, requested_by="值班", started_at=now(), base=base, rows=80, held_back=20,
        accuracy=0.9, macro_f1=0.8, base_accuracy=0.85, base_macro_f1=0.8,
    )  # fmt: skip
    table = Weights.of(Weighted(*one, learned=True) for one in words)
    await LearnedWeights.create(version=made, packed=table.packed())
    return made


async def test_a_refit_is_asked_for_once_and_is_listed(city: httpx.AsyncClient) -> None:
    asked = await city.post("/lexicon-versions", json={"note": "新教例多了"})
    again = await city.post("/lexicon-versions", json={})

    assert (asked.status_code, asked.json()["state"]["value"]) == (202, "running")
    assert (again.status_code, again.json()["detail"]) == (409, "正在学习，请等这一次结束。")
    listed = (await city.get("/lexicon-versions?page[size]=1")).json()
    assert [one["id"] for one in listed["items"]] == [asked.json()["id"]]
    rest = (await city.get(f"/lexicon-versions?page[after]={listed['next']}")).json()
    assert [one["requested_by"] for one in rest["items"]] == [versions.FIRST]
    assert rest["items"][0]["state"]["label"] == "使用中"


async def test_a_version_shows_its_figures_and_what_it_changed_in_words(city: httpx.AsyncClient) -> None:
    await make_category("noise", name="噪音扰民")
    old = await _version(("喇叭", "noise", 1.0), ("吵", "noise", 2.0))
    new = await _version(("喇叭", "noise", 2.0), ("音响", "noise", 1.5), base=old)

    shown = (await city.get(f"/lexicon-versions/{new.id}")).json()
    found = (await city.get(f"/lexicon-versions/{new.id}/differences")).json()

    assert shown["measured"] == {"accuracy": 0.9, "macro_f1": 0.8}
    assert (shown["compared_with"], shown["compared"]["accuracy"]) == (old.id, 0.85)
    assert (found["before"], found["after"]) == (old.id, new.id)
    assert [one["words"] for one in found["items"]] == [
        "噪音扰民：新增 1 个词：音响（+1.5）；加重 1 个词：喇叭（+1.0 → +2.0）；"
        "另有 1 个单字（上下文）的权重变了。"
    ]
    back = (await city.get(f"/lexicon-versions/{old.id}/differences?beside={new.id}")).json()
    assert [one["text"] for one in back["items"][0]["removed"]] == ["音响"]
    assert (await city.get(f"/lexicon-versions/{new.id}/differences?beside=999")).status_code == 404


async def test_learned_keywords_are_paged_by_weight_without_single_characters(
    city: httpx.AsyncClient,
) -> None:
    version = await _version(("喇叭", "noise", 1.0), ("吵", "noise", 9.0), ("路灯", "lamp", -2.0))

    first = (await city.get(f"/lexicon-versions/{version.id}/keywords?page[size]=1")).json()
    rest = (await city.get(f"/lexicon-versions/{version.id}/keywords?page[after]={first['next']}")).json()
    noise = (await city.get(f"/lexicon-versions/{version.id}/keywords?category=noise&search=喇")).json()

    assert first["items"] == [{"text": "路灯", "category": "lamp", "weight": -2.0}]
    assert ([one["text"] for one in rest["items"]], rest["next"]) == (["喇叭"], None)
    assert noise["items"] == rest["items"]


async def test_an_earlier_version_is_put_in_force(city: httpx.AsyncClient) -> None:
    version = await _version(("喇叭", "noise", 1.0))

    done = await city.post(f"/lexicon-versions/{version.id}/activation")
    again = await city.post(f"/lexicon-versions/{version.id}/activation")

    assert (done.status_code, done.json()["state"]["value"]) == (200, "active")
    assert again.status_code == 409


async def test_a_sentence_is_tried_with_reasons_and_owner(enter: Enter) -> None:
    community = await make_community()
    grid = await make_grid(community)
    duty = await make_duty(community)
    await make_grid_member(grid)
    await make_category("other")
    lamp = await make_category("lamp", name="路灯", prefers=AssigneeKind.GRID_MEMBER)
    await Keyword.create(category=lamp, text="路灯", weight=4.0)
    await Keyword.create(category=lamp, text="不亮", weight=4.0)
    understanding.forget()
    client = await enter(duty)

    found = (await client.post("/trials", json={"text": f"{grid.name}路灯不亮"})).json()
    thanks = (await client.post("/trials", json={"text": "谢谢"})).json()

    assert (found["category"]["name"], found["unsure"], found["filed"]) == ("路灯", False, True)
    assert {one["keyword"] for one in found["matched"]} == {"路灯", "不亮"}
    assert sum(one["share"] for one in found["matched"]) == pytest.approx(1)
    assert found["owner"]["name"] == f"{grid.name}网格员"
    assert found["owner"]["candidates"][0]["why"].startswith("同网格")
    assert (thanks["filed"], thanks["owner"]) == (False, None)


async def test_delicate_words_are_left_out_of_lists(enter: Enter) -> None:
    community = await make_community()
    client = await enter(await make_duty(community))
    delicate = await make_category(delicate=True)
    for category in (delicate, await make_category()):
        appeal = await make_appeal(community, category=category, text="心里难受", unsure=True)
        await make_lesson(appeal, category, predicted="lamp")

    mistakes = (await client.get("/mistakes")).json()["items"]
    unsure = (await client.get("/unsure-appeals")).json()["items"]

    assert [one["text"] for one in mistakes] == ["心里难受", ""]
    assert [one["text"] for one in unsure] == ["", "心里难受"]


async def test_lessons_are_filtered(enter: Enter) -> None:
    community = await make_community()
    client = await enter(await make_duty(community))
    category = await make_category()
    await make_lesson(await make_appeal(community), category)
    await make_lesson(await make_appeal(await make_community()), category)

    assert len((await client.get("/lessons")).json()["items"]) == 1
    assert (await client.get("/lessons?kind=rejected")).json()["items"] == []
    assert (await client.get("/lessons?category=nothing")).json()["items"] == []


async def test_keywords_are_measured_and_a_change_is_rehearsed(enter: Enter) -> None:
    community = await make_community()
    duty = await make_duty(community)
    await make_category("other")
    noise = await make_category("noise", prefers=AssigneeKind.STAFF)
    await Keyword.create(category=noise, text="扬剧", weight=3.0)
    understanding.forget()
    appeal = await make_appeal(community, text="喇叭太吵没人管", category=noise)
    await make_lesson(appeal, noise)
    client = await enter(duty)

    measured = (await client.get("/keyword-measures?verdict=unhit")).json()
    change = {"keywords": [{"category": "noise", "text": "喇叭", "weight": 6.0}]}
    rehearsed = (await client.post("/rehearsals", json=change)).json()

    assert [(one["text"], one["precision"]) for one in measured["items"]] == [("扬剧", None)]
    assert (rehearsed["looked_at"], rehearsed["moved"], rehearsed["labelled"]) == (1, 1, 1)
    assert (rehearsed["right_before"], rehearsed["right_after"]) == (0, 1)
    assert rehearsed["sample"][0]["appeal"] == appeal.number
    assert rehearsed["flows"][0]["to_category"] == "noise"
    assert (await Category.get(code="noise")).prefers is AssigneeKind.STAFF
    too_many = await client.post("/rehearsals", json={"last": 2001})
    assert too_many.status_code == 422
