"""Appeals that people have labelled, to arrange tests of learning with."""

from __future__ import annotations

from typing import Any

from models import Appeal, AppealEvent, Category, Community, Keyword, Lesson, LessonKind, Role
from models.moves import Verb
from services import clock
from tests.make import make_appeal, make_category, make_community, make_resident

PLACES = [
    "村口",
    "东头",
    "西头",
    "桥边",
    "渠边",
    "广场",
    "校门",
    "田头",
    "井边",
    "庙前",
    "河边",
    "店前",
    "坝上",
]
MATTERS = {"喇叭太吵": "noise", "音响太响": "noise", "路灯不亮": "traffic", "垃圾没收": "sanitation"}


async def make_lesson(appeal: Appeal, category: Category, **values: Any) -> Lesson:
    """What somebody said about an appeal: by default a correction of the prediction `other`."""
    event = await AppealEvent.create(
        community_id=appeal.community_id,
        appeal=appeal,
        verb=Verb.RESOLVE.value,
        role=Role.COMMUNITY_STAFF,
        actor="值班",
        at=clock.now(),
    )
    facts: dict[str, Any] = {
        "community_id": appeal.community_id,
        "appeal": appeal,
        "event": event,
        "kind": LessonKind.CORRECTED,
        "by": Role.COMMUNITY_STAFF,
        "category": category.code,
        "predicted": "other",
        "margin": 0.5,
        "lexicon_version": "r1",
        "at": event.at,
    }
    return await Lesson.create(**facts | values)


async def make_taught(community: Community | None = None) -> dict[str, Category]:
    """52 labelled appeals of three categories; the hand-written keywords know nothing of noise."""
    community = community or await make_community()
    codes = ("noise", "traffic", "sanitation", "other")
    categories = {code: await make_category(code, name=f"{code}类") for code in codes}
    await Keyword.create(category=categories["traffic"], text="路灯", weight=4.0)
    await Keyword.create(category=categories["sanitation"], text="垃圾", weight=4.0)
    resident = await make_resident()
    for matter, code in MATTERS.items():
        for place in PLACES:
            appeal = await make_appeal(
                community, resident=resident, category=categories[code], text=f"{place}的{matter}"
            )
            await make_lesson(appeal, categories[code])
    return categories
