"""Every (state, verb, role) is allowed or refused as the one table says, by the check and by the services."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import product

import pytest

from models import FINISHED, MOVES, OPEN, Appeal, AppealEvent, AppealStatus, AssigneeKind, Need, Role, Verb
from models.moves import find_move
from services import access, dispatch, handling
from services.access import Actor
from services.clock import china_today
from services.errors import DomainError, Forbidden, IllegalMove, NotFound
from tests.services.village import Village, make_village

S = AppealStatus
FIELD_ROLES = {Role.GRID_MEMBER, Role.GRID_LEADER, Role.ORGANIZATION_MEMBER, Role.ORGANIZATION_MANAGER}
DESK = {Role.COMMUNITY_STAFF, Role.TOWN, Role.CITY}

Call = Callable[[Village, Actor, Appeal], Awaitable[Appeal]]


async def _merge(village: Village, actor: Actor, appeal: Appeal) -> Appeal:
    if actor.role is Role.RESIDENT:
        main = await village.appeal()
        return await handling.join(actor, appeal.number, main.number, fits=lambda _one, _main: True)
    return await handling.merge(actor, appeal.number, (await village.appeal()).number)


CALLS: dict[Verb, Call] = {
    Verb.ASSIGN: lambda v, a, one: dispatch.assign(a, one.number, AssigneeKind.GRID_MEMBER, v.second.id),
    Verb.ACCEPT: lambda _, a, one: handling.accept(a, one.number),
    Verb.HAND_OVER: lambda _, a, one: handling.hand_over(a, one.number, "不在我们网格"),
    Verb.RETURN: lambda _, a, one: handling.give_back(a, one.number, "不归我们管"),
    Verb.SUSPEND: lambda _, a, one: handling.suspend(
        a, one.number, china_today() + timedelta(days=3), "等配件"
    ),
    Verb.RESUME: lambda _, a, one: handling.resume(a, one.number),
    Verb.RESOLVE: lambda _, a, one: handling.resolve(a, one.number, "修好了"),
    Verb.CLOSE: lambda _, a, one: handling.close(a, one.number, "已当面答复"),
    Verb.WITHDRAW: lambda _, a, one: handling.withdraw(a, one.number),
    Verb.MERGE: _merge,
    Verb.REOPEN: lambda _, a, one: handling.reopen(a, one.number, "没有修好"),
}
"""Every verb that a person or the product calls; ESCALATE belongs to the timers."""


def allowed(actor_role: Role, verb: Verb, status: S) -> bool:
    return any(m.verb is verb and status in m.sources and actor_role in m.by for m in MOVES)


WAY_ON = re.compile("回复：|回复“|直接写|请找")
"""What every refusal ends with: something to do."""


@pytest.mark.parametrize("verb", list(Verb))
def test_the_check_agrees_with_the_table_for_every_state_and_role(verb: Verb) -> None:
    for status, role in product(AppealStatus, Role):
        actor = Actor(role, "某人")
        if allowed(role, verb, status):
            row = next(m for m in MOVES if m.verb is verb and status in m.sources and role in m.by)
            assert access.allowed_need(actor, verb, status, 1001) is row.by[role]
        else:
            ever = any(allowed(role, verb, other) for other in AppealStatus)
            with pytest.raises(IllegalMove if ever else Forbidden) as refused:
                access.allowed_need(actor, verb, status, 1001)
            assert WAY_ON.search(refused.value.told), refused.value.told


def test_no_two_rows_disagree_about_one_move() -> None:
    for verb, status, role in product(Verb, AppealStatus, Role):
        rows = [m for m in MOVES if m.verb is verb and status in m.sources and role in m.by]
        assert len({(m.target, m.by[role]) for m in rows}) <= 1, (verb, status, role)


def test_what_the_field_can_never_do() -> None:
    for verb in (Verb.ASSIGN, Verb.CLOSE, Verb.MERGE, Verb.REOPEN, Verb.WITHDRAW, Verb.ESCALATE):
        for role in FIELD_ROLES - {Role.GRID_LEADER}:
            assert not any(allowed(role, verb, status) for status in AppealStatus)


def test_nothing_moves_out_of_an_end_but_by_reopening_or_closing_what_is_resolved() -> None:
    for verb, status, role in product(Verb, FINISHED, Role):
        if allowed(role, verb, status):
            assert (
                (verb is Verb.REOPEN and status in {S.RESOLVED, S.CLOSED, S.MERGED})
                or (verb is Verb.CLOSE and status is S.RESOLVED)
                or (verb is Verb.WITHDRAW and status is S.MERGED)
            )


def test_every_open_state_can_end_by_hand() -> None:
    for status in OPEN:
        assert any(allowed(role, Verb.CLOSE, status) for role in DESK)
        assert allowed(Role.RESIDENT, Verb.WITHDRAW, status)


@pytest.mark.parametrize("verb", list(CALLS))
async def test_the_services_do_what_the_table_says_in_every_state_for_every_role(db: str, verb: Verb) -> None:
    village = await make_village()
    for status, role in product(AppealStatus, Role):
        actor = await village.actor(role)
        appeal = await village.appeal(village.holder(role), status=status)
        move = find_move(verb, status, role)
        if move is None:
            await _refused(village, actor, appeal, verb)
            continue
        moved = await CALLS[verb](village, actor, appeal)
        stored = await Appeal.get(id=appeal.id)
        target = S.ASSIGNED if verb is Verb.RETURN else move.target or status
        assert (stored.status, moved.status) == (target, target), (verb, status, role)
        last = await AppealEvent.filter(appeal_id=appeal.id).order_by("-id").first()
        assert last is not None
        assert last.to_status is target


async def _refused(village: Village, actor: Actor, appeal: Appeal, verb: Verb) -> None:
    with pytest.raises((IllegalMove, Forbidden)):
        await CALLS[verb](village, actor, appeal)
    assert (await Appeal.get(id=appeal.id)).status is appeal.status
    assert await AppealEvent.filter(appeal_id=appeal.id).count() == 0


@pytest.mark.parametrize("verb", list(CALLS))
async def test_the_same_role_elsewhere_is_refused_every_move_that_it_has_at_home(db: str, verb: Verb) -> None:
    village, elsewhere = await make_village(), await make_village()
    for status, role in product(AppealStatus, Role):
        move = find_move(verb, status, role)
        if move is None or move.by[role] is Need.NOTHING:
            continue
        stranger = await elsewhere.actor(role)
        appeal = await village.appeal(village.holder(role), status=status)
        with pytest.raises((NotFound, Forbidden)):
            await CALLS[verb](village, stranger, appeal)
        assert (await Appeal.get(id=appeal.id)).status is status


@pytest.mark.parametrize("verb", [Verb.ACCEPT, Verb.HAND_OVER, Verb.RETURN])
async def test_staff_in_whose_scope_it_lies_still_cannot_do_the_holders_part(db: str, verb: Verb) -> None:
    village = await make_village()
    appeal = await village.appeal()
    for role in (*DESK, Role.GRID_LEADER):
        with pytest.raises(Forbidden, match=village.member.title):
            await CALLS[verb](village, await village.actor(role), appeal)


@pytest.mark.parametrize("verb", list(CALLS))
async def test_a_complaint_about_conduct_is_invisible_below_the_parent_area(db: str, verb: Verb) -> None:
    village = await make_village()
    for role in (*FIELD_ROLES, Role.COMMUNITY_STAFF):
        appeal = await village.appeal(village.town_duty, about_conduct=True)
        with pytest.raises(DomainError) as refused:
            await CALLS[verb](village, await village.actor(role), appeal)
        assert isinstance(refused.value, NotFound)


@pytest.mark.parametrize("verb", list(CALLS))
async def test_an_unknown_number_is_not_found(db: str, verb: Verb) -> None:
    village = await make_village()
    ghost = Appeal(id=999_999)
    for role in Role:
        with pytest.raises(NotFound):
            await CALLS[verb](village, await village.actor(role), ghost)
