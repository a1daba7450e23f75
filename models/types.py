"""The closed lists of the field: what may stand in an enum column, with its Chinese name.

Values are stored, `label` is what residents and staff read.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A stored value with a Chinese label."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Create the member, `label` is the Chinese name shown to people."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class AreaLevel(Labelled):
    """Level of an area above the communities."""

    CITY = "city", "市"
    DISTRICT = "district", "区县"
    TOWN = "town", "镇街"


class AppealKind(Labelled):
    """What a resident wants from us."""

    DIFFICULTY = "difficulty", "困难"
    SUGGESTION = "suggestion", "建议"
    QUESTION = "question", "咨询"


class Urgency(Labelled):
    """How fast an appeal must move."""

    NORMAL = "normal", "一般"
    URGENT = "urgent", "紧急"
    EMERGENCY = "emergency", "突发险情"


class AppealStatus(Labelled):
    """Where an appeal stands in its life."""

    SUBMITTED = "submitted", "待受理"
    ASSIGNED = "assigned", "已派单"
    ACCEPTED = "accepted", "办理中"
    RETURNED = "returned", "已退回"
    SUSPENDED = "suspended", "挂起"
    RESOLVED = "resolved", "已办结"
    CLOSED = "closed", "已归档"
    CANCELLED = "cancelled", "已撤回"
    MERGED = "merged", "已并案"


class Role(Labelled):
    """Who acts. SYSTEM is the product itself (timers, routing)."""

    CITY = "city", "市级民政"
    TOWN = "town", "镇街民政"
    COMMUNITY_STAFF = "community_staff", "村社区工作人员"
    GRID_LEADER = "grid_leader", "网格长"
    GRID_MEMBER = "grid_member", "网格员"
    ORGANIZATION_MANAGER = "organization_manager", "社会组织负责人"
    ORGANIZATION_MEMBER = "organization_member", "社会组织成员"
    RESIDENT = "resident", "居民"
    SYSTEM = "system", "系统"


class AssigneeKind(Labelled):
    """Who can own an appeal."""

    ORGANIZATION = "org", "社会组织"
    GRID_MEMBER = "grid", "网格员"
    STAFF = "staff", "工作人员"


class AssignmentEnd(Labelled):
    """How an assignment ended."""

    HANDED_OVER = "handed_over", "转派"
    RETURNED = "returned", "退单"
    REASSIGNED = "reassigned", "改派"
    ESCALATED = "escalated", "升级督办"
    UNREACHABLE = "unreachable", "推送不到"
    FINISHED = "finished", "办结"
    CANCELLED = "cancelled", "撤回"


class KeywordOrigin(Labelled):
    """Where a keyword's weight comes from."""

    MANUAL = "manual", "人工"
    LEARNED = "learned", "学习"


class LessonKind(Labelled):
    """What became of a prediction."""

    CORRECTED = "corrected", "更正"
    CONFIRMED = "confirmed", "确认"
    REJECTED = "rejected", "退单"


class VersionState(Labelled):
    """Where a version of the learned words stands."""

    RUNNING = "running", "学习中"
    ACTIVE = "active", "使用中"
    SPARE = "spare", "备用"
    REFUSED = "refused", "未采用"
    FAILED = "failed", "失败"


class AttachmentKind(Labelled):
    """What a resident attached."""

    IMAGE = "image", "照片"
    VOICE = "voice", "语音"
    VIDEO = "video", "视频"
    LOCATION = "location", "位置"
    LINK = "link", "链接"


class AttachmentState(Labelled):
    """Whether the media behind an attachment is safely ours."""

    WANTED = "wanted", "待下载"
    STORED = "stored", "已保存"
    LOST = "lost", "已失效"
    NONE = "none", "无文件"


class InboundState(Labelled):
    """Where an inbound message stands."""

    RECEIVED = "received", "已收到"
    DONE = "done", "已处理"
    FAILED = "failed", "处理失败"


class ReplyMode(Labelled):
    """How the words of an answer reach the resident."""

    PASSIVE = "passive", "直接回复"
    DEFERRED = "deferred", "稍后推送"


class Channel(Labelled):
    """A way to reach a person."""

    TEMPLATE = "template", "模板消息"
    SUBSCRIBE = "subscribe", "订阅消息"
    CUSTOMER = "customer", "客服消息"


class DeliveryState(Labelled):
    """Where a delivery stands. FELL_BACK: the next channel has taken over."""

    PENDING = "pending", "待推送"
    SENT = "sent", "已送达微信"
    FELL_BACK = "fell_back", "改走其他渠道"
    DEAD = "dead", "推送失败"
    STOOD_DOWN = "stood_down", "已取消"


