"""Mappings of brokers' files, as users keep them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("import_mappings")


@dataclass(frozen=True, slots=True)
class ImportMappingRecord:
    """A mapping a user keeps."""

    name: str
    mapping: dict[str, Any]
    saved_at: datetime


LIST_IMPORT_MAPPINGS = _statements.many("list_import_mappings", ImportMappingRecord)
PUT_IMPORT_MAPPING = _statements.none("put_import_mapping")
REMOVE_IMPORT_MAPPING = _statements.none("remove_import_mapping")


async def list_import_mappings(tx: DatabaseTransaction, user_id: UUID) -> list[ImportMappingRecord]:
    """The user's mappings, the newest first."""
    return await tx.fetch_all(LIST_IMPORT_MAPPINGS, user_id=user_id)


async def put_import_mapping(tx: DatabaseTransaction, user_id: UUID, name: str, mapping: str, moment: datetime) -> None:
    """Keep a mapping (its JSON text); one of the same name is replaced."""
    await tx.execute(PUT_IMPORT_MAPPING, user_id=user_id, name=name, mapping=mapping, moment=moment)


async def remove_import_mapping(tx: DatabaseTransaction, user_id: UUID, name: str) -> bool:
    """Forget a mapping; False when there was none of this name."""
    return bool(await tx.execute(REMOVE_IMPORT_MAPPING, user_id=user_id, name=name))
