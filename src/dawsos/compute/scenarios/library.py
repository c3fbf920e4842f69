"""The library of scenarios, as data. What each one assumes is stated here and nowhere else."""

import difflib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from dawsos.compute.scenarios.records import SHOCKED_FACTORS, Scenario, Severity, frozen
from dawsos.kernel.errors import NotFound

_LOW, _MODERATE, _HIGH, _EXTREME = Severity.LOW, Severity.MODERATE, Severity.HIGH, Severity.EXTREME

# id, name, real rates, inflation and credit in basis points, then usd, equity, commodity, volatility, probability, severity.
_Row = tuple[str, str, float, float, float, float, float, float, float, float | None, Severity | None]
_CORE: Final[tuple[_Row, ...]] = (
    ("rates_up", "Rates up", 100, 0, 0, 0.02, -0.05, 0, 0, 0.10, _MODERATE),
    ("rates_down", "Rates down", -100, 0, 0, -0.02, 0.08, 0, 0, 0.08, _MODERATE),
    ("usd_up", "Dollar up", 0, 0, 0, 0.05, -0.02, 0, 0, 0.12, _MODERATE),
    ("usd_down", "Dollar down", 0, 0, 0, -0.05, 0.02, 0, 0, 0.12, _MODERATE),
    ("cpi_surprise", "Inflation surprise", 50, 100, 25, 0, -0.08, 0, 0, 0.05, _HIGH),
    ("credit_spread_widening", "Credit spreads widen", -50, 0, 200, 0, -0.15, 0, 0, 0.03, _HIGH),
    ("credit_spread_tightening", "Credit spreads tighten", 0, 0, -50, 0, 0.05, 0, 0, 0.08, _LOW),
    ("equity_selloff", "Equity sell-off", -75, 0, 100, 0.03, -0.20, 0, 0, 0.02, _EXTREME),
    ("equity_rally", "Equity rally", 25, 0, -25, 0, 0.15, 0, 0, 0.05, _LOW),
    ("late_cycle_rates_up", "Late cycle: rates up", 50, 40, 0, 0.05, 0, 0, 0, None, None),
)
_DELEVERAGING: Final[tuple[_Row, ...]] = (
    ("money_printing_deleveraging", "Deleveraging by printing money", 25, 150, -50, -0.12, 0.05, 0.35, 0.3, 0.25, _HIGH),
    ("austerity_deleveraging", "Deleveraging by austerity", -75, -50, 100, 0.08, -0.20, -0.15, 0.5, 0.15, _HIGH),
    ("default_deleveraging", "Deleveraging by default", -150, -100, 300, 0.15, -0.40, -0.30, 1.0, 0.05, _EXTREME),
    ("beautiful_deleveraging", "Beautiful deleveraging", -25, 25, -25, 0, 0.12, 0.08, 0.1, 0.40, None),
    ("short_term_debt_crisis", "Short-term debt crisis", 50, -25, 150, 0.05, -0.22, -0.10, 0.6, 0.20, None),
    ("long_term_debt_crisis", "Long-term debt crisis", -200, -150, 400, 0.20, -0.50, -0.40, 1.5, 0.02, None),
)
_EMPIRE: Final[tuple[_Row, ...]] = (
    ("early_rise", "Empire: early rise", -25, 25, -50, -0.08, 0.25, 0.15, -0.2, 0.10, None),
    ("peak_dominance", "Empire: peak dominance", -50, 0, -75, 0.05, 0.15, 0.05, -0.3, 0.15, None),
    ("late_decline_internal", "Empire: late decline, internal", 75, 50, 100, -0.10, -0.12, 0.08, 0.7, 0.12, None),
    ("decline_external", "Empire: decline, external", 50, 100, 75, -0.05, -0.08, 0.20, 0.5, 0.18, None),
    ("reserve_currency_loss", "Loss of the reserve currency", 200, 200, 250, -0.40, -0.30, 0.50, 1.2, 0.03, None),
    ("world_order_transition", "Transition of the world order", 0, 75, 125, -0.15, 0, 0.25, 0.8, 0.08, None),
)
_STRESS: Final[tuple[_Row, ...]] = (
    ("fed_severely_adverse", "Supervisory test: severely adverse", -150, -50, 300, 0.10, -0.50, -0.35, 1.5, 0.05, None),
    ("fed_adverse", "Supervisory test: adverse", -75, -25, 150, 0.05, -0.25, -0.15, 0.6, 0.15, None),
    ("flash_crash", "Flash crash", -50, 0, 200, 0.08, -0.15, -0.10, 2.0, 0.08, None),
    ("stagflation_1970s", "Stagflation of the 1970s", 300, 400, 150, 0, -0.10, 0.60, 0.5, 0.10, None),
    ("em_contagion", "Contagion from emerging markets", -100, -25, 200, 0.15, -0.15, -0.20, 0.8, 0.12, None),
    ("china_hard_landing", "Hard landing of China", -125, -75, 250, 0.12, -0.25, -0.40, 1.0, 0.08, None),
    ("cyber_attack", "Attack on networks", 0, 0, 300, 0.05, -0.25, 0.15, 2.0, 0.03, None),
    ("climate_shock", "Climate shock", 50, 150, 100, -0.05, -0.12, 0.40, 0.7, 0.10, None),
    ("crash_1987_parallel", "A crash as in 1987", -25, 0, 75, 0.03, -0.23, -0.05, 1.5, 0.05, None),
    ("volmageddon", "Collapse of short volatility", -50, 0, 100, 0.05, -0.12, -0.05, 3.0, 0.08, None),
)
#: The three ways out of debt in a second calibration; moves as fractions, liquidity last.
_DELEVERAGING_V2: Final = (
    ("money_printing_deleveraging_v2", "Deleveraging by printing money (second set)", -0.025, 0.04, -0.01, -0.08, 0.15, 0.20, 0.25, 0.0),
    ("austerity_deleveraging_v2", "Deleveraging by austerity (second set)", 0.015, -0.02, 0.025, 0.05, -0.20, -0.15, 0.40, 0.0),
    ("default_deleveraging_v2", "Deleveraging by default (second set)", 0.03, -0.03, 0.08, 0.10, -0.35, -0.25, 0.60, -0.5),
)
# id, name, equity, government bonds, corporate bonds, commodity, then USD, CAD and EUR, probability. Where the published table has one loss
# for all bonds in a flight to safety (2008, 2020), government bonds gain as they did.
_HISTORICAL: Final = (
    ("crisis_2008", "Financial crisis of 2008", -0.57, 0.05, -0.05, -0.30, 0.10, -0.15, -0.05, 0.01),
    ("covid_2020", "Pandemic of 2020", -0.34, 0.02, -0.02, -0.50, 0.05, -0.10, -0.03, 0.02),
    ("tech_bust_2000", "Technology bust of 2000", -0.45, 0.05, 0.05, -0.10, -0.05, 0.0, 0.05, 0.01),
    ("yield_surge", "Surge of yields", -0.15, -0.10, -0.10, 0.0, 0.05, -0.03, -0.02, 0.05),
    ("oil_shock", "Oil shock", -0.10, -0.05, -0.05, 0.30, 0.02, 0.08, -0.02, 0.03),
    ("recession_mild", "Mild recession", -0.20, 0.03, 0.03, -0.15, 0.03, -0.05, -0.02, 0.10),
    ("expansion_to_contraction", "From expansion to contraction", -0.12, 0.02, 0.02, -0.08, 0.02, -0.03, -0.01, 0.15),
)
#: Deleveraging by asset class: equity, bonds, commodity, dollar.
_DELEVERAGING_CLASSES: Final = (
    ("austerity_asset_classes", "Austerity, by asset class", -0.20, 0.15, -0.15, 0.10),
    ("default_asset_classes", "Default, by asset class", -0.50, -0.30, -0.40, 0.20),
    ("money_printing_asset_classes", "Printing money, by asset class", 0.10, -0.25, 0.30, -0.15),
)
_SYMBOLS: Final[tuple[tuple[str, str, dict[str, float], dict[str, float]], ...]] = (
    ("recession_symbols", "Recession, by security", {"SPY": -0.40, "AGG": 0.05, "GLD": 0.15}, {}),
    ("inflation_shock_symbols", "Inflation shock, by security", {"SPY": -0.15, "AGG": -0.10, "GLD": 0.25, "TIP": 0.10}, {}),
    ("rate_hike_symbols", "Rise of rates, by security", {"SPY": -0.10, "AGG": -0.08}, {"USD": 0.05}),
)


