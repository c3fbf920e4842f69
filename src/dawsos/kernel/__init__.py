"""The words every layer shares: money, dates, identity, transactions, errors. No I/O."""
