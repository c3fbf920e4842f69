"""Writing ledgers as short tables of rows."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.replay import replay
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import LotMethod, LotSelection, Transaction, TransactionType

PORTFOLIO = named("portfolio", "test")


def security(symbol: str) -> UUID:
    return named("security", symbol)


def money(value: str | float) -> Decimal:
    return Decimal(str(value))


class Ledger:
    """Rows booked one after another; every method returns the row."""

    def __init__(self, base_currency: str = "CAD", portfolio_id: UUID = PORTFOLIO) -> None:
        self.base_currency = base_currency
        self.portfolio_id = portfolio_id
        self.rows: list[Transaction] = []

    def book(self, kind: str, day: str, amount: str | float = 0, *, currency: str = "CAD", rate: str | float = 1, **facts) -> Transaction:
        sequence = facts.pop("sequence", len(self.rows) + 1)
        symbol = facts.pop("symbol", None)
        decimals = {"quantity", "price", "fee", "withholding_tax", "cost_basis", "split_from", "split_to"}
        row = Transaction(
            id=facts.pop("id", named("transaction", self.portfolio_id, sequence)),
            portfolio_id=self.portfolio_id,
            sequence=sequence,
            transaction_type=TransactionType(kind),
            transaction_date=date.fromisoformat(day),
            currency=currency,
            amount=money(amount),
            fx_rate=money(rate),
            security_id=security(symbol) if symbol else None,
            symbol=symbol,
            **{name: money(value) if name in decimals else value for name, value in facts.items()},
        )
        self.rows.append(row)
        return row

    def buy(self, day: str, symbol: str, quantity, price, fee=0, **facts) -> Transaction:
        amount = -round(money(quantity) * money(price), 2)
        return self.book("BUY", day, amount, symbol=symbol, quantity=quantity, price=price, fee=fee, **facts)

    def sell(self, day: str, symbol: str, quantity, price, fee=0, **facts) -> Transaction:
        amount = round(money(quantity) * money(price), 2)
        return self.book("SELL", day, amount, symbol=symbol, quantity=quantity, price=price, fee=fee, **facts)

    def reverse(self, row: Transaction) -> Transaction:
        sequence = len(self.rows) + 1
        reversal = replace(
            row,
            id=named("transaction", self.portfolio_id, sequence),
            sequence=sequence,
            amount=-row.amount,
            fee=-row.fee,
            withholding_tax=-row.withholding_tax,
            quantity=None if row.quantity is None else -row.quantity,
            is_reversal=True,
            parent_transaction_id=row.id,
        )
        self.rows.append(reversal)
        return reversal

    def replay(self, method: str = "FIFO", **conventions) -> LedgerState:
        return replay(self.rows, method=LotMethod(method), base_currency=self.base_currency, **conventions)


def chosen(row: Transaction, quantity: str | float) -> LotSelection:
    return LotSelection(row.id, money(quantity))
