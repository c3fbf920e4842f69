"""Writing the ledger: drafts resolved, checked by replay, and booked with everything derived from them, in one transaction."""
