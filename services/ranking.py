"""Who gets an appeal, and why: a pure function from the roster and the need to one owner."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from models import AssigneeKind, Urgency
from services.errors import Conflict
from services.roster import AREA, COMMUNITY, FIELD, LEADER, Breadth, Key, Post, Roster

MOST_CANDIDATES = 12
"""As many are kept in a routing decision; more say nothing new to whoever reads it."""

_NEVER = 0


@dataclass(frozen=True, slots=True)
class Assignee:
    """Who gets an appeal; `resident_ids` are the people to push."""

    kind: AssigneeKind
    id: int
    name: str
    resident_ids: tuple[int, ...] = ()

    @property
    def key(self) -> Key:
        """What names it among all assignees."""
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who came into question: kept or dropped, with the reason for staff to read."""

    assignee: Assignee
    kept: bool
    why: str
    level: int = FIELD
    order: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The owner, the rung of the chain they stand on, everybody considered (best first), and why."""

    assignee: Assignee
    level: int
    candidates: tuple[Candidate, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Need:
    """What has to be matched. `exclude`: who must not get it again, `min_level`: the lowest rung asked."""

    category_id: int
    prefers: AssigneeKind
    grid_id: int | None = None
    urgency: Urgency = Urgency.NORMAL
    about_conduct: bool = False
    unsure: bool = False
    reporter_id: int = 0
    text: str = ""
    exclude: frozenset[Key] = frozenset()
    min_level: int = FIELD

    @property
    def emergency(self) -> bool:
        """Whether caps and queues have to stand back."""
        return self.urgency is Urgency.EMERGENCY


@dataclass(frozen=True, slots=True)
class Load:
    """Open appeals of a post, and the id of its newest assignment (0: never had one)."""

    held: int = 0
    last: int = _NEVER


@dataclass(frozen=True, slots=True)
class Situation:
    """What changes by the minute: today in China, loads, and which residents have a live channel."""

    today: date
    loads: Mapping[Key, Load] = field(default_factory=lambda: MappingProxyType({}))
    live: Collection[int] = frozenset()

    def load(self, post: Post) -> Load:
        """The load of a post."""
        return self.loads.get(post.key, Load())


@dataclass(frozen=True, slots=True)
class _Offer:
    """A post that comes into question on one rung, before leave, caps and channels are looked at."""

    post: Post
    words: str
    order: tuple[float, ...] = ()


class NoOwner(Conflict):
    """The roster is empty where the appeal has to go: nobody set up the duty staff."""

    code = "no_owner"


def rank(roster: Roster, need: Need, situation: Situation) -> Chosen:
    """The one owner: ranked first, or the next rung of the chain that has anybody, or its end without caps.

    Raises: NoOwner when no rung where the appeal may go has a single post.
    """
    seen: list[Candidate] = []
    levels = _levels(roster, need)
    for level in levels:
        round_ = sorted(_judged(roster, need, situation, level), key=lambda one: (not one.kept, one.order))
        seen += round_
        if round_ and round_[0].kept:
            return _chosen(need, round_[0], seen, climbed=level != levels[0])
    last = _last_resort(roster, need, situation)
    return _chosen(need, last, [last, *seen], climbed=True)


def contenders(roster: Roster, need: Need, today: date) -> list[Post]:
    """Everybody whose load or channel can matter for this need: candidates, chain and their deputies."""
    found: dict[Key, Post] = {}
    for level in _levels(roster, need):
        for offer in _offers(roster, need, level, today):
            for post in (offer.post, roster.stand_in(offer.post, today)):
                if post is not None:
                    found[post.key] = post
    return list(found.values())


def reachable(post: Post, need: Need, situation: Situation) -> tuple[int, ...]:
    """The people of a post who can be pushed now: at work, with a live channel, not the reporter."""
    return tuple(
        person.resident_id
        for person in post.people
        if person.resident_id in situation.live
        and person.resident_id != need.reporter_id
        and not person.leave.away(situation.today)
    )


def away_words(post: Post) -> str:
    """`休假至 11月30日`."""
    until = post.leave.until
    return f"休假至 {until.month}月{until.day}日" if until else "休假"


def _levels(roster: Roster, need: Need) -> list[int]:
    """Rungs in the order in which they are asked."""
    start = max(need.min_level, _first_level(need))
    levels = list(range(start, max(roster.top, AREA) + 1))
    if start == FIELD and need.prefers is AssigneeKind.STAFF:
        levels.remove(COMMUNITY)
        levels.insert(0, COMMUNITY)
    return levels


def _first_level(need: Need) -> int:
    if need.about_conduct:
        return AREA
    if need.emergency:
        return LEADER
    return COMMUNITY if need.unsure else FIELD


def _offers(roster: Roster, need: Need, level: int, today: date) -> Iterator[_Offer]:
    if level == FIELD:
        yield from _serving(roster, need, today)
        first = float(need.prefers is not AssigneeKind.GRID_MEMBER)
        for post in roster.members(need.grid_id):
            yield _Offer(post, "同网格", (first, Breadth.GRID, 1.0))
    elif level == LEADER:
        yield from (_Offer(post, "本网格网格长") for post in roster.leaders(need.grid_id))
    else:
        words = "村（社区）值班" if level == COMMUNITY else "上级值班"
        yield from (_Offer(post, words) for post in roster.duty(level))


_BREADTH_WORDS = {
    Breadth.GRID: "服务本网格",
    Breadth.COMMUNITY: "服务本村（社区）",
    Breadth.AREA: "服务本镇街（区市）",
}


def _serving(roster: Roster, need: Need, today: date) -> Iterator[_Offer]:
    """Organizations whose scope covers the need, each by its narrowest, then paid, scope."""
    categories = roster.categories_over(need.category_id)
    first = float(need.prefers is not AssigneeKind.ORGANIZATION)
    for post in roster:
        fitting = [s for s in post.scopes if s.covers(categories, need.grid_id)]
        if fitting:
            best = min(fitting, key=lambda s: (s.breadth, not s.paid(today)))
            paid = "，有进行中的服务项目" if best.paid(today) else ""
            order = (first, float(best.breadth), float(not best.paid(today)))
            yield _Offer(post, _BREADTH_WORDS[best.breadth] + paid, order)


def _judged(roster: Roster, need: Need, situation: Situation, level: int) -> Iterable[Candidate]:
    """Everybody of one rung, kept or dropped; a deputy takes the place of who is on leave."""
    found: dict[Key, Candidate] = {}
    for offer in sorted(_offers(roster, need, level, situation.today), key=lambda one: one.order):
        post, words = offer.post, offer.words
        standing = roster.stand_in(post, situation.today)
        if standing is not post:
            covered = f"，由 {standing.name} 代" if standing else "，没有人代"
            found.setdefault(post.key, _dropped(post, away_words(post) + covered))
            words = f"代 {post.name}，{words}"
        if standing is not None:
            found.setdefault(standing.key, _considered(standing, need, situation, words, offer.order))
    return found.values()


def _considered(
    post: Post, need: Need, situation: Situation, words: str, order: tuple[float, ...]
) -> Candidate:
    refused = _refusal(post, need, situation)
    if refused:
        return _dropped(post, refused)
    load = situation.load(post)
    limited = _limited(post, need)
    limit = f"（上限 {post.cap}）" if limited else ""
    share = load.held / max(post.cap, 1) if limited else float(load.held)
    return Candidate(
        assignee_of(post, need, situation),
        True,
        f"{words}，手上 {load.held} 件{limit}",
        post.level,
        (*order, share, float(load.last), float(post.id)),
    )


def _refusal(post: Post, need: Need, situation: Situation) -> str | None:
    """Why this post cannot get it, in words for staff; None when it can."""
    if post.key in need.exclude:
        return "已经派过，这次不再派"
    if about_self(post, need.reporter_id, need.text):
        return "诉求与其本人（本单位）有关，要回避"
    held = situation.load(post).held
    if _limited(post, need) and held >= post.cap:
        return f"已满：手上 {held} 件（上限 {post.cap}）"
    if not post.has_console and not reachable(post, need, situation):
        return "微信推送不到"
    return None


def about_self(post: Post, reporter_id: int, text: str) -> bool:
    """Whether the appeal comes from this very person or names the post: nobody handles their own matter."""
    own = post.kind is not AssigneeKind.ORGANIZATION and any(
        person.resident_id == reporter_id for person in post.people
    )
    return own or bool(post.name and post.name in text)


def _limited(post: Post, need: Need) -> bool:
    """Caps hold below the duty staff, and not in an emergency."""
    return post.level < COMMUNITY and post.kind is not AssigneeKind.STAFF and not need.emergency


def assignee_of(post: Post, need: Need, situation: Situation) -> Assignee:
    """The post as an owner, with whoever of it can be pushed."""
    return Assignee(post.kind, post.id, post.name, reachable(post, need, situation))


def _dropped(post: Post, why: str) -> Candidate:
    return Candidate(Assignee(post.kind, post.id, post.name), False, why, post.level)


def _last_resort(roster: Roster, need: Need, situation: Situation) -> Candidate:
    """Somebody all the same: leave, caps and earlier attempts no longer count, one's own matter still does.

    Of the duty staff the highest; without any, whoever of the staff, the leaders or the members there is.
    """
    floor = AREA if need.about_conduct else FIELD
    grid = {p.key for p in (*roster.leaders(need.grid_id), *roster.members(need.grid_id))}
    able = [p for p in roster if p.level >= floor and (p.has_console or p.key in grid)]
    if not able:
        raise NoOwner("这里还没有设值班人员，请先打村（社区）电话，或拨 12345。")

    def least_bad(post: Post) -> tuple[bool, bool, bool, int, int]:
        own = about_self(post, need.reporter_id, need.text)
        return own, not post.on_duty, post.leave.away(situation.today), -post.level, post.id

    post = min(able, key=least_bad)
    words = "各级都没有合适的人选，由值班人员兜底"
    return Candidate(assignee_of(post, need, situation), True, words, post.level)


def _chosen(need: Need, first: Candidate, seen: list[Candidate], *, climbed: bool) -> Chosen:
    reasons = (
        (need.about_conduct, "反映干部作风的，由上级受理。"),
        (need.emergency and not need.about_conduct, "突发险情，先找网格长和值班人员。"),
        (need.unsure and not need.emergency and not need.about_conduct, "类别拿不准，先由村（社区）分派。"),
        (climbed, "前面没有合适的人选，逐级上交。"),
    )
    why = "".join(words for holds, words in reasons if holds)
    told = tuple(sorted(seen, key=lambda one: not one.kept)[:MOST_CANDIDATES])
    return Chosen(first.assignee, first.level, told, f"{why}{first.assignee.name}：{first.why}。")
