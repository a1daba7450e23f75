"""Who I am: name, birth date, community and grid, phone."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import RESIDENTS, endpoint
from api.residents.login import WeChatCode
from api.schemas import PLAIN, Body, Changes, Id, Named, Out, may_stay
from api.wechat import wechat_of
from services.residents import logins, profile

bp = Blueprint("resident_me")
TAGS = ["residents: me"]

OwnName = Annotated[str, Field(max_length=32, pattern=PLAIN)]
Address = Annotated[str, Field(max_length=128, pattern=PLAIN)]


class MyChanges(Changes):
    """What is to be different; a community with or without its grid."""

    name: OwnName = may_stay()
    address: Address = may_stay()
    born: date = may_stay()
    community_id: Id = may_stay()
    grid_id: Id | None = may_stay()


class PhoneBody(Body):
    """The code of the phone-number button; it works once, for five minutes."""

    code: WeChatCode


class MyselfOut(Out):
    """What is known of whoever is logged in."""

    resident_id: int
    name: str
    phone: str
    phone_confirmed: bool
    address: str
    born: date | None
    community: Named | None
    grid: Named | None

    @classmethod
    def of(cls, known: profile.Profile) -> MyselfOut:
        """From the rows."""
        one = known.resident
        return cls(
            resident_id=one.id,
            name=one.name,
            phone=one.phone,
            phone_confirmed=one.phone_confirmed_at is not None,
            address=one.address,
            born=date.fromisoformat(one.born) if one.born else None,
            community=Named.model_validate(known.community) if known.community else None,
            grid=Named.model_validate(known.grid) if known.grid else None,
        )


@bp.get("/me")
@endpoint(returns=MyselfOut, roles=RESIDENTS, tags=TAGS)
async def myself(request: Request) -> MyselfOut:
    """Say what is known of whoever is logged in."""
    return MyselfOut.of(await profile.of(request.ctx.login.resident_id))


@bp.patch("/me")
@endpoint(body=MyChanges, returns=MyselfOut, roles=RESIDENTS, tags=TAGS)
async def change_myself(request: Request, body: MyChanges) -> MyselfOut:
    """Change one's own name, birth date, address, community and grid."""
    return MyselfOut.of(await profile.change(request.ctx.login, body.given()))


@bp.post("/me/phone")
@endpoint(body=PhoneBody, returns=MyselfOut, roles=RESIDENTS, tags=TAGS, also=(503,))
async def confirm_phone(request: Request, body: PhoneBody) -> MyselfOut:
    """Take over the phone number that WeChat vouches for."""
    login: logins.ResidentLogin = request.ctx.login
    account = (await login.conversation()).account
    await logins.confirm_phone(login, wechat_of(request, account), body.code)
    return MyselfOut.of(await profile.of_login(login))
