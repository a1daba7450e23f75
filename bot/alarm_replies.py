"""Every sentence of the chat while somebody is in danger; the numbers to call come before everything else."""

from __future__ import annotations

from collections.abc import Sequence

NAMES_SHOWN = 4

ALARM_WITHDRAWN = "{number} 已撤回，警报已解除，已告诉赶来的人。真有危险请打 110、119、120。"
STOOD_DOWN = "好的，没事就好。{number} 的警报已解除，已告诉赶来的人。"
ALARM_GOES_ON = "{number} 已撤回。还有别的居民报了同一险情，赶来的人还会来。真有危险请打 110、119、120。"
OWN_ALARM_GOES_ON = (
    "{number} 已撤回。与它合并的 {into} 还在处理，赶来的人还会来。也是误会，请回复：误报 {into}"
)
NO_ALARM = "没有找到正在处理的险情。如果报的是别的事，回复：撤回 编号"


def emergency(numbers: str, number: int, told: Sequence[str], place: str) -> str:
    """`told`: who has really been alerted, the owner first; a name that stands twice is said once.

    `place` as the words gave it, "" when they did not.
    """
    where = f"地点：{place}，不对请再说一下。" if place else "请说一下具体位置。"
    return (
        f"请马上打 {numbers}！这里不能代替报警、急救和火警电话。\n"
        f"同时已通知{_named(told)}，编号 {number}。\n"
        f"{where}如果是误会，回复：误报"
    )


def _named(told: Sequence[str]) -> str:
    names = list(dict.fromkeys(told))
    return "、".join(names[:NAMES_SHOWN]) + ("等" if len(names) > NAMES_SHOWN else "")


def joined_alarm(numbers: str, number: int) -> str:
    """Later lines that tell of danger join the alarm that is out already."""
    return f"请马上打 {numbers}！您说的已加到 {number}，赶来的人能看到。如果是误会，回复：误报"


def added(number: int) -> str:
    """Other words during an alarm."""
    return (
        f"已加到 {number}，赶来的人能看到。有危险请马上打 110、119、120！\n"
        f"如果是误会，回复：误报；要说另一件事，回复：另报 加上内容"
    )


def place_known(number: int, place: str) -> str:
    """Where it is has become known, and whoever is near there has been alerted."""
    return f"好的，{number} 的地点记为：{place}，赶来的人能看到。有危险请马上打 110、119、120！"


def beside(number: int) -> str:
    """Before the answer to another matter: the alarm goes on."""
    return f"险情 {number} 还在处理，有危险请马上打 110、119、120！您说的另一件事："


def still_alarmed(number: int) -> str:
    """Words like 不用来了 during an alarm: nobody is called off by them."""
    return (
        f"您的话已加到 {number}，赶来的人能看到，他们还会来。有危险请马上打 110、119、120！\n"
        f"没有危险、不用来人了，请回复：误报"
    )


def only_false_alarm(number: int) -> str:
    """A bare 取消 during an alarm calls nobody off."""
    return (
        f"险情 {number} 还在处理，赶来的人还会来。有危险请马上打 110、119、120！\n"
        f"没有危险、不用来人了，请回复：误报；要取消报名，请回复：取消 加上名称"
    )


def heard(hotline: str, number: int) -> str:
    """Further words of somebody who may harm themself."""
    return (
        f"您说的都记下了（编号 {number}），联系您的人能看到。请随时打心理援助热线 {hotline}，"
        f"24 小时有人听您说；有危险请打 120 或 110。您不是一个人。\n"
        f"不用人联系了，请回复：误报；要说另一件事，回复：另报 加上内容"
    )


def still_there(hotline: str) -> str:
    """Behind a false alarm about harming oneself."""
    return f"心里难受的时候，随时可以打心理援助热线 {hotline}，24 小时有人听您说。"


def self_harm(hotline: str, number: int, owner: str) -> str:
    """Somebody may harm themself."""
    return (
        f"听到您这么难受，我们很惦记您。请现在就打心理援助热线 {hotline}，24 小时有人听您说；"
        f"有危险请打 120 或 110，这里不能代替它们。\n已请{owner}尽快联系您（编号 {number}）。您不是一个人。"
    )
