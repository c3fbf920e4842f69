"""The four long cycles: short-term debt, long-term debt, empire and civil order; and what their phases do to risk."""
