"""Annual statements of companies, and the documented rubrics of quality ratings."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0040"
down_revision = "0031"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
