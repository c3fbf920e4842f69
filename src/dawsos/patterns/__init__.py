"""Patterns: the file model, the checker that runs at load, and the orchestrator."""
