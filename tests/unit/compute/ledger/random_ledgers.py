"""Random ledgers that could have happened, for properties."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.unit.compute.ledger.making import Ledger

CURRENCIES = ("CAD", "USD", "EUR")
SECURITIES = (("AAA", "CAD"), ("BBB", "USD"), ("CCC", "EUR"))
KINDS = ("BUY", "BUY", "BUY", "SELL", "SELL", "TRANSFER_IN", "TRANSFER_OUT", "SPLIT", "DIVIDEND", "DEPOSIT", "CONVERSION", "FEE", "PAIR")
SPLITS = ((1, 2), (2, 1), (2, 3), (1, 10), (7, 3))
_START = date(2020, 1, 1)


@dataclass(frozen=True)
class Step:
    kind: str
    security: int
    quantity: int
    cents: int
    fee: int
    share: int
    days: int
    rate: int
    split: int


STEPS = st.builds(
    Step,
    kind=st.sampled_from(KINDS),
    security=st.integers(0, len(SECURITIES) - 1),
    quantity=st.one_of(st.integers(1, 300).map(lambda n: n * 10**8), st.integers(1, 10**12)),
    cents=st.one_of(st.integers(0, 5), st.integers(1, 10**9)),
    fee=st.integers(0, 2000),
    share=st.integers(1, 8),
    days=st.integers(0, 3),
    rate=st.one_of(st.just(100_000_000), st.integers(50_000_000, 200_000_000)),
    split=st.integers(0, len(SPLITS) - 1),
)


def written(steps: list[Step], *, splits: bool = True) -> Ledger:
    """The ledger that ``steps`` describe: what they sell, split or transfer is what is held."""
    ledger, held, day = Ledger(), dict.fromkeys(SECURITIES, Decimal(0)), _START
    for step in steps:
        day += timedelta(days=step.days)
        if step.kind == "SPLIT" and not splits:
            continue
        _write(ledger, held, day, step)
    return ledger


def _write(ledger: Ledger, held: dict, day: date, step: Step) -> None:
    which = SECURITIES[step.security]
    symbol, currency = which
    rate = Decimal(1) if currency == "CAD" else Decimal(step.rate).scaleb(-8)
    quantity, money, fee, when = Decimal(step.quantity).scaleb(-8), Decimal(step.cents).scaleb(-2), Decimal(step.fee).scaleb(-2), str(day)
    where = {"currency": currency, "rate": rate}
    if step.kind in {"SELL", "TRANSFER_OUT", "SPLIT"} and not held[which]:
        return
    out = held[which] if step.share == 8 else (held[which] * step.share / 8).quantize(Decimal("1e-8")) or held[which]
    match step.kind:
        case "BUY":
            ledger.book("BUY", when, -money, symbol=symbol, quantity=quantity, fee=fee, **where)
            held[which] += quantity
        case "PAIR":
            ledger.reverse(ledger.book("BUY", when, -money, symbol=symbol, quantity=quantity, fee=fee, **where))
        case "TRANSFER_IN":
            acquired = day - timedelta(days=step.share * 5)
            ledger.book("TRANSFER_IN", when, symbol=symbol, quantity=quantity, cost_basis=money, acquisition_date=acquired, **where)
            held[which] += quantity
        case "SELL":
            ledger.book("SELL", when, money, symbol=symbol, quantity=out, fee=fee, **where)
            held[which] -= out
        case "TRANSFER_OUT":
            ledger.book("TRANSFER_OUT", when, symbol=symbol, quantity=out, fee=fee, **where)
            held[which] -= out
        case "SPLIT":
            split_from, split_to = SPLITS[step.split]
            after = (held[which] * split_to / split_from).quantize(Decimal("1e-8"))
            if after > Decimal("0.0001"):
                ledger.book("SPLIT", when, symbol=symbol, split_from=split_from, split_to=split_to, **where)
                held[which] = after
        case "DIVIDEND":
            ledger.book("DIVIDEND", when, money + fee, symbol=symbol, withholding_tax=fee, **where)
        case "DEPOSIT":
            ledger.book("DEPOSIT", when, money + 1, fee=fee, **where)
        case "FEE":
            ledger.book("FEE", when, -fee, **where)
        case "CONVERSION":
            half = ledger.book("TRANSFER_OUT", when, -(money + 1), currency="CAD")
            ledger.book("TRANSFER_IN", when, money + 1, parent_transaction_id=half.id, **where)


LEDGERS = st.lists(STEPS, max_size=40).map(written)
LEDGERS_WITHOUT_SPLITS = st.lists(STEPS, max_size=40).map(lambda steps: written(steps, splits=False))
LONG_LEDGERS = st.lists(STEPS, min_size=15, max_size=40).map(written)
