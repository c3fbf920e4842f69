"""Where the files that are data, not code, lie: in an installed wheel or in a checkout."""

from pathlib import Path

from dawsos.kernel.errors import Internal

_PACKAGE = Path(__file__).resolve().parents[1]


def asset_root() -> Path:
    """The folder that holds ``db/`` and ``patterns/``: ``dawsos/_assets`` of a wheel, else the root of the checkout."""
    for root in (_PACKAGE / "_assets", _PACKAGE.parents[1]):
        if (root / "db" / "migrations").is_dir():
            return root
    raise Internal("The database files of DawsOS are missing from this installation.", remedy="Install the package again.")
