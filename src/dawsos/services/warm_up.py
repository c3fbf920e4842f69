"""Runs the compiled kernels once on a tiny portfolio, so that a fresh installation has them in its cache before anybody waits for one."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.batch import warm_up as warm_up_matching
from dawsos.compute.ledger.segment_building import segments
from dawsos.compute.valuation.history import nav_history
from dawsos.compute.valuation.inputs import PriceQuote
from dawsos.compute.valuation.panels import PricePanel, RatePanel
from dawsos.compute.valuation.position_panel import position_panel
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.ledger import Transaction, TransactionType
from dawsos.kernel.money import ONE

_DAYS: Final = (date(2020, 1, 2), date(2020, 1, 3), date(2020, 1, 6))
_PORTFOLIO: Final = UUID(int=1)
_SECURITY: Final = UUID(int=2)
_CLOSE: Final = Decimal(10)
_RATE: Final = Decimal("1.25")


def warm_up() -> None:
    """Value a deposit and a purchase in another currency on three days, the way a portfolio's history and attribution are computed.

    The loops that match the lots of large imports are made ready last: nobody waits for them on a page.
    """
    held = segments([_ledger()])
    prices = PricePanel.from_quotes(_DAYS, [{_SECURITY: PriceQuote(_CLOSE, day)} for day in _DAYS])
    tables = [RateTable({("USD", "CAD"): _RATE}, pack_date=day) for day in _DAYS]
    rates = RatePanel.from_tables(_DAYS, tables, currencies=["CAD", "USD"], base_currencies=["CAD"])
    nav_history(held, prices, rates, "CAD")
    position_panel(held, prices, rates, "CAD", from_nothing=True)
    warm_up_matching()


def _ledger() -> list[Transaction]:
    deposit = Transaction(
        id=UUID(int=3),
        portfolio_id=_PORTFOLIO,
        sequence=1,
        transaction_type=TransactionType.DEPOSIT,
        transaction_date=_DAYS[0],
        currency="CAD",
        amount=Decimal(1000),
        fx_rate=ONE,
    )
    purchase = Transaction(
        id=UUID(int=4),
        portfolio_id=_PORTFOLIO,
        sequence=2,
        transaction_type=TransactionType.BUY,
        transaction_date=_DAYS[1],
        currency="USD",
        amount=Decimal(-50),
        fx_rate=_RATE,
        security_id=_SECURITY,
        symbol="WARM",
        quantity=Decimal(5),
        price=_CLOSE,
    )
    return [deposit, purchase]
