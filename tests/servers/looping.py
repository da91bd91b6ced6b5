"""Servers on loopback, each in a thread of its own: `listening` in an event loop (the SMTP server, the proxy), `serving`
by a server of the standard library (the others)."""

from __future__ import annotations

import asyncio
import contextlib
import socketserver
import threading
from collections.abc import Awaitable, Callable, Iterator

LIMIT = 10.0  # seconds for starting and for ending


@contextlib.contextmanager
def listening(
    loop: asyncio.AbstractEventLoop,
    listen: Callable[[], Awaitable[asyncio.Server]],
    break_lines: Callable[[], None],
) -> Iterator[int]:
    """Run the loop and its listener for the length of a `with`; gives the port."""
    started = threading.Event()
    ports: list[int] = []

    async def serve() -> None:
        listener = await listen()
        ports.append(listener.sockets[0].getsockname()[1])
        started.set()
        await end.wait()
        listener.close()
        break_lines()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            _, stubborn = await asyncio.wait(others, timeout=1)
            for task in stubborn:
                task.cancel()

    end = asyncio.Event()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=run, daemon=True, name="test listener")
    thread.start()
    if not started.wait(LIMIT):
        raise RuntimeError("the listener did not start")
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(LIMIT)


@contextlib.contextmanager
def serving(server: socketserver.BaseServer, name: str) -> Iterator[None]:
    """Run a server of the standard library for the length of a `with`, and close it."""
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True, name=name
    )
    with server:
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join(LIMIT)
