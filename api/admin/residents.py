"""Residents as the desk knows them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import endpoint
from api.schemas import Body, Moment, Out
from models import Resident
from services.access import DESK
from services.masking import masked_name, masked_phone
from services.residents import vouching

bp = Blueprint("residents")
TAGS = ["people"]


class PhoneBody(Body):
    """The number that the resident told, face to face or on the phone."""

    phone: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9+\- ]*$")]


class ConfirmedOut(Out):
    """The resident who is left, masked; `united` when two rows turned out to be one resident."""

    resident_id: int
    name: str
    phone: str
    confirmed_at: Moment | None
    united: bool

    @classmethod
    def of(cls, row: Resident, *, united: bool) -> ConfirmedOut:
        """One resident."""
        return cls(
            resident_id=row.id,
            name=masked_name(row.name),
            phone=masked_phone(row.phone),
            confirmed_at=row.phone_confirmed_at,
            united=united,
        )


@bp.post("/residents/<resident_id:int>/phone-confirmation")
@endpoint(body=PhoneBody, returns=ConfirmedOut, roles=DESK, tags=TAGS)
async def confirm_resident_phone(request: Request, resident_id: int, body: PhoneBody) -> ConfirmedOut:
    """Vouch for a resident's phone; who is known by it in the mini-program is the same resident then."""
    found = await vouching.confirm(request.ctx.actor, resident_id, body.phone)
    return ConfirmedOut.of(found.resident, united=found.united)
