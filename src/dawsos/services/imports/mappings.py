"""Mappings of brokers' CSV files that users keep: saved once, used for every file whose header has the columns they need."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.clock import Clock
from dawsos.kernel.errors import Invalid, NotFound
from dawsos.kernel.identity import Actor
from dawsos.kernel.ledger import TransactionType
from dawsos.services.audit import NOWHERE, Origin, record
from dawsos.services.imports.broker_csv import BrokerMapping
from dawsos.services.imports.transaction_csv import COLUMNS
from dawsos.store import import_mappings as store
from dawsos.store.database import Database
from dawsos.store.transaction import DatabaseTransaction

_NAME: Final = re.compile(r"[a-z0-9_-]{1,40}")
_NEEDED: Final = ("transaction_date", "transaction_type")
_A_DAY: Final = date(2022, 11, 23)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingTerms:
    """A mapping as it is kept; meanings as in :class:`BrokerMapping`."""

    columns: Mapping[str, str]
    types: Mapping[str, str | None]
    date_format: str
    delimiter: str = ","
    decimal_comma: bool = False
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A mapping under its name."""

    name: str
    terms: MappingTerms
    saved_at: datetime


async def list_mappings(database: Database, actor: Actor) -> list[SavedMapping]:
    """The actor's mappings, the newest first."""
    async with database.transaction(actor, read_only=True) as tx:
        return await _saved(tx, actor)


async def own_mappings(tx: DatabaseTransaction, actor: Actor) -> tuple[BrokerMapping, ...]:
    """The actor's mappings as files are read by them."""
    return tuple(_readable(one.name, one.terms) for one in await _saved(tx, actor))


async def save_mapping(
    database: Database, actor: Actor, name: str, terms: MappingTerms, *, clock: Clock, origin: Origin = NOWHERE
) -> SavedMapping:
    """Keep a mapping under a name; one of the same name is replaced. Invalid for one no file could be read by."""
    if not _NAME.fullmatch(name):
        raise Invalid(f"'{name}' is not a name for a mapping.", remedy="Use up to 40 small letters, digits, - and _, like my-broker.")
    _check(terms)
    moment = clock.now()
    async with database.transaction(actor) as tx:
        await store.put_import_mapping(tx, _user_of(actor), name, canonical_bytes(_plain(terms)).decode(), moment)
        await record(tx, actor, "save", "import_mapping", entity_ref=name, changes=_plain(terms), moment=moment, origin=origin)
    return SavedMapping(name, terms, moment)


async def remove_mapping(database: Database, actor: Actor, name: str, *, clock: Clock, origin: Origin = NOWHERE) -> None:
    """Forget a mapping; NotFound when the actor has none of this name."""
    async with database.transaction(actor) as tx:
        if not await store.remove_import_mapping(tx, _user_of(actor), name):
            raise NotFound(f"There is no mapping '{name}'.", remedy="List them with 'dawsos mappings list'.", code="mapping_not_found")
        await record(tx, actor, "remove", "import_mapping", entity_ref=name, moment=clock.now(), origin=origin)


def _user_of(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise Invalid("A mapping belongs to a user.", remedy="Say whose it is with --user.")
    return actor.user_id


async def _saved(tx: DatabaseTransaction, actor: Actor) -> list[SavedMapping]:
    if actor.user_id is None:
        return []
    found = await store.list_import_mappings(tx, actor.user_id)
    return [SavedMapping(one.name, MappingTerms(**one.mapping), one.saved_at) for one in found]


def _readable(name: str, terms: MappingTerms) -> BrokerMapping:
    return BrokerMapping(
        name=name,
        columns=terms.columns,
        types={word.strip().lower(): kind for word, kind in terms.types.items()},
        date_format=terms.date_format,
        delimiter=terms.delimiter,
        decimal_comma=terms.decimal_comma,
        constants=terms.constants,
    )


def _plain(terms: MappingTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in MappingTerms.__dataclass_fields__}


def _check(terms: MappingTerms) -> None:
    unknown = sorted((set(terms.columns) | set(terms.constants)) - set(COLUMNS))
    if unknown:
        raise Invalid(f"{', '.join(unknown)} are no columns of the transaction CSV.", remedy=f"Use some of {', '.join(COLUMNS)}.")
    missing = [name for name in _NEEDED if name not in terms.columns]
    if "currency" not in {*terms.columns, *terms.constants}:
        missing.append("currency (as a column or a constant)")
    if missing:
        raise Invalid(f"The mapping lacks {', '.join(missing)}.", remedy="Name the broker's column for each.")
    if not all(column.strip() == column and column for column in terms.columns.values()):
        raise Invalid("A column of the broker has no name.", remedy="Write it as in the file's header, without blanks around it.")
    wrong = sorted({kind for kind in terms.types.values() if kind is not None} - {one.value for one in TransactionType})
    if wrong or not terms.types:
        raise Invalid(
            f"{', '.join(wrong) or 'Nothing'} is no type of transaction.",
            remedy=f"Map the broker's words to {', '.join(TransactionType)}, or to null for lines that book nothing.",
        )
    if len(terms.delimiter) != 1:
        raise Invalid(f"'{terms.delimiter}' cannot separate columns.", remedy="Use one character, such as a comma or a semicolon.")
    _check_date_format(terms.date_format)


def _check_date_format(date_format: str) -> None:
    try:
        reads = datetime.strptime(_A_DAY.strftime(date_format), date_format).date() == _A_DAY  # noqa: DTZ007 - a day, without a time
    except ValueError:
        reads = False
    if not reads:
        raise Invalid(f"'{date_format}' does not write a day.", remedy="Use for example %d.%m.%Y, %m/%d/%Y or %Y-%m-%d.")
