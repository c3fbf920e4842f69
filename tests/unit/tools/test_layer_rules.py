"""Each contract of import-linter, seen to break on a planted import."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLANTED = {
    "Layers point downwards": ("kernel/planted.py", "import dawsos.services"),
    "Compute is pure": ("compute/planted.py", "import psycopg"),
    "Only the store speaks to PostgreSQL": ("services/planted.py", "import psycopg"),
    "Surfaces and patterns leave arithmetic to compute": ("api/planted.py", "import numpy"),
    "Patterns know the registry only": ("patterns/planted.py", "import dawsos.store"),
    "Web frameworks stay in the api": ("services/planted_web.py", "import fastapi"),
    "GPL programs run as processes, never imported": ("services/planted_ledger.py", "import beancount"),
}


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> str:
    copy = tmp_path_factory.mktemp("planted")
    shutil.copytree(ROOT / "src" / "dawsos", copy / "dawsos", ignore=shutil.ignore_patterns("_assets", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for path, line in PLANTED.values():
        (copy / "dawsos" / path).write_text(f'"""A planted violation."""\n\n{line}\n', encoding="utf-8")
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"],
        cwd=copy,
        env={"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("contract", PLANTED)
def test_r25_r40_a_planted_import_breaks_its_contract(verdict: str, contract: str) -> None:
    assert f"{contract} BROKEN" in verdict
