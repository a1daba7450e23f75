"""Dispatch against the database: who is chosen, what is written, and what staff may name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models import (
    AppealEvent,
    AppealStatus,
    AssigneeKind,
    Assignment,
    AssignmentEnd,
    Conversation,
    Delivery,
    Notice,
    Role,
    RoutingDecision,
    ServiceProject,
    ServiceScope,
    Staff,
    Timer,
    Urgency,
    connection,
    writing,
)
from nlp.judgement import Intent, Judgement, Match, Scored
from nlp.judgement import Urgency as Danger
from services import access, clock, dispatch, revisions, rosters
from services.dispatch import Chosen
from services.errors import Forbidden, IllegalMove, Invalid, NotFound
from services.ranking import NoOwner
from tests.make import (
    make_appeal,
    make_category,
    make_community,
    make_duty,
    make_grid,
    make_grid_member,
    make_organization,
    make_resident,
)
from tests.services.village import Holder, Village, make_village, open_assignment, reserved, told, verbs


@pytest.fixture
async def village(db: str) -> Village:
    return await make_village()


async def choose(village: Village, **values: Any) -> Chosen:
    facts: dict[str, Any] = {
        "community_id": village.community.id,
        "grid_id": village.grid.id,
        "category": village.category,
        "urgency": Urgency.NORMAL,
        "about_conduct": False,
        "unsure": False,
        "reporter_id": village.resident.id,
        "text": "路灯不亮",
    }
    return await dispatch.choose(**facts | values)


def judgement(**values: Any) -> Judgement:
    """An ordinary, sure judgement."""
    facts: dict[str, Any] = {
        "intent": Intent.DIFFICULTY,
        "category": "lamp",
        "ranked": (Scored("lamp", 2.0), Scored("road", 0.5)),
        "margin": 0.75,
        "sure": True,
        "urgency": Danger(),
        "place": None,
        "topics": (),
        "matched": (Match("路灯", "lamp", 2.0),),
        "conduct": False,
        "lexicon_version": "village-1",
    }
    return Judgement(**facts | values)


async def test_the_least_loaded_grid_member_of_the_grid_is_chosen(village: Village) -> None:
    await village.appeal(village.member)
    chosen = await choose(village)
    assert (chosen.assignee.kind, chosen.assignee.id) == (AssigneeKind.GRID_MEMBER, village.second.id)
    assert chosen.assignee.resident_ids == (village.second.resident_id,)
    assert chosen.why == f"{village.second.title}：同网格，手上 0 件（上限 20）。"


async def test_finished_appeals_are_no_load_but_count_as_lately_served(village: Village) -> None:
    for status in (AppealStatus.RESOLVED, AppealStatus.CLOSED):
        await village.appeal(village.member, status=status)
    chosen = await choose(village)
    assert chosen.assignee.id == village.second.id
    assert "手上 0 件" in next(c.why for c in chosen.candidates if c.assignee.id == village.member.id)


async def test_an_organization_is_found_by_its_scope_in_the_community(village: Village) -> None:
    chosen = await choose(village, category=village.other)
    assert (chosen.assignee.kind, chosen.assignee.id) == (
        AssigneeKind.ORGANIZATION,
        village.organization.id,
    )
    assert len(chosen.assignee.resident_ids) == 2


async def test_scopes_reach_from_grid_community_town_and_city_and_from_nowhere_else(db: str) -> None:
    village = await make_village()
    category = await make_category(prefers=AssigneeKind.ORGANIZATION)
    elsewhere = await make_community()
    scopes: list[dict[str, Any]] = [
        {"area": village.city},
        {"area": village.town},
        {"community": village.community},
        {"grid": village.grid},
        {"community": elsewhere},
        {"grid": await make_grid(elsewhere)},
        {"area_id": elsewhere.area_id},
    ]
    made = []
    for scope in scopes:
        made.append(await make_organization())
        await ServiceScope.create(organization=made[-1], category=category, **scope)
    home = await make_organization(area=village.town)
    await ServiceScope.create(organization=home, category=category)

    chosen = await choose(village, category=category)

    named = [c.assignee.id for c in chosen.candidates if c.assignee.kind is AssigneeKind.ORGANIZATION]
    assert named[:2] == [made[3].id, made[2].id]
    assert set(named[2:]) == {made[0].id, made[1].id, home.id}


async def test_a_running_project_puts_an_organization_first(village: Village) -> None:
    today = clock.china_today()
    paid = await make_organization(village.other, village.community)
    project = await ServiceProject.create(
        organization=paid, name="向阳花开", starts_on=today - timedelta(days=1), ends_on=today
    )
    await ServiceScope.filter(organization_id=paid.id).update(project_id=project.id)
    for _ in range(3):
        await make_appeal(village.community, holder=paid)

    chosen = await choose(village, category=village.other)

    assert chosen.assignee.id == paid.id
    assert "有进行中的服务项目" in chosen.why


async def test_whoever_unfollowed_is_no_candidate(village: Village) -> None:
    await Conversation.filter(resident_id=village.member.resident_id).update(following=False)
    await Conversation.filter(resident_id=village.second.resident_id).update(following=False)
    chosen = await choose(village)
    assert chosen.assignee.id == village.leader.id
    assert {c.why for c in chosen.candidates if not c.kept} == {"微信推送不到"}


async def test_the_chain_ends_at_the_city_and_with_nobody_it_says_so(village: Village) -> None:
    assert (await choose(village, min_level=3)).assignee.id == village.town_duty.id
    assert (await choose(village, min_level=4)).assignee.id == village.city_duty.id
    assert (await choose(village, min_level=9)).assignee.id == village.city_duty.id
    await Staff.all().update(active=False)
    await revisions.bump(revisions.ROSTER)
    with pytest.raises(NoOwner):
        await choose(village, about_conduct=True)


async def test_logins_of_grid_members_are_no_duty_staff(village: Village) -> None:
    await Staff.all().update(active=False)
    await make_duty(village.community, grid_member_id=village.member.id)
    with pytest.raises(NoOwner):
        await choose(village, grid_id=None)


async def test_a_deputy_from_another_community_stands_in_and_is_not_on_duty_here(village: Village) -> None:
    today = clock.china_today()
    foreign = await make_duty(await make_community())
    await Staff.filter(id=village.duty.id).update(leave_from=today, deputy_id=foreign.id)
    chosen = await choose(village, min_level=2)
    assert chosen.assignee.id == foreign.id
    await Staff.filter(id=village.duty.id).update(active=False)
    await revisions.bump(revisions.ROSTER)
    assert (await choose(village, min_level=2)).assignee.id == village.town_duty.id


async def test_a_change_of_the_roster_counts_at_once(village: Village) -> None:
    assert (await choose(village)).assignee.id == village.member.id
    async with writing():
        await village.member.update_from_dict({"leave_from": clock.china_today()}).save()
        await revisions.bump(revisions.ROSTER)
    assert (await choose(village)).assignee.id == village.second.id


async def test_choosing_asks_the_database_the_same_number_of_times_for_any_number_of_candidates(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        await make_organization(village.other, village.community)
        await make_grid_member(village.grid)
    await choose(village, category=village.other)
    asked: list[str] = []
    for name in ("execute_query", "execute_query_dict"):
        original = getattr(type(connection()), name)

        async def counted(self: object, sql: str, *rest: object, _call: Any = original) -> object:
            asked.append(sql)
            return await _call(self, sql, *rest)

        monkeypatch.setattr(type(connection()), name, counted)

    await choose(village, category=village.other)

    assert len(asked) == 1


async def test_a_new_appeal_gets_assignment_decision_history_and_pushes(village: Village) -> None:
    appeal = await make_appeal(
        village.community, resident=village.resident, grid=village.grid, category=village.category
    )
    chosen = await choose(village)

    async with writing():
        await dispatch.assign_new(appeal, village.category, judgement(), chosen, await reserved())

    assert (await dispatch.current(appeal.id)).grid_member_id == village.member.id
    decision = await RoutingDecision.get(appeal_id=appeal.id)
    assert decision.ranked[0] == {"code": "lamp", "name": "lamp", "score": 2.0}
    assert (decision.lexicon_version, decision.intent, decision.margin) == ("village-1", "difficulty", 0.75)
    assert decision.matched == [{"keyword": "路灯", "category": "lamp", "weight": 2.0}]
    assert [one["name"] for one in decision.candidates] == [village.member.title, village.second.title]
    assert await verbs(appeal) == ["submit", "assign"]
    pushed = await told(appeal, Notice.ASSIGNED)
    assert set(pushed) == {village.member.resident_id}
    assert village.grid.name in pushed[village.member.resident_id or 0]
    assert "路灯不亮" not in str(pushed)


async def test_the_push_names_category_names_of_the_tree(village: Village) -> None:
    appeal = await village.appeal()
    ranked = (Scored(village.category.code, 1.0),)
    async with writing():
        await Assignment.filter(appeal_id=appeal.id).delete()
        chosen = await choose(village)
        await dispatch.assign_new(
            appeal, village.category, judgement(ranked=ranked), chosen, await reserved()
        )
    decision = await RoutingDecision.get(appeal_id=appeal.id)
    assert decision.ranked[0]["name"] == village.category.name


async def test_staff_assign_and_the_resident_and_the_new_owner_are_told(village: Village) -> None:
    appeal = await village.appeal()
    duty = await access.staff_actor(village.duty)

    moved = await dispatch.assign(
        duty, appeal.number, AssigneeKind.ORGANIZATION, village.organization.id, note="归帮扶社"
    )

    assert moved.status is AppealStatus.ASSIGNED
    assert (await open_assignment(appeal)).organization_id == village.organization.id
    assert village.organization.name in (await told(appeal, Notice.PROGRESS))[village.resident.id]
    event = await AppealEvent.get(appeal_id=appeal.id)
    assert (event.actor, event.actor_staff_id) == (village.duty.title, village.duty.id)
    assert "归帮扶社" in event.words


@pytest.mark.parametrize("status", [AppealStatus.RESOLVED, AppealStatus.CANCELLED, AppealStatus.MERGED])
async def test_a_finished_appeal_cannot_be_assigned_and_nobody_is_pushed(
    village: Village, status: AppealStatus
) -> None:
    appeal = await village.appeal(status=status)
    duty = await access.staff_actor(village.duty)
    with pytest.raises(IllegalMove):
        await dispatch.assign(duty, appeal.number, AssigneeKind.GRID_MEMBER, village.second.id)
    assert await Delivery.all().count() == 0


async def test_only_somebody_of_this_communitys_roster_can_be_named(village: Village) -> None:
    other = await make_village()
    appeal = await village.appeal()
    duty = await access.staff_actor(village.duty)
    for kind, id_ in (
        (AssigneeKind.GRID_MEMBER, other.member.id),
        (AssigneeKind.STAFF, other.duty.id),
        (AssigneeKind.ORGANIZATION, other.organization.id),
        (AssigneeKind.GRID_MEMBER, 987654),
    ):
        with pytest.raises(NotFound):
            await dispatch.assign(duty, appeal.number, kind, id_)


async def test_whoever_is_on_leave_cannot_be_named_but_their_deputy_is(village: Village) -> None:
    today = clock.china_today()
    await village.second.update_from_dict({"leave_from": today, "deputy_id": village.leader.id}).save()
    appeal = await village.appeal()
    with pytest.raises(Invalid, match=f"可以派给{village.leader.title}"):
        await dispatch.assign(
            await access.staff_actor(village.duty),
            appeal.number,
            AssigneeKind.GRID_MEMBER,
            village.second.id,
        )


async def test_staff_cannot_give_an_appeal_to_whoever_reported_it(village: Village) -> None:
    reporter = await make_resident(responder=True)
    await village.second.update_from_dict({"resident_id": reporter.id}).save()
    appeal = await village.appeal(resident=reporter)
    with pytest.raises(Forbidden, match="自己的事"):
        await dispatch.assign(
            await access.staff_actor(village.duty),
            appeal.number,
            AssigneeKind.GRID_MEMBER,
            village.second.id,
        )


async def test_conduct_cannot_be_assigned_below_the_parent_area(village: Village) -> None:
    appeal = await village.appeal(village.town_duty, about_conduct=True)
    town = await access.staff_actor(village.town_duty)
    with pytest.raises(Forbidden, match="上级"):
        await dispatch.assign(town, appeal.number, AssigneeKind.STAFF, village.duty.id)
    moved = await dispatch.assign(town, appeal.number, AssigneeKind.STAFF, village.city_duty.id)
    assert moved.status is AppealStatus.ASSIGNED


async def test_a_grid_leader_assigns_in_the_own_grid_alone(village: Village) -> None:
    leader = access.grid_actor(village.leader)
    here = await village.appeal()
    moved = await dispatch.assign(leader, here.number, AssigneeKind.GRID_MEMBER, village.second.id)
    assert moved.status is AppealStatus.ASSIGNED
    there = await village.appeal(grid=await make_grid(village.community))
    with pytest.raises(NotFound):
        await dispatch.assign(leader, there.number, AssigneeKind.GRID_MEMBER, village.second.id)


async def test_redispatching_because_nobody_could_be_reached_goes_on_and_starts_a_fresh_deadline(
    village: Village,
) -> None:
    appeal = await village.appeal(accept_by=clock.now() - timedelta(hours=3))
    async with writing():
        chosen = await dispatch.redispatch(appeal, why="推送不到", ended_as=AssignmentEnd.UNREACHABLE)
    assert chosen.assignee.id == village.second.id
    assert appeal.accept_by > clock.now()
    assert appeal.timer is Timer.REMIND_ACCEPT
    ended = await Assignment.get(appeal_id=appeal.id, grid_member_id=village.member.id)
    assert ended.ended_as is AssignmentEnd.UNREACHABLE


async def test_at_the_end_of_the_chain_an_unreachable_owner_stays_and_is_not_pushed_again(
    village: Village,
) -> None:
    appeal = await village.appeal(village.city_duty)
    async with writing():
        chosen = await dispatch.redispatch(
            appeal, why="推送不到", ended_as=AssignmentEnd.UNREACHABLE, min_level=4
        )
    assert chosen.assignee.id == village.city_duty.id
    assert await Assignment.filter(appeal_id=appeal.id).count() == 1
    assert (await open_assignment(appeal)).staff_id == village.city_duty.id
    assert await Delivery.all().count() == 0


async def test_a_stale_copy_is_not_redispatched(village: Village) -> None:
    stale = await village.appeal()
    fresh = await type(stale).get(id=stale.id)
    fresh.status = AppealStatus.RESOLVED
    await fresh.save()
    with pytest.raises(IllegalMove, match="已办结"):
        async with writing():
            await dispatch.redispatch(stale, why="x", ended_as=AssignmentEnd.REASSIGNED)
    assert (await open_assignment(stale)).grid_member_id == village.member.id


async def test_staff_without_wechat_own_by_their_console(village: Village) -> None:
    assert village.city_duty.resident_id is None
    chosen = await choose(village, min_level=4)
    assert (chosen.assignee.id, chosen.assignee.resident_ids) == (village.city_duty.id, ())


async def test_the_owner_is_called_by_title(village: Village) -> None:
    names: dict[Holder, str] = {
        village.member: village.member.title,
        village.organization: village.organization.name,
        village.duty: village.duty.title,
    }
    for holder, name in names.items():
        assert await dispatch.owner_name((await village.appeal(holder)).id) == name
    assert await dispatch.owner_name(0) == ""
    with pytest.raises(NotFound):
        await dispatch.current(0)


async def test_an_unknown_community_is_not_found(db: str) -> None:
    with pytest.raises(NotFound):
        await rosters.of(424242)


async def test_leaders_are_asked_before_the_community_in_an_emergency(village: Village) -> None:
    chosen = await choose(village, urgency=Urgency.EMERGENCY)
    assert chosen.assignee.id == village.leader.id
    assert village.leader.role is Role.GRID_LEADER
