"""Bonds, discounted securities, rates and annuities, as spreadsheets and textbooks ask for them."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np

from dawsos.compute.fixed_income import annuities, bonds, discounted, schedule
from dawsos.compute.returns import NotComputable, year_fraction
from tools.oracles.adapters.attribution import plain
from tools.oracles.cases import NoFunction, Question

#: Spreadsheets number the day counts.
_BASES = {0: "30/360", 1: "Act/Act average", 2: "Act/360", 3: "Act/365F", 4: "30E/360"}
_ALIASES = {
    "yield": ("yield", "ytm", "yld"),
    "coupon": ("coupon", "rate", "coupon_rate"),
    "price": ("price", "clean_price", "pr", "p0"),
    "discount": ("discount", "discount_rate"),
    "maturity": ("maturity", "end", "end_date"),
    "settlement": ("settlement", "start", "start_date"),
    "up": ("price_if_higher", "price_up", "price_yield_up", "p_plus", "p_up"),
    "down": ("price_if_lower", "price_down", "price_yield_down", "p_minus", "p_down"),
    "duration": ("modified_duration", "duration", "effective_duration"),
}


class Given:
    """A case's inputs under one name each."""

    def __init__(self, inputs: Mapping[str, Any], words: str) -> None:
        self._inputs = {plain(key): value for key, value in inputs.items()}
        self.words = words

    def get(self, name: str, default: Any = None) -> Any:
        return next((self._inputs[alias] for alias in _ALIASES.get(name, (name,)) if alias in self._inputs), default)

    def __getitem__(self, name: str) -> Any:
        value = self.get(name)
        if value is None:
            raise NoFunction(f"the case gives no '{name}'")
        return value

    def has(self, *names: str) -> bool:
        return all(self.get(name) is not None for name in names)

    def day(self, name: str) -> date:
        return date.fromisoformat(self[name])

    @property
    def day_count(self) -> str:
        return str(self.get("day_count") or _BASES[int(self.get("basis", 0))])

    @property
    def life(self) -> tuple[date, date]:
        return self.day("settlement"), self.day("maturity")

    @property
    def bond(self) -> bonds.Bond:
        redemption = float(self.get("redemption", 100.0))
        return bonds.Bond(self.day("maturity"), float(self["coupon"]), int(self.get("frequency", 2)), redemption, self.day_count)

    @property
    def payments(self) -> tuple[np.ndarray, np.ndarray, int]:
        """Times and amounts of a bond told by its years to maturity, or of listed payments, and how many periods a year has."""
        frequency, face = int(self.get("frequency", 1)), float(self.get("face", self.get("par", self.get("redemption", 100.0))))
        if self.has("cash_flows"):
            amounts = np.array(self["cash_flows"], dtype=float)
            return (
                np.array(self.get("times", range(1, amounts.size + 1)), dtype=float) * (frequency if self.has("times") else 1),
                amounts,
                frequency,
            )
        count = round(float(self["years"]) * frequency)
        amounts = np.full(count, face * float(self.get("coupon", 0.0)) / frequency)
        amounts[-1] += face
        return np.arange(1.0, count + 1.0), amounts, frequency

    @property
    def is_dated(self) -> bool:
        return self.has("settlement", "maturity")

    @property
    def yield_change(self) -> float:
        if self.has("shock_bp"):
            return float(self["shock_bp"]) / 1e4
        return float(self.get("yield_change", self.get("dy", self.get("delta_yield"))))


def _value(found: float | NotComputable) -> Any:
    return "no_solution" if isinstance(found, NotComputable) else found


def _price(given: Given) -> Any:
    if not given.is_dated:
        times, amounts, frequency = given.payments
        return bonds.price_of_payments(times, amounts, given["yield"], frequency)
    if given.has("coupon", "yield", "issue") and not given.has("frequency"):
        issue, rate = given.day("issue"), given["coupon"]
        return discounted.price_at_maturity_interest(*given.life, issue, rate, given["yield"], day_count=given.day_count)
    if given.has("coupon", "yield"):
        return bonds.clean_price(given.bond, given.day("settlement"), given["yield"])
    if given.has("discount") and not given.has("redemption", "basis"):
        return discounted.bill_price(*given.life, given["discount"])
    redemption = given.get("redemption", 100.0)
    return discounted.discount_price(*given.life, given["discount"], redemption=redemption, day_count=given.day_count)


