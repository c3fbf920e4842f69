"""The overview of five days, every figure recomputed by hand."""

from datetime import date

from dawsos.compute.risk.performance import performance_summary


def test_five_days_with_a_fall_and_a_flow():
    days = [date(2024, 1, 2), date(2024, 1, 3), date(2024, 1, 4), date(2024, 1, 5), date(2024, 1, 8)]
    found = performance_summary(days, [100_000, 102_000, 107_120, 101_764, 104_308.1], [0, 0, 2_000, 0, 0], asof=date(2024, 1, 8))
    # 102/100 · 107.12/104 · 101.764/107.12 · 104.3081/101.764 = 1.02 · 1.03 · 0.95 · 1.025
    assert found.twr == round(1.02 * 1.03 * 0.95 * 1.025 - 1, 8)
    assert found.twr_1d == 0.025
    assert (found.max_drawdown, found.current_drawdown) == (-0.05, -0.02625)
    assert (found.max_drawdown_peak_date, found.max_drawdown_trough_date) == (days[2], days[3])
    assert (found.start_date, found.end_date, found.n_obs) == (days[0], days[4], 4)
    assert found.reasons["twr_mtd"] == "days of history for MTD: needs 8, has 6"