class Notice(Labelled):
    """What a delivery tells."""

    ASSIGNED = "assigned", "新派单"
    PROGRESS = "progress", "办理进展"
    ALERT = "alert", "险情提醒"
    REMIND = "remind", "时限提醒"
    ESCALATED = "escalated", "升级督办"
    STAND_DOWN = "stand_down", "警报解除"
    ASKED = "asked", "补充询问"
    ANSWERED = "answered", "补充答复"
    SUPERVISOR = "supervisor", "督办通知"
    REPLY = "reply", "稍后回复"
    PLACE = "place", "报名通知"
    REMINDER = "reminder", "活动提醒"


class Timer(Labelled):
    """What the clock will do next to an appeal."""

    REMIND_ACCEPT = "remind_accept", "提醒接单"
    ESCALATE_ACCEPT = "escalate_accept", "接单超时"
    REMIND_RESOLVE = "remind_resolve", "提醒办结"
    ESCALATE_RESOLVE = "escalate_resolve", "办结超时"
    RESUME = "resume", "挂起到期"
    CLOSE_SILENT = "close_silent", "无评价归档"


class Rating(Labelled):
    """A resident's verdict after resolving."""

    HAPPY = "happy", "满意"
    FAIR = "fair", "一般"
    UNHAPPY = "unhappy", "不满意"


class DependantKind(Labelled):
    """Whom a resident signs up besides themself."""

    CHILD = "child", "孩子"
    ELDER = "elder", "老人"


class OfferingKind(Labelled):
    """What residents sign up for."""

    ACTIVITY = "activity", "活动"
    VENUE = "venue", "场地"
    PLOT = "plot", "菜地"
    SHIFT = "shift", "志愿服务"

    @property
    def fills_time(self) -> bool:
        """Whether a person can be at only one of these at a time; a plot is theirs for a season."""
        return self is not OfferingKind.PLOT


class OfferingState(Labelled):
    """Where an offering stands."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    CLOSED = "closed", "已结束"
    ARCHIVED = "archived", "已归档"


class SlotState(Labelled):
    """Whether a slot takes place."""

    OPEN = "open", "开放"
    CALLED_OFF = "called_off", "已取消"


class Attendance(Labelled):
    """What staff say of the attendance of a slot; unsaid, it counts where anybody checked in."""

    UNSAID = "unsaid", "未说明"
    TAKEN = "taken", "已点名"
    WAIVED = "waived", "没有点名，不计未到场"


class CheckInWay(Labelled):
    """How somebody was checked in."""

    CODE = "code", "扫居民签到码"
    ROOM = "room", "扫现场码"
    NAME = "name", "工作人员点名"


class HoursOrigin(Labelled):
    """Where volunteer hours come from."""

    SYSTEM = "system", "系统记录"
    ENTERED = "entered", "手工录入"


class HoursState(Labelled):
    """Whether volunteer hours count."""

    PENDING = "pending", "待审核"
    APPROVED = "approved", "已认定"
    REFUSED = "refused", "未通过"


class WordsOf(Labelled):
    """Where words of a resident stand that others read."""

    SURVEY = "survey", "回访"
    ANSWERS = "answers", "报名时的回答"
    BLOCK_APPEAL = "block_appeal", "暂停报名申诉"


class WordsCheck(Labelled):
    """What WeChat's content check says of words, or why it says nothing."""

    PASSED = "passed", "已通过"
    REVIEW = "review", "微信建议人工看"
    RISKY = "risky", "微信不让发布"
    INACTIVE = "inactive", "居民两小时内没用过小程序，查不了"
    UNAVAILABLE = "unavailable", "微信没有回应，没查成"
    CHAT = "chat", "在聊天里说的，查不了"


class SignUpState(Labelled):
    """Where a sign-up stands."""

    HELD = "held", "已报名"
    WAITING = "waiting", "候补中"
    APPLIED = "applied", "已申请，待抽签"
    OFFERED = "offered", "有名额待接受"
    CANCELLED = "cancelled", "已取消"
    LAPSED = "lapsed", "名额已过期"
    ATTENDED = "attended", "已到场"
    ABSENT = "absent", "未到场"

    @property
    def holds(self) -> bool:
        """Whether its places count as taken."""
        return self in HOLDING

    @property
    def stands(self) -> bool:
        """Whether its people are in the slot or wait for it."""
        return self in STANDING


HOLDING = frozenset({SignUpState.HELD, SignUpState.OFFERED, SignUpState.ATTENDED, SignUpState.ABSENT})
STANDING = HOLDING | {SignUpState.WAITING, SignUpState.APPLIED}
