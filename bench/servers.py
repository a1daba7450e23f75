"""The processes that are measured, each on one core of its own if there are two, and the load upon them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import client
from bench.client import Outcome, Plan
from tests.running import ROOT, Running, free_port

QUIET = {"LOG_LEVEL": "WARNING", "RUN_WORKER": "false"}


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and what it is."""

    process: Running
    port: int
    path: str

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self.process.process is not None
        return self.process.process.pid


class Bench:
    """Starts servers on the first core, the load client on the last, and stops all of them at the end."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self._stack = stack

    def product(self, database_url: str, **environment: str) -> Server:
        """One process of the service without worker; its pushes are written, not sent."""
        port = free_port()
        given = {
            "PORT": str(port),
            "DATABASE_URL": database_url,
            "MEDIA_DIR": str(self.folder / "media"),
            "WECHAT_API_BASE": "http://127.0.0.1:9/nobody",
        }
        return self._start(
            [sys.executable, "app.py"], port, "/wechat/oa", "/healthz", given | QUIET | environment
        )

    def bare(self, database_url: str) -> Server:
        """The yardstick."""
        port = free_port()
        return self._start(
            [sys.executable, "-m", "bench.bare", str(port), database_url], port, "/", "/healthz", {}
        )

    def werobot(self, *, session: bool) -> Server:
        """WeRoBot's echo, sixteen threads in one process."""
        port = free_port()
        path = str(self.folder / f"session-{port}.sqlite3")
        command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", "1", "--threads", "16"]
        command += [
            "--keep-alive",
            "60",
            "--log-level",
            "warning",
            "-b",
            f"127.0.0.1:{port}",
            "bench.echo:application",
        ]
        return self._start(command, port, "/", None, {"WEROBOT_SESSION": path} if session else {})

    def _start(
        self, command: list[str], port: int, path: str, ready: str | None, environment: dict[str, str]
    ) -> Server:
        url = f"http://127.0.0.1:{port}{ready}" if ready else None
        process = Running(command, environment, self.folder / f"{port}.log", url)
        self._stack.callback(process.stop)
        with _on_core(0):
            process.start()
        return Server(process, port, path)

    async def load(
        self,
        server: Server,
        requests: Sequence[bytes],
        *,
        concurrency: int = 16,
        rate: float = 0.0,
        fine: tuple[int, ...] = (200,),
    ) -> Outcome:
        """Send the requests from another process; each must be answered with a `fine` status.

        Raises: RuntimeError for a failed run.
        """
        file = self.folder / f"requests-{server.port}.bin"
        await asyncio.to_thread(file.write_bytes, client.pack(requests))
        plan = json.dumps(asdict(Plan(server.port, concurrency, rate, fine=fine)))
        with _on_core(-1):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bench.client",
                plan,
                str(file),
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
            )
        printed, _ = await process.communicate()
        outcome = Outcome(**json.loads(printed))
        if outcome.answered != len(requests):
            log = server.process.log.read_text()[-3000:]
            raise RuntimeError(f"{len(requests) - outcome.answered} requests were not answered\n{log}")
        return outcome


@contextmanager
def bench() -> Iterator[Bench]:
    """A folder and servers for one benchmark."""
    with TemporaryDirectory(prefix="bench-") as folder, ExitStack() as stack:
        yield Bench(Path(folder), stack)


@contextmanager
def _on_core(which: int) -> Iterator[None]:
    """What is started inside runs on this core alone; nothing is pinned where the system cannot."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(cores)[which]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
