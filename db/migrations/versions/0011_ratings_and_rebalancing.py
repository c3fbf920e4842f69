"""Rating rubrics and rebalancing suggestions."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
