"""Whether somebody may be checked in: one table of refusals in fixed order, each with its code and words.

Pure: everything that a check looks at stands in `Attempt`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models import SignUpState, SlotState
from services.clock import spoken
from services.slots.gates import Refusal

OPENS_BEFORE = timedelta(minutes=60)
"""Check-in is from so long before the start until the end."""
REPORTED_WITHIN = timedelta(days=7)
"""What a device recorded offline is taken for so long after the end."""
CLOCK_SLACK = timedelta(minutes=5)
"""By so much the clock of a device may be ahead of ours."""

GUEST = "g"
_ENDED = frozenset({SignUpState.CANCELLED, SignUpState.LAPSED})


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was read from a resident's code. `sound`: we signed it, and nothing was changed."""

    sound: bool
    slot_id: int = 0
    expires_at: datetime | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A sign-up as check-in sees it: who may come with it (persons, and guests as `g1` …), who is in."""

    state: SignUpState
    slot_id: int
    people: tuple[str, ...]
    present: frozenset[str] = field(default_factory=frozenset)
    ours: bool = True
    """Whether whoever asks may check it in."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Who is not in yet."""
        return tuple(one for one in self.people if one not in self.present)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A wish to check in `people` (empty: all who are not in yet) at `at`, reported now."""

    at: datetime
    now: datetime
    slot_id: int
    slot_state: SlotState
    starts_at: datetime
    ends_at: datetime
    claim: Claim | None
    people: tuple[str, ...] = ()
    scanned: Scanned | None = None

    @property
    def opens_at(self) -> datetime:
        """From when on people are checked in."""
        return self.starts_at - OPENS_BEFORE

    @property
    def wanted(self) -> tuple[str, ...]:
        """Whom it is about."""
        if self.people or self.claim is None:
            return self.people
        return self.claim.missing


@dataclass(frozen=True, slots=True)
class Check:
    """One refusal: when it is due, and what is said. `{opens}` and `{ends}` are times of the slot."""

    code: str
    due: Callable[[Attempt], bool]
    reason: str
    next_step: str

    def said(self, attempt: Attempt) -> Refusal:
        """The refusal in words."""
        times = {"opens": spoken(attempt.opens_at), "ends": spoken(attempt.ends_at)}
        return Refusal(self.code, self.reason.format(**times), self.next_step.format(**times))


def _forged(attempt: Attempt) -> bool:
    return attempt.scanned is not None and not attempt.scanned.sound


def _wrong_slot(attempt: Attempt) -> bool:
    elsewhere = attempt.scanned is not None and attempt.scanned.slot_id != attempt.slot_id
    return elsewhere or (attempt.claim is not None and attempt.claim.slot_id != attempt.slot_id)


def _not_yours(attempt: Attempt) -> bool:
    return attempt.claim is not None and not attempt.claim.ours


def _in_state(*states: SignUpState) -> Callable[[Attempt], bool]:
    return lambda attempt: attempt.claim is not None and attempt.claim.state in states


def _expired(attempt: Attempt) -> bool:
    until = attempt.scanned.expires_at if attempt.scanned else None
    return until is not None and attempt.at >= until


def _too_late(attempt: Attempt) -> bool:
    return attempt.at > attempt.ends_at or attempt.now > attempt.ends_at + REPORTED_WITHIN


def _unknown_person(attempt: Attempt) -> bool:
    return attempt.claim is not None and not set(attempt.people) <= set(attempt.claim.people)


def _already_in(attempt: Attempt) -> bool:
    present = attempt.claim.present if attempt.claim else frozenset[str]()
    return not attempt.wanted or bool(set(attempt.wanted) & present)


CHECKS: Sequence[Check] = (
    Check("forged", _forged, "这个码不是本系统的签到码。", "请居民重新打开签到码，或按名单点名。"),
    Check("wrong_slot", _wrong_slot, "这个报名不是这一场的。", "请核对场次，再到对的场次签到。"),
    Check(
        "not_signed_up",
        lambda attempt: attempt.claim is None,
        "没有找到您在这一场的报名。",
        "请先报名，或找现场工作人员。",
    ),
    Check("not_yours", _not_yours, "这不是您家的报名。", "只能给自己和自己家里人签到。"),
    Check(
        "called_off",
        lambda attempt: attempt.slot_state is not SlotState.OPEN,
        "这一场已经取消了。",
        "不用签到。",
    ),
    Check("cancelled", _in_state(*_ENDED), "这个报名已经取消或过期了。", "想参加请问现场工作人员。"),
    Check("waiting", _in_state(SignUpState.WAITING), "这个报名还在候补，没有名额。", "请问现场工作人员。"),
    Check(
        "not_accepted", _in_state(SignUpState.OFFERED), "这个名额还没有接受。", "请先回复：接受，再来签到。"
    ),
    Check("expired", _expired, "签到码过期了。", "请居民刷新签到码再扫。"),
    Check(
        "used",
        lambda attempt: attempt.scanned is not None and attempt.scanned.used,
        "这个签到码已经用过了。",
        "还有人要签到，请居民刷新签到码。",
    ),
    Check(
        "in_future",
        lambda attempt: attempt.at > attempt.now + CLOCK_SLACK,
        "签到时间比现在还晚。",
        "请校准设备的时间。",
    ),
    Check(
        "too_early",
        lambda attempt: attempt.at < attempt.opens_at,
        "还没到签到时间。",
        "{opens}起可以签到。",
    ),
    Check(
        "too_late", _too_late, "签到在 {ends} 已经结束。", "当时到了现场的，请联系村（社区）工作人员更正。"
    ),
    Check("unknown_person", _unknown_person, "这个报名里没有这个人。", "请刷新名单再点。"),
    Check("already_in", _already_in, "已经签到了。", "不用再签。"),
)
"""In the order in which they are told: whether the code is good, whether the claim is, when, and who."""


def refusal(attempt: Attempt) -> Refusal | None:
    """The first refusal that is due, or None: check them in."""
    for check in CHECKS:
        if check.due(attempt):
            return check.said(attempt)
    return None


def words(code: str) -> Check:
    """The row of the table with this code."""
    return next(check for check in CHECKS if check.code == code)


def everybody(named: Sequence[str], party: int) -> tuple[str, ...]:
    """Keys of all who come with a sign-up: the named ones, then its guests."""
    return (*named, *(f"{GUEST}{number}" for number in range(1, party - len(named) + 1)))


def chosen(claim: Claim, people: Sequence[str] | None, guests: int | None) -> tuple[str, ...]:
    """Whom a report is about: `people` and as many guests who are not in yet; nothing said means all.

    More guests than there are give a key that the sign-up does not have.
    """
    if people is None and guests is None:
        return ()
    free = [one for one in claim.missing if one.startswith(GUEST)]
    count = guests or 0
    extra = [f"{GUEST}0"] if count > len(free) else []
    return (*(people or ()), *free[:count], *extra)
