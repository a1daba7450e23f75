"""Check-ins, lists and attendance as the admin API shows and takes them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api.schemas import PLAIN, Body, Id, Label, Moment, Out, Words
from models import Attendance, CheckIn, Slot
from services.clock import now
from services.slots import checking, passes
from services.slots.checkin import Entered, Report
from services.slots.checklist import Listed, Row
from services.slots.gates import Refusal

Scanned = Annotated[str, Field(min_length=1, max_length=512, pattern=PLAIN)]
Key = Annotated[str, Field(pattern=r"^[rd][1-9][0-9]{0,18}$", description="as the list names the person")]
ClientId = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$", description="made by the device, for this act alone")
]
MOST_ENTRIES = 400


class CheckInBody(Body):
    """A code that was scanned, or a sign-up that was ticked; without people and guests all of it."""

    code: Scanned | None = None
    sign_up_id: Id | None = None
    people: Annotated[list[Key], Field(max_length=100)] | None = None
    guests: Annotated[int, Field(ge=0, le=100_000)] | None = None
    client_id: ClientId | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.code is None) == (self.sign_up_id is None):
            raise ValueError("code 和 sign_up_id 要写一个，也只写一个")
        if len(set(self.people or ())) != len(self.people or ()):
            raise ValueError("每人只写一次")
        return self

    def report(self, at: Moment | None = None) -> Report:
        """What is reported; without a time it is now."""
        people = None if self.people is None else tuple(self.people)
        return Report(at or now(), self.code, self.sign_up_id, people, self.guests, self.client_id)


class BatchEntry(CheckInBody):
    """One check-in that a device recorded offline, when it was."""

    client_id: ClientId
    at: Moment = Field(strict=False)


class BatchBody(Body):
    """What a device recorded offline."""

    entries: Annotated[list[BatchEntry], Field(min_length=1, max_length=MOST_ENTRIES)]


class CheckInOut(Out):
    """A check-in; `repeated`: it was there already, under the same client id."""

    id: int
    slot_id: int
    sign_up_id: int
    way: Label
    at: Moment
    people: list[str]
    repeated: bool

    @classmethod
    def of(cls, entered: Entered) -> CheckInOut:
        """One check-in."""
        row = entered.check_in
        own = {name: getattr(row, name) for name in ("id", "slot_id", "sign_up_id", "at")}
        return cls(way=Label.of(row.way), people=list(entered.people), repeated=entered.repeated, **own)


class UndoneOut(Out):
    """A check-in that was taken back."""

    id: int
    sign_up_id: int
    undone_at: Moment

    @classmethod
    def of(cls, row: CheckIn) -> UndoneOut:
        """One of them."""
        return cls.model_validate(row)


class EntryOut(Out):
    """What became of one entry of a batch."""

    client_id: str
    outcome: Literal["recorded", "repeated", "refused"]
    check_in: CheckInOut | None = None
    code: str | None = None
    words: str | None = None

    @classmethod
    def of(cls, report: Report, answer: Entered | Refusal) -> EntryOut:
        """One entry."""
        client_id = report.client_id or ""
        if isinstance(answer, Refusal):
            return cls(client_id=client_id, outcome="refused", code=answer.code, words=answer.words)
        outcome: Literal["recorded", "repeated"] = "repeated" if answer.repeated else "recorded"
        return cls(client_id=client_id, outcome=outcome, check_in=CheckInOut.of(answer))


class BatchOut(Out):
    """One answer for each entry, in the order of the entries."""

    entries: list[EntryOut]


class PersonOut(Out):
    """One person who may come."""

    person: str
    name: str
    came: bool

    @classmethod
    def of(cls, listed: Listed) -> PersonOut:
        """One of the list."""
        return cls.model_validate(listed)


class RowOut(Out):
    """A sign-up on the list; names and phone are masked."""

    sign_up_id: int
    resident: str
    phone: str
    people: list[PersonOut]

    @classmethod
    def of(cls, row: Row) -> RowOut:
        """One sign-up."""
        people = [PersonOut.of(one) for one in row.people]
        return cls(sign_up_id=row.sign_up_id, resident=row.resident, phone=row.phone, people=people)


class ListOut(Out):
    """All that a device needs to check in without network. `key` verifies codes: JWT, EdDSA, base64url."""

    slot_id: int
    title: str
    starts_at: Moment
    ends_at: Moment
    opens_at: Moment
    algorithm: str
    key: str
    rows: list[RowOut]

    @classmethod
    def of(cls, slot: Slot, rows: list[Row]) -> ListOut:
        """The list of a slot."""
        return cls(
            slot_id=slot.id,
            title=slot.offering.title,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            opens_at=slot.starts_at - checking.OPENS_BEFORE,
            algorithm=passes.ALGORITHM,
            key=passes.public_key(),
            rows=[RowOut.of(one) for one in rows],
        )


class AttendanceBody(Body):
    """What staff say of the attendance; `unsaid` takes back what was said."""

    attendance: Annotated[Attendance, Field(strict=False)]
    reason: Words


class AttendanceOut(Out):
    """What is said of the attendance; absences follow when the clock settles the slot."""

    slot_id: int
    attendance: Label
