"""Foundations."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
