"""Hashes and checks passwords with argon2id, off the event loop."""

import asyncio
from typing import Protocol

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher


class PasswordHasher(Protocol):
    """Turns a password into what may be stored, and tells whether a password fits."""

    async def hash(self, password: str) -> str:
        """What to store for ``password``."""
        ...

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether ``password`` fits ``stored``; with nothing stored it takes as long and is False."""
        ...


class Argon2id:
    """argon2id with the library's recommended cost unless told otherwise."""

    def __init__(self, *, time_cost: int = 3, memory_cost: int = 65536, parallelism: int = 4) -> None:
        self._hashes = PasswordHash((Argon2Hasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism),))
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """The argon2id hash of ``password`` with a random salt."""
        return await asyncio.to_thread(self._hashes.hash, password)

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether ``password`` fits; an unknown user costs as much time as a known one."""
        if stored is None:
            self._nobody = self._nobody or await self.hash("nobody has this password")
            await asyncio.to_thread(self._hashes.verify, password, self._nobody)
            return False
        return await asyncio.to_thread(self._hashes.verify, password, stored)
