"""Every sentence of the chat that responders read: their verbs, their appeals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot import replies

MENU_RESPONDER = (
    "办件口令：\n"
    "待办 · 看 1024 · 接单 1024\n"
    "转派 1024 理由 · 退单 1024 理由\n"
    "挂起 1024 下周一 理由 · 恢复 1024\n"
    "问 1024 想问的话 · 回复 1024 想说的话\n"
    "备注 1024 内容 · 办结 1024 结果\n"
    "手上只有一件时，编号可以不写。"
)
FOR_RESPONDERS_ONLY = (
    "这是网格员和社会组织办件用的口令。您要查自己的事，回复“进度”；您是网格员但还没绑定，回复：绑定 绑定码"
)
IN_HAND = "您手上的诉求："
HOW_TO_LOOK = "看详情回复：看 编号"
NOTHING_IN_HAND = "您手上没有待办的诉求。有新的会推送给您；回复“菜单”看全部口令。"
LOOKED_AWAY = "您手上没有能这样办的诉求。回复“待办”看手上的，回复“菜单”看全部口令。"
NEEDS_DAY = "请写明挂起到哪一天，比如：挂起 {number} 下周一 等材料"
WHAT_ABOUT_RESPONDER = "{number} 要做什么？回复：看 {number} / 接单 {number} / 办结 {number} 结果"
NOT_IN_HAND = "编号 {number} 不在您手上。回复“待办”看您手上的。"
NOTED = "已记到 {number} 的备注里。办完请回复：办结 {number} 结果"
NOTED_BEFORE = "（上一句已记为 {number} 的备注）"
NOTED_ELSEWHERE = "您写的话已记到 {number} 的备注里。这件事已不在您手上，回复“待办”看您手上的。"
RESOLVED = "{number} 已办结，已请居民评价。辛苦了！"
QUESTION_SENT = "已问居民，答复会转给您（{number}）。"
WORDS_SENT = "已转告 {number} 的居民。"


def whose(number: int) -> str:
    """A responder wrote without a verb."""
    choices = replies.options((f"回复 {number}", "我自己的事"))
    return f"这是回复 {number}，还是您自己有困难？\n{choices}\n不选的话，10 分钟后记为 {number} 的备注。"


_EXAMPLES = {
    "hand_over": "不归我管，请交给物业",
    "give_back": "我在外地，今天去不了",
    "suspend": "等材料",
    "resolve": "已修好",
    "ask": "您家几栋几单元？",
    "note": "已上门看过",
    "reply": "我家在三组 12 号",
}


def needs_words(verb: str, number: int, word: str, until: date | None = None) -> str:
    """The reason or result is missing; `until` is the day that was written already."""
    day = f"{until.month}月{until.day}日 " if until else ""
    return f"请把内容写在后面，比如：{verb} {number} {day}{_EXAMPLES.get(word, '已处理')}"


def accepted(number: int, until: datetime) -> str:
    """Now in the responder's hands."""
    return f"{number} 已接单，请在{replies.by(until)}前办结，居民已收到通知。看详情回复：看 {number}"


def handed_over(number: int, owner: str) -> str:
    """Somebody else has it now."""
    return f"{number} 已转派给{owner}。"


def given_back(number: int, owner: str) -> str:
    """Returned."""
    return f"{number} 已退单，现在由{owner}负责。"


def suspended(number: int, until: date) -> str:
    """Paused."""
    day = f"{until.month}月{until.day}日"
    return f"{number} 已挂起到{day}，到期自动恢复，居民已收到通知。提前恢复请回复：恢复 {number}"


def resumed(number: int, until: datetime) -> str:
    """Goes on."""
    return f"{number} 已恢复办理，请在{replies.by(until)}前办结。"


def todo_line(number: int, category: str, status: str, until: datetime, *, urgent: bool) -> str:
    """One appeal in hand."""
    mark = "【急】" if urgent else ""
    return f"{mark}{number}（{category}）{status}，{replies.by(until)}前"


def alarm_line(number: int) -> str:
    """An emergency in the list of who was alerted to it, and may accept it."""
    return f"【险情】{number} 等人接单，{accept_hint(number)}"


def accept_hint(number: int) -> str:
    """How to accept."""
    return f"回复：接单 {number}"


_LABELS = (
    "类别",
    "紧急程度",
    "状态",
    "内容",
    "答复",
    "地点",
    "同样反映",
    "联系人",
    "电话",
    "附件",
    "限时",
    "最近",
)


def detail(number: int, values: Sequence[str], actions: str) -> str:
    """What a responder may read about an appeal; `values` in the order of the labels, empty ones hidden."""
    lines = [f"{label}：{words}" for label, words in zip(_LABELS, values, strict=True) if words]
    return replies.joined(f"诉求 {number}", *lines, actions)


MAP = "https://uri.amap.com/marker?position={:.6f},{:.6f}"
"""A point of Chinese maps (longitude, latitude), opened by a tap."""

Attached = tuple[str, str, str]
"""Kind, words and address of what came with an appeal; a file has no address in the chat."""


def attached(everything: Sequence[Attached]) -> str:
    """What came with an appeal, and how to see it."""
    files = "、".join(kind for kind, _, where in everything if not where)
    shown = [" ".join(part for part in one if part) for one in everything if one[2]]
    return "；".join([*([f"{files}（请向工作人员要来看）"] if files else []), *shown])


def detail_actions(number: int, *, waiting: bool) -> str:
    """What can be done next."""
    if waiting:
        return f"回复：接单 {number} / 转派 {number} 理由 / 退单 {number} 理由"
    return f"回复：办结 {number} 结果 / 问 {number} 想问的话 / 挂起 {number} 日期 理由"


def post_bound(title: str) -> str:
    """Bound to a post by a code."""
    return f"绑定好了，您现在是：{title}。新的诉求会推送到这里。\n{MENU_RESPONDER}"
