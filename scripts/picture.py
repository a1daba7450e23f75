"""Take the picture of the README: start the service, play a short conversation, photograph the chat page."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
from playwright.async_api import async_playwright

from tests import running

SCENE = (
    ("resident-1", "三组小学路的路灯坏了三天了，晚上老人出门看不见"),
    ("resident-2", "你好"),
    ("resident-1", "我妈一个人在家，想问问送饭的事"),
    ("grid-1", "待办"),
)
TARGET = Path("docs/chat.png")


async def _play(address: str) -> None:
    async with httpx.AsyncClient(timeout=20, trust_env=False) as http:
        for openid, text in SCENE:
            said = await http.post(f"{address}/sandbox/api/say", json={"from": openid, "text": text})
            said.raise_for_status()


async def _photograph(address: str, chromium: str, target: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await browser.new_page(
            viewport={"width": 1366, "height": 820}, device_scale_factor=1.5, timezone_id="Asia/Shanghai"
        )
        await page.goto(f"{address}/sandbox/")
        await page.get_by_text("派单依据").first.wait_for()
        await page.get_by_text("路灯坏了").first.wait_for()
        await page.wait_for_load_state("load")
        await page.wait_for_timeout(2500)
        await page.screenshot(path=target)
        await browser.close()


def main() -> None:
    """Write docs/chat.png, or the file named on the command line. Needs Chromium and no running service."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not installed")
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite://{folder}/picture.sqlite3"
        port = running.free_port()
        environment = {"PORT": str(port), "DATABASE_URL": database, "MEDIA_DIR": f"{folder}/media"}
        address = f"http://127.0.0.1:{port}"
        service = running.Running(
            [sys.executable, "-m", "scripts.run"], environment, Path(folder) / "log", f"{address}/healthz"
        )
        service.start()
        try:
            asyncio.run(_play(address))
            asyncio.run(_photograph(address, chromium, target))
        except subprocess.SubprocessError:
            sys.stderr.write((Path(folder) / "log").read_text())
            raise
        finally:
            service.stop()


if __name__ == "__main__":
    main()
