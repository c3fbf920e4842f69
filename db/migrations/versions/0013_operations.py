"""Operations."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
