"""Economic series for statistics: as they were known on a day, their changes, figures of several series, and where a value stands.

Exact figures of single indicators are made once, when a series is taken in, by ``compute.indicators``.
"""
