"""Staff log in, stay logged in by rotating refresh tokens, and log out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tortoise.expressions import F

from models import Staff, StaffSession, writing
from services import audit, login_lines, login_tokens, passwords, throttle
from services.access import Actor, in_post, staff_actor
from services.clock import now
from services.errors import Invalid, Unauthorized
from services.login_lines import Tokens

FAILURES_BEFORE_LOCK = 10
LOCK = timedelta(minutes=10)

_WRONG = "用户名或密码不对。"


@dataclass(frozen=True, slots=True)
class Login:
    """Who calls, and by which login."""

    actor: Actor
    staff: Staff
    session_id: int


async def login(username: str, password: str, *, address: str) -> Tokens:
    """Check a password and open a login. An unknown user takes as long as a wrong password.

    `address` is where the caller comes from. Raises: Unauthorized, TooMany (throttled or locked).
    """
    await throttle.spend(throttle.LOGIN_ADDRESS, address)
    await throttle.spend(throttle.LOGIN_PAIR, username, address)
    staff = await Staff.get_or_none(in_post(), username=username)
    if staff is not None:
        _refuse_locked(staff)
    if not await passwords.fits(staff.password_hash if staff else None, password) or staff is None:
        await _failed(staff)
        raise Unauthorized(_WRONG)
    stronger = await passwords.hashed(password) if passwords.outdated(staff.password_hash) else None
    async with writing():
        await Staff.filter(id=staff.id).update(
            failed_logins=0, locked_until=None, password_hash=stronger or staff.password_hash
        )
        await audit.record(await staff_actor(staff), "auth.login", f"staff {staff.id}")
        return await open_session(staff)


def _refuse_locked(staff: Staff) -> None:
    if staff.locked_until is not None and staff.locked_until > now():
        wait = max(1, int((staff.locked_until - now()).total_seconds()))
        raise throttle.too_often(wait)


async def _failed(staff: Staff | None) -> None:
    if staff is None:
        return
    async with writing():
        await Staff.filter(id=staff.id).update(failed_logins=F("failed_logins") + 1)
        locked = await Staff.filter(id=staff.id, failed_logins__gte=FAILURES_BEFORE_LOCK).update(
            failed_logins=0, locked_until=now() + LOCK
        )
        if locked:
            await audit.record(await staff_actor(staff), "auth.locked", f"staff {staff.id}")


async def open_session(staff: Staff) -> Tokens:
    """Open a login for somebody whose identity is proven, inside the caller's `writing()`."""
    return await login_lines.begin("staff", staff.id)


async def refresh(token: str, *, address: str) -> Tokens:
    """Exchange a refresh token for the next pair; it works once.

    A used one that comes back was copied: the whole login ends, for the thief and for the owner alike.
    Raises: Unauthorized, TooMany.
    """
    await throttle.spend(throttle.REFRESH_ADDRESS, address)
    claims = login_tokens.read("staff", "refresh", token)
    async with writing():
        tokens = await login_lines.rotate(claims)
        if tokens is None and await login_lines.end_copied(claims):
            await _record_copied(claims.subject_id)
    if tokens is None:
        raise login_lines.ended()
    return tokens


async def _record_copied(staff_id: int) -> None:
    staff = await Staff.get_or_none(id=staff_id)
    if staff is not None:
        await audit.record(await staff_actor(staff), "auth.token_reused", f"staff {staff.id}")


async def who(access_token: str) -> Login:
    """Who an access token speaks for; a login that was ended, staff or a post no longer active, is nobody.

    Raises: Unauthorized.
    """
    claims = login_tokens.read("staff", "access", access_token)
    session = await StaffSession.get_or_none(
        in_post("staff__"), id=claims.session_id, ended_at=None
    ).select_related("staff")
    if session is None:
        raise login_lines.ended()
    return Login(await staff_actor(session.staff), session.staff, session.id)


async def logout(login: Login) -> None:
    """End this login; its tokens stop working at once."""
    async with writing():
        await login_lines.end("staff", login.session_id)
        await audit.record(login.actor, "auth.logout", f"staff {login.staff.id}")


async def change_password(login: Login, old: str, new: str) -> None:
    """Set a new password; every other login of this person ends. Raises: Invalid, TooMany."""
    await throttle.spend(throttle.LOGIN_PAIR, login.staff.username, "change")
    if not await passwords.fits(login.staff.password_hash, old):
        raise Invalid("原密码不对。")
    if old == new:
        raise Invalid("新密码不能和原密码一样。")
    stored = await passwords.hashed(new)
    async with writing():
        await Staff.filter(id=login.staff.id).update(password_hash=stored)
        await end_logins(login.staff.id, but=login.session_id)
        await audit.record(login.actor, "auth.password", f"staff {login.staff.id}")


async def end_logins(*staff_ids: int, but: int = 0) -> None:
    """End every login of these people except session `but`, inside the caller's `writing()`."""
    await StaffSession.filter(staff_id__in=staff_ids, ended_at=None).exclude(id=but).update(ended_at=now())
