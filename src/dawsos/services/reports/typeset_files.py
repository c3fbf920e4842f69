"""Keeps typeset files in memory under everything that makes them: who asks for the same document again does not wait for typesetting."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

MEGABYTE: Final = 1_000_000


class TypesetFiles:
    """Files by key, of which the ones asked for longest ago are forgotten when all together are larger than ``largest`` bytes.

    Files are typeset on threads, so several may ask at once; each that finds nothing makes the file, and all of them get the same bytes.
    """

    def __init__(self, largest: int = 16 * MEGABYTE) -> None:
        self._largest = largest
        self._size = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def once(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The file of ``key``, else what ``make()`` gives; what it raises is not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            self._keep(key, made)
        return made

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._size

    def _keep(self, key: str, content: bytes) -> None:
        if len(content) > self._largest:
            return
        self._size += len(content) - len(self._kept.pop(key, b""))
        self._kept[key] = content
        while self._size > self._largest:
            _, forgotten = self._kept.popitem(last=False)
            self._size -= len(forgotten)
