"""Sentences about what residents sign up for: lists, answers, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.replies import joined, options
from services.clock import CHINA, spoken

NOTHING_ON = "现在没有可以报名的活动和场地。有了新的，回复“活动”就能看到。"
NO_SIGN_UPS = "您还没有报名。回复“活动”看正在报名的。"
WHAT_TO_SIGN_UP = "要报哪一个？请写上名称，比如：报名 四点半学堂"
LISTED = "正在报名的，回复数字报名，其他时间请回复：报名 加上名称"
WHICH = "有几场，要报哪一场？回复数字："
NO_OFFER = "现在没有等您答复的名额。回复“我的”看已报的，回复“活动”看正在报名的。"


def unknown(words: str) -> str:
    """No offering bears this name."""
    return f"没有找到正在报名的「{words[:20]}」。回复“活动”看有哪些。"


def where_first(ask: str) -> str:
    """What is open is known as soon as their community is."""
    return joined("各村（社区）的活动不一样，请先选您的，再报名。", ask)


def not_theirs(title: str) -> str:
    """They named something that they have not signed up for, or that is over."""
    return f"您家没有可以取消或等您答复的「{title}」。回复“我的”看已报的，要报请回复：报名 {title}"


def which_offer(word: str, titles: Sequence[str]) -> str:
    """Several offers wait, and the word names none."""
    return joined("有几个名额等您答复，请写上名称：", *(f"{word} {one}" for one in dict.fromkeys(titles)))


def line(title: str, starts_at: datetime, ends_at: datetime, place: str, free: int, waiting: int) -> str:
    """One slot in a list."""
    room = f"还有 {free} 个名额" if free > 0 and not waiting else f"满了，可候补（{waiting} 家在等）"
    where = f"，{place}" if place else ""
    return f"{title} {time_of(starts_at, ends_at)}{where}，{room}"


def time_of(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when; the day of the end only where it is another one."""
    ends = ends_at.astimezone(CHINA)
    same = starts_at.astimezone(CHINA).date() == ends.date()
    return f"{spoken(starts_at)}-{f'{ends:%H:%M}' if same else spoken(ends_at)}"


def for_whom(title: str, names: Sequence[str]) -> str:
    """There are dependants in the household."""
    return joined(f"给谁报「{title}」？回复数字：", options(names))


def held(title: str, when: str, place: str, who: str) -> str:
    """A place is theirs."""
    where = f"，{place}" if place else ""
    return f"报好了：{who}，「{title}」{when}{where}。去不了请回复：取消 {title}"


def waits(title: str, when: str, who: str, before: int) -> str:
    """They stand in the line."""
    ahead = f"前面还有 {before} 家" if before else "您排在最前面"
    return f"「{title}」{when}名额满了，已给{who}候补，{ahead}，有名额马上告诉您。不等了请回复：取消 {title}"


def applied(title: str, number: int, closes_at: datetime, who: str) -> str:
    """They take part in the drawing of lots."""
    return (
        f"已给{who}申请「{title}」，申请号 {number}。{spoken(closes_at)}截止后抽签，结果马上告诉您。"
        f"不要了请回复：取消 {title}"
    )


def lot_line(title: str, starts_at: datetime, ends_at: datetime, place: str, capacity: int) -> str:
    """One season in a list, whose places are given by lot."""
    where = f"，{place}" if place else ""
    return f"{title} {time_of(starts_at, ends_at)}{where}，共 {capacity} 块，申请后抽签"


def mine(lines: Sequence[str]) -> str:
    """What the household has signed up for."""
    return joined("您家报的：", *lines, "取消请回复：取消 加上名称")


def party(names: Sequence[str], places: int) -> str:
    """Who comes, and how many they are where some have no name."""
    who = "、".join(names)
    return f"{who}，共 {places} 个名额" if places > len(names) else who


def mine_line(title: str, when: str, who: str, state: str) -> str:
    """One sign-up."""
    return f"{title} {when}（{who}）{state}"


def cancelled(title: str, when: str) -> str:
    """Their places are free again."""
    return f"「{title}」{when}已取消，名额让给别人了。想再去，回复：报名 {title}"


def accepted(title: str, when: str, place: str) -> str:
    """The offered places are theirs."""
    where = f"，{place}" if place else ""
    return f"好的，「{title}」{when}{where}，名额是您的了。去不了请回复：取消 {title}"


def which_to_cancel(lines: Sequence[str]) -> str:
    """Several sign-ups bear the name."""
    return joined("要取消哪一个？回复数字：", options(lines))


def consent(name: str) -> str:
    """Entering somebody else needs a yes."""
    ask = f"要登记{name}的称呼和出生日期，只用来报名、核对年龄，您随时可以要求删除。同意吗？回复数字："
    return joined(ask, options(("同意", "不同意")))


def entered(name: str) -> str:
    """A dependant is there."""
    return f"登记好了：{name}。报名时会问您给谁报，回复“活动”看正在报名的。"


WHY_APPEAL = "请写明没有到场的原因，比如：申诉 那天住院了"
APPEALED = "您的申诉收到了，工作人员看过以后告诉您结果。"
NOT_ENTERED = "好的，没有登记。"
BORN = "记下了。回复“活动”看正在报名的。"
NOT_SIGNED_UP = "好的，没有报名。想报的时候回复“活动”。"


def asked(title: str, label: str, number: int, count: int) -> str:
    """One of the questions that have to be answered before signing up."""
    which = f"（第 {number} 个，共 {count} 个）" if count > 1 else ""
    return f"报「{title}」还要问一下{which}：{label}\n请直接回复，不报了请回复：不报了"


def answer_or_matter(label: str) -> str:
    """What was said may answer the question, or tell of something else."""
    return joined(f"这句话是回答「{label}」，还是另外反映的事？回复数字：", options(("是回答", "另外的事")))


def filed_instead(told: str, title: str) -> str:
    """The words were a matter of their own; the sign-up is still to be made."""
    return joined(told, f"要接着报名，请回复：报名 {title}")


NO_SURVEY = "现在没有等您评价的活动。参加过的，结束后两周内可以评价。"


def how_to_survey(titles: Sequence[str]) -> str:
    """What may be answered for now, and how to write it."""
    named = "、".join(f"「{one}」" for one in titles)
    return (
        f"可以评价的有：{named}。请写上名称和几分，后面可以写想说的话，"
        f"比如：评价 {titles[0]} 5分 老师讲得好（最好 5 分，最差 1 分）"
    )


def surveyed(title: str, rating: int | None, words: str, left: Sequence[str]) -> str:
    """What was said of an offering is kept; `left` are questions that the chat does not ask."""
    kept = "，".join(one for one in (f"{rating} 分" if rating else "", f"“{words}”" if words else "") if one)
    more = f"还有问题（{'、'.join(left)}），可以在小程序“我的报名”里答。" if left else ""
    return f"谢谢您！「{title}」记下了：{kept}。想改，照样再回复一次。{more}"


def asks_no_words(title: str) -> str:
    """The offering asks for ratings alone."""
    return f"「{title}」只问打分，请写上几分，比如：评价 {title} 5分。有话要说，直接发给我们就行。"


def asks_no_rating(title: str) -> str:
    """The offering asks for words alone."""
    return f"「{title}」不用打分，请写上想说的话，比如：评价 {title} 老师讲得好"


def rates_an_appeal(number: int) -> str:
    """The number of an appeal stands behind 评价."""
    return f"评价诉求请回复：满意 {number}，或者：不满意 {number} 加上原因"
