"""What holdings are worth: rates, valued positions, whole books at once, and the daily history of net asset value."""
