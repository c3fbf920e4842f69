"""An import that is killed: the file, the portfolio it goes into, and everything the database holds of it afterwards."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg

from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.services.imports.importer import ImportReport
from dawsos.services.ledger.booking import replay_of
from dawsos.store.database import Database, PoolLimits
from dawsos.store.ledger import booked_transactions, list_lots
from dawsos.store.portfolios import PortfolioRecord, find_portfolio
from tests.support.kill_worker import import_file
from tests.support.killing import Reach
from tests.support.postgres import make_portfolio, make_securities, make_user, user_id_of

SYMBOLS: Final = ("AAA", "BBB", "CCC", "DDD")
_HEADER: Final = "transaction_date,transaction_type,symbol,quantity,price,amount,currency,fee,external_ref\n"
_FIRST: Final = date(2010, 1, 4)
_COUNTED: Final = """
    select (select count(*) from public.transactions where portfolio_id = %(id)s),
        (select count(*) from public.lots where portfolio_id = %(id)s),
        (select count(*) from app.lot_disposals where portfolio_id = %(id)s),
        (select count(*) from public.ledger_snapshots where portfolio_id = %(id)s),
        (select count(*) from public.ledger_transactions where portfolio_id = %(id)s),
        (select count(*) from public.portfolio_cash_flows where portfolio_id = %(id)s),
        (select count(*) from app.import_batches where portfolio_id = %(id)s),
        (select count(*) from public.audit_log where entity_id = %(id)s and action = 'import'),
        (select ledger_commit_hash from public.transactions where portfolio_id = %(id)s order by sequence desc limit 1),
        (select commit_hash from public.ledger_snapshots where portfolio_id = %(id)s and status = 'parsed')
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the database holds of a portfolio: rows per table, the hash of its ledger and of its one present snapshot."""

    transactions: int
    lots: int
    disposals: int
    snapshots: int
    postings: int
    cash_flows: int
    batches: int
    audited: int
    ledger_hash: str | None
    snapshot_hash: str | None


@dataclass(frozen=True, slots=True)
class Desk:
    """An open database with securities and a user."""

    reach: Reach
    user_id: UUID
    files: tuple[Path, Path]


def write_files(folder: Path, rows: int) -> tuple[Path, Path]:
    """A short file that is booked first, and the long one whose import is killed."""
    short, long = folder / "short.csv", folder / "long.csv"
    short.write_text(_HEADER + f"{_FIRST},DEPOSIT,,,,1000000.00,USD,,opening\n" + _trades(_FIRST, 20, "short"), encoding="utf-8")
    long.write_text(_HEADER + _trades(_FIRST + timedelta(days=30), rows, "long"), encoding="utf-8")
    return short, long


def _trades(first: date, rows: int, name: str) -> str:
    """Of every symbol two purchases and then a sale over both, with a dividend now and then."""
    lines = []
    for n in range(rows):
        day, symbol, kind = first + timedelta(days=n // 4), SYMBOLS[n % 4], n // 4 % 4
        if kind == 3:
            lines.append(f"{day},DIVIDEND,{symbol},,,{1 + n % 7}.25,USD,,{name}-{n}")
        else:
            what, quantity = ("SELL", 15) if kind == 2 else ("BUY", 10)
            lines.append(f"{day},{what},{symbol},{quantity},{20 + n % 13}.{n % 100:02},,USD,1.50,{name}-{n}")
    return "\n".join(lines) + "\n"


def opened(reach: Reach) -> Database:
    """The database as the application opens it."""
    return Database(reach.app_dsn, PoolLimits(min_size=1, max_size=2))


async def set_up(reach: Reach, folder: Path, rows: int) -> Desk:
    """Securities and a user in the database, files on disk."""
    database = opened(reach)
    await database.open()
    try:
        await make_securities(database, *SYMBOLS, currency="USD")
        user = await make_user(database)
        return Desk(reach, user_id_of(user), write_files(folder, rows))
    finally:
        await database.close()


async def begun_portfolio(desk: Desk, name: str) -> UUID:
    """A portfolio into which the short file was imported."""
    database = opened(desk.reach)
    await database.open()
    try:
        portfolio = await make_portfolio(database, Actor(desk.user_id, Role.USER), name=name, base_currency="USD")
        report = await import_file(database, desk.user_id, portfolio.id, desk.files[0])
        assert (report.booked, report.problem_count) == (21, 0)
        return portfolio.id
    finally:
        await database.close()


async def complete(desk: Desk, portfolio_id: UUID) -> ImportReport:
    """Import the long file, whatever a killed import left."""
    database = opened(desk.reach)
    await database.open()
    try:
        return await import_file(database, desk.user_id, portfolio_id, desk.files[1])
    finally:
        await database.close()


async def look(desk: Desk, portfolio_id: UUID) -> Seen:
    """Count everything there is of the portfolio, and check that its lots are those its ledger replays to."""
    with psycopg.connect(desk.reach.admin_dsn, autocommit=True) as admin:
        row = admin.execute(_COUNTED, {"id": portfolio_id}).fetchone()
    assert row is not None
    await _lots_are_those_of_the_ledger(desk, portfolio_id)
    return Seen(*row)


async def _lots_are_those_of_the_ledger(desk: Desk, portfolio_id: UUID) -> None:
    database = opened(desk.reach)
    await database.open()
    try:
        async with database.transaction(SYSTEM) as tx:
            portfolio = await find_portfolio(tx, portfolio_id)
            transactions = await booked_transactions(tx, portfolio_id)
            stored = {lot.id: lot for lot in await list_lots(tx, portfolio_id, open_only=False)}
    finally:
        await database.close()
    assert isinstance(portfolio, PortfolioRecord)
    replayed = {lot.id: lot for lot in replay_of(portfolio, transactions).lots}
    assert stored.keys() == replayed.keys()
    for lot_id, lot in replayed.items():
        kept = stored[lot_id]
        assert (kept.qty_open, kept.qty_original, kept.cost_basis, kept.cost_basis_base, kept.closed_date) == (
            lot.qty_open, lot.qty_original, lot.cost_basis, lot.cost_basis_base, lot.closed_date,
        )  # fmt: skip
