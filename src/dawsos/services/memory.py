"""Loads each shared thing once per request, however many steps ask for it at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

Value = TypeVar("Value")


class RequestMemory:
    """Keeps the first load of every key; later askers wait for it. A failed load is forgotten, so it can be tried again."""

    def __init__(self) -> None:
        self._loads: dict[object, asyncio.Future[Any]] = {}
        self._kept: dict[object, Any] = {}

    def keep(self, key: object, value: object) -> None:
        """Keep something a step made for whoever runs the request, beside its result: a file, for example."""
        self._kept[key] = value

    def kept(self, key: object) -> Any | None:
        """What was kept under ``key``, if anything was."""
        return self._kept.get(key)

    async def once(self, key: object, load: Callable[[], Awaitable[Value]]) -> Value:
        """The value of ``load()``, called at most once per ``key``."""
        while key in self._loads:
            try:
                value: Value = await asyncio.shield(self._loads[key])
            except _Abandoned:
                continue
            return value
        future: asyncio.Future[Value] = asyncio.get_running_loop().create_future()
        self._loads[key] = future
        try:
            value = await load()
        except BaseException as error:
            del self._loads[key]
            future.set_exception(error if isinstance(error, Exception) else _Abandoned())
            future.exception()  # marks it as seen: with nobody waiting, it is raised here and nowhere else
            raise
        future.set_result(value)
        return value


class _Abandoned(Exception):
    """The task that was loading was cancelled; somebody else has to load."""
