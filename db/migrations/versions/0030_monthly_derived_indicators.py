"""Derived indicators of monthly series where the daily ones are not kept."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0030"
down_revision = "0014"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
