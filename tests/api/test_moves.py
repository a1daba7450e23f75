"""What the table of moves forbids is refused over the API with 409, for every verb and every state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models import MOVES, AppealStatus, AssigneeKind, Role, Staff, Verb, find_move
from services.clock import china_today
from tests.api.conftest import Enter
from tests.chat import CHAT
from tests.make import make_appeal, make_category, make_community, make_duty

_REASON = {"reason": "居民已经搬走"}


async def _calls(staff: Staff) -> dict[Verb, tuple[str, dict[str, Any]]]:
    """Path and body of each verb that staff can ask for."""
    until = (china_today() + timedelta(days=3)).isoformat()
    target = {"kind": AssigneeKind.STAFF.value, "id": staff.id}
    return {
        Verb.ASSIGN: ("assignment", target),
        Verb.ACCEPT: ("accept", {}),
        Verb.HAND_OVER: ("hand-over", _REASON),
        Verb.RETURN: ("return", _REASON),
        Verb.SUSPEND: ("suspend", {"until": until} | _REASON),
        Verb.RESUME: ("resume", {}),
        Verb.RESOLVE: ("resolve", {"result": "已修好"}),
        Verb.CLOSE: ("close", _REASON),
        Verb.REOPEN: ("reopen", _REASON),
    }


FORBIDDEN = [
    (verb, status)
    for verb in {move.verb for move in MOVES if Role.COMMUNITY_STAFF in move.by} - {Verb.MERGE}
    for status in AppealStatus
    if find_move(verb, status, Role.COMMUNITY_STAFF) is None
]


@pytest.mark.parametrize(("verb", "status"), sorted(FORBIDDEN))
async def test_a_move_that_the_state_forbids_is_a_conflict(
    enter: Enter, verb: Verb, status: AppealStatus
) -> None:
    community = await make_community()
    staff = await make_duty(community)
    appeal = await make_appeal(community, status=status, holder=staff, category=await make_category("other"))
    path, body = (await _calls(staff))[verb]

    response = await (await enter(staff)).post(f"/appeals/{appeal.number}/{path}", json=body)

    told = response.json()
    assert (response.status_code, told["code"]) == (409, "illegal_move"), told
    assert told["status"] == 409
    assert told["appeal_status"] == status.value
    assert not CHAT.search(told["detail"])
