"""What residents and holders are told when an appeal moves, in plain Chinese; one function a sentence.

Words for residents follow 「您的诉求 1024：」. Words for holders never hold those of the resident.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from models import Appeal, AttachmentKind, Category, Rating
from services import notices
from services.clock import spoken


def day(one: date) -> str:
    """`12月1日`."""
    return f"{one.month}月{one.day}日"


def accepted(who: str, resolve_by: datetime) -> str:
    """Somebody took it on."""
    return f"{who}已接单，最迟 {spoken(resolve_by)} 办结。"


def moved_on(who: str) -> str:
    """Somebody else has it now."""
    return f"已转给{who}办理，有进展会告诉您。"


def at_community(who: str) -> str:
    """It came back twice; the community decides."""
    return f"已交{who}研究，由村（社区）定人办理。"


def suspended(until: date, reason: str) -> str:
    """It waits for something."""
    return f"暂时挂起到{day(until)}，原因：{reason}。到期自动接着办。"


def resumed(resolve_by: datetime) -> str:
    """It goes on."""
    return f"已恢复办理，最迟 {spoken(resolve_by)} 办结。"


def resolved(number: int, result: str) -> str:
    """It is done, and how to rate it."""
    how = f"满意 {number}，或：一般 {number}，或：不满意 {number}"
    return f"已办结：{result}。办得怎么样？请回复：{how}"


def twin_resolved(number: int, result: str) -> str:
    """For a follower: the appeal that theirs was merged into is done; both verdicts are heard."""
    how = f"好了请回复：满意 {number}；您这边还没好，请回复：不满意 {number}"
    return f"与它合并的那件事已办结：{result}。{how}"


def twin_accepted(who: str, resolve_by: datetime) -> str:
    """For a follower: somebody took it on."""
    return f"与它合并的那件事{who}已接单，最迟 {spoken(resolve_by)} 办结。"


def twin_suspended(until: date) -> str:
    """For a follower: it waits; the reason may concern the other resident."""
    return f"与它合并的那件事暂时挂起到{day(until)}，到期自动接着办。"


def twin_resumed(resolve_by: datetime) -> str:
    """For a follower: it goes on."""
    return f"与它合并的那件事已恢复办理，最迟 {spoken(resolve_by)} 办结。"


def twin_closed(number: int) -> str:
    """For a follower: staff closed it; the reason may concern the other resident."""
    return f"与它合并的那件事已归档。如果您这边还没解决，请回复：不满意 {number}"


def twin_reopened(who: str) -> str:
    """For a follower: it was not done well enough."""
    return f"与它合并的那件事已重新办理，由{who}负责。"


def on_its_own(who: str) -> str:
    """For a follower: whoever reported the other one took it back, theirs goes on."""
    return f"与它合并的那件事对方已撤回，您的接着办，由{who}负责。"


def withdrawn_by_one(number: int) -> str:
    """For the holder: others still wait for the same."""
    return f"提出的居民已撤回，还有别的居民反映同一件事，请接着按 {number} 办。"


def closed(number: int, reason: str) -> str:
    """Staff closed it."""
    return f"已归档：{reason}。如果还没解决，请回复：不满意 {number}"


def merged() -> str:
    """It is handled together with another of the same matter."""
    return "和另一件相同的诉求合并办理，办好了一并告诉您。"


def alarm_merged(into: int) -> str:
    """For whoever was alerted: the same danger goes on under the other number."""
    return f"和险情 {into} 是同一件事，已并入。险情没有解除，请按 {into} 处理，回复：看 {into}"


def split_off(number: int, who: str) -> str:
    """One of its two matters got a number of its own."""
    return f"其中另一件事单独立为诉求 {number}，由{who}办理。"


def reopened(who: str) -> str:
    """The same hands do not get it again."""
    return f"已重新办理，由{who}负责，不再由原来的经办人办。"


def escalated(who: str) -> str:
    """Nobody accepted it in time."""
    return f"超时没有人接单，已升级督办，由{who}负责。"


def late() -> str:
    """It is not resolved in time."""
    return "没有按时办结，已报上级督办。"


def recategorized(category: Category, who: str) -> str:
    """The category was put right; a delicate one is not named."""
    if category.delicate:
        return f"类别已更正，由{who}办理，只有办理的人能看到内容。"
    return f"类别更正为「{category.name}」，由{who}办理。"


def redated(resolve_by: datetime) -> str:
    """For the resident and the holder: the right category has another time to resolve."""
    return f"类别已更正，办结期限改为 {spoken(resolve_by)}。"


def said(who: str, words: str) -> str:
    """Words of whoever handles it."""
    return f"{who}回复您：{words}"


def quiet_close() -> str:
    """Nobody rated it."""
    return "办结七天没有收到评价，自动归档"


def withdrawn() -> str:
    """For the holder: nothing is left to do."""
    return "居民已撤回，不用再办了。"


def taken_away(reason: str) -> str:
    """For the holder: staff ended it or gave it to somebody else."""
    return f"{reason}，您不用再办了。"


def rated(rating: Rating, words: str) -> str:
    """For whoever resolved it."""
    return f"居民评价「{rating.label}」{'：' + words if words else ''}。"


def remind_accept(accept_by: datetime, number: int) -> str:
    """For the holder: accept soon."""
    return f"请在 {spoken(accept_by)} 前接单，回复：接单 {number}"


def remind_resolve(resolve_by: datetime, number: int) -> str:
    """For the holder: resolve soon."""
    return f"请在 {spoken(resolve_by)} 前办结，回复：办结 {number} 结果"


def passed_over(who: str) -> str:
    """For the former holder: the time to accept is over."""
    return f"超时没有接单，已升级给{who}，您不用再办了。"


def still_waiting(number: int) -> str:
    """For the end of the chain: nobody above can take it."""
    return f"一直没有接单，上面没有别人了，请尽快处理，回复：接单 {number}"


def overdue(resolve_by: datetime) -> str:
    """For the holder: it is late and the supervisor knows."""
    return f"已过办结期限 {spoken(resolve_by)}，已报上级督办，请尽快办结。"


def watch(who: str, resolve_by: datetime) -> str:
    """For the supervisor: somebody below is late."""
    return f"{who}没有在 {spoken(resolve_by)} 前办结，请督促。"


def resumes_today(resolve_by: datetime) -> str:
    """For the holder: the suspension is over."""
    return f"挂起到期，已恢复办理，请在 {spoken(resolve_by)} 前办结。"


WORDS, VOICE, CALL = "文字", AttachmentKind.VOICE.label, "想请您联系"
"""What may come from a resident, besides the kinds of attachments."""


def supplemented(appeal: Appeal, came: Sequence[str]) -> dict[str, Any]:
    """The payload for the holder: what came, the wish to be called (`CALL`) behind the rest.

    Nothing but a person can have listened to a voice.
    """
    look = f"请回复：看 {appeal.number}"
    added = "、".join(one for one in came if one != CALL)
    said = "，".join(
        part for part in (f"补充了{added}" if added else "", CALL if CALL in came else "") if part
    )
    listen = "（语音请向工作人员要来听）" if VOICE in came else ""
    payload = for_holder(appeal, f"居民{said}{listen}，{look}")
    return payload | {"fields": payload["fields"] | {"words": f"{look}，居民{said}"}}


def for_holder(appeal: Appeal, words: str) -> dict[str, Any]:
    """The payload of plain words for whoever holds, or held, the appeal."""
    return notices.progress(appeal, words) | {"text": f"诉求 {appeal.number}：{words}"}