def _moves(names: tuple[str, ...], sizes: tuple[float, ...]) -> Mapping[str, float]:
    return frozen({name: size for name, size in zip(names, sizes, strict=False) if size})


def _of_factors(row: _Row, family: str) -> Scenario:
    identifier, name, real_rates, inflation, credit, usd, equity, commodity, volatility, probability, severity = row
    sizes = (real_rates / 1e4, inflation / 1e4, credit / 1e4, usd, equity, commodity, volatility)
    factors = _moves(SHOCKED_FACTORS, sizes)
    return Scenario(id=identifier, name=name, family=family, factors=factors, probability=probability, severity=severity)


def _build() -> Iterator[Scenario]:
    for family, rows in (("core", _CORE), ("deleveraging", _DELEVERAGING), ("empire", _EMPIRE), ("stress", _STRESS)):
        yield from (_of_factors(row, family) for row in rows)
    for identifier, name, *sizes in _DELEVERAGING_V2:
        yield Scenario(id=identifier, name=name, family="deleveraging_v2", factors=_moves(SHOCKED_FACTORS, tuple(sizes)))
    classes = ("equity", "government_bond", "corporate_bond", "commodity")
    for identifier, name, equity, government, corporate, commodity, usd, cad, eur, probability in _HISTORICAL:
        yield Scenario(
            id=identifier,
            name=name,
            family="historical",
            asset_classes=_moves(classes, (equity, government, corporate, commodity)),
            currencies=_moves(("USD", "CAD", "EUR"), (usd, cad, eur)),
            probability=probability,
        )
    for identifier, name, equity, bonds, commodity, usd in _DELEVERAGING_CLASSES:
        yield Scenario(
            id=identifier,
            name=name,
            family="deleveraging_asset_classes",
            asset_classes=_moves(classes, (equity, bonds, bonds, commodity)),
            currencies=_moves(("USD",), (usd,)),
        )
    for identifier, name, symbols, currencies in _SYMBOLS:
        yield Scenario(id=identifier, name=name, family="symbols", symbols=frozen(symbols), currencies=frozen(currencies))


#: Every scenario by its id, in the order they are listed.
SCENARIOS: Final[Mapping[str, Scenario]] = MappingProxyType({scenario.id: scenario for scenario in _build()})


def scenario(scenario_id: str) -> Scenario:
    """The scenario of that id; a :class:`NotFound` that suggests the nearest ids and lists all when there is none."""
    found = SCENARIOS.get(scenario_id)
    if found is None:
        near = difflib.get_close_matches(scenario_id.lower(), SCENARIOS, n=3, cutoff=0.5)
        raise NotFound(
            f"There is no scenario '{scenario_id}'.",
            remedy=f"Did you mean {' or '.join(near)}?" if near else "See the list of scenarios.",
            code="scenario_not_found",
            details={"suggestions": near, "scenario_ids": list(SCENARIOS)},
        )
    return found
