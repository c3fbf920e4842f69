"""Seeds the demo, step by step; every step does nothing when it was done before, so a killed run is completed by the next."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Final
from uuid import UUID

from dawsos import demo_data
from dawsos.demo_data import DemoCorporateAction, DemoPortfolio
from dawsos.kernel.errors import Internal
from dawsos.kernel.identifiers import named
from dawsos.kernel.identity import SYSTEM, Actor, Role
from dawsos.kernel.ledger import TransactionType
from dawsos.providers.ecb import load_ecb_rates
from dawsos.providers.price_csv import PriceCsv
from dawsos.services.accounts import Accounts
from dawsos.services.corporate_actions.proposing import ActionTerms, action_of
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.drafts import TransactionDraft
from dawsos.services.imports.importer import import_transactions
from dawsos.services.ledger.booking import book, open_ledger
from dawsos.services.ledger.correction import reverse
from dawsos.services.macro.ingestion import Published, take_series
from dawsos.services.nightly.chain import Nightly
from dawsos.services.packs.building import PackBuilder
from dawsos.services.packs.observing import take_prices, take_rates
from dawsos.store import corporate_actions, indicators, observations, packs, portfolios, ratings, securities, users
from dawsos.store.corporate_actions import ActionStatus, ActionType
from dawsos.store.database import Database
from dawsos.store.packs import PolicyRecord
from dawsos.store.portfolios import PortfolioRecord
from dawsos.store.ratings import StatementRecord
from dawsos.store.securities import NewSecurity
from dawsos.store.users import UserRecord

ADMIN: Final = "admin@demo.invalid"
VIEWER: Final = "viewer@demo.invalid"
RATES_FROM: Final = date(2000, 1, 1)
RATES_TO: Final = date(2022, 12, 31)
CURRENCIES: Final = ("CAD", "USD", "GBP", "JPY", "CHF")

#: How each demo portfolio is priced: its policy, the source of its prices, and whether those are adjusted for dividends.
POLICIES: Final = {
    "Household": PolicyRecord(
        "ECB_CLOSE",
        "Closes adjusted for splits and dividends; ECB reference rates.",
        [demo_data.SKFOLIO.id],
        ["ECB"],
        dividend_adjusted=True,
    ),
    "Income": PolicyRecord("RAW_CLOSE", "Closes as quoted; ECB reference rates.", [demo_data.BOKEH.id], ["ECB"], dividend_adjusted=False),
}

Progress = Callable[[str], None]


async def _at_once() -> None:
    """Nothing to wait for."""


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A user made now; the password is known here and nowhere else."""

    email: str
    password: str
    role: Role


@dataclass(frozen=True, slots=True)
class DemoParts:
    """What seeding works with."""

    database: Database
    identifiers: Identifiers
    accounts: Accounts
    packs: PackBuilder
    nightly: Nightly


async def seed_demo(
    parts: DemoParts, progress: Progress = lambda _: None, *, before_history: Callable[[], Awaitable[None]] = _at_once
) -> list[DemoLogin]:
    """Put in everything that is missing; the logins that were made now. ``before_history`` is awaited before kernels are needed."""
    progress("Securities and pricing policies")
    await _master_data(parts)
    progress("Economic series")
    await _economic_series(parts)
    await _corporate_actions(parts)
    progress("Prices and exchange rates")
    await _observations(parts)
    progress("Users")
    logins = await _users(parts)
    for demo in demo_data.portfolios():
        progress(f"{demo.name}: transactions")
        portfolio = await _portfolio(parts, demo)
        await _transactions(parts, demo, portfolio)
    for demo in demo_data.portfolios():
        policy = POLICIES[demo.name].policy
        progress(f"{demo.name}: one pricing pack per business day, {demo.first_date.year}–{demo.last_date.year}")
        await _packs(parts, policy, demo)
    await before_history()
    for demo in demo_data.portfolios():
        progress(f"{demo.name}: daily values by replaying the ledger")
        await _make_ready(parts, POLICIES[demo.name].policy)
    return logins


