"""Reads a file the operator named, in chunks, and says so when it cannot be read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dawsos.kernel.errors import Invalid, NotFound

_CHUNK: Final = 1 << 16


def size_of(file: Path) -> int:
    """The size in bytes; :class:`NotFound` when there is no such file."""
    try:
        if not file.is_file():
            raise NotFound(f"There is no file {file}.", remedy="Check the path.", code="file_not_found")
        return file.stat().st_size
    except OSError as error:
        raise _unreadable(file, error) from error


def chunks_of(file: Path) -> Iterator[bytes]:
    """The bytes of the file, a piece at a time."""
    try:
        with file.open("rb") as stream:
            yield from iter(lambda: stream.read(_CHUNK), b"")
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: OSError) -> Invalid:
    return Invalid(f"{file} cannot be read: {error.strerror}.", remedy="Check the path and its permissions.", code="file_unreadable")
