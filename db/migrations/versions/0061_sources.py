"""Sources over the network: their tickers, their allowance, and what was fetched of them."""

from pathlib import Path

from dawsos.store.revision import apply_file

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    apply_file(Path(__file__).with_suffix(".sql"))
