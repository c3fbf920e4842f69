"""Writes a portfolio's story down as transactions at the day's real closes and rates, and refuses what could not have happened."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from dawsos.kernel.money import ONE, QUOTIENT, multiply, round_money
from dawsos.providers.ecb import EcbRates
from tools.demo_data.market import Market

Row = dict[str, str]


@dataclass(slots=True)
class OpenLot:
    """What is left of one purchase, and the external reference of the row that opened it."""

    ref: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What the account costs: chosen, not observed."""

    commission: Decimal
    spread: Decimal = Decimal("0.005")


@dataclass(slots=True)
class Book:
    """One portfolio in the making. Call in order of date; every call appends the rows it means."""

    prefix: str
    market: Market
    rates: EcbRates
    settlement_days: Callable[[date], int]
    terms: Terms
    rows: list[Row] = field(default_factory=list)
    cash: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    lots: defaultdict[str, list[OpenLot]] = field(default_factory=lambda: defaultdict(list))
    _refs: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def holding(self, symbol: str) -> Decimal:
        return sum((lot.quantity for lot in self.lots[symbol]), Decimal(0))

    def cash_line(self, day: date, kind: str, amount: Decimal, currency: str, narration: str, parent_ref: str = "") -> str:
        """A line of cash alone."""
        return self._write(day, kind, currency, amount, what=currency, amount=f"{amount:.2f}", parent_ref=parent_ref, narration=narration)

    def convert(self, day: date, sold: str, amount: Decimal, bought: str) -> None:
        """Sell ``amount`` of one currency for another at the ECB cross rate of the day less the bank's spread."""
        cross = self.cross_rate(day, sold, bought)
        received = round_money(multiply(amount, cross, ONE - self.terms.spread))
        ref = self.cash_line(day, "TRANSFER_OUT", -amount, sold, f"{bought} bought with {sold}")
        self.cash_line(day, "TRANSFER_IN", received, bought, f"{bought} bought with {sold}", parent_ref=ref)

    def cross_rate(self, day: date, base: str, quote: str) -> Decimal:
        """Units of ``quote`` per 1 ``base``, through the euro, unrounded."""
        per_euro = {code: ONE if code == "EUR" else self.rates.rate(code, day).rate for code in (base, quote)}
        return QUOTIENT.divide(per_euro[quote], per_euro[base])

    def buy(self, day: date, symbol: str, about: int) -> None:
        """Whole shares for about ``about`` dollars, at the close."""
        price = self.market.close(symbol, day)
        quantity = (Decimal(about) / price).to_integral_value(ROUND_FLOOR)
        ref = self._trade(day, "BUY", symbol, quantity, price, -1)
        self.lots[symbol].append(OpenLot(ref, quantity))

    def sell(self, day: date, symbol: str, lots: Decimal) -> None:
        """Sell the oldest lots: 1.5 is all of the oldest and half (rounded down to whole shares) of the next."""
        taken = self._relieve(symbol, lots)
        self._trade(day, "SELL", symbol, sum((quantity for _, quantity in taken), Decimal(0)), self.market.close(symbol, day), 1)

    def sell_from(self, day: date, symbol: str, chosen: list[tuple[int, int]]) -> None:
        """Sell named quantities of named lots; a lot is named by its place, 0 being the oldest still open."""
        lots = [self.lots[symbol][place] for place, _ in chosen]
        text = ";".join(f"{lot.ref}:{shares}" for lot, (_, shares) in zip(lots, chosen, strict=True))
        for lot, (_, shares) in zip(lots, chosen, strict=True):
            self._take(symbol, lot, Decimal(shares))
        quantity = Decimal(sum(shares for _, shares in chosen))
        self._trade(day, "SELL", symbol, quantity, self.market.close(symbol, day), 1, lots=text)

    def bring_in(self, day: date, symbol: str, quantity: int, cost: Decimal, acquired: date, narration: str) -> None:
        """Securities that come from another custodian, with what they cost there."""
        ref = self._write(
            day, "TRANSFER_IN", "USD", Decimal(0), what=symbol, symbol=symbol, quantity=str(quantity), amount="0.00",
            cost_basis=f"{cost:.2f}", acquisition_date=acquired.isoformat(), narration=narration,
        )  # fmt: skip
        self.lots[symbol].append(OpenLot(ref, Decimal(quantity)))

    def give_out(self, day: date, symbol: str, lots: Decimal, narration: str) -> None:
        """Securities that leave in kind, oldest lots first."""
        quantity = sum((quantity for _, quantity in self._relieve(symbol, lots)), Decimal(0))
        self._write(
            day, "TRANSFER_OUT", "USD", Decimal(0), what=symbol, symbol=symbol, quantity=str(quantity), amount="0.00", narration=narration
        )  # fmt: skip

    def split(self, day: date, symbol: str, to: int) -> None:
        """Every share becomes ``to`` shares; nothing is booked when none is held."""
        if self.holding(symbol) == 0:
            return
        for lot in self.lots[symbol]:
            lot.quantity *= to
        self._write(
            day, "SPLIT", "USD", Decimal(0), what=symbol, symbol=symbol, split_from="1", split_to=str(to), narration=f"{to}-for-1 split"
        )

    def dividend(self, day: date, symbol: str, per_share: Decimal) -> None:
        """Cash on the shares held before the ex-date ``day``; nothing is booked when none is held."""
        quantity = self.holding(symbol)
        if quantity == 0:
            return
        amount = round_money(quantity * per_share)
        self._write(
            day, "DIVIDEND", "USD", amount, what=symbol, symbol=symbol, quantity=str(quantity), price=str(per_share),
            amount=f"{amount:.2f}", withholding_tax="0.00", ex_date=day.isoformat(), pay_date=day.isoformat(),
            narration=f"{per_share} a share on {quantity} shares",
        )  # fmt: skip

    def _relieve(self, symbol: str, lots: Decimal) -> list[tuple[OpenLot, Decimal]]:
        taken = []
        for lot in list(self.lots[symbol]):
            part = min(lots, ONE)
            quantity = lot.quantity if part == ONE else (lot.quantity * part).to_integral_value(ROUND_FLOOR)
            taken.append((lot, quantity))
            self._take(symbol, lot, quantity)
            lots -= part
            if lots == 0:
                return taken
        raise ValueError(f"{symbol}: there are not that many lots")

    def _take(self, symbol: str, lot: OpenLot, quantity: Decimal) -> None:
        if not 0 < quantity <= lot.quantity:
            raise ValueError(f"{symbol}: {quantity} cannot be taken from {lot.ref}, which holds {lot.quantity}")
        lot.quantity -= quantity
        self.lots[symbol] = [one for one in self.lots[symbol] if one.quantity]

    def _trade(self, day: date, kind: str, symbol: str, quantity: Decimal, price: Decimal, sign: int, lots: str = "") -> str:
        if quantity <= 0:
            raise ValueError(f"{symbol} on {day}: nothing to trade")
        amount = sign * round_money(multiply(quantity, price))
        settlement = self.market.days_later(day, self.settlement_days(day)).isoformat()
        return self._write(
            day, kind, "USD", amount - self.terms.commission, what=symbol, symbol=symbol, quantity=str(quantity), price=str(price),
            amount=f"{amount:.2f}", fee=f"{self.terms.commission:.2f}", settlement_date=settlement, lots=lots,
        )  # fmt: skip

    def _write(self, day: date, kind: str, currency: str, effect: Decimal, *, what: str, **fields: str) -> str:
        self.cash[currency] += effect
        if self.cash[currency] < 0:
            raise ValueError(f"{self.prefix} {day} {kind} {what}: {currency} would be {self.cash[currency]}")
        if day not in self.market.days:
            raise ValueError(f"{day} is no trading day")
        name = f"{self.prefix}-{day:%Y%m%d}-{kind}-{what}"
        self._refs[name] += 1
        ref = name if self._refs[name] == 1 else f"{name}-{self._refs[name]}"
        row = {"transaction_date": day.isoformat(), "transaction_type": kind, "currency": currency, "external_ref": ref, **fields}
        self.rows.append(row)
        return ref
