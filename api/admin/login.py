"""Log in, stay logged in, log out."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sanic import Blueprint, Request

from api.endpoint import endpoint
from api.schemas import PLAIN, Body, Label, Out
from api.tokens import RefreshBody, TokensOut
from services import auth, passwords

bp = Blueprint("login")

Username = Annotated[str, Field(min_length=1, max_length=32, pattern=PLAIN)]
Password = Annotated[str, Field(min_length=1, max_length=128, pattern=PLAIN)]
NewPassword = Annotated[str, Field(min_length=passwords.SHORTEST, max_length=128, pattern=PLAIN)]


class LoginBody(Body):
    """User name and password."""

    username: Username
    password: Password


class PasswordBody(Body):
    """The old and the new password."""

    old: Password
    new: NewPassword


class MeOut(Out):
    """Who is logged in, and what lies in their scope."""

    staff_id: int
    username: str
    title: str
    role: Label
    area_id: int | None
    community_id: int | None
    grid_id: int | None
    grid_member_id: int | None
    organization_id: int | None
    community_ids: list[int]

    @classmethod
    def of(cls, login: auth.Login) -> MeOut:
        """From the login of the request."""
        actor = login.actor
        same = ("title", "area_id", "community_id", "grid_id", "grid_member_id", "organization_id")
        return cls(
            staff_id=login.staff.id,
            username=login.staff.username,
            role=Label.of(actor.role),
            community_ids=sorted(actor.community_ids),
            **{name: getattr(actor, name) for name in same},
        )


@bp.post("/auth/login")
@endpoint(body=LoginBody, returns=TokensOut, roles=None, tags=["auth"])
async def log_in(request: Request, body: LoginBody) -> TokensOut:
    """Log in with user name and password."""
    return TokensOut.model_validate(
        await auth.login(body.username, body.password, address=str(request.client_ip))
    )


@bp.post("/auth/refresh")
@endpoint(body=RefreshBody, returns=TokensOut, roles=None, tags=["auth"])
async def refresh(request: Request, body: RefreshBody) -> TokensOut:
    """Exchange the refresh token for the next pair of tokens."""
    return TokensOut.model_validate(await auth.refresh(body.refresh_token, address=str(request.client_ip)))


@bp.post("/auth/logout")
@endpoint(tags=["auth"], status=204)
async def log_out(request: Request) -> None:
    """End this login."""
    await auth.logout(request.ctx.login)


@bp.post("/auth/password")
@endpoint(body=PasswordBody, tags=["auth"], status=204)
async def change_password(request: Request, body: PasswordBody) -> None:
    """Set a new password; every other login of this person ends."""
    await auth.change_password(request.ctx.login, body.old, body.new)


@bp.get("/me")
@endpoint(returns=MeOut, tags=["auth"])
async def me(request: Request) -> MeOut:
    """Say who is logged in."""
    return MeOut.of(request.ctx.login)
