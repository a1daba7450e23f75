"""The demo communities as tables: places, posts, organizations. Roles only, no invented persons."""

from __future__ import annotations

from dataclasses import dataclass

from models import OfferingKind

PASSWORD = "xianglin-dev"  # noqa: S105 - the demo is refused in production
CITY, DISTRICT, TOWN = "扬州市", "示范区", "示范镇"


@dataclass(frozen=True)
class DemoGrid:
    """A grid, what people call places in it, and its centre (lng, lat; GCJ-02) if it has a polygon."""

    name: str
    places: tuple[str, ...]
    centre: tuple[float, float] | None = None


@dataclass(frozen=True)
class DemoCommunity:
    """A community with its grids; `openid` prefixes of its posts in the sandbox."""

    code: str
    name: str
    grids: tuple[DemoGrid, ...]


@dataclass(frozen=True)
class DemoOrganization:
    """An organization, what it serves, for which communities, and its purchased project."""

    name: str
    openid: str
    categories: tuple[str, ...]
    communities: tuple[str, ...]
    project: str | None = None
    cap: int = 30


COMMUNITIES = (
    DemoCommunity(
        "xinlian",
        "新联村",
        (
            DemoGrid("一组", ("村委会", "文化广场", "卫生室"), (119.4110, 32.4110)),
            DemoGrid("二组", ("老槐树", "粮站", "东头桥"), (119.4150, 32.4110)),
            DemoGrid("三组", ("小学路", "三组塘", "便民超市"), (119.4190, 32.4110)),
            DemoGrid("四组", ("四组晒场", "南闸", "排灌站"), (119.4110, 32.4150)),
            DemoGrid("五组", ("幸福院", "村史馆"), (119.4150, 32.4150)),
            DemoGrid("六组", ("北大沟", "养殖场"), (119.4190, 32.4150)),
            DemoGrid("七组", ("新村小区", "快递点"), (119.4110, 32.4190)),
            DemoGrid("八组", ("一米菜园", "果园"), (119.4150, 32.4190)),
            DemoGrid("九组", ("九组渡口", "西大堤"), (119.4190, 32.4190)),
        ),
    ),
    DemoCommunity(
        "dujiang",
        "渡江村",
        (
            DemoGrid("一组", ("渡江村部", "江堤", "轮渡口")),
            DemoGrid("二组", ("二组泵站", "老供销社")),
            DemoGrid("三组", ("芦苇荡", "江边路")),
            DemoGrid("四组", ("农民公园", "四组祠堂")),
        ),
    ),
    DemoCommunity(
        "leitang",
        "雷塘社区",
        (
            DemoGrid("第一网格", ("雷塘路", "雷塘菜场")),
            DemoGrid("第二网格", ("雷塘花园", "邻里中心")),
            DemoGrid("第三网格", ("玉带新村", "玉带幼儿园")),
            DemoGrid("第四网格", ("东苑小区", "东苑公交站")),
            DemoGrid("第五网格", ("西苑小区", "西苑篮球场")),
        ),
    ),
)

ALIASES = {
    "村委会": ("村部", "大队部"),
    "卫生室": ("卫生所", "看病的地方"),
    "便民超市": ("小超市", "小店"),
    "幸福院": ("养老院", "敬老院"),
    "排灌站": ("电站", "抽水站"),
    "北大沟": ("北边大沟",),
    "渡江村部": ("村部", "村委会"),
    "轮渡口": ("渡口", "码头"),
    "雷塘菜场": ("菜场", "菜市场"),
    "玉带幼儿园": ("幼儿园",),
    "东苑公交站": ("公交站",),
}
"""What else people call a place."""

_ALL = ("xinlian", "dujiang", "leitang")

ORGANIZATIONS = (
    DemoOrganization("幸福食堂助老服务社", "org-1", ("elderly_care", "disability"), _ALL, "正能量加油站"),
    DemoOrganization(
        "向阳花儿童服务社", "org-2", ("child_youth", "education"), ("xinlian", "leitang"), "向阳花开"
    ),
    DemoOrganization("知心社工站", "org-3", ("counselling", "disputes"), _ALL, "知心帮帮忙"),
    DemoOrganization("领航艺术团", "org-4", ("culture_sport",), ("xinlian", "dujiang")),
    DemoOrganization("一米菜园互助社", "org-5", ("farming",), ("xinlian",), "一米菜园"),
    DemoOrganization("暖阳就业服务站", "org-6", ("employment",), _ALL, cap=20),
)


@dataclass(frozen=True)
class DemoOffering:
    """Something to sign up for in 新联村; slots on the next days from `hour` (China time) for two hours."""

    kind: OfferingKind
    title: str
    place: str
    organization: str
    hour: int
    capacity: int
    days: int = 3
    age_from: int | None = None
    age_until: int | None = None


OFFERINGS = (
    DemoOffering(
        OfferingKind.ACTIVITY,
        "四点半学堂",
        "新联村党群服务中心二楼",
        "向阳花儿童服务社",
        16,
        12,
        age_from=6,
        age_until=12,
    ),
    DemoOffering(OfferingKind.ACTIVITY, "扬剧沙龙", "新联村文化广场", "领航艺术团", 14, 3),
    DemoOffering(OfferingKind.VENUE, "书画室", "乡邻中心", "领航艺术团", 9, 8),
    DemoOffering(OfferingKind.SHIFT, "助餐志愿服务", "幸福院", "幸福食堂助老服务社", 10, 4),
)

RESIDENTS = (("resident-1", "xinlian", "三组"),)
"""(openid, community, grid). `resident-2` is left a stranger on purpose."""

CALENDAR_NOTE = "工作时间 08:30–17:30，法定节假日和调休按国务院公布的日历"
