"""Whether somebody may sign up: one list of gates in fixed order, each with its code, reason and next step.

Pure: everything that a gate looks at stands in `Ask`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from models import OfferingState, SlotState
from services.clock import CHINA, spoken


@dataclass(frozen=True, slots=True)
class Terms:
    """What a slot and its offering ask of people."""

    offering_state: OfferingState
    slot_state: SlotState
    community_id: int
    everybody: bool
    starts_at: datetime
    opens_at: datetime
    closes_at: datetime
    capacity: int
    party_most: int
    household_most: int | None = None
    age_from: int | None = None
    age_until: int | None = None
    required: tuple[str, ...] = ()
    """Labels of the questions that must be answered."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person to be signed up. `key` is how rows name them, `name` how the household calls them."""

    key: str
    name: str
    born: date | None = None
    busy_with: str | None = None
    """Title of what fills their time then."""
    signed_up: bool = False
    blocked_until: datetime | None = None
    guarded: bool = False
    """A child whom a guardian signs up, as long as the child is not of age."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A wish to sign up, with all that the gates look at."""

    moment: datetime
    community_id: int | None
    party: int
    people: tuple[Person, ...]
    household_places: int = 0
    """Places that the household holds in this slot already."""
    renewal_until: datetime | None = None
    """Until then only those who hold a place of the last season, such as `renews`."""
    renews: bool = False
    late_until: datetime | None = None
    """Once lots are drawn: until then whoever comes takes what is free, or joins the line."""
    answered: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: a stable code, the reason, and what can be done about it, in plain Chinese."""

    code: str
    reason: str
    next_step: str
    in_chat: str = ""
    """The next step as a command of the chat, where there is one."""

    @property
    def words(self) -> str:
        """Both as one answer."""
        return f"{self.reason}{self.next_step}"


_OTHERS = ("可以看看其他场次。", "回复“活动”看其他场次。")
"""Next step and command for who may find something else."""

CALLED_OFF = Refusal("called_off", "这一场取消了。", *_OTHERS)
TOO_LATE = Refusal("too_late", "报名已经截止。", *_OTHERS)

Gate = Callable[[Terms, Ask], Refusal | None]

ADULT = 18
"""Years from which somebody signs up by themself: the rights of a guardian end on that day."""


def age_on(born: date, day: date) -> int:
    """Full years on that day; who was born on 29 February grows older on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _not_published(terms: Terms, _ask: Ask) -> Refusal | None:
    if terms.offering_state is OfferingState.PUBLISHED:
        return None
    return Refusal("not_open", "现在不能报名。", *_OTHERS)


def _called_off(terms: Terms, _ask: Ask) -> Refusal | None:
    if terms.slot_state is SlotState.OPEN:
        return None
    return CALLED_OFF


def _too_early(terms: Terms, ask: Ask) -> Refusal | None:
    if ask.moment >= terms.opens_at:
        return None
    return Refusal("too_early", "报名还没开始。", f"{spoken(terms.opens_at)}起可以报名。")


def _too_late(terms: Terms, ask: Ask) -> Refusal | None:
    if ask.moment < (ask.late_until or min(terms.closes_at, terms.starts_at)):
        return None
    return TOO_LATE


def _renewal_first(_terms: Terms, ask: Ask) -> Refusal | None:
    if ask.renews or ask.renewal_until is None or ask.moment >= ask.renewal_until:
        return None
    reason = "现在只有上一季的人家可以续租。"
    return Refusal("renewal_first", reason, f"{spoken(ask.renewal_until)}起可以申请，到时抽签。")


def _elsewhere(terms: Terms, ask: Ask) -> Refusal | None:
    if terms.everybody or ask.community_id == terms.community_id:
        return None
    if ask.community_id is None:
        steps = ("请先选好村（社区）。", "请先回复：绑定")
        return Refusal("no_community", "还不知道您是哪个村（社区）的。", *steps)
    return Refusal("other_community", "这一场只对本村（社区）居民开放。", *_OTHERS)


def _party(terms: Terms, ask: Ask) -> Refusal | None:
    most = min(terms.party_most, terms.capacity)
    if ask.party <= most:
        return None
    return Refusal("party_too_big", f"一次最多报 {most} 个名额。", "请减少人数再报。")


def _blocked(_terms: Terms, ask: Ask) -> Refusal | None:
    for one in ask.people:
        if one.blocked_until is not None and one.blocked_until > ask.moment:
            until = spoken(one.blocked_until)
            reason = f"{one.name}几次报了名没来，{until}前不能报名。"
            steps = ("有特殊情况，可以申诉。", "有特殊情况，请回复：申诉 加上原因")
            return Refusal("blocked", reason, *steps)
    return None


