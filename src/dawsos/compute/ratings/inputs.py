"""From annual statements to the figures ratings judge: averages, coverages, streaks, spreads."""

import itertools
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from dawsos.compute.ratings.piotroski import PiotroskiRatios
from dawsos.compute.ratings.statements import AnnualStatement
from dawsos.kernel.errors import Invalid

InputUnit = Literal["fraction", "money", "number", "score", "years"]
#: What each input of a rating counts; a rubric may name inputs of its own, which are pure numbers.
INPUT_UNITS: Final[Mapping[str, InputUnit]] = {
    "payout_ratio_5y_avg": "fraction", "fcf_dividend_coverage": "number", "dividend_growth_streak_years": "years",
    "net_cash_position": "money", "net_cash_to_market_cap": "fraction", "roe_5y_avg": "fraction", "gross_margin_5y_avg": "fraction",
    "intangible_assets_ratio": "fraction", "switching_cost_score": "score", "debt_equity_ratio": "number",
    "interest_coverage": "number", "current_ratio": "number", "operating_margin_std_dev": "fraction",
}  # fmt: skip
#: The currency amounts among the inputs are in.
MONEY_IN: Final = "USD"
#: Averages look back this far.
YEARS = 5
#: Streaks of rising dividends are counted over at most this many years of statements.
STREAK_YEARS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingInputs:
    """``values`` by name, None where unknown; ``notes`` says why, or what is unusual.

    ``beyond_worst`` and ``beyond_best`` name inputs no number expresses: a ratio to equity that is not positive, a coverage of nothing.
    """

    values: Mapping[str, float | None]
    notes: Mapping[str, str] = field(default_factory=dict)
    beyond_worst: frozenset[str] = frozenset()
    beyond_best: frozenset[str] = frozenset()
    pays_dividends: bool | None = None
    is_financial: bool = False


@dataclass(slots=True)
class _Draft:
    values: dict[str, float | None] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    worst: set[str] = field(default_factory=set)
    best: set[str] = field(default_factory=set)

    def put(self, name: str, value: float | None, why_not: str) -> None:
        self.values[name] = value
        if value is None:
            self.notes[name] = why_not


def rating_inputs(
    statements: Sequence[AnnualStatement],
    *,
    switching_cost_score: float | None = None,
    market_capitalisation: float | None = None,
    usd_rate: float | None = None,
    is_financial: bool = False,
) -> RatingInputs:
    """The inputs of the ratings from ``statements``, newest first.

    ``payout_ratio_5y_avg``: mean of dividends / net income over the years with both above 0. ``fcf_dividend_coverage``: (operating cash
    flow − capital expenditure) / dividends of the last year. ``dividend_growth_streak_years``: years in a row in which the dividend
    per share rose, as far back as the statements go. ``net_cash_position``: cash − debt in USD (``usd_rate`` = USD per unit of the
    statements' currency); ``net_cash_to_market_cap``: the same over ``market_capitalisation`` in the statements' currency.
    ``roe_5y_avg``: mean of net income / equity over the years with positive equity. ``gross_margin_5y_avg``.
    ``intangible_assets_ratio``: (goodwill + intangibles) / assets. ``debt_equity_ratio``, ``interest_coverage`` (operating income /
    interest), ``current_ratio`` of the last year. ``operating_margin_std_dev``: sample deviation over up to five years, two at least.

    Equity that is not positive makes ``debt_equity_ratio`` beyond worst and leaves the year out of the return on equity; when no year
    is left the return is beyond worst. Dividends paid without any profit make the payout beyond worst. No interest makes the coverage
    beyond best. For banks and insurers (``is_financial``) current ratio, interest coverage and debt to equity are not judged: borrowing
    is their trade. All statements must be in one currency.
    """
    if len({statement.currency for statement in statements}) > 1:
        raise Invalid("The statements are in several currencies.", remedy="Convert them to one, or give those of one currency.")
    if list(statements) != sorted(statements, key=lambda each: each.fiscal_date, reverse=True):
        raise Invalid("The statements are not ordered, newest first.", remedy="Sort them by fiscal date, descending.")
    draft = _Draft()
    recent = list(statements[:YEARS])
    pays = _pays_dividends(recent)
    _dividends(draft, statements, recent, pays)
    _cash(draft, recent, usd_rate, market_capitalisation)
    _profitability(draft, recent)
    draft.put("switching_cost_score", switching_cost_score, "not assessed")
    _resilience(draft, recent, is_financial)
    return RatingInputs(
        values=draft.values,
        notes=draft.notes,
        beyond_worst=frozenset(draft.worst),
        beyond_best=frozenset(draft.best),
        pays_dividends=pays,
        is_financial=is_financial,
    )


