"""Real processes for the tests that kill, race and hang up: the service, the worker, the sandbox."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
START_SECONDS = 40


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """One process; `kill` is kill -9 of it and its children."""

    command: list[str]
    environment: Mapping[str, str]
    log: Path
    ready_url: str | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it and wait until it answers; RuntimeError with its log when it does not."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=_clean_environment() | dict(self.environment),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if self.ready_url:
            self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
            if _answers(self.ready_url or ""):
                return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"{self.command} did not start:\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """Kill -9, children included, and wait until it is gone."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=20)


async def until(done: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Wait for other processes; TimeoutError when it takes longer than `seconds`."""
    async with asyncio.timeout(seconds):
        while not await done():  # noqa: ASYNC110 - the event happens in another process
            await asyncio.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1).status_code == 200
    except httpx.HTTPError:
        return False


def _clean_environment() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "COVERAGE_PROCESS_START")
    return {name: os.environ[name] for name in kept if name in os.environ}


def service(folder: Path, database_url: str, sandbox_url: str, **environment: str) -> tuple[Running, str]:
    """A process of the service on PORT or a free one, its API calls going to the sandbox; and its address."""
    port = environment.get("PORT") or str(free_port())
    settings = {
        "PORT": port,
        "DATABASE_URL": database_url,
        "WECHAT_API_BASE": f"{sandbox_url}/sandbox/api",
        "MEDIA_DIR": str(folder / "media"),
        "LOG_LEVEL": "WARNING",
    }
    address = f"http://127.0.0.1:{port}"
    process = Running(
        [sys.executable, "app.py"],
        settings | environment,
        folder / f"service-{port}.log",
        f"{address}/healthz",
    )
    return process, address


def sandbox(folder: Path, app_url: str = "http://127.0.0.1:9") -> tuple[Running, str]:
    """The stand-in platform alone, and its address."""
    port = free_port()
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--app", app_url]
    address = f"http://127.0.0.1:{port}"
    return Running(command, {}, folder / f"sandbox-{port}.log", f"{address}/sandbox/api/accounts"), address


def worker(folder: Path, database_url: str, sandbox_url: str, redis_url: str, **environment: str) -> Running:
    """A worker process over Redis."""
    settings = {
        "DATABASE_URL": database_url,
        "WECHAT_API_BASE": f"{sandbox_url}/sandbox/api",
        "REDIS_URL": redis_url,
        "MEDIA_DIR": str(folder / "media"),
        "LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "taskiq", "worker", "worker.tasks:broker", "app", "--workers", "1"]
    return Running(command, settings | environment, folder / f"worker-{free_port()}.log")
