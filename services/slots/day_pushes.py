"""What residents are told around the day itself, in plain Chinese: reminders, absences, blocks, answers."""

from __future__ import annotations

from datetime import datetime

from models import Slot
from services.clock import CHINA, spoken
from services.slots.pushes import Payload, payload

APPEAL = "有特殊情况，请回复：申诉 加上原因"


def reminder(slot: Slot, *, tomorrow: bool, may_cancel: bool) -> Payload:
    """The slot is near. `may_cancel`: they can still give their places back by themselves."""
    title = slot.offering.title
    when = f"明天 {slot.starts_at.astimezone(CHINA):%H:%M}" if tomorrow else spoken(slot.starts_at)
    where = f"，{slot.offering.place}" if slot.offering.place else ""
    leave = f"去不了请回复：取消 {title}" if may_cancel else "去不了请告诉村（社区）工作人员。"
    text = f"提醒您：「{title}」{when} 开始{where}。到了请签到。{leave}"
    return payload(slot, text, "即将开始", "到了请签到" if not may_cancel else f"去不了回复：取消 {title}")


def absent(slot: Slot, people: int, times: int, most: int, days: int) -> Payload:
    """Somebody of a sign-up did not come; what happens if it goes on."""
    text = (
        f"您报的「{slot.offering.title}」{spoken(slot.starts_at)}{_who(people)}没有到场，名额空着了。"
        f"下次去不了请提前取消。{days} 天内满 {most} 次不到场，会暂停报名；这是第 {times} 次。"
        "其实到了的，请联系村（社区）工作人员更正。"
    )
    return payload(slot, text, "未到场", f"第{times}次，满{most}次暂停报名")


def blocked(slot: Slot, people: int, times: int, days: int, until: datetime) -> Payload:
    """Absences were too many; until when, and how to appeal."""
    text = (
        f"您报的「{slot.offering.title}」{spoken(slot.starts_at)}{_who(people)}没有到场，"
        f"{days} 天内已经 {times} 次，{spoken(until)}前不能再报名。{APPEAL}，工作人员会看。"
    )
    return payload(slot, text, "暂停报名", "有特殊情况，回复：申诉 原因")


def lifted(slot: Slot, why: str) -> Payload:
    """A block was lifted."""
    return payload(slot, f"您家的暂停报名已经取消，现在可以报名了。{why}", "恢复报名", "现在可以报名了")


def kept(slot: Slot, until: datetime, why: str) -> Payload:
    """An appeal against a block was read, and the block stays."""
    text = f"您的申诉看过了，暂停报名到 {spoken(until)} 不变。工作人员说：{why}"
    return payload(slot, text, "申诉未过", f"{spoken(until)}后可以报名")


def _who(people: int) -> str:
    return "您家 1 位" if people == 1 else f"您家 {people} 位"
