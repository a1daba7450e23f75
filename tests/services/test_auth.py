"""Logging in, staying logged in, and what ends a login."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest
import time_machine
from argon2 import PasswordHasher

from models import AuditEntry, Staff, StaffSession, writing
from services import auth, login_lines, login_tokens, passwords, throttle
from services.auth import FAILURES_BEFORE_LOCK
from services.clock import now
from services.errors import Invalid, TooMany, Unauthorized
from tests.make import make_community, make_duty

PASSWORD = "a long enough password"


@pytest.fixture
async def staff(db: str) -> Staff:
    """Duty staff with a real password."""
    return await make_duty(
        await make_community(), username="duty", password_hash=passwords.hash_password(PASSWORD)
    )


async def _log_in(address: str = "10.0.0.1") -> login_lines.Tokens:
    return await auth.login("duty", PASSWORD, address=address)


async def test_the_right_password_opens_a_login_in_the_role_of_the_staff(staff: Staff) -> None:
    tokens = await _log_in()

    login = await auth.who(tokens.access_token)

    assert login.actor.staff_id == staff.id
    assert login.actor.community_ids == {staff.community_id}
    assert [one.action for one in await AuditEntry.all()] == ["auth.login"]


@pytest.mark.parametrize("username", ["duty", "nobody"])
async def test_a_wrong_password_and_an_unknown_user_are_refused_alike(staff: Staff, username: str) -> None:
    with pytest.raises(Unauthorized) as refused:
        _ = await auth.login(username, "wrong", address="10.0.0.1")

    assert refused.value.message == "用户名或密码不对。"
    assert await StaffSession.all().count() == 0


async def test_an_unknown_user_costs_the_same_hashing(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    real = passwords._fits

    def counting(stored: str, plain: str) -> bool:
        hashed.append(stored)
        return real(stored, plain)

    monkeypatch.setattr(passwords, "_fits", counting)

    with pytest.raises(Unauthorized):
        _ = await auth.login("nobody", PASSWORD, address="10.0.0.1")

    assert len(hashed) == 1


async def test_staff_who_are_no_longer_active_cannot_log_in(staff: Staff) -> None:
    tokens = await _log_in()
    await Staff.filter(id=staff.id).update(active=False)

    with pytest.raises(Unauthorized):
        _ = await _log_in()
    with pytest.raises(Unauthorized):
        _ = await auth.who(tokens.access_token)


async def test_guessing_from_many_addresses_locks_the_login_for_a_while(staff: Staff) -> None:
    for number in range(FAILURES_BEFORE_LOCK):
        with pytest.raises(Unauthorized):
            _ = await auth.login("duty", "wrong", address=f"10.0.0.{number}")

    with pytest.raises(TooMany) as refused:
        _ = await _log_in("10.0.1.1")
    wait = refused.value.facts["retry_after"]
    assert isinstance(wait, int)
    assert 0 < wait <= 600
    with time_machine.travel(now() + timedelta(minutes=11), tick=True):
        assert (await auth.who((await _log_in("10.0.1.1")).access_token)).staff.id == staff.id


async def test_guessing_from_one_address_is_throttled(staff: Staff) -> None:
    for _ in range(throttle.LOGIN_PAIR.times):
        with pytest.raises(Unauthorized):
            _ = await auth.login("nobody", "wrong", address="10.0.0.1")

    with pytest.raises(TooMany):
        _ = await auth.login("nobody", "wrong", address="10.0.0.1")
    with pytest.raises(Unauthorized):
        _ = await auth.login("nobody", "wrong", address="10.0.0.2")


async def test_a_good_login_forgets_failures(staff: Staff) -> None:
    with pytest.raises(Unauthorized):
        _ = await auth.login("duty", "wrong", address="10.0.0.1")
    _ = await _log_in()

    await staff.refresh_from_db()
    assert staff.failed_logins == 0


async def test_a_refresh_token_gives_the_next_pair_and_keeps_the_login(staff: Staff) -> None:
    first = await _log_in()

    second = await auth.refresh(first.refresh_token, address="10.0.0.1")
    third = await auth.refresh(second.refresh_token, address="10.0.0.1")

    assert (await auth.who(third.access_token)).session_id == (await auth.who(first.access_token)).session_id


@pytest.mark.parametrize("age", [1, 2])
async def test_a_used_refresh_token_that_comes_back_ends_the_whole_login(staff: Staff, age: int) -> None:
    stolen = newest = await _log_in()
    for _ in range(age):
        newest = await auth.refresh(newest.refresh_token, address="10.0.0.1")

    with pytest.raises(Unauthorized):
        _ = await auth.refresh(stolen.refresh_token, address="10.9.9.9")

    with pytest.raises(Unauthorized):
        _ = await auth.refresh(newest.refresh_token, address="10.0.0.1")
    with pytest.raises(Unauthorized):
        _ = await auth.who(newest.access_token)
    assert await AuditEntry.filter(action="auth.token_reused").count() == 1


async def test_logging_out_ends_this_login_and_no_other(staff: Staff) -> None:
    here, elsewhere = await _log_in(), await _log_in()

    await auth.logout(await auth.who(here.access_token))

    with pytest.raises(Unauthorized):
        _ = await auth.who(here.access_token)
    with pytest.raises(Unauthorized):
        _ = await auth.refresh(here.refresh_token, address="10.0.0.1")
    assert (await auth.who(elsewhere.access_token)).staff.id == staff.id


async def test_a_new_password_ends_the_other_logins(staff: Staff) -> None:
    here, elsewhere = await _log_in(), await _log_in()

    await auth.change_password(await auth.who(here.access_token), PASSWORD, "another long password")

    assert (await auth.who(here.access_token)).staff.id == staff.id
    with pytest.raises(Unauthorized):
        _ = await auth.who(elsewhere.access_token)
    with pytest.raises(Unauthorized):
        _ = await _log_in()


async def test_a_new_password_needs_the_old_one(staff: Staff) -> None:
    login = await auth.who((await _log_in()).access_token)

    with pytest.raises(Invalid):
        await auth.change_password(login, "wrong", "another long password")
    with pytest.raises(Invalid):
        await auth.change_password(login, PASSWORD, PASSWORD)


async def test_tokens_end_by_the_clock(staff: Staff) -> None:
    tokens = await _log_in()

    with time_machine.travel(now() + timedelta(minutes=16), tick=True):
        with pytest.raises(Unauthorized, match="过期"):
            _ = await auth.who(tokens.access_token)
        assert (await auth.refresh(tokens.refresh_token, address="10.0.0.1")).access_token
    with time_machine.travel(now() + timedelta(days=15), tick=True), pytest.raises(Unauthorized):
        _ = await auth.refresh(tokens.refresh_token, address="10.0.0.1")


async def test_a_token_of_the_other_use_or_another_key_is_nobody(staff: Staff) -> None:
    tokens = await _log_in()
    claims = jwt.decode(tokens.access_token, options={"verify_signature": False})
    forged = jwt.encode(claims, "x" * 32, algorithm="HS256")
    unsigned = jwt.encode(claims, "", algorithm="none")

    for token in (tokens.refresh_token, forged, unsigned, "", "not a token"):
        with pytest.raises(Unauthorized):
            _ = await auth.who(token)
    with pytest.raises(Unauthorized):
        _ = await auth.refresh(tokens.access_token, address="10.0.0.1")


async def test_no_token_stands_in_the_database(staff: Staff) -> None:
    tokens = await _log_in()
    session = await StaffSession.get()
    nonce = login_tokens.read("staff", "refresh", tokens.refresh_token).nonce

    assert nonce not in session.token_hash
    assert session.token_hash not in tokens.refresh_token


async def test_a_hash_of_weaker_parameters_is_renewed_by_the_next_login(staff: Staff) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    await Staff.filter(id=staff.id).update(password_hash=weak)

    _ = await _log_in()

    await staff.refresh_from_db()
    assert not passwords.outdated(staff.password_hash)
    async with writing():
        await auth.end_logins(staff.id)
    assert await StaffSession.filter(ended_at=None).count() == 0
