"""Every sentence of the chat that residents read. A refusal says what to do next; none is a dead end.

What responders read stands in `responder_replies.py`, alarms and joining in files of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.clock import china_today, spoken
from services.place_words import where

MENU = (
    "我能帮您：\n"
    "1 反映困难、提建议、咨询\n"
    "2 查办理进展\n"
    "3 找工作人员\n"
    "4 选择村（社区）和网格\n"
    "5 看活动和场地，报名\n"
    "回复数字就行；有事也可以直接写一句话，发照片、语音也可以。"
)
WELCOME = "您好，这里是乡邻。家里、村里有什么困难或建议，直接写一句话发来，也可以发照片、语音，马上有人接。"
GREETING = "您好！有什么困难或建议，直接写一句话发来就行，比如：我家门口路灯不亮。想看能做什么，回复“菜单”。"
THANKS = "不客气，有事随时找我们。"
SAY_IT = "请直接写一句话，说说是什么事、在哪里。也可以发照片或语音。"
NOT_UNDERSTOOD = (
    "没看懂您的意思。有事请直接写一句话，比如：三组路灯不亮。回复“菜单”看能做什么，回复“人工”找工作人员。"
)
NOTHING_PENDING = "现在没有要您选数字的问题。有事请直接写一句话，回复“菜单”看能做什么。"
NO_MORE = "后面没有更多内容了。回复“菜单”看能做什么。"
ALL_RIGHT = "好的。有事请直接写一句话，回复“菜单”看能做什么。"
LATER = "消息收到了，我们正在处理，稍后答复您。"
NOTHING_OPEN = "您还没有在办的诉求。有事请直接写一句话，马上有人接。"
NOTHING_TO_RATE = "现在没有等您评价的诉求。回复“进度”看您反映的事办到哪一步。"
NOTHING_TO_WITHDRAW = "您没有可以撤回的诉求。回复“进度”看您反映的事办到哪一步。"
NOTHING_TO_CANCEL = "您没有可以取消的报名，也没有在办的诉求。回复“菜单”看能做什么。"
NOTHING_CANCELLED = "好的，都不取消。回复“进度”看您反映的事，回复“我的”看您的报名。"
WRONG_CODE = "这个绑定码不对，或者已经过期、用过了。请向村（社区）工作人员要一个新的，再回复：绑定 新的码"
HOW_TO_BIND = "没看清绑定码。请只回复：绑定 加上 8 位绑定码。还没有码，请向村（社区）工作人员要一个。"
WANTS_PERSON = "想找工作人员"
LOCATION_OUTSIDE = "收到位置了，但它不在已开通的网格里。请从下面选您的村（社区）。"
WITHDRAWN = "{number} 已撤回。以后有事随时写给我们。"
WITHDRAW_OR_NOT = ("撤回，不用办了", "不撤回，接着办")
GOES_ON = "好的，{number} 接着办。回复“进度”看办到哪一步。"
SUPPLEMENTED = "已补充到 {number}。要说另一件事，请回复：另报 加上内容"
MEDIA_ADDED = "收到，已附到 {number}。要补充什么，接着写就行。"
ANSWERED = "好的，已转告办理 {number} 的人。要说另一件事，请回复：另报 加上内容"
RATED_WELL = "谢谢您的评价，{number} 已归档。有事随时找我们。"
MEANT_ANOTHER = "说的是另一件事，请回复：另报 加上内容"
WHAT_ABOUT = "{number} 要做什么？查进展回复：进度 {number}；不办了回复：撤回 {number}"
NO_ZERO = "没有编号 0 的诉求，请核对号码。回复“进度”看您反映的全部事情。"
NOT_YOURS = "没有找到您的编号 {number}。回复“进度”看您反映的全部事情。"


def options(names: Iterable[str]) -> str:
    """Numbered lines."""
    return "\n".join(f"{place} {name}" for place, name in enumerate(names, start=1))


def filed(number: int, category: str, owner: str, until: datetime) -> str:
    """An appeal has been written down and has an owner."""
    when = by(until)
    return f"记下了，编号 {number}（{category}），已交给{owner}，{when}前会接手。\n{_ask_hint(number)}"


def _ask_hint(number: int) -> str:
    return f"问进展请回复：进度 {number}"


def filed_plainly(number: int, owner: str) -> str:
    """A message that could not be understood by the machine at all."""
    return f"您的消息已转给{owner}，编号 {number}，会有人联系您。"


def alert_failed(attempts: int) -> str:
    """For staff: messages that the machine could not work on."""
    return f"有消息处理失败 {attempts} 次，已转人工，请查看。"


def filed_suggestion(number: int, category: str, owner: str, until: datetime) -> str:
    """A suggestion: an answer is owed."""
    return (
        f"谢谢您的建议，编号 {number}（{category}），已交给{owner}，{by(until)}前会接手，办完一定答复您。\n"
        f"问进展请回复：进度 {number}"
    )


def filed_question(number: int, category: str, owner: str, until: datetime) -> str:
    """A question goes to a person who knows."""
    return (
        f"您的咨询记下了，编号 {number}（{category}），已请{owner}答复，{by(until)}前会接手。\n"
        f"问进展请回复：进度 {number}"
    )


def filed_delicate(number: int, owner: str, until: datetime) -> str:
    """A delicate matter: what it is about is not repeated on the screen."""
    return (
        f"记下了，编号 {number}，已交给{owner}，只有办理的人能看到内容，{by(until)}前会接手。\n"
        f"问进展请回复：进度 {number}"
    )


def really_withdraw(number: int, kept: str) -> str:
    """Words like 不用来了 were kept; only the resident's own choice withdraws."""
    choices = options(WITHDRAW_OR_NOT)
    how = f"回复数字，或回复：撤回 {number}"
    return f"您的话已加到 {kept}，办理的人能看到。{number} 要撤回吗？{how}\n{choices}"


