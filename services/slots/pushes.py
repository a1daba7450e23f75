"""What residents are told about their sign-ups, in plain Chinese: pure functions from a slot to a payload."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models import Slot
from services.clock import CHINA, spoken

Payload = dict[str, Any]


def offered(slot: Slot, party: int, until: datetime) -> Payload:
    """Places have become free for somebody who waits."""
    title = slot.offering.title
    text = (
        f"「{title}」{spoken(slot.starts_at)}有 {party} 个名额留给您，保留到 {spoken(until)}。\n"
        f"要的话回复：接受 {title}；不要回复：放弃 {title}"
    )
    return payload(slot, text, "有名额", f"请在 {spoken(until)} 前回复：接受")


def lapsed(slot: Slot) -> Payload:
    """An offer expired."""
    text = f"「{slot.offering.title}」留给您的名额已过期，让给了后面的人。还想去，可以再报名候补。"
    return payload(slot, text, "名额过期", "名额已过期，可再报名")


def called_off(slot: Slot, reason: str) -> Payload:
    """The slot does not take place."""
    text = f"「{slot.offering.title}」{spoken(slot.starts_at)}这一场取消了：{reason}。回复“活动”看其他的。"
    return payload(slot, text, "已取消", reason)


def taken_off(slot: Slot, reason: str) -> Payload:
    """Staff cancelled one sign-up."""
    text = f"您报的「{slot.offering.title}」{spoken(slot.starts_at)}已由工作人员取消：{reason}。"
    return payload(slot, text, "已取消", reason)


def too_few(least: int, came: int) -> str:
    """Why the clock called a slot off."""
    return f"报名的人不够（至少 {least} 人，报了 {came} 人）"


def transferred(slot: Slot, before: datetime) -> Payload:
    """Staff moved a sign-up to this slot."""
    title = slot.offering.title
    text = f"您报的「{title}」由 {spoken(before)} 换到 {spoken(slot.starts_at)}了。去不了请回复：取消 {title}"
    return payload(slot, text, "已换场", f"原来是 {spoken(before)}")


def renewal(slot: Slot, until: datetime) -> Payload:
    """The household may keep what it holds for another season."""
    title = slot.offering.title
    text = (
        f"「{title}」新一季（{spoken(slot.starts_at)}开始）可以续租了，{spoken(until)} 前您家优先。\n"
        f"要续请回复：报名 {title}"
    )
    return payload(slot, text, "可以续租", f"请在 {spoken(until)} 前续租")


def won(slot: Slot, number: int) -> Payload:
    """The lot gave them a place."""
    title = slot.offering.title
    text = f"抽签结果：「{title}」您抽中了（申请号 {number}）。不要了请回复：取消 {title}"
    return payload(slot, text, "已抽中", f"申请号 {number}，抽中了")


def waits(slot: Slot, number: int, place: int) -> Payload:
    """The lot put them into the line, `place` counts from 1."""
    title = slot.offering.title
    text = (
        f"抽签结果：「{title}」这次没抽中（申请号 {number}），排在候补第 {place} 位，有人退出马上告诉您。\n"
        f"不等了请回复：取消 {title}"
    )
    return payload(slot, text, "候补", f"申请号 {number}，候补第 {place} 位")


def survey(slot: Slot, until: datetime) -> Payload:
    """It is over, and they came: how was it?"""
    title, last = slot.offering.title, spoken(until)
    text = (
        f"谢谢您来参加「{title}」。觉得怎么样？请回复：评价 {title} 5分，后面可以写上想说的话"
        f"（最好 5 分，最差 1 分）。也可以在小程序“我的报名”里评价，{last} 前都可以改。"
    )
    return payload(slot, text, "已结束", "回复“评价”，说说怎么样")


def payload(slot: Slot, text: str, status: str, words: str) -> Payload:
    """`text` in full, and the card of the slot with `status` (at most five characters) and `words`."""
    moment = slot.starts_at.astimezone(CHINA)
    fields = {
        "name": slot.offering.title,
        "at": f"{moment:%Y-%m-%d %H:%M}",
        "place": slot.offering.place or "见通知",
        "status": status,
        "words": words,
    }
    return {"text": text, "fields": fields}
