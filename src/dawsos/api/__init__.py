"""The HTTP API: what the application does, as typed routes with one form of success and one form of failure."""
