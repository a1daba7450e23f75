"""报名: sign up, cancel, accept what is offered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import RESIDENTS, endpoint
from api.residents.opening_schemas import MySignUpOut
from api.residents.own_words import checked
from api.schemas import PLAIN, Body, Name, Page, PageQuery
from services.slots import answering, openings, signup
from services.slots.facts import OWN

bp = Blueprint("resident_sign_ups")
TAGS = ["residents: sign-ups"]

ME = "me"
PersonKey = Annotated[str, Field(pattern=r"^(me|d[1-9][0-9]{0,17})$")]
Answer = Annotated[str, Field(max_length=200, pattern=PLAIN)]


class SignUpBody(Body):
    """For whom: `me`, or the `key` of a dependant; `guests` come along without a name."""

    people: Annotated[list[PersonKey], Field(min_length=1, max_length=20)] = Field(default=[ME])
    guests: Annotated[int, Field(ge=0, le=50)] = 0
    answers: Annotated[dict[Name, Answer], Field(max_length=20)] = Field(default_factory=dict)
    may_wait: bool = True


async def _check_answers(request: Request, slot_id: int, body: SignUpBody) -> None:
    request.ctx.checked = await checked(request, body.answers.values())


@bp.post("/slots/<slot_id:int>/sign-ups")
@endpoint(
    body=SignUpBody,
    returns=MySignUpOut,
    roles=RESIDENTS,
    tags=TAGS,
    status=201,
    once=True,
    before=_check_answers,
)
async def sign_up(request: Request, slot_id: int, body: SignUpBody) -> MySignUpOut:
    """Sign up; where there is no room, at the end of the line, unless `may_wait` is false."""
    me = request.ctx.login.resident_id
    made = await answering.sign_up(
        me,
        slot_id,
        keys_of(body.people, me),
        guests=body.guests,
        answers=body.answers,
        checked=request.ctx.checked,
        may_wait=body.may_wait,
    )
    alone = body.people == [ME]
    names = {made.id: [openings.MYSELF]} if alone else await openings.names([made], me)
    return MySignUpOut.of(made, names[made.id])


@bp.get("/me/sign-ups")
@endpoint(query=PageQuery, returns=Page[MySignUpOut], roles=RESIDENTS, tags=TAGS)
async def list_my_sign_ups(request: Request, query: PageQuery) -> Page[MySignUpOut]:
    """List what the household has signed up for, the last first, past ones included."""
    me = request.ctx.login.resident_id
    found = await openings.sign_ups_of(me, query.after, query.size + 1)
    names = await openings.names(found, me)
    shown = found[: query.size]
    return Page(
        items=[MySignUpOut.of(one, names[one.id]) for one in shown],
        next=shown[-1].id if len(found) > query.size else None,
    )


@bp.post("/sign-ups/<sign_up_id:int>/cancel")
@endpoint(returns=MySignUpOut, roles=RESIDENTS, tags=TAGS, once=True)
async def cancel_sign_up(request: Request, sign_up_id: int) -> MySignUpOut:
    """Give the places back, decline an offer, or leave the line."""
    me = request.ctx.login.resident_id
    return await _shown(me, (await signup.cancel(me, sign_up_id)).id)


@bp.post("/sign-ups/<sign_up_id:int>/accept")
@endpoint(returns=MySignUpOut, roles=RESIDENTS, tags=TAGS, once=True)
async def accept_places(request: Request, sign_up_id: int) -> MySignUpOut:
    """Take the places that are offered."""
    me = request.ctx.login.resident_id
    return await _shown(me, (await signup.accept(me, sign_up_id)).id)


def keys_of(people: Sequence[str], resident_id: int) -> list[str]:
    """The keys that rows bear, of `me` and dependants."""
    return [f"{OWN}{resident_id}" if one == ME else one for one in people]


async def _shown(resident_id: int, sign_up_id: int) -> MySignUpOut:
    made = await openings.own_sign_up(resident_id, sign_up_id)
    return MySignUpOut.of(made, (await openings.names([made], resident_id))[made.id])