def what_to_cancel(sign_ups: Sequence[str], appeals: Sequence[str]) -> str:
    """A bare 取消 names nothing; the last choice leaves everything as it is."""
    named = (*(f"报名：{one}" for one in sign_ups), *(f"诉求：{one}" for one in appeals))
    return f"要取消哪一个？回复数字：\n{options((*named, '都不取消'))}"


def two_filed(parts: Sequence[str]) -> str:
    """Two topics in one message."""
    return "您说的是两件事，分开办：\n" + "\n".join(parts)


def one_of_two(number: int, category: str, owner: str) -> str:
    """A line of `two_filed`."""
    return f"编号 {number}（{category}），已交给{owner}"


def ask_category(names: Sequence[str]) -> str:
    """Three numbered choices; the appeal has an owner already."""
    return f"请帮忙确认是哪一类，回复数字：\n{options(names)}\n都不是也没关系，工作人员会来确认。"


def category_chosen(number: int, category: str, owner: str) -> str:
    """The resident confirmed the category."""
    return f"好的，{number} 按「{category}」办，由{owner}负责。"


def ask_place(grids: Sequence[str]) -> str:
    """Asked once."""
    if not grids:
        return "在哪里？请写一下地名，或发个位置。"
    return f"在哪个网格？回复数字，也可以写地名或发个位置：\n{options(grids)}"


def ask_which_place(grids: Sequence[str]) -> str:
    """The named place may lie in several grids."""
    return f"这个地方不止一处，是哪个网格的？回复数字，也可以发个位置：\n{options(grids)}"


def place_noted(number: str, place: str) -> str:
    """The place is known now."""
    return f"好的，{number} 的地点记为：{place}。"


def rerouted(number: int, category: str, owner: str) -> str:
    """Further words changed who is right for it."""
    return f"已补充到 {number}，现在按「{category}」办，由{owner}负责。"


def withdraw_hint(number: int) -> str:
    """Behind words like 不用来了, which withdraw nothing by themselves."""
    return f"不用办了的话，回复：撤回 {number}"


def rerouted_delicate(number: int, owner: str) -> str:
    """`rerouted` for a delicate matter: what it is about is not repeated on the screen."""
    return f"已补充到 {number}，已交给{owner}，只有办理的人能看到内容。"


def media_first(number: int, owner: str, what: str) -> str:
    """A photo, voice or place came before any words."""
    return f"{what}收到了，编号 {number}，已交给{owner}。请再写一句：是什么事、在哪里？"


def location_first(number: int, owner: str, where: str) -> str:
    """A location in a known grid came before any words."""
    return f"位置收到了，在{where}，编号 {number}，已交给{owner}。请再写一句：是什么事？"


