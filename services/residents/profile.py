"""What a resident says of themself in the mini-program: name, birth date, where they live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models import Community, Grid, Resident, writing
from services import conversations, households, understanding
from services.errors import Invalid
from services.residents import belonging
from services.residents.logins import ResidentLogin

_OWN_WORDS = ("name", "address")


@dataclass(frozen=True, slots=True)
class Profile:
    """A resident with where they belong."""

    resident: Resident
    community: Community | None
    grid: Grid | None


async def of(resident_id: int) -> Profile:
    """What is known of the resident."""
    found = await Resident.get(id=resident_id).select_related("community", "grid")
    return Profile(found, found.community, found.grid)


async def of_login(login: ResidentLogin) -> Profile:
    """The same of whoever the login speaks for by now: two residents may have become one."""
    talk = await login.conversation()
    return await of(talk.resident_id or login.resident_id)


async def change(login: ResidentLogin, values: Mapping[str, Any]) -> Profile:
    """Change what is given; another community or grid moves what nobody accepted yet, as in the chat.

    Raises: Invalid (birth date, no such community or grid, a grid without its community).
    """
    known = await understanding.knowledge()
    born = values.get("born")
    if born is not None:
        households.check_born(born)
    own = {name: values[name] for name in _OWN_WORDS if name in values}
    own |= {"born": born.isoformat()} if born is not None else {}
    called_through = await login.conversation()
    async with writing():
        talk = await conversations.lock(called_through.account, called_through.openid, wrote=False)
        if own:
            await Resident.filter(id=talk.resident_id).update(**own)
        if values.keys() & {"community_id", "grid_id"}:
            community_id, grid_id = await _place(talk, known, values)
            _ = await belonging.bind(talk, known, community_id, grid_id)
    return await of(talk.resident_id)


async def _place(
    talk: conversations.Talk, known: understanding.Knowledge, values: Mapping[str, Any]
) -> tuple[int, int | None]:
    community_id = values.get("community_id", talk.community_id)
    if community_id not in {one.id for one in known.communities}:
        raise Invalid("没有这个村（社区）。" if community_id else "请先选村（社区）。")
    grid_id = values.get("grid_id")
    if grid_id is not None and grid_id not in {one.id for one in await known.grids(community_id)}:
        raise Invalid("这个村（社区）没有这个网格。")
    return community_id, grid_id