def _pays_dividends(recent: Sequence[AnnualStatement]) -> bool | None:
    paid = recent[0].dividends_paid if recent else None
    return None if paid is None else abs(paid) > 0.0


def _ratio(numerator: float | None, denominator: float | None) -> float | None:
    return None if numerator is None or denominator is None or denominator == 0.0 else numerator / denominator


def _mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None


def _dividends(draft: _Draft, statements: Sequence[AnnualStatement], recent: Sequence[AnnualStatement], pays: bool | None) -> None:
    both = [
        (abs(each.dividends_paid), each.net_income) for each in recent if each.dividends_paid is not None and each.net_income is not None
    ]
    ratios = [paid / earned for paid, earned in both if paid > 0.0 and earned > 0.0]
    draft.put("payout_ratio_5y_avg", _mean(ratios), "no year with a dividend and a profit")
    if not ratios and any(paid > 0.0 for paid, _ in both):
        draft.worst.add("payout_ratio_5y_avg")
        draft.notes["payout_ratio_5y_avg"] = "dividends were paid out of losses"
    last = recent[0] if recent else None
    free = None
    if last is not None and last.operating_cash_flow is not None and last.capital_expenditure is not None:
        free = last.operating_cash_flow - abs(last.capital_expenditure)
    paid = abs(last.dividends_paid) if last is not None and last.dividends_paid is not None else None
    why = "no dividend to cover" if pays is False else "cash flow, investment or dividends of the last year are not known"
    draft.put("fcf_dividend_coverage", _ratio(free, paid), why)
    per_share = [each.dividends_per_share for each in statements[:STREAK_YEARS]]
    draft.put("dividend_growth_streak_years", _streak(per_share), "dividends per share of two years in a row are not known")


def _streak(per_share: Sequence[float | None]) -> float | None:
    """Rises in a row, newest first; None without two consecutive years."""
    if len(per_share) < 2 or per_share[0] is None or per_share[1] is None:
        return None
    rises = 0
    for later, earlier in itertools.pairwise(per_share):
        if later is None or earlier is None or later <= earlier:
            break
        rises += 1
    return float(rises)


def _cash(draft: _Draft, recent: Sequence[AnnualStatement], usd_rate: float | None, market_capitalisation: float | None) -> None:
    last = recent[0] if recent else None
    net = None
    if last is not None and last.cash_and_equivalents is not None and last.total_debt is not None:
        net = last.cash_and_equivalents - last.total_debt
    rate = 1.0 if last is not None and last.currency == "USD" else usd_rate
    draft.put(
        "net_cash_position", net * rate if net is not None and rate is not None else None, "cash, debt or the rate to USD is not known"
    )
    draft.put("net_cash_to_market_cap", _ratio(net, market_capitalisation), "cash, debt or market capitalisation is not known")


