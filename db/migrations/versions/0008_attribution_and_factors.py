"""Currency attribution and factor exposures."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