async def _master_data(parts: DemoParts) -> None:
    master = demo_data.load_securities()
    async with parts.database.transaction(SYSTEM) as tx:
        for policy in POLICIES.values():
            await packs.put_policy(tx, policy)
        await securities.put_securities(
            tx,
            [
                NewSecurity(
                    id=named("security", one.symbol),
                    symbol=one.symbol,
                    currency=one.currency,
                    name=one.name,
                    security_type=one.security_type,
                    sector=one.sector,
                    industry=one.industry,
                    exchange=one.exchange,
                )
                for one in master
            ],
        )
        await ratings.put_statements(
            tx,
            [
                StatementRecord(
                    security_id=named("security", one.symbol),
                    fiscal_date=one.fiscal_date,
                    source=one.source,
                    currency=one.currency,
                    known_from=one.known_from,
                    figures={name: float(value) for name, value in one.figures.items()},
                )
                for one in demo_data.load_statements()
            ],
        )


async def _economic_series(parts: DemoParts) -> None:
    async with parts.database.transaction(SYSTEM) as tx:
        seen = {span.indicator_name for span in await indicators.indicator_spans(tx)}
        if "GDPC1" in seen:  # the set is kept as a whole or not at all
            return
        published = [Published(one.series_id, one.period, one.value) for one in demo_data.load_economic_series()]
        await take_series(tx, published, fetched_on=demo_data.ECONOMIC_SERIES_OF)


async def _corporate_actions(parts: DemoParts) -> None:
    """The splits and dividends that follow from the prices as quoted, approved: applied they are not, the books hold them already."""
    moment = parts.identifiers.clock.now()
    found = demo_data.load_corporate_actions()
    async with parts.database.transaction(SYSTEM) as tx:
        if await corporate_actions.find(tx, _action_id(found[0])) is not None:
            return
        for one in found:
            terms = ActionTerms(
                symbol=one.symbol,
                action_type=ActionType(one.action_type),
                ex_date=one.ex_date,
                amount_per_share=one.amount_per_share,
                currency=one.currency,
                split_from=one.split_from,
                split_to=one.split_to,
            )
            action = await action_of(tx, terms, source=demo_data.BOKEH.id, identifiers=parts.identifiers)
            await corporate_actions.propose(tx, replace(action, id=_action_id(one)), moment=moment, user_id=None)
            await corporate_actions.decide(tx, _action_id(one), ActionStatus.APPROVED, moment=moment, user_id=None)


def _action_id(action: DemoCorporateAction) -> UUID:
    return named("corporate action", f"{action.symbol} {action.action_type} {action.ex_date}")


async def _observations(parts: DemoParts) -> None:
    moment = parts.identifiers.clock.now()
    async with parts.database.transaction(SYSTEM, read_only=True) as tx:
        seen = {span.source for span in await observations.observation_spans(tx)}
    for file in demo_data.price_files():
        if file.source.id not in seen:  # each file is kept as a whole or not at all
            report = await take_prices(parts.database, SYSTEM, PriceCsv(file.file, file.source.id), fetched_at=moment)
            if not report.is_accepted:
                raise Internal(f"The demo's prices were refused: {report.problems[0]}.")
    if demo_data.BOKEH.id not in seen:
        ecb = load_ecb_rates(CURRENCIES)
        await take_rates(parts.database, SYSTEM, ecb, RATES_FROM, RATES_TO, fetched_at=moment, currencies=CURRENCIES)


def demo_users() -> dict[str, Role]:
    """The users of the demo."""
    return {demo.owner_email: Role.MANAGER for demo in demo_data.portfolios()} | {ADMIN: Role.ADMIN, VIEWER: Role.VIEWER}


async def _users(parts: DemoParts) -> list[DemoLogin]:
    known = {user.email for user in await _all_users(parts)}
    made = [DemoLogin(email, secrets.token_urlsafe(12), role) for email, role in demo_users().items() if email not in known]
    for login in made:
        await parts.accounts.create_user(SYSTEM, login.email, login.password, login.role)
    return made


async def _all_users(parts: DemoParts) -> list[UserRecord]:
    async with parts.database.transaction(SYSTEM, read_only=True) as tx:
        return await users.list_users(tx)


