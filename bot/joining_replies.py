"""Sentences about one matter that several residents reported."""

from __future__ import annotations

from datetime import datetime

from bot.replies import options
from services.clock import spoken

ON_ITS_OWN = "好的，{number} 单独办，办好了告诉您。"
JOINED_DONE = "好的，{number} 并入已办结的 {into}，不用再办了。又坏了的话，请回复：不满意 {number}"
LEFT = "好的，{number} 不再跟着办 {into} 了，以后不会再通知您这件事。"
SAME_OR_NOT = ("是同一件，一起办", "不是，单独办")
GOOD_OR_NOT = ("好了，不用再办", "还没好，接着办")


def already_reported(number: int, category: str, where: str, status: str) -> str:
    """Another resident reported the same; of theirs number, category, place and state are told, no more."""
    known = f"已经有人反映：{number}（{category}，{where}），{status}。您说的是同一件吗？回复数字："
    return f"{known}\n{options(SAME_OR_NOT)}\n不回也没关系，您的照常办。"


def already_yours(number: int, category: str, where: str, status: str) -> str:
    """They reported the same some days ago."""
    known = f"您反映过：{number}（{category}，{where}），{status}。说的是同一件吗？回复数字："
    return f"{known}\n{options(SAME_OR_NOT)}\n不回也没关系，这一件照常办。"


def already_done(number: int, category: str, where: str, at: datetime) -> str:
    """Another resident reported the same, and it has been done."""
    known = f"已经有人反映过：{number}（{category}，{where}），{spoken(at)} 已办结。现在好了吗？回复数字："
    return f"{known}\n{options(GOOD_OR_NOT)}\n不回也没关系，您的照常办。"


def joined_to(number: int, into: int, owner: str, accepted: bool) -> str:
    """Theirs is handled together with the other one."""
    state = "正在办" if accepted else "已收到"
    return (
        f"好的，您的 {number} 和 {into} 一起办，{owner}{state}，办好了告诉您。\n"
        f"有新情况接着写就行；问进展请回复：进度 {number}"
    )


def numbered(number: int, into: int) -> str:
    """The number of an appeal, with that of the one that it is handled within."""
    return str(number) if number == into else f"{number}（和 {into} 一起办）"


def together(into: int, status: str) -> str:
    """The state of an appeal that is handled within another one."""
    return f"已并案，和 {into} 一起办理，{status}"


def supported(others: int) -> str:
    """How many others report the same; who they are is nobody's business."""
    return f"另有 {others} 位居民反映" if others else ""