def voice_first(number: int, owner: str) -> str:
    """A voice that nobody has heard yet."""
    return f"语音收到了，编号 {number}，已请{owner}听。方便的话再写一句：是什么事、在哪里？"


def voice_added(number: str, owner: str) -> str:
    """A voice that nobody has heard yet, for an appeal that is known."""
    return f"语音收到了，已附到 {number}，已请{owner}听。方便的话再写一句。"


def rate_hint(number: int) -> str:
    """How to rate what is resolved."""
    return f"办得怎么样？请回复：满意 {number} / 一般 {number} / 不满意 {number}"


def rated_badly(number: int, owner: str) -> str:
    """Unhappy: somebody else takes it up."""
    return f"对不起，没让您满意。{number} 已重新交给{owner}督办，会有人联系您。您可以接着写还差什么。"


def say_again(verb: str) -> str:
    """A command that was put off for something more urgent."""
    return f"要{verb}的话，没有危险以后再回复：{verb} 编号"


def person_called(number: int, owner: str, until: datetime) -> str:
    """A person has been asked to get in touch."""
    return f"已请{owner}联系您，编号 {number}，{by(until)}前会接手。您也可以先写一句是什么事。"


def person_coming(number: str, owner: str) -> str:
    """Whoever handles the appeal has been asked to get in touch."""
    return f"已请{owner}联系您（{number}）。急事请直接打村（社区）电话；有危险请打 110、120、119。"


def ask_which_answer(waiting: Sequence[tuple[int, str]]) -> str:
    """Several responders asked something; the words wait for the choice."""
    choices = options(f"{number}：{question}" for number, question in waiting)
    return f"您答的是哪一个？回复数字：\n{choices}"


def still_asked(number: int, question: str) -> str:
    """Another question waits for its answer."""
    return f"还有一句想问您（诉求 {number}）：{question}\n请直接回复。"


def which(verb: str) -> str:
    """The number was left out and several fit; they follow."""
    return f"要{verb}哪一件？回复数字，或写上编号："


def which_line(number: int, category: str) -> str:
    """One candidate."""
    return f"{number}（{category}）"


def ask_community(names: Sequence[str]) -> str:
    """Which community; the list is short enough to show."""
    return f"您是哪个村（社区）的？回复数字：\n{options(names)}"


def ask_community_by_name(examples: Sequence[str]) -> str:
    """Which community; there are too many to list."""
    return f"您是哪个村（社区）的？请回复“绑定”加名字，比如：绑定 {examples[0]}。也可以发个位置。"


def community_bound(name: str) -> str:
    """Bound to a community."""
    return f"好的，您是{name}的居民。"


def ask_grid(names: Sequence[str]) -> str:
    """Which grid of the community."""
    return f"在哪个网格？回复数字，也可以发个位置（不清楚就不用选）：\n{options(names)}"


def grid_bound(community: str, grid: str) -> str:
    """Bound to a grid."""
    return f"好的，您在{where(community, grid)}。以后有事直接写，马上有人接。想改的话，回复：绑定"


def unknown_community(text: str) -> str:
    """No community of that name; the list follows."""
    return f"没有找到“{text[:20]}”。请从名单里选，也可以发个位置。"


def near_communities(text: str, names: Sequence[str]) -> str:
    """Communities whose names are nearly so."""
    listed = options(names)
    return f"没有找到“{text[:20]}”。您是这里的吗？回复数字：\n{listed}\n都不是的话，回复“绑定”从名单里选。"


def appeals_moved(count: int) -> str:
    """What had been reported as a stranger went to the right owner."""
    return f"您之前反映的 {count} 件事已转到那里。"


def bind_hint() -> str:
    """For strangers, behind an answer."""
    return "您还没选村（社区），回复“绑定”选一下，以后直接到您的网格。"


def pick_one_of(count: int) -> str:
    """A digit out of range."""
    return f"请回复 1 到 {count} 中的一个数字。"


def more_waits(count: int) -> str:
    """The end of a list that goes on."""
    return f"还有 {count} 件，回复“更多”接着看。"


def joined(*parts: str) -> str:
    """Several parts of an answer, empty ones left out."""
    return "\n".join(part for part in parts if part)


def by(moment: datetime) -> str:
    """A deadline as people say it: `今天 17:30`."""
    words = spoken(moment)
    today = china_today()
    return words.replace(f"{today.month}月{today.day}日", "今天", 1)
