"""Every sentence that is pushed, in plain Chinese: pure functions from facts to a payload.

A payload is `{"text": the words in full, "fields": {...}}`: the text for a customer-service message, the
fields for a template card, whose values are cut to what the platform allows. A push to whoever handles an
appeal never holds the name, phone or first words of the resident; of a delicate matter it holds the number
and by when to accept alone. An answer that a handler asked for is passed on as it was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from models import Appeal, Category, Notice, Urgency
from services.clock import CHINA, now, spoken
from services.place_words import where

Payload = dict[str, Any]

LOOK = "请回复：看 {number}"
SECRET = "保密诉求"  # noqa: S105 - a label, no password
HIDDEN = "查看后可见"
REPEATED = "（可能重复）"
_CARD_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Layout:
    """One template as it is chosen on the platform: `family` is its key in the settings of the account.

    `slots`: field of the payload -> key of the template, which names the kind of the field; `labels`: what
    stands before the value on the card.
    """

    family: str
    title: str
    slots: Mapping[str, str]
    labels: Mapping[str, str]

    @classmethod
    def of(cls, family: str, title: str, **fields: tuple[str, str]) -> Layout:
        """`fields`: field of the payload = (key, label), in the order of the card."""
        slots = {name: key for name, (key, _) in fields.items()}
        labels = {key: label for key, label in fields.values()}
        return cls(family, title, MappingProxyType(slots), MappingProxyType(labels))


_TASK = Layout.of(
    "assigned",
    "派单通知",
    number=("character_string1", "诉求编号"),
    category=("thing2", "类别"),
    grid=("thing3", "地点"),
    deadline=("time4", "接单时限"),
    words=("thing5", "提示"),
)
_STEP = Layout.of(
    "progress",
    "办理进度通知",
    number=("character_string1", "诉求编号"),
    status=("phrase2", "状态"),
    words=("thing3", "说明"),
    at=("time4", "时间"),
)
_ALARM = Layout.of(
    "alert",
    "险情通知",
    number=("character_string1", "诉求编号"),
    grid=("thing2", "地点"),
    words=("thing3", "情况"),
    at=("time4", "时间"),
)
_PLACE = Layout.of(
    "place",
    "报名通知",
    name=("thing1", "名称"),
    at=("time2", "时间"),
    place=("thing3", "地点"),
    status=("phrase4", "状态"),
    words=("thing5", "说明"),
)
_SOON = Layout.of(
    "remind",
    "活动提醒",
    name=("thing1", "名称"),
    at=("time2", "时间"),
    place=("thing3", "地点"),
    words=("thing4", "提示"),
)
LAYOUTS: Mapping[Notice, Layout] = MappingProxyType(
    {
        Notice.ASSIGNED: _TASK,
        Notice.PROGRESS: _STEP,
        Notice.REMIND: _STEP,
        Notice.ESCALATED: _STEP,
        Notice.SUPERVISOR: _STEP,
        Notice.ASKED: _STEP,
        Notice.ANSWERED: _STEP,
        Notice.ALERT: _ALARM,
        Notice.STAND_DOWN: _STEP,
        Notice.PLACE: _PLACE,
        Notice.REMINDER: _SOON,
    }
)
"""Which template a notice uses. `Notice.REPLY` has none: an answer in a chat is words."""


def assigned(
    appeal: Appeal, *, category: Category, grid_name: str, deadline: datetime, community_name: str
) -> Payload:
    """A new appeal for whoever holds it now; `deadline` is by when to accept."""
    number = appeal.number
    watched = "【督办】" if appeal.escalation else ""
    if _secret(appeal, category):
        look = f"{LOOK.format(number=number)}，确认后在 {spoken(deadline)} 前回复：接单 {number}"
        text = f"{watched}有一件需要保密的诉求 {number} 派给您。{look}"
        return _payload(
            text,
            number,
            category=watched + SECRET,
            grid=HIDDEN,
            deadline=deadline,
            words=f"回复：看 {number}",
        )
    place = where(community_name, grid_name)
    urgent = watched + (f"【{appeal.urgency.label}】" if appeal.urgency is not Urgency.NORMAL else "")
    text = (
        f"{urgent}新派单 {number}\n"
        f"类别：{category.name}\n"
        f"网格：{place}\n"
        f"请在 {spoken(deadline)} 前接单\n"
        f"回复：接单 {number} / 看 {number}"
    )
    words = _accept_or_look(number)
    return _payload(
        text, number, category=f"{urgent}{category.name}", grid=place, deadline=deadline, words=words
    )


def alert(
    appeal: Appeal, *, category: Category, grid_name: str, community_name: str, numbers: str = ""
) -> Payload:
    """An emergency; `numbers` are the emergency numbers that fit it (`119`), already told to the resident."""
    number = appeal.number
    if _secret(appeal, category):
        text = f"【突发险情】{number}，请马上处理。\n回复：接单 {number} / 看 {number}"
        return _payload(text, number, grid=HIDDEN, words=_accept_or_look(number), at=now())
    place = where(community_name, grid_name)
    told = f"已告知居民拨打 {numbers}。" if numbers else ""
    text = f"【突发险情】{number}，{place}。{told}请马上处理。\n回复：接单 {number} / 看 {number}"
    return _payload(text, number, grid=place, words=_accept_or_look(number), at=now())


def stand_down_words(appeal: Appeal, *, who: str = "居民", why: str = "确认是误报") -> Payload:
    """An alarm is over; `who` took it back, `why` says how."""
    number = appeal.number
    text = f"【警报解除】{number} 已由{who}{why}，不用再处理。"
    return _payload(text, number, status="警报解除", words=f"{why}，不用再处理", at=now())


def progress(appeal: Appeal, words: str, *, status: str = "") -> Payload:
    """A step of their own appeal for the resident. `words` tell it; `status` defaults to where it stands."""
    return _step(appeal, f"您的诉求 {appeal.number}：{words}", words, status=status)


def remind(appeal: Appeal, words: str) -> Payload:
    """A deadline comes close; `words` say what is expected and by when."""
    return _step(appeal, f"【时限提醒】{appeal.number}：{words}\n{_look(appeal)}", words)


def escalated(appeal: Appeal, words: str) -> Payload:
    """A deadline has passed; `words` say what happened and who holds the appeal now."""
    return _step(appeal, f"【督办】{appeal.number}：{words}\n{_look(appeal)}", words, status="督办")


def supervisor(appeal: Appeal, words: str) -> Payload:
    """Something that whoever supervises the owner must know."""
    return _step(appeal, f"【督办通知】{appeal.number}：{words}\n{_look(appeal)}", words, status="督办")


def asked(appeal: Appeal, words: str, *, who: str = "") -> Payload:
    """A question for the resident from whoever handles the appeal; their next words answer it."""
    number = appeal.number
    text = f"{who or '办理人'}想问您（诉求 {number}）：{words}\n请直接回复，我们会转达。"
    return _step(appeal, text, words, status="请您补充")


def answered(appeal: Appeal, words: str, *, delicate: bool = False) -> Payload:
    """The resident's answer for whoever asked; a delicate one has to be looked up."""
    number = appeal.number
    short = f"居民已答复，回复：看 {number}"
    secret = delicate or appeal.about_conduct
    text = f"诉求 {number}：{short}" if secret else f"诉求 {number} 的居民答复：{words}\n{_look(appeal)}"
    return _step(appeal, text, short, status="居民答复")


