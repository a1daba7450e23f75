"""The first community of an installation and its first login; the rest is entered over the admin API."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys

from models import Area, AreaLevel, Community, Role, Staff, connect, disconnect, writing
from scripts.prepare import prepare
from services.passwords import SHORTEST, hashed
from startup import explained


async def found(town: str, name: str, code: str, username: str, password: str) -> None:
    """Create the town, its community, duty staff of both; the town's login has `-town` behind its name.

    Raises: ValueError when the password is too short or the code is taken.
    """
    if len(password) < SHORTEST:
        raise ValueError(f"密码至少 {SHORTEST} 位。")
    secret = await hashed(password)
    async with writing():
        if await Community.exists(code=code):
            raise ValueError(f"代码 {code} 已经有村（社区）在用。")
        area, _ = await Area.get_or_create(name=town, parent=None, defaults={"level": AreaLevel.TOWN})
        community = await Community.create(name=name, code=code, area=area)
        shared = {"password_hash": secret, "on_duty": True}
        await Staff(
            username=username,
            role=Role.COMMUNITY_STAFF,
            title=f"{name}值班",
            community=community,
            **shared,
        ).save()
        await Staff(
            username=f"{username}-town", role=Role.TOWN, title=f"{town}值班", area=area, **shared
        ).save()


async def _main(given: argparse.Namespace) -> None:
    await prepare()
    await connect()
    try:
        password = getpass.getpass("密码：")
        await found(given.town, given.community, given.code, given.username, password)
    except ValueError as refused:
        sys.exit(str(refused))
    finally:
        await disconnect()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m scripts.found", description="建立第一个村（社区）和登录账号"
    )
    parser.add_argument("--town", required=True, help="镇街名称")
    parser.add_argument("--community", required=True, help="村（社区）名称")
    parser.add_argument("--code", required=True, help="代码，账号设置里的 intake_community")
    parser.add_argument("--username", default="duty")
    with explained():
        asyncio.run(_main(parser.parse_args()))
