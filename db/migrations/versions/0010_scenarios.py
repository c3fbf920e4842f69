"""Scenarios, their results, and drawdown at risk."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
