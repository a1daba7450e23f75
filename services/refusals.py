"""Refusals about an appeal: each says why, and what this person can write in the chat instead."""

from __future__ import annotations

from models.moves import Verb
from models.types import AppealStatus as S
from models.types import Role
from services.errors import Forbidden, IllegalMove, NotFound

_IN_HAND = "回复“待办”看您手上的。"
_OVER = f"不用再办了，{_IN_HAND}"
_RESPONDERS = {
    S.SUBMITTED: "正在派单，过一会儿请回复：看 {number}",
    S.ASSIGNED: "要接着办，请先回复：接单 {number}",
    S.RETURNED: "要接着办，请先回复：接单 {number}",
    S.ACCEPTED: "办好了请回复：办结 {number} 结果",
    S.SUSPENDED: "要接着办，请先回复：恢复 {number}",
    S.RESOLVED: _OVER,
    S.CLOSED: _OVER,
    S.CANCELLED: _OVER,
    S.MERGED: _OVER,
}
_PROGRESS = "查进展请回复：进度 {number}"
_RESIDENTS = dict.fromkeys(S, _PROGRESS) | {
    S.RESOLVED: "还没解决的话，请回复：不满意 {number}",
    S.CLOSED: "还没解决的话，请回复：不满意 {number}",
    S.CANCELLED: "又有事的话，直接写一句话发来就行。",
}


def way_on(role: Role, status: S, number: int) -> str:
    """What somebody in this role can do about an appeal that stands so."""
    ways = _RESIDENTS if role is Role.RESIDENT else _RESPONDERS
    return ways[status].format(number=number)


def illegal(role: Role, verb: Verb, status: S, number: int) -> IllegalMove:
    """The state of the appeal forbids it."""
    return IllegalMove(
        f"{number} 现在是「{status.label}」，不能{verb.label}。",
        in_chat=way_on(role, status, number),
        appeal_status=status.value,
    )


def taken(who: str, number: int) -> IllegalMove:
    """Somebody else was faster to accept; `who` is empty when it was the same person."""
    words = f"{number} 已由 {who} 接单。" if who else f"{number} 您已经接单了。"
    in_chat = _IN_HAND if who else way_on(Role.SYSTEM, S.ACCEPTED, number)
    return IllegalMove(words, in_chat=in_chat, appeal_status=S.ACCEPTED.value)


def unknown(role: Role, number: int) -> NotFound:
    """A number that is not there, or not for these eyes."""
    in_chat = "回复“进度”看您反映的事。" if role is Role.RESIDENT else _IN_HAND
    return NotFound(f"没有找到编号 {number} 的诉求，请核对号码。", in_chat=in_chat)


def not_for(role: Role, verb: Verb) -> Forbidden:
    """Nobody in this role ever may."""
    why = f"{role.label}不能{verb.label}。"
    if role is Role.RESIDENT:
        return Forbidden(why, in_chat="有需要请回复“人工”。")
    return Forbidden(f"{why}请找村（社区）工作人员办。")


def held_by(owner: str, verb: Verb, number: int) -> Forbidden:
    """Only who holds the appeal may."""
    return Forbidden(f"{number} 现在由 {owner or '系统'} 办理，您不能{verb.label}。", in_chat=_look(number))


def out_of_scope(number: int) -> Forbidden:
    """Only who has the appeal in scope may."""
    return Forbidden(f"{number} 不在您的管理范围内。", in_chat=_look(number))


def not_in_charge(number: int) -> Forbidden:
    """Only who holds it or has it in scope may talk about it."""
    return Forbidden(f"{number} 不是您在办，也不在您的管理范围内。", in_chat=_look(number))


def your_own(number: int) -> Forbidden:
    """Nobody handles what they reported themselves."""
    words = f"{number} 是您自己提出的诉求，要由别人来办。"
    return Forbidden(words, in_chat=_PROGRESS.format(number=number))


def _look(number: int) -> str:
    return f"了解情况请回复：看 {number}，{_IN_HAND}"