async def _owner(parts: DemoParts, demo: DemoPortfolio) -> Actor:
    owner = next(user for user in await _all_users(parts) if user.email == demo.owner_email)
    return Actor(owner.id, owner.role)


async def _portfolio(parts: DemoParts, demo: DemoPortfolio) -> PortfolioRecord:
    owner = await _owner(parts, demo)
    if owner.user_id is None:
        raise Internal("The owner of a demo portfolio is a user.")
    async with parts.database.transaction(owner) as tx:
        for portfolio in await portfolios.list_portfolios(tx):
            if portfolio.name == demo.name:
                return portfolio
        return await portfolios.add_portfolio(
            tx,
            # By name, for what is simulated starts from the identifier: the demo has the same figures wherever it is seeded.
            portfolio_id=named("demo portfolio", demo.name),
            name=demo.name,
            base_currency=demo.base_currency,
            owner_id=owner.user_id,
            cost_basis_method=demo.lot_method,
            benchmark_id=demo.benchmark_symbol,
            description=demo.description,
            pricing_policy=POLICIES[demo.name].policy,
        )


async def _transactions(parts: DemoParts, demo: DemoPortfolio, portfolio: PortfolioRecord) -> None:
    owner = await _owner(parts, demo)
    report = await import_transactions(
        parts.database,
        owner,
        portfolio.id,
        [demo.transactions.read_bytes()],
        file_name=demo.transactions.name,
        identifiers=parts.identifiers,
    )
    if not report.is_accepted:
        raise Internal(f"The demo's transactions were refused: {report.problems[0]}.")
    if demo.name == "Household":
        await _correction(parts, owner, portfolio)


async def _correction(parts: DemoParts, owner: Actor, portfolio: PortfolioRecord) -> None:
    """One entry booked with a slip of the pen, reversed, and booked right: what a correction looks like."""
    moment, numbers = parts.identifiers.clock.now(), count(1)

    def new_id() -> UUID:
        return named("demo correction", portfolio.name, next(numbers))

    async with parts.database.transaction(owner) as tx:
        ledger = await open_ledger(tx, portfolio.id)
        if "safe-deposit-2022" in ledger.end.by_reference:
            return
        wrong = await book(
            tx, ledger, [_safe_deposit_fee("-120.00", "safe-deposit-2022-wrong")], source="manual", new_id=new_id, moment=moment
        )
        ledger = await open_ledger(tx, portfolio.id)
        entry = wrong.booked[0].transaction
        await reverse(tx, ledger, entry.id, reason="120.00 was typed for 102.00", new_id=new_id, moment=moment)
        ledger = await open_ledger(tx, portfolio.id)
        await book(tx, ledger, [_safe_deposit_fee("-102.00", "safe-deposit-2022")], source="manual", new_id=new_id, moment=moment)


def _safe_deposit_fee(amount: str, reference: str) -> TransactionDraft:
    return TransactionDraft(
        line=1,
        transaction_type=TransactionType.FEE,
        transaction_date=date(2022, 10, 3),
        currency="CAD",
        amount=Decimal(amount),
        external_ref=reference,
        narration="Safe-deposit box, one year",
    )


async def _packs(parts: DemoParts, policy: str, demo: DemoPortfolio) -> None:
    """Build the packs after the newest one; days are built in order, so everything up to that one is there."""
    async with parts.database.transaction(SYSTEM, read_only=True) as tx:
        newest = (await packs.pack_frontier(tx, policy)).newest_date
    first = demo.first_date if newest is None else newest + timedelta(days=1)
    if first <= demo.last_date:
        await parts.packs.build(policy, first, demo.last_date)


async def _make_ready(parts: DemoParts, policy: str) -> None:
    """Reconcile, compute and release: the last day is worked through as in any night, and the days before it are released with it."""
    async with parts.database.transaction(SYSTEM, read_only=True) as tx:
        newest = await packs.pack_in_force(tx, policy)
    if newest is None:
        raise Internal(f"The demo has no pricing pack of {policy}.")
    report = await parts.nightly.make_ready(newest.id, releases_earlier=True)
    if report.outcome != "fresh":
        raise Internal(f"The demo's pack {newest.id} could not be made ready: {report.problem}.")
