"""Users, their sessions and access tokens, and the few functions that work before anybody is logged in."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
