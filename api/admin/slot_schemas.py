"""Offerings, slots and sign-ups as the admin API shows and takes them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.schemas import (
    Body,
    Changes,
    Clock,
    Id,
    Label,
    LongName,
    Moment,
    Name,
    Near,
    OptionalWords,
    Out,
    Words,
    may_stay,
)
from models import Offering, OfferingKind, OfferingState, SignUp, Slot

Age = Annotated[int, Field(ge=0, le=120)]
Places = Annotated[int, Field(ge=1, le=100_000)]
Minutes = Annotated[int, Field(ge=5, le=10_080)]
Hours = Annotated[int, Field(ge=0, le=720)]
Tags = Annotated[list[Name], Field(max_length=10)]
Place = Annotated[str, Field(max_length=64, pattern=r"^[^\u0000]*$")]


Weekday = Annotated[int, Field(ge=1, le=7, description="1 is Monday")]
Audience = Annotated[str, Field(max_length=64, pattern=r"^[^\u0000]*$")]
Poster = Annotated[str, Field(max_length=256, pattern=r"^(https://[!-~]+)?$", description="https address")]


class OpenPiece(Body):
    """A venue is open on a weekday from one clock time to another, 00:00 or earlier: of the next day."""

    weekday: Weekday
    opens: Clock
    closes: Clock


OpeningHours = Annotated[list[OpenPiece], Field(max_length=28)]


class Question(Body):
    """Something that is asked at sign-up."""

    label: Name
    required: bool = False


Questions = Annotated[list[Question], Field(max_length=10)]


class SurveyQuestion(Body):
    """Something that those who came are asked afterwards."""

    label: Name
    kind: Literal["rating", "words"] = "rating"


Survey = Annotated[list[SurveyQuestion], Field(max_length=6)]


class OfferingBody(Body):
    """A new offering; what is left out takes the usual value."""

    community_id: Id
    kind: Annotated[OfferingKind, Field(strict=False)]
    title: LongName
    description: OptionalWords = ""
    place: Place = ""
    organization_id: Id | None = None
    project_id: Id | None = None
    venue_id: Id | None = None
    audience: Audience = ""
    poster: Poster = ""
    opening_hours: OpeningHours = Field(default_factory=list)
    tags: Tags = Field(default_factory=list)
    everybody: bool = False
    age_from: Age | None = None
    age_until: Age | None = None
    party_most: Places = 4
    household_most: Places | None = None
    offer_minutes: Minutes = 120
    cancel_hours: Hours = 2
    attendance_least: Annotated[int, Field(ge=0, le=100_000)] = 0
    counts_absence: bool = True
    questions: Questions = Field(default_factory=list)
    survey: Survey | None = None


class OfferingChanges(Changes):
    """What is to be different about an offering."""

    title: LongName = may_stay()
    description: OptionalWords = may_stay()
    place: Place = may_stay()
    organization_id: Id | None = may_stay()
    project_id: Id | None = may_stay()
    venue_id: Id | None = may_stay()
    audience: Audience = may_stay()
    poster: Poster = may_stay()
    opening_hours: OpeningHours = may_stay()
    tags: Tags = may_stay()
    everybody: bool = may_stay()
    age_from: Age | None = may_stay()
    age_until: Age | None = may_stay()
    party_most: Places = may_stay()
    household_most: Places | None = may_stay()
    offer_minutes: Minutes = may_stay()
    cancel_hours: Hours = may_stay()
    attendance_least: Annotated[int, Field(ge=0, le=100_000)] = may_stay()
    counts_absence: bool = may_stay()
    questions: Questions = may_stay()
    survey: Survey | None = may_stay()


class StateBody(Body):
    """Where the offering is to stand."""

    state: Annotated[OfferingState, Field(strict=False)]


class OfferingOut(Out):
    """An offering."""

    id: int
    community_id: int
    kind: Label
    state: Label
    title: str
    description: str
    place: str
    organization_id: int | None
    project_id: int | None
    venue_id: int | None
    audience: str
    poster: str
    poster_uploaded: bool
    opening_hours: list[OpenPiece]
    tags: list[str]
    everybody: bool
    age_from: int | None
    age_until: int | None
    party_most: int
    household_most: int | None
    offer_minutes: int
    cancel_hours: int
    attendance_least: int
    counts_absence: bool
    questions: list[Question]
    survey: list[SurveyQuestion] | None
    written_by_id: int | None
    approved_by_id: int | None

    @classmethod
    def of(cls, row: Offering) -> OfferingOut:
        """One offering."""
        own = {name: getattr(row, name) for name in cls.model_fields if name not in ("kind", "state")}
        return cls(kind=Label.of(row.kind), state=Label.of(row.state), **own)


class SlotBody(Body):
    """A time with places."""

    starts_at: Near = Field(strict=False)
    ends_at: Near = Field(strict=False)
    capacity: Places
    opens_at: Near | None = Field(default=None, strict=False)
    closes_at: Near | None = Field(default=None, strict=False)


class CapacityBody(Body):
    """How many places there are."""

    capacity: Annotated[int, Field(ge=0, le=100_000)]


class SlotOut(Out):
    """A slot with its counters."""

    id: int
    offering_id: int
    state: Label
    starts_at: Moment
    ends_at: Moment
    opens_at: Moment
    closes_at: Moment
    by_lot: bool
    capacity: int
    taken: int
    waiting: int

    @classmethod
    def of(cls, row: Slot) -> SlotOut:
        """One slot."""
        own = {name: getattr(row, name) for name in cls.model_fields if name != "state"}
        return cls(state=Label.of(row.state), **own)


class SignUpOut(Out):
    """A sign-up; the resident is masked."""

    id: int
    slot_id: int
    resident_id: int
    resident: str
    party: int
    state: Label
    line: int | None
    offered_until: Moment | None
    created_at: Moment

    @classmethod
    def of(cls, row: SignUp) -> SignUpOut:
        """One sign-up with its resident fetched."""
        shown = ("resident", "state")
        own = {name: getattr(row, name) for name in cls.model_fields if name not in shown}
        return cls(resident=f"{row.resident.name[:1]}**", state=Label.of(row.state), **own)


class WhyBody(Body):
    """Why; the resident reads it."""

    reason: Words
