"""Files of transactions on their way into the ledger: read, checked, reported, booked as a whole or not at all."""
