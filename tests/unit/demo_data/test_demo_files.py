"""The bundled files hold together: prices for every security and day, transactions in the documented format, real splits and dividends."""

import csv
import gzip
from collections import Counter
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest

from dawsos.demo_data import load_corporate_actions, load_securities, portfolios, price_files, transaction_files
from dawsos.kernel.ledger import LotMethod, TransactionType
from dawsos.kernel.money import CURRENCIES
from dawsos.providers.price_csv import PriceCsv
from dawsos.providers.protocol import PriceObservation

COLUMNS = (
    "transaction_date transaction_type symbol quantity price amount currency fee withholding_tax fx_rate settlement_date ex_date pay_date "
    "split_from split_to cost_basis acquisition_date lots parent_ref external_ref narration"
)
EVERYWHERE = {"transaction_date", "transaction_type", "currency", "fx_rate", "settlement_date", "external_ref", "narration"}
# docs/reference/transaction-csv.md, "What each type needs": (needed, allowed); a transfer with a symbol is in kind
RULES = {
    "BUY": ("symbol quantity price", "amount fee"),
    "SELL": ("symbol quantity price", "amount fee lots"),
    "DIVIDEND": ("symbol amount", "quantity price ex_date pay_date fee withholding_tax"),
    "INTEREST": ("amount", "symbol fee withholding_tax"),
    "FEE": ("amount", "symbol"),
    "TAX": ("amount", "symbol"),
    "DEPOSIT": ("amount", "fee"),
    "WITHDRAWAL": ("amount", "fee"),
    "TRANSFER_IN": ("amount", "fee parent_ref"),
    "TRANSFER_OUT": ("amount", "fee"),
    "TRANSFER_IN in kind": ("symbol quantity cost_basis acquisition_date", "amount fee"),
    "TRANSFER_OUT in kind": ("symbol quantity", "amount fee lots"),
    "SPLIT": ("symbol split_from split_to", "amount ex_date"),
}


