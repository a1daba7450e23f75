"""The demo's activities, venue and volunteer shifts, with slots on the next days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from models import Community, Offering, OfferingState, Organization, Slot
from scripts import demo
from services.clock import CHINA, china_today, now

LONG = timedelta(hours=2)


async def seed() -> None:
    """Write what is missing; an offering whose slots are all over gets new ones. Inside `writing()`."""
    community = await Community.get(code="xinlian")
    for wanted in demo.OFFERINGS:
        offering, _ = await Offering.get_or_create(
            community=community,
            title=wanted.title,
            defaults={
                "kind": wanted.kind,
                "state": OfferingState.PUBLISHED,
                "place": wanted.place,
                "organization": await Organization.get(name=wanted.organization),
                "age_from": wanted.age_from,
                "age_until": wanted.age_until,
            },
        )
        if not await Slot.exists(offering=offering, starts_at__gt=now()):
            await _slots(offering, wanted)


async def _slots(offering: Offering, wanted: demo.DemoOffering) -> None:
    today = china_today()
    for day in range(1, wanted.days + 1):
        starts_at = _at(today + timedelta(days=day), wanted.hour)
        _ = await Slot.create(
            offering=offering,
            community_id=offering.community_id,
            starts_at=starts_at,
            ends_at=starts_at + LONG,
            opens_at=now(),
            closes_at=starts_at,
            capacity=wanted.capacity,
        )


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)
