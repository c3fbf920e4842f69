"""Trades as cases list them, booked as transactions of one security in one portfolio."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.ledger.corporate_actions import bonus_terms
from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.replay import replay
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import LotMethod, LotSelection, Transaction, TransactionType
from dawsos.kernel.money import ONE, ZERO, multiply, round_money
from tools.oracles.cases import NoFunction

PORTFOLIO, SECURITY = named("portfolio", "oracle"), named("security", "oracle")
_FIRST_DAY = date(2000, 1, 3)


def exact(value: Any) -> Decimal:
    """A number of the case as it is printed."""
    return Decimal(str(value))


class Ledger:
    """Books events in order and replays them. Events without a date come one day after another."""

    def __init__(self, currency: str = "USD", base_currency: str | None = None) -> None:
        self.currency, self.base_currency = currency, base_currency or currency
        self.rows: list[Transaction] = []
        self.names: dict[UUID, Any] = {}

    def _day(self, event: Mapping[str, Any]) -> date:
        if "date" in event:
            return date.fromisoformat(str(event["date"])[:10])
        return self.rows[-1].transaction_date + timedelta(days=1) if self.rows else _FIRST_DAY

    def book(self, kind: TransactionType, event: Mapping[str, Any], **facts: Any) -> Transaction:
        """One transaction; a ``lot`` named in the event names the lot it opens."""
        number = len(self.rows) + 1
        row = Transaction(
            id=named("transaction", number),
            portfolio_id=PORTFOLIO,
            sequence=number,
            transaction_type=kind,
            transaction_date=self._day(event),
            currency=self.currency,
            fx_rate=facts.pop("fx_rate", ONE),
            amount=facts.pop("amount", ZERO),
            **facts,
        )
        self.rows.append(row)
        self.names[row.id] = event.get("lot", number)
        return row

    def trade(self, event: Mapping[str, Any], *, sign: int, fx_rate: Decimal = ONE, fee: Decimal = ZERO) -> Transaction:
        """A purchase (sign 1) or sale (−1): by total ``amount``, ``cost`` or ``proceeds``, or by price per unit."""
        quantity = exact(event["qty"])
        total = next((exact(event[name]) for name in ("amount", "cost", "total_cost", "proceeds") if name in event), None)
        unit = next((exact(event[name]) for name in ("unit_cost", "price") if name in event), ZERO)
        amount = round_money(multiply(quantity, unit)) if total is None else total
        kind = TransactionType.BUY if sign > 0 else TransactionType.SELL
        return self.book(kind, event, quantity=quantity, price=unit, amount=-sign * amount, security_id=SECURITY, fx_rate=fx_rate, fee=fee)

    def select(self, row: Transaction, lots: Sequence[LotSelection]) -> None:
        """Name the lots that a booked sale closes."""
        self.rows[self.rows.index(row)] = replace(row, lot_selection=tuple(lots))

    def split(self, event: Mapping[str, Any], old: Decimal, new: Decimal) -> None:
        """``new`` units for each ``old`` ones."""
        self.book(TransactionType.SPLIT, event, security_id=SECURITY, split_from=old, split_to=new)

    def held(self) -> Decimal:
        """Units held after what is booked so far."""
        return quantity_of(self.state(LotMethod.FIFO))

    def follow(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Book a list of events by their ``type``."""
        for event in events:
            kind = str(event["type"]).lower()
            if kind in {"buy", "reinvest", "pool"}:
                self.trade(event, sign=1)
            elif kind == "sell":
                self.trade(event, sign=-1)
            elif kind == "split":
                self.split(event, exact(event["ratio_old"]), exact(event["ratio_new"]))
            elif kind == "bonus":
                new, old = (exact(part) for part in event["ratio"].split(":"))
                self.split(event, old, old + new)
            elif kind == "stock_dividend":
                self.split(event, *bonus_terms(ONE, exact(event["rate"])))
            elif kind == "rights":
                self._rights(event)
            else:
                raise NoFunction(f"no function for '{kind}'")

    def _rights(self, event: Mapping[str, Any]) -> None:
        """A rights issue is a purchase at its price; without a quantity the ratio to what is held gives it."""
        if "qty" in event:
            self.trade(event, sign=1)
            return
        new, old = (exact(part) for part in event["ratio"].split(":"))
        self.trade({**event, "qty": self.held() * new / old}, sign=1)

    def state(self, method: LotMethod, *, gain_split: GainSplit = GainSplit.ENTRY_RATE, fees_in_cost: bool = True) -> LedgerState:
        """What the ledger holds under a lot method."""
        return replay(self.rows, method=method, base_currency=self.base_currency, gain_split=gain_split, fees_in_cost=fees_in_cost)


def quantity_of(state: LedgerState) -> Decimal:
    """Units held."""
    return sum((lot.qty_open for lot in state.lots), ZERO)


def cost_of(state: LedgerState) -> Decimal:
    """Cost of what is held, in the security's currency."""
    return sum((lot.cost_basis for lot in state.lots if lot.qty_open), ZERO)


def cost_in_base(state: LedgerState) -> Decimal:
    """Cost of what is held, in base currency."""
    return sum((lot.cost_basis_base for lot in state.lots if lot.qty_open), ZERO)


def only_asked(figures: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """The figures asked for; decimals as floats. Raises :class:`NoFunction` for one that is not among them."""
    lacking = [key for key in asked if key not in figures]
    if lacking:
        raise NoFunction(f"no function for '{lacking[0]}'")
    return {key: _plain(figures[key]) for key in asked}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
