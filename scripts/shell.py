"""A Python shell with the database open: `await Appeal.all().count()`."""

from __future__ import annotations

import ast
import asyncio
import code
import inspect
from types import CodeType

import models
from models.database import connect, disconnect


class AsyncConsole(code.InteractiveConsole):
    """The standard console, with `await` at the top level."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run everything on `loop`, with all models at hand."""
        super().__init__({name: getattr(models, name) for name in models.__all__})
        self.loop = loop
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

    def runcode(self, compiled: CodeType) -> None:
        """Run one statement and wait for it."""
        try:
            outcome = eval(compiled, self.locals)  # noqa: S307 - a shell evaluates what is typed
            if inspect.isawaitable(outcome):
                self.loop.run_until_complete(outcome)
        except SystemExit:
            raise
        except BaseException:
            self.showtraceback()


def main() -> None:
    """Open the database, talk, close it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(connect())
    AsyncConsole(loop).interact(banner="乡邻: all models are here; `await` works.", exitmsg="")
    loop.run_until_complete(disconnect())


if __name__ == "__main__":
    main()
