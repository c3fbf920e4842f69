"""Holdings name their ledger state, and what shared results rest on is counted."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0050"
down_revision = "0020"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
