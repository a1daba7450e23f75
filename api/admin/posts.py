"""What posts have in common on the way in and out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from api.schemas import PLAIN, Changes, Label, Moment, Name, Out, Phone, may_stay
from models import GridMember, OrganizationMember, Staff
from services.binding_codes import IssuedCode
from services.masking import masked_name, masked_phone

Cap = Annotated[int, Field(ge=0, le=1000)]
PersonName = Annotated[str, Field(max_length=32, pattern=PLAIN)]


class CodeOut(Out):
    """A one-time code: shown once, works for 24 hours. The person sends 「绑定 <code>」 in WeChat."""

    code: str
    expires_at: Moment

    @classmethod
    def of(cls, issued: IssuedCode) -> CodeOut:
        """The code in plain."""
        return cls(code=issued.code, expires_at=issued.expires_at)


class LeaveChanges(Changes):
    """Absence, by China dates; null ends it."""

    leave_from: date | None = None
    leave_until: date | None = None


class PersonChanges(LeaveChanges):
    """What can change about everybody's post."""

    title: Name = may_stay()
    name: PersonName = may_stay()
    phone: Phone = may_stay()
    active: bool = may_stay()


class PersonOut(Out):
    """A post and who fills it, masked."""

    id: int
    role: Label
    title: str
    name: str
    phone: str
    bound: bool = Field(description="whether a WeChat user is tied to it")
    active: bool
    leave_from: date | None
    leave_until: date | None


def person(row: GridMember | OrganizationMember | Staff) -> dict[str, Any]:
    """The shared columns, with name and phone masked."""
    same = ("id", "title", "active", "leave_from", "leave_until")
    return {name: getattr(row, name) for name in same} | {
        "role": Label.of(row.role),
        "name": masked_name(row.name),
        "phone": masked_phone(row.phone),
        "bound": row.resident_id is not None,
    }
