"""${message}."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
