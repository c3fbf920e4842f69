"""Writes the demo's files: the same input gives the same bytes."""

import csv
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tools.demo_data.book import Row
from tools.demo_data.corporate_actions import CorporateAction
from tools.demo_data.market import RAW_SUFFIX, Market
from tools.demo_data.securities import ADJUSTED, AS_QUOTED, SECURITIES

TRANSACTION_COLUMNS: Final = (
    "transaction_date", "transaction_type", "symbol", "quantity", "price", "amount", "currency", "fee", "withholding_tax", "fx_rate",
    "settlement_date", "ex_date", "pay_date", "split_from", "split_to", "cost_basis", "acquisition_date", "lots", "parent_ref",
    "external_ref", "narration",
)  # fmt: skip
SECURITY_COLUMNS: Final = (
    "symbol", "name", "security_type", "currency", "sector", "industry", "exchange", "prices", "first_date", "last_date",
)  # fmt: skip
CLOSE_COLUMNS: Final = ("date", "symbol", "close", "currency")
BAR_COLUMNS: Final = ("date", "symbol", "open", "high", "low", "close", "volume", "currency")
ACTION_COLUMNS: Final = ("symbol", "action_type", "ex_date", "amount_per_share", "currency", "split_from", "split_to")


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A CSV with a header and bare newlines; a missing field is empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def compressed(content: bytes) -> bytes:
    """Compress with gzip, without a name or time in it."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def prices(market: Market) -> bytes:
    """A price CSV, by symbol and then date; with open, high, low and volume where the source has them."""
    rows = [
        {
            "date": day.isoformat(), "symbol": symbol, "open": bar.open, "high": bar.high, "low": bar.low, "close": bar.close,
            "volume": bar.volume, "currency": "USD",
        }
        for symbol in sorted(market.bars)
        for day, bar in sorted(market.bars[symbol].items())
    ]  # fmt: skip
    columns = BAR_COLUMNS if any(row["open"] for row in rows) else CLOSE_COLUMNS
    return table(columns, ({name: row[name] for name in columns} for row in rows))


def securities(markets: Sequence[Market]) -> bytes:
    """The securities master, in the order of ``SECURITIES``, with the span of each one's prices."""
    spans = {symbol: (min(series), max(series)) for market in markets for symbol, series in market.bars.items()}
    return table(SECURITY_COLUMNS, (_security(*facts, *spans[facts[0]]) for facts in SECURITIES))


def _security(symbol: str, name: str, kind: str, sector: str, industry: str, exchange: str, first: object, last: object) -> Row:
    prices_are = AS_QUOTED if symbol.endswith(RAW_SUFFIX) or kind == "INDEX" else ADJUSTED
    return {
        "symbol": symbol, "name": name if kind == "INDEX" else f"{name} ({prices_are})", "security_type": kind, "currency": "USD",
        "sector": sector, "industry": industry, "exchange": exchange, "prices": prices_are,
        "first_date": str(first), "last_date": str(last),
    }  # fmt: skip


def actions(found: Iterable[CorporateAction]) -> bytes:
    """Every split and dividend that was derived, held or not."""
    return table(ACTION_COLUMNS, map(_action, found))


def _action(action: CorporateAction) -> Row:
    row = {"symbol": action.symbol, "ex_date": action.ex_date.isoformat()}
    if action.split_to is not None:
        return {**row, "action_type": "SPLIT", "split_from": "1", "split_to": str(action.split_to)}
    return {**row, "action_type": "DIVIDEND", "amount_per_share": str(action.amount_per_share), "currency": "USD"}
