"""What a portfolio holds, a row a security: written once under the newest pack, and read from there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import TypeAdapter

from dawsos.compute.ledger.records import Lot
from dawsos.compute.risk.performance import PLACES
from dawsos.compute.valuation.positions import value_positions
from dawsos.compute.valuation.records import ValuedPortfolio, ValuedPosition
from dawsos.kernel.canonical import plain_decimal
from dawsos.kernel.money import ZERO
from dawsos.services.context import Pins, RequestContext
from dawsos.services.derivations import Derivation, DerivationKey, of_present_state
from dawsos.services.history import lock_histories
from dawsos.services.holdings import Facts, PackMarket, pack_contents, pinned_ledger, security_facts
from dawsos.store import derived
from dawsos.store import holdings as store
from dawsos.store import packs as packs_store
from dawsos.store.holdings import HoldingRecord
from dawsos.store.transaction import DatabaseTransaction


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSecurity:
    """One security. Cost and price are in ``currency``, value and result in the portfolio's; a missing value has its reason beside it."""

    security_id: UUID
    symbol: str
    quantity: Decimal
    cost_basis: Decimal | None
    current_price: Decimal | None
    market_value: Decimal | None
    unrealized_pl: Decimal | None
    weight: float | None
    currency: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Every security, the largest first, and what they and the cash come to: ``nav = cash + securities_value``."""

    base_currency: str
    asof_date: date
    pricing_pack_id: str
    nav: Decimal | None
    cash: Decimal | None
    securities_value: Decimal | None
    unrealized_pl: Decimal | None
    total_positions: int
    positions: tuple[HeldSecurity, ...]
    reasons: dict[str, str]


@dataclass(frozen=True, slots=True)
class HoldingsInputs:
    """What the holdings are valued from."""

    pins: Pins
    lots: Sequence[Lot]
    cash: Mapping[str, Decimal]
    market: PackMarket
    securities: Facts


class HoldingsSnapshots(Derivation[HoldingsInputs, Holdings]):
    """The securities of a portfolio with what they cost and are worth; no parameters."""

    name: ClassVar[str] = "holdings"
    version: ClassVar[int] = 1
    result_type: ClassVar[Any] = Holdings
    built_on: ClassVar[tuple[str, ...]] = ("ledger/1", "valuation/1")
    tables: ClassVar[tuple[str, ...]] = ("holdings", "app.derived_results")

    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> HoldingsInputs:  # noqa: ARG002 - there are none
        """The pinned ledger replayed to the pack's date, and the pack's prices and rates."""
        pins = context.pinned()
        state = await pinned_ledger(context, pins)
        market = PackMarket.of(await pack_contents(context, pins))
        facts = await security_facts(context, {lot.security_id for lot in state.open_lots()})
        return HoldingsInputs(pins, state.open_lots(), state.cash, market, facts)

    def compute(self, inputs: HoldingsInputs) -> Holdings:
        """Every security valued exactly, as the overview values it."""
        valued = value_positions(
            inputs.lots,
            inputs.cash,
            as_of=inputs.pins.pack.date,
            prices=inputs.market.prices,
            rates=inputs.market.rates,
            base_currency=inputs.pins.portfolio.base_currency,
            securities=inputs.securities,
        )
        return _holdings(inputs.pins, valued)

    async def read(self, tx: DatabaseTransaction, key: DerivationKey, moment: datetime) -> tuple[Holdings, datetime] | None:
        """The rows of the table when they are of this very state, with what stands beside them; else what was kept whole."""
        row = await derived.find_result(tx, key.derivation, key.hash, moment)
        if row is None:
            return None
        facts = dict(row.payload)
        if "positions" not in facts:
            if key.portfolio_id is None or key.pricing_pack_id is None or key.ledger_commit_hash is None:
                return None
            records = await store.holdings_of(tx, key.portfolio_id, key.pricing_pack_id, key.ledger_commit_hash)
            if len(records) != facts["total_positions"]:
                return None
            missing = facts.pop("missing")
            facts["positions"] = sorted((_held(record, missing) for record in records), key=_place)
        return _HOLDINGS.validate_python(facts), row.computed_at

    async def kept(self, tx: DatabaseTransaction, keys: Sequence[DerivationKey], moment: datetime) -> set[DerivationKey]:
        """Those of ``keys`` whose holdings can be read."""
        found = await store.kept_holdings(tx, self.name, [key.hash for key in keys], moment)
        return {key for key in keys if key.hash in found}

    async def write(self, tx: DatabaseTransaction, key: DerivationKey, result: Holdings, moment: datetime) -> None:
        """Keep the result, see :meth:`write_many`."""
        await self.write_many(tx, [(key, result)], moment)

    async def write_many(self, tx: DatabaseTransaction, results: Iterable[tuple[DerivationKey, Holdings]], moment: datetime) -> None:
        """Holdings of the present state under the newest pack become the rows of the table; any others are kept whole."""
        kept = list(results)
        official = await self._official(tx, kept)
        portfolios = [key.portfolio_id for key in official if key.portfolio_id is not None]
        await lock_histories(tx, portfolios)
        beside = [self._row(key, _beside(result) if key in official else result, moment) for key, result in kept]
        rows = [row for key, result in kept if key in official for row in _rows(key, result, moment)]
        await derived.keep_results(tx, beside)
        await store.replace_holdings(tx, portfolios, rows)

    async def _official(self, tx: DatabaseTransaction, results: Sequence[tuple[DerivationKey, Holdings]]) -> set[DerivationKey]:
        whole = [key for key, result in results if all(one.cost_basis is not None for one in result.positions)]
        present = await of_present_state(tx, whole)
        newest = await packs_store.newest_packs(tx, {key.pricing_pack_id for key in present if key.pricing_pack_id})
        return {key for key in present if key.pricing_pack_id in newest}


HOLDINGS: Final = HoldingsSnapshots()
_HOLDINGS: Final = TypeAdapter(Holdings)


def _holdings(pins: Pins, valued: ValuedPortfolio) -> Holdings:
    held = [_security(one.security_id, one) for one in valued.positions if one.security_id is not None]
    totals = {name: getattr(valued, name) for name in ("nav", "cash", "securities_value", "unrealized_pl")}
    return Holdings(
        base_currency=pins.portfolio.base_currency,
        asof_date=pins.pack.date,
        pricing_pack_id=pins.pack.id,
        **totals,
        total_positions=len(held),
        positions=tuple(sorted(held, key=_place)),
        reasons={name: reason for name, reason in valued.reasons.items() if name in totals},
    )


def _place(one: HeldSecurity) -> tuple[bool, Decimal, str]:
    return one.market_value is None, -(one.market_value or ZERO), one.symbol


def _security(security_id: UUID, one: ValuedPosition) -> HeldSecurity:
    return HeldSecurity(
        security_id=security_id,
        symbol=one.symbol,
        quantity=one.quantity,
        cost_basis=one.cost_basis,
        current_price=one.price,
        market_value=one.market_value,
        unrealized_pl=one.unrealized_pl,
        weight=None if one.weight is None else round(one.weight, PLACES) + 0.0,
        currency=one.currency,
        reason=one.reason or next(iter(one.reasons.values()), None),
    )


def _beside(result: Holdings) -> dict[str, Any]:
    """All that has no column: the totals, and why something is missing."""
    facts = asdict(result)
    del facts["positions"]
    return facts | {"missing": {str(one.security_id): one.reason for one in result.positions if one.reason is not None}}


def _rows(key: DerivationKey, result: Holdings, moment: datetime) -> Iterator[tuple[Any, ...]]:
    for one in result.positions:
        weight = None if one.weight is None else Decimal(repr(one.weight))
        yield (
            key.portfolio_id, one.security_id, one.symbol, one.quantity, one.cost_basis, one.current_price, one.market_value,
            one.unrealized_pl, weight, one.currency, result.pricing_pack_id, result.asof_date, key.ledger_commit_hash, moment,
        )  # fmt: skip


def _held(record: HoldingRecord, missing: Mapping[str, str]) -> HeldSecurity:
    facts: dict[str, Any] = {
        name: Decimal(plain_decimal(value)) if isinstance(value, Decimal) else value for name, value in asdict(record).items()
    }
    weight = None if record.weight is None else float(record.weight) + 0.0
    return HeldSecurity(**facts | {"weight": weight, "reason": missing.get(str(record.security_id))})
