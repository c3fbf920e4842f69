"""Packed series are kept as they are: compressing them cost more than anything else of writing one."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
