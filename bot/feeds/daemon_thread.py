"""Calls that block and cannot be stopped, in threads that nothing waits for."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


async def in_daemon_thread(call: Callable[[], T]) -> T:
    """What ``call`` returns or raises. It is abandoned if the task is cancelled or the process ends."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    result: Future[T] = Future()

    def run() -> None:
        try:
            result.set_result(call())
        except BaseException as error:  # noqa: BLE001 - it is raised where the call is awaited
            result.set_exception(error)
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(over.set)

    threading.Thread(target=run, name="daemon-call", daemon=True).start()
    await over.wait()
    return result.result()
