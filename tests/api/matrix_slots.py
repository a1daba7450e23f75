"""What every role may do with offerings, slots, and what goes with them."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from models import (
    Absence,
    Block,
    CheckIn,
    CheckInWay,
    Draw,
    HoursOrigin,
    HoursState,
    Household,
    OfferingKind,
    Photo,
    Resident,
    Role,
    SignUp,
    SignUpPerson,
    SignUpState,
    Slot,
    VolunteerHours,
)
from services.access import resident_actor
from services.clock import china_today, now
from services.sheets import xlsx
from services.slots import certificates
from tests.api.matrix_world import (
    DESK,
    OPERATORS,
    WHY,
    Ask,
    Asked,
    Expectation,
    World,
    plain,
)
from tests.make import (
    make_duty,
    make_offering,
    make_resident,
    make_slot,
)


async def _slot(world: World, **values: Any) -> Slot:
    offering = await make_offering(world.community, organization=world.organization)
    return await make_slot(offering, **values)


def on_offering(path: str, body: dict[str, Any] | bytes | None = None, **values: Any) -> Ask:
    """An offering of this side."""

    async def ask(world: World, _role: Role) -> Asked:
        known = {"organization": world.organization} | values
        return f"/offerings/{(await make_offering(world.community, **known)).id}{path}", body

    return ask


def on_slot(path: str, body: dict[str, Any] | bytes | None = None) -> Ask:
    """A slot of this side."""

    async def ask(world: World, _role: Role) -> Asked:
        return f"/slots/{(await _slot(world)).id}{path}", body

    return ask


async def _sign_up(world: World, slot: Slot, party: int, state: SignUpState, line: int | None) -> SignUp:
    return await SignUp.create(
        community_id=world.community.id,
        slot=slot,
        household=await Household.create(),
        resident=await make_resident(),
        party=party,
        state=state,
        line=line,
        created_at=now(),
    )


async def _held(world: World, _role: Role) -> Asked:
    slot = await _slot(world, capacity=1, taken=1)
    made = await _sign_up(world, slot, 1, SignUpState.HELD, None)
    return f"/sign-ups/{made.id}/take-off", WHY


async def _second_in_line(world: World, _role: Role) -> Asked:
    """Behind a party that is too big for the one free place."""
    slot = await _slot(world, capacity=1, waiting=2)
    _ = await _sign_up(world, slot, 2, SignUpState.WAITING, 1)
    made = await _sign_up(world, slot, 1, SignUpState.WAITING, 2)
    return f"/sign-ups/{made.id}/promotion", None


async def _moved(world: World, _role: Role) -> Asked:
    """To a later slot of the same offering."""
    slot = await _slot(world, capacity=1, taken=1)
    made = await _sign_up(world, slot, 1, SignUpState.HELD, None)
    await SignUpPerson.create(sign_up=made, slot_id=slot.id, person=f"r{made.resident_id}")
    later = await make_slot(await slot.offering, starts_at=slot.starts_at + timedelta(days=1))
    return f"/sign-ups/{made.id}/transfer", {"slot_id": later.id}


def on_draw(body: dict[str, Any] | None = None) -> Ask:
    """A season of plots of this side whose applications are closed."""

    async def ask(world: World, _role: Role) -> Asked:
        offering = await make_offering(
            world.community, organization=world.organization, kind=OfferingKind.PLOT
        )
        slot = await make_slot(offering, by_lot=True, closes_at=now() - timedelta(hours=1))
        _ = await Draw.create(community_id=slot.community_id, slot=slot, seed="0" * 64, seed_hash="x")
        return f"/slots/{slot.id}/draw", body

    return ask


async def _running(world: World) -> tuple[Slot, SignUp]:
    """A slot that has just begun, and a sign-up for one guest."""
    slot = await _slot(world, starts_at=now(), capacity=1, taken=1)
    return slot, await _sign_up(world, slot, 1, SignUpState.HELD, None)


async def _check_in(world: World, _role: Role) -> Asked:
    slot, made = await _running(world)
    return f"/slots/{slot.id}/check-ins", {"sign_up_id": made.id}


async def _batch(world: World, _role: Role) -> Asked:
    slot, made = await _running(world)
    entry = {"client_id": "tablet-0001", "at": now().isoformat(), "sign_up_id": made.id}
    return f"/slots/{slot.id}/check-in-batches", {"entries": [entry]}


async def _undo(world: World, _role: Role) -> Asked:
    slot, made = await _running(world)
    there = await CheckIn.create(
        community_id=world.community.id,
        slot=slot,
        sign_up=made,
        way=CheckInWay.NAME,
        at=now(),
        recorded_at=now(),
        fingerprint="",
    )
    return f"/check-ins/{there.id}", None


async def _attendance(world: World, _role: Role) -> Asked:
    slot, _ = await _running(world)
    return f"/slots/{slot.id}/attendance", WHY | {"attendance": "waived"}


async def _block(world: World, _role: Role) -> Asked:
    slot, made = await _running(world)
    own = {"community_id": world.community.id, "person": f"r{made.resident_id}"}
    absence = await Absence.create(slot_id=slot.id, sign_up_id=made.id, at=now(), **own)
    until = now() + timedelta(days=30)
    block = await Block.create(
        resident_id=made.resident_id, absence_id=absence.id, times=3, until=until, created_at=now(), **own
    )
    return f"/blocks/{block.id}/decision", WHY | {"lift": True}


async def _new_hours(world: World, _role: Role) -> Asked:
    resident = await make_resident(community=world.community)
    body = {"resident_id": resident.id, "day": str(china_today()), "minutes": 90, "words": "打扫"}
    return "/volunteer-hours", body


async def _hours(world: World, _role: Role) -> Asked:
    made = await VolunteerHours.create(
        community_id=world.community.id,
        person="r1",
        origin=HoursOrigin.ENTERED,
        state=HoursState.PENDING,
        minutes=60,
        day=china_today(),
        words="打扫",
        created_at=now(),
    )
    return f"/volunteer-hours/{made.id}/decision", {"approve": True}


async def _new_offering(world: World, _role: Role) -> Asked:
    return "/offerings", {"community_id": world.community.id, "kind": "activity", "title": "扬剧沙龙"}


def on_photo(path: str) -> Ask:
    """A photo of a slot of this side, its file gone."""

    async def ask(world: World, _role: Role) -> Asked:
        slot, by = await _slot(world), await make_duty(world.community)
        photo = await Photo.create(slot=slot, path="gone.jpg", width=1, height=1, uploaded_by=by)
        return f"/slots/{slot.id}/photos/{photo.id}{path}", None

    return ask


async def _volunteer(world: World) -> Resident:
    """Somebody with approved hours."""
    helper = await make_resident(community=world.community, name="甲")
    await VolunteerHours.create(
        community_id=world.community.id,
        person=f"r{helper.id}",
        origin=HoursOrigin.ENTERED,
        state=HoursState.APPROVED,
        minutes=60,
        day=china_today(),
        words="打扫",
        created_at=now(),
    )
    return helper


_DAYS = {"starts_on": "2026-01-01", "ends_on": "2099-12-31"}


async def _new_certificate(world: World, _role: Role) -> Asked:
    return "/certificates", {"resident_id": (await _volunteer(world)).id} | _DAYS


def on_certificate(path: str) -> Ask:
    """A certificate of this side."""

    async def ask(world: World, _role: Role) -> Asked:
        helper = await _volunteer(world)
        days = [date.fromisoformat(one) for one in _DAYS.values()]
        made = await certificates.issue(resident_actor(helper.id), helper.id, *days)
        return f"/certificates/{made.id}{path}", None

    return ask


def _pixels() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 3)).save(out, "PNG")
    return out.getvalue()


LIST = xlsx.written("报名表", ["姓名", "电话"], [["甲", "13800000001"]])

EXPECTED: dict[tuple[str, str], Expectation] = {
    ("get", "/offerings"): Expectation(OPERATORS, plain("/offerings"), None),
    ("post", "/offerings"): Expectation(DESK, _new_offering),
    ("patch", "/offerings/{offering_id}"): Expectation(DESK, on_offering("", {"title": "书画室"})),
    ("post", "/offerings/{offering_id}/state"): Expectation(DESK, on_offering("/state", {"state": "closed"})),
    ("put", "/offerings/{offering_id}/poster"): Expectation(DESK, on_offering("/poster", _pixels())),
    ("get", "/offerings/{offering_id}/poster"): Expectation(
        DESK, on_offering("/poster", poster_path="gone.jpg")
    ),
    ("delete", "/offerings/{offering_id}/poster"): Expectation(
        DESK, on_offering("/poster", poster="https://example.org/a.jpg")
    ),
    ("get", "/offerings/{offering_id}/slots"): Expectation(OPERATORS, on_offering("/slots")),
    ("post", "/offerings/{offering_id}/slots"): Expectation(
        OPERATORS,
        on_offering(
            "/slots",
            {"starts_at": "2099-01-01T08:00:00+08:00", "ends_at": "2099-01-01T10:00:00+08:00", "capacity": 9},
        ),
    ),
    ("post", "/slots/{slot_id}/capacity"): Expectation(OPERATORS, on_slot("/capacity", {"capacity": 3})),
    ("post", "/slots/{slot_id}/call-off"): Expectation(OPERATORS, on_slot("/call-off", WHY)),
    ("get", "/slots/{slot_id}/sign-ups"): Expectation(OPERATORS, on_slot("/sign-ups")),
    ("post", "/sign-ups/{sign_up_id}/take-off"): Expectation(OPERATORS, _held),
    ("post", "/sign-ups/{sign_up_id}/promotion"): Expectation(OPERATORS, _second_in_line),
    ("post", "/sign-ups/{sign_up_id}/transfer"): Expectation(OPERATORS, _moved),
    ("post", "/offerings/{offering_id}/series"): Expectation(
        OPERATORS,
        on_offering(
            "/series",
            {
                "weekdays": [1, 3],
                "starts": "16:30",
                "ends": "18:00",
                "first": "2099-01-01",
                "last": "2099-02-01",
                "capacity": 20,
                "make": True,
            },
        ),
    ),
    ("post", "/offerings/{offering_id}/opening"): Expectation(
        OPERATORS,
        on_offering(
            "/opening",
            {
                "first": "2099-01-01",
                "last": "2099-02-01",
                "length_minutes": 60,
                "capacity": 1,
                "make": True,
            },
            kind=OfferingKind.VENUE,
            opening_hours=[{"weekday": 1, "opens": "09:00", "closes": "12:00"}],
        ),
    ),
    ("post", "/offerings/{offering_id}/copied-week"): Expectation(
        OPERATORS, on_offering("/copied-week", {"week": "2099-01-01"})
    ),
    ("post", "/offerings/{offering_id}/seasons"): Expectation(
        DESK,
        on_offering(
            "/seasons",
            {
                "starts_at": "2099-03-01T00:00:00+08:00",
                "ends_at": "2099-11-01T00:00:00+08:00",
                "opens_at": "2099-01-01T08:00:00+08:00",
                "closes_at": "2099-02-01T18:00:00+08:00",
                "capacity": 9,
            },
            kind=OfferingKind.PLOT,
        ),
    ),
    ("get", "/slots/{slot_id}/draw"): Expectation(OPERATORS, on_draw()),
    ("post", "/slots/{slot_id}/draw"): Expectation(DESK, on_draw({})),
    ("post", "/slots/{slot_id}/check-ins"): Expectation(DESK, _check_in),
    ("delete", "/check-ins/{check_in_id}"): Expectation(DESK, _undo),
    ("get", "/slots/{slot_id}/check-list"): Expectation(DESK, on_slot("/check-list")),
    ("post", "/slots/{slot_id}/check-in-batches"): Expectation(DESK, _batch),
    ("get", "/slots/{slot_id}/room-code"): Expectation(DESK, on_slot("/room-code")),
    ("post", "/slots/{slot_id}/attendance"): Expectation(DESK, _attendance),
    ("get", "/blocks"): Expectation(DESK, plain("/blocks"), None),
    ("post", "/blocks/{block_id}/decision"): Expectation(DESK, _block),
    ("get", "/volunteer-hours"): Expectation(DESK, plain("/volunteer-hours"), None),
    ("post", "/volunteer-hours"): Expectation(DESK, _new_hours),
    ("post", "/volunteer-hours/{hours_id}/decision"): Expectation(DESK, _hours),
    ("get", "/slots/{slot_id}/attendance-sheet"): Expectation(DESK, on_slot("/attendance-sheet")),
    ("get", "/slots/{slot_id}/sign-up-template"): Expectation(DESK, on_slot("/sign-up-template")),
    ("post", "/slots/{slot_id}/bulk-sign-up"): Expectation(DESK, on_slot("/bulk-sign-up", LIST)),
    ("get", "/slots/{slot_id}/survey"): Expectation(DESK, on_slot("/survey")),
    ("get", "/slots/{slot_id}/photos"): Expectation(DESK, on_slot("/photos")),
    ("post", "/slots/{slot_id}/photos"): Expectation(DESK, on_slot("/photos", _pixels())),
    ("get", "/slots/{slot_id}/photos/{photo_id}"): Expectation(DESK, on_photo("")),
    ("delete", "/slots/{slot_id}/photos/{photo_id}"): Expectation(DESK, on_photo("")),
    ("post", "/slots/{slot_id}/photos/{photo_id}/approval"): Expectation(DESK, on_photo("/approval")),
    ("post", "/certificates"): Expectation(DESK, _new_certificate),
    ("get", "/certificates/{certificate_id}/paper"): Expectation(DESK, on_certificate("/paper")),
    ("post", "/certificates/{certificate_id}/revocation"): Expectation(DESK, on_certificate("/revocation")),
}