def rows_of(name: str) -> list[dict[str, str]]:
    with transaction_files()[name].open("r", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def prices() -> dict[str, dict[date, PriceObservation]]:
    found: dict[str, dict[date, PriceObservation]] = {}
    for one in price_files():
        for price in PriceCsv(one.file, one.source.id).observations():
            assert isinstance(price, PriceObservation), price
            found.setdefault(price.symbol, {})[price.date] = price
    return found


def test_the_bundled_files_are_small():
    package = files("dawsos.demo_data")
    sizes = [len(one.read_bytes()) for one in package.iterdir() if one.is_file() and not one.name.endswith(".py")]
    assert len(sizes) == 8
    assert sum(sizes) < 600_000


def test_the_price_files_read_without_a_single_problem_and_name_their_source(prices):
    assert Counter(price.source for series in prices.values() for price in series.values()) == {
        "SKFOLIO": 18 * 2265,
        "BOKEH_SAMPLEDATA": 3 * 3270 + 2148 + 196,
    }
    assert {price.currency for series in prices.values() for price in series.values()} == {"USD"}


def test_every_price_is_of_a_known_security_and_spans_what_the_master_says(prices):
    securities = {one.symbol: one for one in load_securities()}
    assert set(prices) == set(securities)
    for symbol, series in prices.items():
        assert (min(series), max(series)) == (securities[symbol].first_date, securities[symbol].last_date)


def test_no_security_misses_a_trading_day_between_its_first_and_last(prices):
    for group in ([s for s in prices if s.endswith(".RAW")], [s for s in prices if not s.endswith(".RAW")]):
        calendar = {day for symbol in group for day in prices[symbol]}
        for symbol in group:
            first, last = min(prices[symbol]), max(prices[symbol])
            assert {day for day in calendar if first <= day <= last} == set(prices[symbol])


def test_the_securities_are_seventeen_adjusted_stocks_one_index_and_five_stocks_as_quoted():
    securities = load_securities()
    assert len({one.symbol for one in securities}) == len(securities) == 23
    assert Counter((one.security_type, one.prices) for one in securities) == {
        ("EQUITY", "adjusted"): 17,
        ("INDEX", "as quoted"): 1,
        ("EQUITY", "as quoted"): 5,
    }
    for one in securities:
        assert one.currency == "USD"
        assert one.name.endswith(f"({one.prices})") is (one.security_type == "EQUITY")
        assert (one.sector is None) is (one.exchange is None) is (one.industry is None) is (one.security_type == "INDEX")
        assert one.symbol.endswith(".RAW") is (one.security_type == "EQUITY" and one.prices == "as quoted")


def test_bars_as_quoted_have_everything_and_adjusted_closes_have_only_a_close(prices):
    apple = prices["AAPL.RAW"][date(2000, 3, 1)]
    assert (apple.open, apple.high, apple.low, apple.close, apple.volume) == (
        Decimal("118.56"), Decimal("132.06"), Decimal("118.5"), Decimal("130.31"), 9616100,
    )  # fmt: skip
    adjusted = prices["AAPL"][date(2022, 12, 28)]
    assert (adjusted.open, adjusted.close, adjusted.volume) == (None, Decimal("125.674"), None)


def test_two_portfolios_of_two_owners_have_different_currencies_and_methods():
    assert [(one.name, one.base_currency, one.lot_method, one.owner_email) for one in portfolios()] == [
        ("Household", "CAD", LotMethod.FIFO, "household@demo.invalid"),
        ("Income", "USD", LotMethod.SPECIFIC, "income@demo.invalid"),
    ]
    for one in portfolios():
        days = [row["transaction_date"] for row in rows_of(one.name)]
        assert days == sorted(days)
        assert one.first_date.isoformat() == days[0]
        assert days[-1] <= one.last_date.isoformat()


@pytest.mark.parametrize("name", ["Household", "Income"])
def test_every_row_has_the_columns_its_type_needs_and_no_others(name):
    rows = rows_of(name)
    assert " ".join(rows[0]) == COLUMNS
    for row in rows:
        kind = row["transaction_type"]
        needed, allowed = RULES[f"{kind} in kind" if kind.startswith("TRANSFER") and row["symbol"] else kind]
        given = {column for column, value in row.items() if value}
        assert set(needed.split()) <= given, row
        assert given <= EVERYWHERE | set(needed.split()) | set(allowed.split()), row
        assert kind in set(TransactionType)
        assert row["currency"] in CURRENCIES


@pytest.mark.parametrize("name", ["Household", "Income"])
def test_every_row_has_a_reference_of_its_own(name):
    references = [row["external_ref"] for row in rows_of(name)]
    assert all(references)
    assert len(set(references)) == len(references)


def test_there_are_enough_rows_and_every_kind_of_transaction_occurs():
    household, income = (Counter(row["transaction_type"] for row in rows_of(name)) for name in ("Household", "Income"))
    assert 150 <= household.total() <= 300
    assert 100 <= income.total() <= 250
    assert set(household) | set(income) == set(TransactionType)
    assert {"DIVIDEND", "SPLIT"}.isdisjoint(household)


# --- corporate actions ----------------------------------------------------------------------------------------------------------------


def test_the_known_splits_come_out_and_the_quoted_price_opens_at_about_half(prices):
    splits = [one for one in load_corporate_actions() if one.action_type == "SPLIT"]
    assert [(one.symbol, one.ex_date.isoformat(), one.split_from, one.split_to) for one in splits] == [
        ("AAPL.RAW", "2000-06-21", 1, 2),
        ("MSFT.RAW", "2003-02-18", 1, 2),
        ("AAPL.RAW", "2005-02-28", 1, 2),
    ]
    for split in splits:
        before = max(day for day in prices[split.symbol] if day < split.ex_date)
        opened = prices[split.symbol][split.ex_date].open
        assert opened is not None
        assert Decimal("1.9") < prices[split.symbol][before].close / opened < Decimal("2.1")


def test_the_known_dividends_come_out():
    paid = {
        (one.symbol, one.ex_date.isoformat()): one.amount_per_share for one in load_corporate_actions() if one.action_type == "DIVIDEND"
    }
    assert Counter(symbol for symbol, _ in paid) == {"IBM.RAW": 52, "MSFT.RAW": 37, "AAPL.RAW": 3}
    assert paid["MSFT.RAW", "2004-11-15"] == Decimal("3.08")  # the special 3.00 and the quarter's 0.08
    assert paid["MSFT.RAW", "2003-02-19"] == Decimal("0.08")  # Microsoft's first ever
    assert {paid["AAPL.RAW", day] for day in ("2012-08-09", "2012-11-07", "2013-02-07")} == {Decimal("2.65")}
    assert paid["IBM.RAW", "2008-05-07"] == Decimal("0.50")
    assert paid["IBM.RAW", "2013-02-06"] == Decimal("0.85")


def test_ibm_paid_four_times_in_every_whole_year_and_never_less_than_before():
    paid = [one for one in load_corporate_actions() if one.symbol == "IBM.RAW"]
    assert {year: count for year, count in Counter(one.ex_date.year for one in paid).items() if 2001 <= year <= 2012} == dict.fromkeys(
        range(2001, 2013), 4
    )
    amounts = [one.amount_per_share for one in paid]
    assert amounts == sorted(amounts)


def test_the_gzip_files_carry_no_time_stamp():
    for one in price_files():
        assert one.file.read_bytes()[4:8] == bytes(4)
        assert gzip.decompress(one.file.read_bytes()).startswith(b"date,symbol,")
