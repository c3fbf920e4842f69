"""Piotroski's F: nine signs of financial strength."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class PiotroskiRatios:
    """What the signs compare, this year's and last year's; None where it is not known.

    ``roa``: net income before extraordinary items / assets at the beginning of the year; ``cash_flow``: from operations;
    ``cash_flow_to_assets``; ``leverage``: long-term debt / average assets; ``current_ratio``; ``has_issued_shares``: common equity was
    issued in the year; ``gross_margin``; ``asset_turnover``: sales / assets at the beginning. All in one unit, fractions or per cent.
    """

    roa: float | None
    roa_before: float | None
    cash_flow: float | None
    cash_flow_to_assets: float | None
    leverage: float | None
    leverage_before: float | None
    current_ratio: float | None
    current_ratio_before: float | None
    has_issued_shares: bool | None
    gross_margin: float | None
    gross_margin_before: float | None
    asset_turnover: float | None
    asset_turnover_before: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PiotroskiSignals:
    """True: a point; None: cannot be said."""

    positive_roa: bool | None
    positive_cash_flow: bool | None
    rising_roa: bool | None
    cash_flow_above_income: bool | None
    falling_leverage: bool | None
    rising_liquidity: bool | None
    no_share_issue: bool | None
    rising_margin: bool | None
    rising_turnover: bool | None


@dataclass(frozen=True, slots=True)
class PiotroskiScore:
    """``score`` counts the signs that are true, None unless all nine can be said; ``known`` counts those that can."""

    score: int | None
    known: int
    signals: PiotroskiSignals


def piotroski_f(ratios: PiotroskiRatios) -> PiotroskiScore:
    """One point for each of nine signs.

    ROA > 0, cash flow > 0, ROA up, cash flow/assets > ROA, leverage down, current ratio up, no shares issued,
    gross margin up, asset turnover up. Equality earns no point. Source: Piotroski (2000), "Value investing".
    """
    signals = PiotroskiSignals(
        positive_roa=_above(ratios.roa, 0.0),
        positive_cash_flow=_above(ratios.cash_flow, 0.0),
        rising_roa=_above(ratios.roa, ratios.roa_before),
        cash_flow_above_income=_above(ratios.cash_flow_to_assets, ratios.roa),
        falling_leverage=_above(ratios.leverage_before, ratios.leverage),
        rising_liquidity=_above(ratios.current_ratio, ratios.current_ratio_before),
        no_share_issue=None if ratios.has_issued_shares is None else not ratios.has_issued_shares,
        rising_margin=_above(ratios.gross_margin, ratios.gross_margin_before),
        rising_turnover=_above(ratios.asset_turnover, ratios.asset_turnover_before),
    )
    given = [getattr(signals, each.name) for each in fields(signals)]
    known = sum(signal is not None for signal in given)
    return PiotroskiScore(sum(signal is True for signal in given) if known == len(given) else None, known, signals)


def _above(value: float | None, edge: float | None) -> bool | None:
    return None if value is None or edge is None else value > edge
