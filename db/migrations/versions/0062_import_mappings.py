"""Mappings of brokers' files, as users keep them."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
