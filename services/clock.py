"""Time as the services see it: UTC inside, China time for people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def china_today() -> date:
    """Today's date in China."""
    return datetime.now(CHINA).date()


def spoken(moment: datetime) -> str:
    """A moment as people read it in China: `11月23日 15:30`."""
    local = moment.astimezone(CHINA)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