def _yield(given: Given) -> Any:
    if given.has("coupon", "issue") and not given.has("frequency"):
        issue, rate = given.day("issue"), given["coupon"]
        return discounted.yield_at_maturity_interest(*given.life, issue, rate, given["price"], day_count=given.day_count)
    if given.has("coupon"):
        return _value(bonds.yield_to_maturity(given.bond, given.day("settlement"), given["price"]))
    if "bill" in given.words and not given.has("redemption"):
        return discounted.bill_yield(*given.life, given["price"])
    return _simple_yield(given)


def _simple_yield(given: Given) -> Any:
    price, redemption = given.get("price", given.get("investment")), given.get("redemption", 100.0)
    return discounted.simple_yield(*given.life, price, redemption=redemption, day_count=given.day_count)


def _disc(given: Given) -> Any:
    redemption = given.get("redemption", 100.0)
    return discounted.discount_rate(*given.life, given["price"], redemption=redemption, day_count=given.day_count)


def _accrued(given: Given) -> Any:
    if given.has("issue") and not given.has("maturity"):
        face = given.get("face", given.get("par", 1000.0))
        return discounted.interest_accrued(
            given.day("issue"), given.day("settlement"), given["coupon"], face=face, day_count=given.day_count
        )
    return bonds.accrued_interest(given.bond, given.day("settlement")) * given.get("face", given.get("par", 100.0)) / 100.0


def _sensitivity(of: Callable[[bonds.Sensitivity], float]) -> Callable[[Given], Any]:
    return lambda given: of(_sensitivity_of(given))


def _sensitivity_of(given: Given) -> bonds.Sensitivity:
    if given.is_dated:
        return bonds.sensitivity(given.bond, given.day("settlement"), given["yield"])
    times, amounts, frequency = given.payments
    return bonds.sensitivity_of_payments(times, amounts, given["yield"], frequency)


def _dv01(given: Given) -> Any:
    if given.has("modified_duration", "price"):
        return -bonds.price_change(given["duration"], 0.0, bonds.BASIS_POINT) * given["price"]
    return _sensitivity_of(given).dv01


def _period(of: Callable[[schedule.CouponPeriod], Any]) -> Callable[[Given], Any]:
    return lambda given: of(schedule.coupon_period(*given.life, int(given["frequency"]), given.day_count))


def _effective(of: Callable[[float, float, float, float], float]) -> Callable[[Given], Any]:
    return lambda given: of(given["price"], given["down"], given["up"], given.yield_change)


def _percent(given: Given) -> Any:
    return bonds.price_change(given["duration"], given.get("convexity", 0.0), given.yield_change)


def _bill(of: Callable[..., float], value: str) -> Callable[[Given], Any]:
    return lambda given: of(*given.life, given[value])


#: By the figure asked for: the first pattern found in its name.
_FIGURES: tuple[tuple[str, Callable[[Given], Any]], ...] = (
    (r"tbilleq|bond.?equivalent", _bill(discounted.bill_bond_equivalent, "discount")),
    (r"tbillyield|bill_yield", _bill(discounted.bill_yield, "price")),
    (r"tbillprice|bill_price", _bill(discounted.bill_price, "discount")),
    (r"effective_duration", _effective(bonds.effective_duration)),
    (r"effective_convexity", _effective(bonds.effective_convexity)),
    (r"macaulay|^duration$", _sensitivity(lambda found: found.macaulay)),
    (r"modified|mduration", _sensitivity(lambda found: found.modified)),
    (r"convexity", _sensitivity(lambda found: found.convexity)),
    (r"dv01|pvbp|bpv", _dv01),
    (r"pct_change|percent|price_change", _percent),
    (r"accr", _accrued),
    (r"dirty|full_price|invoice", lambda given: bonds.dirty_price(given.bond, given.day("settlement"), given["yield"])),
    (r"received", lambda given: discounted.received(*given.life, given["investment"], given["discount"], day_count=given.day_count)),
    (r"intrate|simple_yield|yielddisc", _simple_yield),
    (r"^disc", _disc),
    (r"coupnum|coupons", _period(lambda period: period.coupons)),
    (r"couppcd|previous_coupon", _period(lambda period: period.start.isoformat())),
    (r"coupncd|next_coupon", _period(lambda period: period.end.isoformat())),
    (r"coupdaybs", _period(lambda period: period.accrued)),
    (r"coupdaysnc", _period(lambda period: period.left)),
    (r"coupdays", _period(lambda period: period.length)),
    (r"yearfrac|year_fraction", lambda given: year_fraction(*given.life, given.day_count)),
    (r"price", _price),
    (r"yield|ytm", _yield),
    (r"^rate$|interest_rate", _simple_yield),
)


