"""What a change would move among past appeals: both routes of each, under today's roster and loads. Pure.

Nothing here reads a database, so that thousands of appeals can be rehearsed in a thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from models import AssigneeKind
from nlp.judge import judge
from nlp.judgement import Judgement
from nlp.lexicon import Keyword, Lexicon, keyword_text
from services import routing
from services.errors import Conflict
from services.ranking import Need, Situation, rank
from services.roster import Key, Post, Roster, Scope

NOBODY = "没有人"


@dataclass(frozen=True, slots=True)
class Kind:
    """A category as far as routing needs it."""

    id: int
    code: str
    prefers: AssigneeKind


@dataclass(frozen=True, slots=True)
class Past:
    """A past appeal; `label` is the category that somebody said is right, or empty.

    The words of a `delicate` one are for judging alone, and shown to nobody.
    """

    number: int
    community_id: int
    text: str
    grid_id: int | None
    reporter_id: int
    label: str = ""
    delicate: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """Everything that decides where words go."""

    lexicon: Lexicon
    kinds: Mapping[str, Kind]
    fallback: Kind
    rosters: Mapping[int, Roster]
    situation: Situation


@dataclass(frozen=True, slots=True)
class Route:
    """Where an appeal goes: its category, and who gets it."""

    category: str
    unsure: bool
    owner: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One appeal that would go elsewhere."""

    past: Past
    before: Route
    after: Route


@dataclass(frozen=True, slots=True)
class Flow:
    """How many appeals would go from one (category, owner) to another."""

    from_category: str
    to_category: str
    from_owner: str
    to_owner: str
    count: int


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would move. Of the `labelled` ones, how many had and would have the right category."""

    looked_at: int
    other_category: int
    other_owner: int
    labelled: int
    right_before: int
    right_after: int
    flows: list[Flow]
    moved: list[Moved]


def rehearse(pasts: Iterable[Past], before: World, after: World) -> Rehearsed:
    """Compare both worlds on the same appeals; flows with the most appeals first, moved ones as given."""
    routes = [(past, route(past, before), route(past, after)) for past in pasts]
    moved = [Moved(*one) for one in routes if one[1] != one[2]]
    flows = Counter(
        (one.before.category, one.after.category, one.before.owner, one.after.owner) for one in moved
    )
    labelled = [one for one in routes if one[0].label]
    return Rehearsed(
        looked_at=len(routes),
        other_category=sum(one.before.category != one.after.category for one in moved),
        other_owner=sum(one.before.owner != one.after.owner for one in moved),
        labelled=len(labelled),
        right_before=sum(past.label == old.category for past, old, _ in labelled),
        right_after=sum(past.label == new.category for past, _, new in labelled),
        flows=[Flow(*names, count) for names, count in flows.most_common()],
        moved=moved,
    )


def route(past: Past, world: World) -> Route:
    """Where the words of a past appeal go in this world."""
    judgement = judge(past.text, world.lexicon)
    kind = world.kinds.get(routing.category_code(judgement) or "", world.fallback)
    unsure = not routing.is_sure(judgement, kind.code)
    return Route(kind.code, unsure, _owner(past, judgement, kind, world, unsure=unsure))


def _owner(past: Past, judgement: Judgement, kind: Kind, world: World, *, unsure: bool) -> str:
    need = Need(
        category_id=kind.id,
        prefers=kind.prefers,
        grid_id=past.grid_id,
        urgency=routing.ranked_as(kind.code, routing.urgency(judgement)),
        about_conduct=judgement.conduct,
        unsure=unsure,
        reporter_id=past.reporter_id,
        text=past.text,
    )
    try:
        return rank(world.rosters[past.community_id], need, world.situation).assignee.name
    except Conflict:
        return NOBODY


@dataclass(frozen=True, slots=True)
class KeywordChange:
    """A keyword with its new weight; None: it is taken away."""

    category: str
    text: str
    weight: float | None


def changed_keywords(keywords: Iterable[Keyword], changes: Sequence[KeywordChange]) -> list[Keyword]:
    """Hand-written keywords after the changes; later changes of the same keyword win."""
    found = {(keyword_text(one.text), one.category): one for one in keywords}
    for change in changes:
        key = keyword_text(change.text), change.category
        if change.weight is None:
            found.pop(key, None)
        else:
            found[key] = Keyword(key[0], change.category, change.weight)
    return list(found.values())


def changed_kinds(kinds: Mapping[str, Kind], prefers: Mapping[str, AssigneeKind]) -> dict[str, Kind]:
    """Categories after the changes of their preferences."""
    return {code: replace(one, prefers=prefers.get(code, one.prefers)) for code, one in kinds.items()}


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """A scope of an organization that is added (`post`: who serves) or taken away in some communities."""

    post: Post
    scope: Scope
    community_ids: frozenset[int]
    added: bool


def changed_roster(roster: Roster, changes: Sequence[ScopeChange]) -> Roster:
    """The roster of one community after those changes that reach it."""
    posts: dict[Key, Post] = dict(roster.posts)
    for change in changes:
        if roster.community_id not in change.community_ids:
            continue
        post = posts.get(change.post.key, change.post)
        posts[post.key] = replace(post, scopes=_scopes(post, change))
    return replace(roster, posts=posts)


def _scopes(post: Post, change: ScopeChange) -> tuple[Scope, ...]:
    if change.added:
        return (*post.scopes, change.scope)
    left = list(post.scopes)
    if change.scope in left:
        left.remove(change.scope)
    return tuple(left)
