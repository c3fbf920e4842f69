"""The numbered SQL files of the schema, and which of them a database lacks; without the library that applies them, slow to import."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from dawsos.kernel.canonical import sha256_hex
from dawsos.store.assets import asset_root
from dawsos.store.errors import unavailable


@dataclass(frozen=True, slots=True)
class AppliedFile:
    """A migration file as it stands on disk: what has been applied may not differ from it later."""

    name: str
    checksum: str


def migrations_folder() -> Path:
    """The Alembic folder."""
    return asset_root() / "db" / "migrations"


def pending(dsn: str) -> list[str]:
    """The migration files that :func:`migrations.migrate` would apply now."""
    with connect(dsn) as connection:
        known = connection.execute("select to_regclass('migrations.applied_files') is not null").fetchone()
        if known is None or not known[0]:
            return [file.name for file in files()]
        applied = {name for (name,) in connection.execute("select file_name from migrations.applied_files")}
    return [file.name for file in files() if file.name not in applied]


def files() -> list[AppliedFile]:
    """Every migration file in order, with its checksum."""
    folder = migrations_folder() / "versions"
    return [AppliedFile(path.name, sha256_hex(path.read_bytes())) for path in sorted(folder.glob("*.sql"))]


def connect(dsn: str) -> psycopg.Connection[Any]:
    """A connection of its own, outside any pool; Unavailable when the server does not answer."""
    try:
        return psycopg.connect(dsn, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise unavailable(error) from error
