"""`make run`: migrate, load the demo community, then service + worker + sandbox in this one process."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tortoise.migrations.api import migrate

import settings as configuration
from app import create_app
from models.database import configuration as database_configuration
from models.database import disconnect, make_sure_of_file, opened
from scripts.demo import PASSWORD
from scripts.seed import seed
from startup import explained

ADDRESSES = """
乡邻已启动，在浏览器里打开：
  聊天页面    http://127.0.0.1:{port}/sandbox/
  接口说明    http://127.0.0.1:{port}/docs
  运行状态    http://127.0.0.1:{port}/readyz
工作人员登录：duty（新联村值班）或 city（市级），密码 {password}
在另一个终端里说一句话：make say T="我家楼上漏水" FROM=resident-1
按 Ctrl+C 停止。
"""


async def prepare() -> None:
    """Bring the database to the newest migration and load the demo community."""
    make_sure_of_file()
    await migrate(config=database_configuration())
    await disconnect()
    async with opened():
        await seed()


def main() -> None:
    """Prepare, say where everything is, serve until stopped."""
    with explained():
        chosen = configuration.load()
        Path("var").mkdir(exist_ok=True)
        asyncio.run(prepare())

        app = create_app(chosen)
        sys.stdout.write(ADDRESSES.format(port=chosen.port, password=PASSWORD))
        sys.stdout.flush()
        app.run(host=chosen.host, port=chosen.port, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()
