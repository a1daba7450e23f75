"""Slots laid out many at once, and seasons of plots, as the API takes and shows them."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated

from pydantic import Field

from api.admin.slot_schemas import Places, Weekday
from api.schemas import Body, Clock, Day, Id, Moment, Near, Out
from services.slots import drawing, laying, series, times

Length = Annotated[int, Field(ge=5, le=1440, description="minutes")]
Gap = Annotated[int, Field(ge=0, le=1440, description="minutes")]


PublicNumber = Annotated[str, Field(max_length=64, pattern=r"^[^\u0000]*$")]


class LayBody(Body):
    """What every way of laying out slots takes; without `make` it only says what would be made."""

    make: bool = Field(default=False, description="false: a preview")
    skip: Annotated[list[Day], Field(max_length=366)] = Field(default_factory=list, description="days off")
    skip_holidays: bool = Field(default=True, description="public holidays and days off of the community")

    def off(self) -> laying.Off:
        """Which days to leave out."""
        return laying.Off(frozenset(self.skip), self.skip_holidays)


class TermsBody(LayBody):
    """Together with places and times of sign-up."""

    capacity: Places
    opens_hours_before: Annotated[int, Field(ge=1, le=8784)] | None = Field(
        default=None, description="sign-up starts so long before each; null: at once"
    )
    closes_hours_before: Annotated[int, Field(ge=0, le=720)] = 0

    def places(self) -> laying.Places:
        """The terms of each slot."""
        opens = None if self.opens_hours_before is None else timedelta(hours=self.opens_hours_before)
        return laying.Places(self.capacity, opens, timedelta(hours=self.closes_hours_before))


class WeeklyBody(TermsBody):
    """A class that meets every week, or every few weeks."""

    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    starts: Clock
    ends: Clock = Field(description="HH:MM; not later than `starts`: on the next day")
    first: Day
    last: Day
    every: Annotated[int, Field(ge=1, le=52, description="weeks")] = 1

    def series(self) -> series.Weekly:
        """Its dates and times. Raises: Invalid."""
        return series.Weekly(
            frozenset(self.weekdays),
            time.fromisoformat(self.starts),
            time.fromisoformat(self.ends),
            self.first,
            self.last,
            self.every,
        )


class OpeningBody(TermsBody):
    """A venue's opening hours, to be cut into slots."""

    first: Day
    last: Day
    length_minutes: Length
    gap_minutes: Gap = 0


class CopyBody(LayBody):
    """Which week to copy to the one after it."""

    week: Day = Field(description="any day of the week that is copied")


class SessionOut(Out):
    """A slot that is or would be made."""

    starts_at: Moment
    ends_at: Moment
    capacity: int


class SkippedOut(Out):
    """A time without a slot, and why."""

    starts_at: Moment
    code: str
    reason: str


class PlanOut(Out):
    """What was (or would be) made and left out; `unsure_days`: nobody has published their holidays yet."""

    made: bool
    sessions: list[SessionOut]
    skipped: list[SkippedOut]
    unsure_days: list[date]

    @classmethod
    def of(cls, plan: times.Plan, *, made: bool) -> PlanOut:
        """One layout."""
        return cls(
            made=made,
            sessions=[SessionOut.model_validate(one) for one in plan.sessions],
            skipped=[SkippedOut.model_validate(one) for one in plan.skipped],
            unsure_days=list(plan.unsure),
        )


class SeasonBody(Body):
    """A season of plots."""

    starts_at: Near = Field(strict=False)
    ends_at: Near = Field(strict=False)
    capacity: Places
    opens_at: Near = Field(strict=False)
    closes_at: Near = Field(strict=False, description="applications until")
    renew_until: Near | None = Field(
        default=None, strict=False, description="until then the last season's holders alone"
    )
    last_slot_id: Id | None = Field(default=None, description="the last season; null: the one before")
    public_source: PublicNumber = Field(
        default="", description="a number not known yet that joins the seed, such as a state lottery's"
    )


class DrawBody(Body):
    """The public number, where one was named."""

    public_value: PublicNumber = ""


class DrawOut(Out):
    """A draw, with all that a stranger needs to draw it again.

    The lot of an application is HMAC-SHA256 with the key `seed` + `public_value` of its number in decimal,
    as hex; lots stand in ascending order; the first `places` get one.
    """

    slot_id: int
    offering: str
    starts_at: Moment
    ends_at: Moment
    renew_until: Moment | None
    closes_at: Moment
    seed_hash: str
    public_source: str
    public_value: str
    applications: list[int]
    list_hash: str | None
    drawn_at: Moment | None
    seed: str | None
    places: int
    order: list[int]
    won: list[int]

    @classmethod
    def of(cls, found: drawing.Published) -> DrawOut:
        """One draw, as far as it may be known."""
        draw, slot = found.draw, found.slot
        return cls(
            slot_id=slot.id,
            offering=slot.offering.title,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            renew_until=draw.renew_until,
            closes_at=slot.closes_at,
            seed_hash=draw.seed_hash,
            public_source=draw.public_source,
            public_value=draw.public_value,
            applications=found.applications,
            list_hash=found.list_hash,
            drawn_at=draw.drawn_at,
            seed=found.seed,
            places=draw.places,
            order=found.order,
            won=found.won,
        )


class TransferBody(Body):
    """Where the sign-up goes."""

    slot_id: Id
