"""A rehearsal reads what is there, in few statements, and saves nothing but the audit entry."""

from __future__ import annotations

import pytest

from models import AssigneeKind, AuditEntry, Keyword, ServiceScope
from services import rehearsing, understanding
from services.access import Actor, grid_actor, staff_actor
from services.errors import Forbidden, Invalid, NotFound
from services.rehearsal import KeywordChange, Rehearsed
from services.rehearsing import NewScope, Plan
from services.service_scopes import Place
from tests.make import make_category, make_community, make_organization
from tests.queries import counted
from tests.services.learning import make_lesson
from tests.services.village import Village, make_village


@pytest.fixture
async def village(db: str) -> Village:
    made = await make_village()
    await make_category("other")
    await Keyword.create(category=made.category, text="路灯", weight=5.0)
    understanding.forget()
    return made


async def _run(village: Village, plan: Plan, **values: int | None) -> Rehearsed:
    desk: Actor = await staff_actor(village.duty)
    return await rehearsing.run(
        desk, plan, community_id=values.get("community_id"), last=values.get("last") or 100
    )


async def test_keywords_preferences_and_scopes_are_rehearsed_together_and_not_saved(village: Village) -> None:
    lamp = await village.appeal(text="路灯不亮")
    noise = await village.appeal(text="喇叭太吵没人管")
    await make_lesson(noise, village.other)
    plan = Plan(
        keywords=[KeywordChange(village.other.code, "喇叭", 6.0)],
        prefers={village.category.code: AssigneeKind.STAFF},
    )

    found = await _run(village, plan)

    assert [(one.past.number, one.after.owner) for one in found.moved] == [
        (noise.number, village.organization.name),
        (lamp.number, village.duty.title),
    ]
    assert (found.labelled, found.right_before, found.right_after) == (1, 0, 1)
    assert await Keyword.all().count() == 1
    entry = await AuditEntry.get()
    assert (entry.action, entry.target) == ("rehearsal.run", "2 appeals")


@pytest.mark.parametrize("kind", ["grid", "community", "area"])
async def test_a_newcomer_would_serve_in_a_grid_a_community_or_an_area(village: Village, kind: str) -> None:
    await village.appeal(text="路灯不亮")
    newcomer = await make_organization(area=village.town)
    places = {
        "grid": Place(grid_id=village.grid.id),
        "community": Place(community_id=village.community.id),
        "area": Place(area_id=village.city.id),
    }
    plan = Plan(
        new_scopes=[NewScope(newcomer.id, village.category.code, places[kind])],
        prefers={village.category.code: AssigneeKind.ORGANIZATION},
    )

    found = await _run(village, plan)

    assert [one.after.owner for one in found.moved] == [newcomer.name]


async def test_a_scope_that_ends_is_found_by_its_id(village: Village) -> None:
    await Keyword.create(category=village.other, text="扬剧", weight=5.0)
    understanding.forget()
    await village.appeal(text="想学扬剧没有地方怎么办")
    scope = await ServiceScope.get(organization=village.organization)

    found = await _run(village, Plan(ended_scopes=[scope.id]))

    assert [one.before.owner for one in found.moved] == [village.organization.name]


async def test_what_does_not_exist_is_refused(village: Village) -> None:
    place = Place(community_id=village.community.id)
    code, organization = village.category.code, village.organization.id
    for plan in (
        Plan(keywords=[KeywordChange("nothing", "喇叭", 1.0)]),
        Plan(prefers={"nothing": AssigneeKind.STAFF}),
        Plan(ended_scopes=[10**6]),
        Plan(new_scopes=[NewScope(10**6, code, place)]),
        Plan(new_scopes=[NewScope(organization, "nothing", place)]),
        Plan(new_scopes=[NewScope(organization, code, Place(grid_id=10**6))]),
        Plan(new_scopes=[NewScope(organization, code, Place(community_id=10**6))]),
        Plan(new_scopes=[NewScope(organization, code, Place(area_id=10**6))]),
    ):
        with pytest.raises(NotFound):
            await _run(village, plan)
    with pytest.raises(Invalid):
        await _run(village, Plan(new_scopes=[NewScope(organization, code, Place())]))


async def test_only_the_desk_and_only_its_own_appeals(village: Village) -> None:
    await village.appeal()
    other = await make_village()
    await other.appeal()

    assert (await _run(village, Plan())).looked_at == 1
    with pytest.raises(Forbidden):
        await _run(village, Plan(), community_id=other.community.id)
    with pytest.raises(Forbidden):
        await rehearsing.run(grid_actor(village.member), Plan(), community_id=None, last=1)
    assert (await _run(village, Plan(), community_id=village.community.id, last=1)).looked_at == 1


async def test_a_community_without_appeals_has_nothing_to_move(village: Village) -> None:
    empty = await make_community(area=village.town)
    town = await staff_actor(village.town_duty)

    assert (await rehearsing.run(town, Plan(), community_id=empty.id, last=9)).looked_at == 0


async def test_more_appeals_cost_no_more_statements(village: Village) -> None:
    await village.appeal()
    await _run(village, Plan())
    with counted() as few:
        await _run(village, Plan())
    for _ in range(5):
        await village.appeal()
    with counted() as many:
        await _run(village, Plan())

    assert len(many) == len(few)
