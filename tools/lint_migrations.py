"""Lints the migrations with squawk: `python -m tools.lint_migrations`. Rules that do not apply are named with their reason."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Rules about changing tables that are in use, which a migration that creates its tables cannot break, and matters of house style.
EXCLUDED = {
    "require-timeout-settings": "the migrator sets its own time limits",
    "prefer-robust-stmts": "each file runs in one transaction and is recorded; nothing runs twice",
    "require-concurrent-index-creation": "indexes are made together with their tables",
    "adding-foreign-key-constraint": "constraints are made together with their tables",
    "constraint-missing-not-valid": "constraints are made together with their tables",
    "prefer-bigint-over-int": "small counts and day numbers; the documented types are kept",
    "prefer-identity": "audit_log.id is serial in the documented schema",
    "prefer-text-field": "the documented types are kept",
    "prefer-timestamp-tz": "all moments are with time zone; dates are dates",
    "ban-drop-not-null": "no column loses its constraint",
    "require-enum-value-ordering": "no enumerations",
}


def main() -> int:
    """Lint every migration; 1 when squawk finds something."""
    files = sorted((ROOT / "db" / "migrations" / "versions").glob("*.sql"))
    program = Path(sys.executable).with_name("squawk")
    done = subprocess.run(
        [program, "--pg-version=14.0", "--assume-in-transaction", "--exclude", ",".join(EXCLUDED), *files],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout, done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