def reply(words: str) -> Payload:
    """Words of the conversation that come later than the five seconds WeChat waits."""
    return {"text": words, "fields": {}}


def template_values(notice: Notice, fields: Mapping[str, str], *, repeat: bool) -> dict[str, str]:
    """The fields under the keys of the notice's template, marked when the card may have been seen before.

    Not yet cut to the platform's rules. Raises: KeyError for a notice without a template.
    """
    mark = REPEATED if repeat else ""
    return {
        key: (mark if name == "words" else "") + str(fields.get(name, ""))
        for name, key in LAYOUTS[notice].slots.items()
    }


def _step(appeal: Appeal, text: str, words: str, *, status: str = "") -> Payload:
    return _payload(text, appeal.number, status=status or appeal.status.label, words=words, at=now())


def _payload(text: str, number: int, **facts: str | datetime) -> Payload:
    said = {name: _card(value) if isinstance(value, datetime) else value for name, value in facts.items()}
    return {"text": text, "fields": {"number": str(number), **said}}


def _card(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _look(appeal: Appeal) -> str:
    return f"回复：看 {appeal.number}"


def _accept_or_look(number: int) -> str:
    """Both ways on, as long as they fit the twenty characters of a card; at last the more urgent one."""
    ways = (f"回复：接单 {number} / 看 {number}", f"接单 {number} / 看 {number}", f"回复：接单 {number}")
    return next((one for one in ways if len(one) <= _CARD_LENGTH), ways[-1])


def _secret(appeal: Appeal, category: Category) -> bool:
    return category.delicate or appeal.about_conduct
