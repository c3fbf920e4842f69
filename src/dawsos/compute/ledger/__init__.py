"""Exact lot accounting: from booked transactions to lots, cash, realised results and holding segments."""