def _profitability(draft: _Draft, recent: Sequence[AnnualStatement]) -> None:
    known = [
        (each.net_income, each.shareholders_equity)
        for each in recent
        if each.net_income is not None and each.shareholders_equity is not None
    ]
    returns = [earned / equity for earned, equity in known if equity > 0.0]
    draft.put("roe_5y_avg", _mean(returns), "no year with net income and positive equity")
    if known and not returns:
        draft.worst.add("roe_5y_avg")
        draft.notes["roe_5y_avg"] = "equity is not positive in any year"
    elif len(returns) < len(known):
        draft.notes["roe_5y_avg"] = f"{len(known) - len(returns)} year(s) without positive equity left out"
    margins = _ratios(recent, lambda each: each.gross_profit)
    draft.put("gross_margin_5y_avg", _mean(margins), "gross profit and revenue are not known")
    last = recent[0] if recent else None
    held = None
    if last is not None and last.goodwill is not None and last.intangible_assets is not None:
        held = last.goodwill + last.intangible_assets
    draft.put("intangible_assets_ratio", _ratio(held, last.total_assets if last else None), "goodwill, intangibles or assets are not known")


def _ratios(recent: Sequence[AnnualStatement], numerator: Callable[[AnnualStatement], float | None]) -> list[float]:
    found = [_ratio(numerator(each), each.revenue) for each in recent]
    return [ratio for ratio in found if ratio is not None]


def _resilience(draft: _Draft, recent: Sequence[AnnualStatement], is_financial: bool) -> None:
    last = recent[0] if recent else None
    margins = _ratios(recent, lambda each: each.operating_income)
    spread = statistics.stdev(margins) if len(margins) >= 2 else None
    draft.put("operating_margin_std_dev", spread, "operating margins of two years are not known")
    names = ("debt_equity_ratio", "interest_coverage", "current_ratio")
    if is_financial:
        for name in names:
            draft.put(name, None, "not meaningful for a bank or an insurer")
        return
    equity = last.shareholders_equity if last else None
    if last is not None and equity is not None and equity <= 0.0:
        draft.put("debt_equity_ratio", None, "equity is not positive")
        draft.worst.add("debt_equity_ratio")
    else:
        draft.put("debt_equity_ratio", _ratio(last.total_debt if last else None, equity), "debt or equity is not known")
    interest = abs(last.interest_expense) if last is not None and last.interest_expense is not None else None
    draft.put("interest_coverage", _ratio(last.operating_income if last else None, interest), "operating income or interest is not known")
    if interest == 0.0:
        draft.best.add("interest_coverage")
        draft.notes["interest_coverage"] = "no interest to pay"
    ratio = _ratio(last.current_assets, last.current_liabilities) if last else None
    draft.put("current_ratio", ratio, "current assets or liabilities are not known")


def piotroski_ratios(statements: Sequence[AnnualStatement]) -> PiotroskiRatios:
    """What Piotroski's signs compare, from three annual statements, newest first (the oldest gives the assets at the beginning)."""
    this, last, before = (*statements[:3], None, None, None)[:3]

    def beginning(numerator: float | None, year: AnnualStatement | None) -> float | None:
        return _ratio(numerator, year.total_assets if year else None)

    def average_leverage(year: AnnualStatement | None, earlier: AnnualStatement | None) -> float | None:
        if year is None or earlier is None or year.total_assets is None or earlier.total_assets is None:
            return None
        return _ratio(year.long_term_debt, (year.total_assets + earlier.total_assets) / 2.0)

    def current(year: AnnualStatement | None) -> float | None:
        return _ratio(year.current_assets, year.current_liabilities) if year else None

    def margin(year: AnnualStatement | None) -> float | None:
        return _ratio(year.gross_profit, year.revenue) if year else None

    issued = this.shares_issued if this else None
    return PiotroskiRatios(
        roa=beginning(this.net_income if this else None, last),
        roa_before=beginning(last.net_income if last else None, before),
        cash_flow=this.operating_cash_flow if this else None,
        cash_flow_to_assets=beginning(this.operating_cash_flow if this else None, last),
        leverage=average_leverage(this, last),
        leverage_before=average_leverage(last, before),
        current_ratio=current(this),
        current_ratio_before=current(last),
        has_issued_shares=None if issued is None else issued > 0.0,
        gross_margin=margin(this),
        gross_margin_before=margin(last),
        asset_turnover=beginning(this.revenue if this else None, last),
        asset_turnover_before=beginning(last.revenue if last else None, before),
    )
