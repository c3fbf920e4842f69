"""A broker's statement against the ledger: what differs on its date, and why, and the period it settles."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.reconciliation import BookedPosition, Books, Discrepancy, DiscrepancyKind, compare_books
from dawsos.kernel.canonical import canonical_bytes, sha256_hex
from dawsos.kernel.errors import Conflict, Invalid
from dawsos.kernel.identity import Actor
from dawsos.kernel.ledger import Transaction
from dawsos.kernel.money import CURRENCIES, ZERO
from dawsos.services.audit import record
from dawsos.services.identifiers import Identifiers
from dawsos.services.ledger.booking import open_ledger, replay_of
from dawsos.services.ledger.periods import lock_period
from dawsos.store import periods as store
from dawsos.store.database import Database

_HEADER: Final = ["kind", "name", "amount"]
_KINDS: Final = frozenset({"POSITION", "CASH"})


@dataclass(frozen=True, slots=True)
class BrokerStatement:
    """What a broker says was held: quantities by symbol, cash by currency."""

    source: str
    positions: Mapping[str, Decimal]
    cash: Mapping[str, Decimal]
    file_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementComparison:
    """How a statement compares. In ``differences``, ``ledger`` is what the statement says and ``database`` what is booked."""

    id: UUID
    asof_date: date
    source: str
    ledger_commit_hash: str
    differences: tuple[Discrepancy, ...]
    locked_through: date | None

    @property
    def agrees(self) -> bool:
        return not self.differences


def read_statement(content: bytes, source: str) -> BrokerStatement:
    """A statement as a CSV with the columns ``kind`` (POSITION or CASH), ``name`` (symbol or currency) and ``amount``.

    Raises :class:`Invalid`, naming the line, for anything that cannot be read and for a name that stands twice.
    """
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig", errors="replace")))
    if [name.strip().lower() for name in next(rows, [])] != _HEADER:
        raise Invalid(
            "The first line of a statement names its columns: kind,name,amount.", remedy="Add that line.", code="statement_refused"
        )
    found: dict[str, dict[str, Decimal]] = {"POSITION": {}, "CASH": {}}
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        kind, name, amount = _line(number, row)
        if name in found[kind]:
            raise Invalid(f"Line {number}: {name} stands twice.", remedy="Add the two up, or remove one.", code="statement_refused")
        found[kind][name] = amount
    return BrokerStatement(source, found["POSITION"], found["CASH"], sha256_hex(content))


def _line(number: int, row: list[str]) -> tuple[str, str, Decimal]:
    cells = [cell.strip() for cell in row]
    if len(cells) != len(_HEADER) or cells[0].upper() not in _KINDS or not cells[1]:
        raise Invalid(f"Line {number} is not POSITION or CASH, a name and an amount.", remedy="Correct it.", code="statement_refused")
    if cells[0].upper() == "CASH" and cells[1] not in CURRENCIES:
        raise Invalid(f"Line {number}: '{cells[1]}' is not a currency.", remedy="Write its ISO 4217 code.", code="statement_refused")
    try:
        amount = Decimal(cells[2])
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise Invalid(f"Line {number}: '{cells[2]}' is not a number.", remedy="Write it like 1234.56.", code="statement_refused")
    return cells[0].upper(), cells[1], amount


async def compare_statement(
    database: Database,
    actor: Actor,
    portfolio_id: UUID,
    statement: BrokerStatement,
    day: date,
    *,
    identifiers: Identifiers,
    lock: bool = False,
) -> StatementComparison:
    """Compare ``statement`` with the ledger at the end of ``day``, keep the result, and settle the period with ``lock``.

    Quantities are compared exactly, cash to the cent. Raises :class:`Conflict` when a period is to be settled that differs, and
    :class:`NotFound` when the actor has no such portfolio.
    """
    async with database.transaction(actor) as tx:
        ledger = await open_ledger(tx, portfolio_id)
        state = replay_of(ledger.portfolio, ledger.transactions, through=day)
        ours = {one.symbol or str(one.security_id): one for one in state.positions()}
        booked = Books(
            positions={name: BookedPosition(symbol=name, quantity=one.quantity, cost_basis=ZERO) for name, one in ours.items()},
            cash=state.cash,
        )
        stated = Books(
            positions={
                name: BookedPosition(symbol=name, quantity=quantity, cost_basis=ZERO)
                for name, quantity in statement.positions.items()
                if quantity
            },
            cash=statement.cash,
        )
        differences = tuple(_with_cause(one, state.transactions, day) for one in compare_books(stated, booked, state.transactions))
        if lock and differences:
            raise Conflict(
                f"The statement of {day} differs from the ledger in {len(differences)} places; the first: {_told(differences[0])}",
                remedy="Settle the differences first, or compare without locking.",
                code="statement_differs",
                details={"differences": [_told(one) for one in differences]},
            )
        statement_id, moment = identifiers.new(), identifiers.clock.now()
        await store.add_statement(
            tx,
            statement_id,
            portfolio_id=portfolio_id,
            asof_date=day,
            source=statement.source,
            file_hash=statement.file_hash,
            ledger_commit_hash=ledger.end.commit_hash,
            positions=canonical_bytes(statement.positions).decode(),
            cash=canonical_bytes(statement.cash).decode(),
            differences=canonical_bytes(differences).decode(),
            agrees=not differences,
            moment=moment,
            created_by=actor.user_id,
        )
        changes = {"asof_date": day, "source": statement.source, "differences": len(differences)}
        await record(tx, actor, "compare_statement", "portfolio", entity_id=portfolio_id, changes=changes, moment=moment)
        if lock:
            reason = f"agrees with the statement of {statement.source}"
            await lock_period(tx, actor, portfolio_id, day, reason=reason, statement_id=statement_id, moment=moment)
    return StatementComparison(
        id=statement_id,
        asof_date=day,
        source=statement.source,
        ledger_commit_hash=ledger.end.commit_hash,
        differences=differences,
        locked_through=day if lock else None,
    )


def _told(one: Discrepancy) -> str:
    return f"{one.subject}: {one.ledger} stated, {one.database} booked, probably because {one.probable_cause}"


def _with_cause(one: Discrepancy, entries: Iterable[Transaction], day: date) -> Discrepancy:
    """A trade that had not settled on the day explains a difference better than anything else."""
    open_trades = [
        entry for entry in entries if entry.settlement_date is not None and entry.settlement_date > day >= entry.transaction_date
    ]
    for entry in open_trades:
        if one.subject in {entry.symbol, entry.currency}:
            what = f"entry {entry.sequence} ({entry.transaction_type.value} of {entry.transaction_date})"
            return replace(one, probable_cause=f"{what} settles only on {entry.settlement_date}")
    if one.kind is DiscrepancyKind.MISSING_IN_DB:
        return replace(one, probable_cause="a purchase or a transfer in is not booked, or the broker knows it by another symbol")
    if one.kind is DiscrepancyKind.MISSING_IN_LEDGER:
        return replace(one, probable_cause="a sale or a transfer out is not booked, or the broker knows it by another symbol")
    return one
