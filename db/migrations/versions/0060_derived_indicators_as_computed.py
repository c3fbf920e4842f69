"""Derived indicators join series over gaps as the computation does."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0060"
down_revision = "0050"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
