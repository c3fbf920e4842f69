"""Compute, store, get-or-compute: the one way an expensive result is made, kept and served.

The key of a result holds everything it depends on (portfolio, pricing pack, ledger hash, parameters, method version), so a change of
any of them is a miss by construction and nothing stale can be served. A time to live is only for what moves by itself.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from pydantic import TypeAdapter

from dawsos.kernel.canonical import canonical_bytes, fingerprint
from dawsos.services.context import Pins, RequestContext
from dawsos.store import derived
from dawsos.store.transaction import DatabaseTransaction

Inputs = TypeVar("Inputs")
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class DerivationKey:
    """Everything a result depends on."""

    derivation: str
    version: int
    portfolio_id: UUID | None
    pricing_pack_id: str | None
    ledger_commit_hash: str | None
    parameters: Mapping[str, Any]

    @cached_property
    def hash(self) -> str:
        return fingerprint(self)

    def __hash__(self) -> int:
        return hash(self.hash)


@dataclass(frozen=True, slots=True)
class Derived(Generic[Result]):
    """A result, and whether it was stored or had to be computed."""

    value: Result
    stored: bool
    computed_at: datetime


class Derivation(ABC, Generic[Inputs, Result]):
    """One kind of expensive result. A subclass says what it needs and how it is computed; where it is kept has a default."""

    name: ClassVar[str]
    version: ClassVar[int]
    result_type: ClassVar[Any]
    #: Methods of the derivations this one is computed from; part of what its results say of themselves.
    built_on: ClassVar[tuple[str, ...]] = ()
    #: Where results are kept; the page of kept results names it.
    tables: ClassVar[tuple[str, ...]] = ("app.derived_results",)
    time_to_live: ClassVar[timedelta | None] = None

    def key(self, context: RequestContext, parameters: Mapping[str, Any]) -> DerivationKey:
        """The key under which the result for ``parameters`` in ``context`` is kept."""
        return DerivationKey(
            derivation=self.name,
            version=self.version,
            portfolio_id=context.portfolio_id,
            pricing_pack_id=context.pricing_pack_id,
            ledger_commit_hash=context.ledger_commit_hash,
            parameters=parameters,
        )

    def key_of(self, pins: Pins, parameters: Mapping[str, Any]) -> DerivationKey:
        """The same key, for a portfolio that is not the request's: background work has many."""
        return DerivationKey(
            derivation=self.name,
            version=self.version,
            portfolio_id=pins.portfolio.id,
            pricing_pack_id=pins.pack.id,
            ledger_commit_hash=pins.ledger.commit_hash,
            parameters=parameters,
        )

    def shared_key(self, parameters: Mapping[str, Any]) -> DerivationKey:
        """A key of a result that is the same for every portfolio and pack."""
        return DerivationKey(
            derivation=self.name,
            version=self.version,
            portfolio_id=None,
            pricing_pack_id=None,
            ledger_commit_hash=None,
            parameters=parameters,
        )

    @abstractmethod
    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> Inputs:
        """Everything the computation needs. Runs before the key is locked, so that no lock is held while waiting for a connection."""

    @abstractmethod
    def compute(self, inputs: Inputs) -> Result:
        """The result: pure, rounded to what is stored, so that a stored and a computed one are equal to the byte."""

    async def read(self, tx: DatabaseTransaction, key: DerivationKey, moment: datetime) -> tuple[Result, datetime] | None:
        """The stored result of ``key`` that is still valid at ``moment``, and when it was computed."""
        row = await derived.find_result(tx, key.derivation, key.hash, moment)
        if row is None:
            return None
        return TypeAdapter(self.result_type).validate_python(row.payload), row.computed_at

    async def kept(self, tx: DatabaseTransaction, keys: Sequence[DerivationKey], moment: datetime) -> set[DerivationKey]:
        """Those of ``keys`` that have a result which is valid at ``moment``."""
        found = await derived.kept_keys(tx, self.name, [key.hash for key in keys], moment)
        return {key for key in keys if key.hash in found}

    async def write_many(self, tx: DatabaseTransaction, results: Iterable[tuple[DerivationKey, Result]], moment: datetime) -> None:
        """Keep many results at once; the same rows as :meth:`write` one by one."""
        await derived.keep_results(tx, [self._row(key, result, moment) for key, result in results])

    async def write(self, tx: DatabaseTransaction, key: DerivationKey, result: Result, moment: datetime) -> None:
        """Keep ``result`` under ``key``."""
        await derived.keep_result(tx, self._row(key, result, moment))

    def _row(self, key: DerivationKey, payload: object, moment: datetime) -> derived.DerivedResult:
        return derived.DerivedResult(
            derivation=key.derivation,
            key_hash=key.hash,
            portfolio_id=key.portfolio_id,
            pricing_pack_id=key.pricing_pack_id,
            ledger_commit_hash=key.ledger_commit_hash,
            parameters=canonical_bytes(key.parameters).decode(),
            method_version=str(key.version),
            payload=canonical_bytes(payload).decode(),
            computed_at=moment,
            expires_at=None if self.time_to_live is None else moment + self.time_to_live,
        )