def _of_age(_terms: Terms, ask: Ask) -> Refusal | None:
    # Guardians may still sign up for a day after the birthday: what they do today is theirs to do.
    today = ask.moment.astimezone(CHINA).date()
    for one in ask.people:
        if one.guarded and one.born is not None and age_on(one.born, today) >= ADULT:
            words = "请本人用自己的微信关注后报名，或联系村（社区）工作人员。"
            return Refusal("of_age", f"{one.name}已满 {ADULT} 岁，不能再由家里人代报。", words)
    return None


def _age_unknown(terms: Terms, ask: Ask) -> Refusal | None:
    if terms.age_from is None and terms.age_until is None:
        return None
    for one in ask.people:
        if one.born is None:
            chat = "给自己报，请先回复：生日 1958-05-01；给孩子报，请先回复：孩子 小宝 2018-05-01"
            reason = f"这一场要核对年龄，还不知道{one.name}的出生日期。"
            return Refusal("age_unknown", reason, "请先填好出生日期再报。", chat)
    if ask.party > len(ask.people):
        chat = "请先登记，比如：孩子 小宝 2018-05-01，再回复：报名 加上活动名称和称呼"
        return Refusal("age_unknown", "这一场要核对年龄，同来的人也要写明是谁。", "请先登记家人再报。", chat)
    return None


def _age(terms: Terms, ask: Ask) -> Refusal | None:
    day = terms.starts_at.astimezone(CHINA).date()
    for one in ask.people:
        if one.born is None:
            continue
        age = age_on(one.born, day)
        if terms.age_from is not None and age < terms.age_from:
            reason = f"{one.name}那天 {age} 岁，要满 {terms.age_from} 岁。"
            return Refusal("too_young", reason, *_OTHERS)
        if terms.age_until is not None and age > terms.age_until:
            reason = f"{one.name}那天 {age} 岁，只收 {terms.age_until} 岁以下（含）的。"
            return Refusal("too_old", reason, *_OTHERS)
    return None


def _signed_up(_terms: Terms, ask: Ask) -> Refusal | None:
    for one in ask.people:
        if one.signed_up:
            steps = ("不用再报，可以看已报的。", "回复“我的”看已报的。")
            return Refusal("signed_up", f"{one.name}已经报过这一场了。", *steps)
    return None


def _quota(terms: Terms, ask: Ask) -> Refusal | None:
    if terms.household_most is None or ask.household_places + ask.party <= terms.household_most:
        return None
    left = max(0, terms.household_most - ask.household_places)
    reason = f"每户最多 {terms.household_most} 个名额，您家已有 {ask.household_places} 个。"
    return Refusal("household_full", reason, f"还可以报 {left} 个。" if left else "不能再报了。")


def _busy(_terms: Terms, ask: Ask) -> Refusal | None:
    for one in ask.people:
        if one.busy_with is not None:
            reason = f"{one.name}同一时间已经报了「{one.busy_with}」。"
            steps = (f"要换的话，先取消「{one.busy_with}」。", f"要换的话，先回复：取消 {one.busy_with}")
            return Refusal("time_conflict", reason, *steps)
    return None


def _unanswered(terms: Terms, ask: Ask) -> Refusal | None:
    missing = [label for label in terms.required if label not in ask.answered]
    if not missing:
        return None
    return Refusal("unanswered", "还有没回答的问题：" + "、".join(missing) + "。", "请填好再报。")


GATES: Sequence[Gate] = (
    _not_published,
    _called_off,
    _too_early,
    _too_late,
    _renewal_first,
    _elsewhere,
    _party,
    _blocked,
    _of_age,
    _age_unknown,
    _age,
    _signed_up,
    _quota,
    _busy,
    _unanswered,
)
"""In the order in which people are told: first whether there is anything, then whether for them."""


OF_A_TRANSFER: Sequence[Gate] = (_called_off, _party, _age_unknown, _age, _signed_up, _quota, _busy)
"""Those that hold when staff move somebody to another slot."""


def refusal(
    terms: Terms, ask: Ask, through: Sequence[Gate] = GATES, *, overruled: Collection[str] = ()
) -> Refusal | None:
    """The first gate that is shut and whose code is not `overruled`, or None."""
    for gate in through:
        found = gate(terms, ask)
        if found is not None and found.code not in overruled:
            return found
    return None


def answers_of(given: Mapping[str, str]) -> frozenset[str]:
    """Labels of the questions with an answer."""
    return frozenset(label for label, words in given.items() if words.strip())
