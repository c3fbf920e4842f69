"""What goes in and out about proposals: the policy asked for, the trades, the fills, the entries they become."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from dawsos.api.ledger_contracts import LedgerEntry, Symbol
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, ExchangeRate, Fraction, Money, Price, Quantity, Score
from dawsos.services.rebalancing import Method, Template
from dawsos.services.suggestions.executing import Execution
from dawsos.services.suggestions.planning import Fill, Fills
from dawsos.store.suggestions import SuggestionRecord

Amount = Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=2)]
Precise = Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=8)]


class PolicyWanted(Contract):
    """By which policy to propose: a template, and what is to differ from it. As the request of ``optimizer.propose_trades``."""

    template: Template = "default"
    method: Method | None = None
    min_quality_score: Annotated[float | None, Score, Field(ge=0, le=10)] = None
    max_single_position: Annotated[float | None, Fraction, Field(gt=0, le=1)] = None
    max_sector: Annotated[float | None, Fraction, Field(gt=0, le=1)] = None
    max_turnover: Annotated[float | None, Fraction, Field(ge=0, le=1)] = None
    target_volatility: Annotated[float | None, Fraction, Field(gt=0, le=2)] = None
    min_trade_value: Amount = Decimal(100)
    tax_system: Literal["US", "CA"] = "US"
    tax_rate: Annotated[Decimal | None, Fraction, Field(ge=0, le=1)] = None

    def changes(self) -> dict[str, Any]:
        """What differs from the template."""
        names = ("method", "min_quality_score", "max_single_position", "max_sector", "max_turnover", "target_volatility")
        return {name: getattr(self, name) for name in names}


class LotToSell(Contract):
    """Part of a lot a sale would close, in base currency."""

    lot_id: UUID
    acquired: date
    quantity: Annotated[Decimal, Quantity]
    proceeds: Annotated[Decimal, Money("base_currency")]
    cost: Annotated[Decimal, Money("base_currency")]


class SuggestedTrade(Contract):
    """One trade of a proposal; ``quantity`` and ``value`` are negative for a sale. ``price`` is in ``currency``, money in base currency.

    Gains and taxes are those of a sale, null for a purchase.
    """

    security_id: UUID
    symbol: str
    action: Literal["buy", "sell"]
    quantity: Annotated[Decimal, Quantity]
    price: Annotated[Decimal, Price("currency")]
    currency: str
    fx_rate: Annotated[Decimal, ExchangeRate]
    unit_price: Annotated[Decimal, Price("base_currency")]
    value: Annotated[Decimal, Money("base_currency")]
    estimated_cost: Annotated[Decimal, Money("base_currency")]
    current_weight: Annotated[float, Fraction]
    target_weight: Annotated[float, Fraction]
    realized_gain: Annotated[Decimal | None, Money("base_currency")]
    short_term_gain: Annotated[Decimal | None, Money("base_currency")]
    long_term_gain: Annotated[Decimal | None, Money("base_currency")]
    disallowed: Annotated[Decimal | None, Money("base_currency")]
    tax_cost: Annotated[Decimal | None, Money("base_currency")]
    lots: tuple[LotToSell, ...]
    reason: str


class Suggestion(Contract):
    """A kept proposal and where it stands: pending, accepted, rejected or executed.

    It fits the pricing pack and the ledger state it names, and no other. Expected figures are per year, null where they are not known.
    """

    id: UUID
    portfolio_id: UUID
    status: Literal["pending", "accepted", "rejected", "executed"]
    pricing_pack_id: str
    ledger_commit_hash: str | None
    policy_name: str
    method: str
    trades: tuple[SuggestedTrade, ...]
    trade_count: Annotated[int, Count]
    turnover_pct: Annotated[float | None, Fraction]
    estimated_costs: Annotated[Decimal | None, Money("base_currency")]
    tax_cost: Annotated[Decimal, Money("base_currency")]
    expected_return: Annotated[float | None, Fraction]
    expected_volatility: Annotated[float | None, Fraction]
    expected_tracking_error: Annotated[float | None, Fraction]
    base_currency: str
    created_at: datetime
    executed_at: datetime | None


class Suggestions(Contract):
    """The proposals of a portfolio, the newest first."""

    suggestions: tuple[Suggestion, ...]


class FillWanted(Contract):
    """What a trade really was, per symbol: without ``quantity`` the proposed one (0: not filled), without ``price`` the pack's."""

    symbol: Symbol
    quantity: Annotated[Precise | None, Quantity] = None
    price: Annotated[Precise | None, Price("currency")] = None
    fee: Amount | None = None


class FillsWanted(Contract):
    """How the proposal was carried out; all of it is optional, and the pack's date, prices and rates are the default.

    ``rates``: units of base currency per unit of a currency. ``with_estimated_costs`` books the estimated costs as fees.
    """

    trade_date: date | None = None
    trades: Annotated[tuple[FillWanted, ...], Field(max_length=500)] = ()
    rates: dict[Annotated[str, Field(min_length=3, max_length=3)], Precise] = Field(default_factory=dict, max_length=50)
    with_estimated_costs: bool = False

    def fills(self) -> Fills:
        """As the ledger's side takes them."""
        return Fills(
            trade_date=self.trade_date,
            trades=tuple(Fill(**dict(each)) for each in self.trades),
            rates=self.rates,
            with_estimated_costs=self.with_estimated_costs,
        )


class ExecutionWanted(FillsWanted):
    """The fills, and ``shown`` from the answer that showed what they come to."""

    shown: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Executed(Contract):
    """The entries in booking order: booked, or for a preview to be booked. ``cash`` is what is left by currency.

    Give ``shown`` back to have exactly these entries booked. ``is_duplicate``: they were booked before, and nothing was written now.
    """

    suggestion: Suggestion
    entries: tuple[LedgerEntry, ...]
    realized_pl: Annotated[Decimal, Money("base_currency")]
    cash: dict[str, Decimal]
    base_currency: str
    shown: str
    ledger_commit_hash: str
    is_duplicate: bool


def suggestion_of(found: SuggestionRecord, base_currency: str) -> Suggestion:
    """A kept proposal as it travels."""
    trades = tuple(SuggestedTrade.model_validate(each) for each in found.suggested_trades)
    return Suggestion(
        id=found.id,
        portfolio_id=found.portfolio_id,
        status=found.status,
        pricing_pack_id=found.pricing_pack_id,
        ledger_commit_hash=found.ledger_commit_hash,
        policy_name=str(found.policy.get("name", "")),
        method=found.method,
        trades=trades,
        trade_count=len(trades),
        turnover_pct=_number(found.turnover_pct),
        estimated_costs=found.est_cost,
        tax_cost=sum((each.tax_cost for each in trades if each.tax_cost is not None), Decimal(0)),
        expected_return=_number(found.expected_return),
        expected_volatility=_number(found.expected_risk),
        expected_tracking_error=_number(found.expected_te),
        base_currency=base_currency,
        created_at=found.created_at,
        executed_at=found.executed_at,
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def executed_of(done: Execution) -> Executed:
    """What executing came to, as it travels."""
    return Executed(
        suggestion=suggestion_of(done.suggestion, done.base_currency),
        entries=tuple(LedgerEntry.model_validate(entry) for entry in done.entries),
        realized_pl=done.realized_pl,
        cash=dict(done.cash),
        base_currency=done.base_currency,
        shown=done.shown,
        ledger_commit_hash=done.ledger_commit_hash,
        is_duplicate=done.is_duplicate,
    )
