"""Every generated file and what it is made from: `python -m tools.generated` writes them, `--check` names those that are stale."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from dawsos.bootstrap import Application
from dawsos.cli.deferred import loaded
from dawsos.cli.main import app as command_line
from tools.export_openapi import ROOT, openapi_text, unopened_application
from tools.reference.caches import caches_page
from tools.reference.capabilities import capabilities_page
from tools.reference.cli import cli_page
from tools.reference.errors import errors_page
from tools.reference.patterns import patterns_page
from tools.reference.settings import settings_page
from tools.reference.tables import tables_page

WEB: Final = ROOT / "web"
OPENAPI: Final = "web/openapi.json"
TYPES: Final = "web/src/api/schema.d.ts"


class Checkout:
    """What the files are made from, read once."""

    @cached_property
    def application(self) -> Application:
        return unopened_application()


#: Every file of text, and how it is made.
FILES: Final[Mapping[str, Callable[[Checkout], str]]] = {
    OPENAPI: lambda checkout: openapi_text(checkout.application),
    "docs/reference/capabilities.md": lambda checkout: capabilities_page(checkout.application.registry),
    "docs/reference/patterns.md": lambda checkout: patterns_page(checkout.application.patterns),
    "docs/reference/caches.md": lambda _: caches_page(),
    "docs/reference/settings.md": lambda _: settings_page(),
    "docs/reference/errors.md": lambda _: errors_page(ROOT / "src" / "dawsos"),
    "docs/reference/tables.md": lambda _: tables_page(ROOT / "db" / "schema"),
    "docs/reference/cli.md": lambda _: cli_page(command_line, loaded),
}


def typescript_types(openapi: str) -> str | None:
    """The TypeScript types of the description ``openapi``; None without Node.js and the web app's packages."""
    program = WEB / "node_modules" / ".bin" / "openapi-typescript"
    path = os.pathsep.join([str(ROOT / ".venv" / "bin" / "node-venv" / "bin"), os.environ.get("PATH", "")])
    if not program.exists() or shutil.which("node", path=path) is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "openapi.json", Path(folder) / "schema.d.ts"
        source.write_text(openapi, encoding="utf-8")
        command = [str(program), str(source), "--output", str(made)]
        subprocess.run(command, cwd=WEB, env={**os.environ, "PATH": path}, check=True, capture_output=True)
        return made.read_text(encoding="utf-8")


def contents() -> dict[str, str]:
    """What every generated file must hold; the types are missing where they cannot be made."""
    checkout = Checkout()
    made = {path: make(checkout) for path, make in FILES.items()}
    types = typescript_types(made[OPENAPI])
    if types is not None:
        made[TYPES] = types
    return made


def stale(root: Path, made: Mapping[str, str]) -> list[str]:
    """The files under ``root`` that do not hold what is ``made``."""
    return [path for path, text in made.items() if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text]


def main(arguments: list[str]) -> int:
    """Write what is stale, or with ``--check`` name it and fail."""
    made = contents()
    if TYPES not in made:
        print(f"{TYPES} was not looked at: there is no Node.js here, or `npm ci` was not run in web/.", file=sys.stderr)
    found = stale(ROOT, made)
    if "--check" in arguments:
        for path in found:
            print(f"{path} is stale; python -m tools.generated writes it.")
        return 1 if found else 0
    for path in found:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(made[path], encoding="utf-8")
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