def _rates(question: Question, key: str) -> Any:
    rate, periods = question.inputs[key]
    return (annuities.effective_rate if key == "effect" else annuities.nominal_rate)(rate, int(periods))


def _said(words: str) -> dict[str, float]:
    """``rate 5%/12, 120 periods, pmt -100``: numbers by name."""
    said: dict[str, float] = {}
    for part in re.sub(r"\([^)]*\)", "", words).split(","):
        text = part.strip()
        of = re.fullmatch(r"period (\d+) of (\d+)", text)
        span = re.fullmatch(r"(?:periods? )?(?:from )?(\d+) (?:to|-) (\d+)", text)
        bare = re.fullmatch(r"(\d+)(?: periods?)?", text)
        named = re.fullmatch(r"(\w+) (-?[\d.]+)\s*(%?)(?:\s*/\s*(\d+))?", text)
        if of:
            said |= {"period": float(of[1]), "nper": float(of[2])}
        elif span:
            said |= {"first": float(span[1]), "last": float(span[2])}
        elif bare:
            said["nper"] = float(bare[1])
        elif named:
            said[named[1]] = float(named[2]) / (100.0 if named[3] else 1.0) / float(named[4] or 1)
        else:
            raise NoFunction(f"cannot read '{text}'")
    return said


def _annuity(question: Question, key: str) -> Any:
    """``fv_begin`` asks what the entry ``fv`` describes, paid at the start; ``ipmt/ppmt`` describes both, one after the other."""
    figure, _, when = key.partition("_")
    described = {name: words for names, words in _descriptions(question) for name in names.split("/")}
    if figure not in described:
        raise NoFunction(f"no function for '{key}'")
    all_words = described[figure].split(";")
    names = next(names.split("/") for names, _ in _descriptions(question) if figure in names.split("/"))
    said = _said(all_words[names.index(figure)] if len(all_words) == len(names) else all_words[0])
    return _value(_paid(figure, said, "start" if when in {"begin", "start", "due"} else "end"))


def _descriptions(question: Question) -> list[tuple[str, str]]:
    told = re.compile(r"\b(rate|pv|fv|pmt|periods?)\b")
    return [(name, words) for name, words in question.inputs.items() if isinstance(words, str) and told.search(words)]


def _paid(figure: str, said: Mapping[str, float], when: Any) -> Any:
    rate, periods, level = said.get("rate", 0.0), said.get("nper", 0.0), said.get("pmt", 0.0)
    present, future = said.get("pv", 0.0), said.get("fv", 0.0)
    match figure:
        case "fv":
            return annuities.future_value(rate, periods, level, present, when=when)
        case "pv":
            return annuities.present_value(rate, periods, level, future, when=when)
        case "pmt":
            return annuities.payment(rate, periods, present, future, when=when)
        case "nper":
            return annuities.number_of_periods(rate, level, present, future, when=when)
        case "rate":
            return annuities.rate_per_period(int(periods), level, present, future, when=when)
        case "ipmt":
            return annuities.interest_part(rate, int(said["period"]), int(periods), present, future, when=when)
        case "ppmt":
            return annuities.principal_part(rate, int(said["period"]), int(periods), present, future, when=when)
        case "cumipmt" | "cumprinc":
            of = annuities.cumulative_interest if figure == "cumipmt" else annuities.cumulative_principal
            return of(rate, int(periods), present, int(said["first"]), int(said["last"]), when=when)
        case "pduration":
            return annuities.periods_to_grow(rate, present, future)
        case "rri":
            return annuities.growth_rate(periods, present, future)
    raise NoFunction(f"no function for '{figure}'")


def _figure(question: Question, key: str) -> Any:
    if key in {"effect", "nominal"} and isinstance(question.inputs.get(key), list):
        return _rates(question, key)
    given = Given(question.inputs, question.words)
    if not given.is_dated and _descriptions(question):
        return _annuity(question, key)
    for pattern, function in _FIGURES:
        if re.search(pattern, plain(key)):
            return function(given)
    raise NoFunction(f"no function for '{key}'")


def answer(question: Question) -> Mapping[str, Any]:
    """Each figure asked for."""
    return {key: _figure(question, key) for key in question.asked}
