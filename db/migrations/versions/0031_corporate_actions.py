"""Corporate actions: proposed and approved for everybody, applied to portfolios."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
