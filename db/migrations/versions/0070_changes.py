"""Marks of what has changed."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0070"
down_revision = "0063"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
