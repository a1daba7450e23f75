"""Slots and sign-ups as residents see them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePath
from typing import Any

from pydantic import Field

from api.schemas import Label, Moment, Out
from models import Offering, SignUp, Slot


class Asked(Out):
    """Something that is asked at sign-up."""

    label: str
    required: bool = False


class OpenSlotOut(Out):
    """A slot: when, where, and how much room there is."""

    id: int
    offering_id: int
    kind: Label
    title: str
    place: str
    tags: list[str]
    state: Label
    starts_at: Moment
    ends_at: Moment
    closes_at: Moment
    poster: str = Field(description="https address, or one below the address of this API, empty without one")
    by_lot: bool
    capacity: int
    free: int
    waiting: int

    @classmethod
    def of(cls, row: Slot) -> OpenSlotOut:
        """One slot with its offering fetched."""
        return cls(**_facts(row, cls.model_fields))


class SlotDetailOut(OpenSlotOut):
    """The same with what its offering says and asks."""

    description: str
    audience: str
    organization: str | None
    opens_at: Moment
    age_from: int | None
    age_until: int | None
    party_most: int
    household_most: int | None
    cancel_hours: int
    questions: list[Asked]

    @classmethod
    def of(cls, row: Slot) -> SlotDetailOut:
        """One slot with its offering and who runs it fetched."""
        runs = row.offering.organization
        wanted = cls.model_fields.keys() - {"organization"}
        return cls(organization=runs.name if runs else None, **_facts(row, wanted))


class MySignUpOut(Out):
    """A sign-up of one's own household."""

    id: int
    slot: OpenSlotOut
    people: list[str]
    party: int
    state: Label
    line: int | None
    offered_until: Moment | None
    reason: str
    created_at: Moment

    @classmethod
    def of(cls, row: SignUp, people: list[str]) -> MySignUpOut:
        """One sign-up with slot and offering fetched; `people` as the household calls them."""
        same = ("id", "party", "line", "offered_until", "reason", "created_at")
        return cls(
            slot=OpenSlotOut.of(row.slot),
            people=people,
            state=Label.of(row.state),
            **{name: getattr(row, name) for name in same},
        )


def _facts(row: Slot, wanted: Collection[str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "kind": Label.of(row.offering.kind),
        "state": Label.of(row.state),
        "poster": _poster(row.offering),
    }
    rest = [name for name in wanted if name not in made]
    return made | {name: getattr(row if hasattr(row, name) else row.offering, name) for name in rest}


def _poster(offering: Offering) -> str:
    """Where it lies; another picture has another address, so that no phone shows the one before."""
    if not offering.poster_uploaded:
        return offering.poster
    version = PurePath(offering.poster_path).stem.rpartition("-")[2]
    return f"/api/v1/offerings/{offering.id}/poster?version={version}"
