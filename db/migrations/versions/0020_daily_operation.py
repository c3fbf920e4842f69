"""Daily operation."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0020"
down_revision = "0040"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