async def of_present_state(tx: DatabaseTransaction, keys: Iterable[DerivationKey]) -> set[DerivationKey]:
    """Those of ``keys`` whose portfolio still stands where the key says: only results of these may stand in the tables of figures."""
    states = {key: state for key in keys if (state := _state_of(key)) is not None}
    present = await derived.present_states(tx, list(dict.fromkeys(states.values())))
    return {key for key, state in states.items() if state in present}


def _state_of(key: DerivationKey) -> derived.LedgerUnderPack | None:
    if key.portfolio_id is None or key.pricing_pack_id is None or key.ledger_commit_hash is None:
        return None
    return derived.LedgerUnderPack(key.portfolio_id, key.pricing_pack_id, key.ledger_commit_hash)


_computing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


async def get_or_compute(derivation: Derivation[Inputs, Result], context: RequestContext, parameters: Mapping[str, Any]) -> Derived[Result]:
    """The stored result if there is a valid one, else a computed one that is stored for the next asker.

    However many ask at the same time, one computes: askers of this process wait for each other in memory, those of other processes at an
    advisory lock of the database.
    """
    key = derivation.key(context, parameters)
    found = await _read(derivation, context, key)
    if found is None:
        async with _computing.setdefault(key.hash, asyncio.Lock()):
            found = await _read(derivation, context, key) or await _compute(derivation, context, key)
    for method in (*derivation.built_on, f"{derivation.name}/{derivation.version}"):
        context.provenance.note(method_version=method)
    context.provenance.note(origin="stored" if found.stored else "computed")
    return found


async def _read(derivation: Derivation[Inputs, Result], context: RequestContext, key: DerivationKey) -> Derived[Result] | None:
    now = context.clock.now()
    async with context.database.transaction(context.actor) as tx:
        row = await derivation.read(tx, key, now)
    if row is None:
        return None
    value, computed_at = row
    context.meters.derivations.labels(derivation.name, "hit").inc()
    context.meters.derivation_age.labels(derivation.name).observe(max(0.0, (now - computed_at).total_seconds()))
    return Derived(value, stored=True, computed_at=computed_at)


async def _compute(derivation: Derivation[Inputs, Result], context: RequestContext, key: DerivationKey) -> Derived[Result]:
    # A stored result cannot repeat what was noted while its inputs were loaded, so a computed one must not say it either.
    inputs = await derivation.load(context.with_own_provenance(), key.parameters)
    async with context.database.transaction(context.actor) as tx:
        await derived.lock_key(tx, int(key.hash[:15], 16))
        now = context.clock.now()
        row = await derivation.read(tx, key, now)
        if row is not None:  # another process was faster
            context.meters.derivations.labels(derivation.name, "hit").inc()
            return Derived(row[0], stored=True, computed_at=row[1])
        with context.meters.derivation_duration.labels(derivation.name).time():
            value = await asyncio.to_thread(derivation.compute, inputs)
        await derivation.write(tx, key, value, now)
    context.meters.derivations.labels(derivation.name, "miss").inc()
    return Derived(value, stored=False, computed_at=now)
