"""Where the server knows it (PostgreSQL 15), views read with the rights and row policies of whoever asks."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
