"""家人: whom I sign up."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import RESIDENTS, endpoint
from api.schemas import PLAIN, Body, Label, Name, Out, Page, PageQuery, page_of
from models import Dependant, DependantKind
from services import households
from services.errors import Invalid

bp = Blueprint("resident_family")
TAGS = ["residents: family"]


class DependantBody(Body):
    """A child or an elder; `consent` says that they, or whoever may speak for them, agree."""

    kind: Annotated[DependantKind, Field(strict=False)]
    name: Name
    born: date
    needs: Annotated[str, Field(max_length=200, pattern=PLAIN)] = ""
    consent: bool


class DependantOut(Out):
    """Somebody of the household; `key` is what a sign-up names them by."""

    id: int
    key: str
    kind: Label
    name: str
    born: date
    needs: str

    @classmethod
    def of(cls, row: Dependant) -> DependantOut:
        """One dependant."""
        return cls(
            id=row.id,
            key=f"d{row.id}",
            kind=Label.of(row.kind),
            name=row.name,
            born=row.birth_date,
            needs=row.needs,
        )


@bp.get("/me/dependants")
@endpoint(query=PageQuery, returns=Page[DependantOut], roles=RESIDENTS, tags=TAGS)
async def list_dependants(request: Request, query: PageQuery) -> Page[DependantOut]:
    """List the people whom the household signs up."""
    found = await households.dependants_of(request.ctx.login.resident_id)
    return page_of(found, query, DependantOut.of, lambda one: one.id)


@bp.post("/me/dependants")
@endpoint(body=DependantBody, returns=DependantOut, roles=RESIDENTS, tags=TAGS, status=201, once=True)
async def add_dependant(request: Request, body: DependantBody) -> DependantOut:
    """Enter a child or an elder, with their consent."""
    if not body.consent:
        raise Invalid("要先征得本人或监护人同意，才能登记。")
    made = await households.add_dependant(
        request.ctx.login.resident_id, body.kind, body.name, body.born, needs=body.needs
    )
    return DependantOut.of(made)


@bp.delete("/me/dependants/<dependant_id:int>")
@endpoint(roles=RESIDENTS, tags=TAGS, status=204)
async def remove_dependant(request: Request, dependant_id: int) -> None:
    """Remove somebody from the household; what they are signed up for has to be cancelled first."""
    await households.remove_dependant(request.ctx.login.resident_id, dependant_id)
