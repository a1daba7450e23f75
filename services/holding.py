"""Who holds an appeal: the newest assignment, open or ended."""

from __future__ import annotations

from models import Appeal, AssigneeKind, Assignment
from services import rosters
from services.access import Actor
from services.clock import china_today
from services.errors import NotFound
from services.roster import Key, Post

COLUMNS = {
    AssigneeKind.ORGANIZATION: "organization_id",
    AssigneeKind.GRID_MEMBER: "grid_member_id",
    AssigneeKind.STAFF: "staff_id",
}
"""The column of `Assignment` (and of `Actor`) that names a holder of each kind."""


KINDS = {one.value: one for one in AssigneeKind}
"""Kinds by the value that stands in the rows."""


async def current(appeal_id: int) -> Assignment:
    """The open assignment of the appeal, or its last one when it is finished.

    Raises: NotFound when nobody ever held it.
    """
    newest = await Assignment.filter(appeal_id=appeal_id).order_by("-id").first()
    if newest is None:
        raise NotFound(f"{appeal_id} 还没有派给任何人。")
    return newest


def holder_key(assignment: Assignment) -> Key:
    """(kind, id) of whoever holds it."""
    return assignment.kind, int(getattr(assignment, COLUMNS[assignment.kind]))


def holder_column(kind: AssigneeKind) -> str:
    """The column of `Assignment` that names a holder of this kind."""
    return COLUMNS[kind]


def is_holder(actor: Actor, assignment: Assignment) -> bool:
    """Whether the assignment is open and the actor's own: personally, or by their organization."""
    return assignment.ended_at is None and belongs_to(actor, assignment)


def belongs_to(actor: Actor, assignment: Assignment) -> bool:
    """Whether the assignment is, or was, the actor's own."""
    own: int | None = getattr(actor, COLUMNS[assignment.kind])
    return own is not None and own == holder_key(assignment)[1]


async def holds(actor: Actor, appeal: Appeal) -> bool:
    """Whether the open assignment of the appeal is the actor's."""
    newest = await Assignment.filter(appeal_id=appeal.id).order_by("-id").first()
    return newest is not None and is_holder(actor, newest)


async def owner_name(appeal_id: int) -> str:
    """How whoever holds (or held) the appeal is called: 三组网格员. Empty when nobody ever did."""
    columns = ("kind", "organization__name", "grid_member__title", "staff__title")
    found = await Assignment.filter(appeal_id=appeal_id).order_by("-id").first().values(*columns)
    if not found:
        return ""
    names = {
        AssigneeKind.ORGANIZATION: found["organization__name"],
        AssigneeKind.GRID_MEMBER: found["grid_member__title"],
        AssigneeKind.STAFF: found["staff__title"],
    }
    return str(names[KINDS[found["kind"]]] or "")


async def people_of(appeal: Appeal, assignment: Assignment) -> tuple[int, ...]:
    """Residents to push about what this holder must know: those at work, while away whoever stands in.

    The reporter is never among them.
    """
    roster = await rosters.of(appeal.community_id)
    post = roster.posts.get(holder_key(assignment))
    if post is None:
        return ()
    return people(roster.stand_in(post, china_today()) or post, but=appeal.resident_id)


def people(post: Post, *, but: int) -> tuple[int, ...]:
    """The residents behind a post who are at work, without `but`."""
    today = china_today()
    return tuple(p.resident_id for p in post.people if p.resident_id != but and not p.leave.away(today))
