"""Writes the description of the API, the same every time and without a database: `python -m tools.export_openapi FILE`."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from dawsos.api.application import create_app
from dawsos.bootstrap import Application, assemble, catalogue
from dawsos.kernel.clock import FixedClock
from dawsos.services.passwords import Argon2id
from dawsos.settings import Settings
from dawsos.store.database import Database

ROOT = Path(__file__).parents[1]


def unopened_application() -> Application:
    """The application with every agent and pattern of this checkout, over a database nobody asks."""
    settings = Settings(patterns=ROOT / "patterns")
    return assemble(settings, Database("dbname=nobody_asks"), catalogue(), FixedClock(datetime(2025, 1, 1, tzinfo=UTC)), Argon2id())


def openapi_text(application: Application) -> str:
    """The OpenAPI document as it is committed."""
    return json.dumps(create_app(application).openapi(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file named."""
    if len(arguments) != 1:
        print("usage: python -m tools.export_openapi FILE", file=sys.stderr)
        return 2
    Path(arguments[0]).write_text(openapi_text(unopened_application()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
