"""Work that runs without a user."""
