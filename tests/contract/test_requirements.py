"""Every requirement has a test, and the tests the table of requirements names exist."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
ROWS: Final = [
    line.strip("| ").split(" | ")
    for line in (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| R")
][1:]
#: Correctness, data, operations and the surface; those of security have their own tests in ``tests/contract`` and ``tests/integration/api``.
EXPECTED: Final = [*range(1, 19), *range(20, 28), 36, *range(40, 51), *range(60, 70)]
#: Each of these has a test that carries its number.
NAMED_AFTER: Final = {f"R{number}" for number in (*range(1, 19), *range(20, 26), 36, *range(40, 44), *range(60, 70))}
_NAMED: Final = re.compile(r"`((?:tests|web)/[\w/.-]+)(?:::([^`]+))?`")


def test_every_requirement_has_its_row_once() -> None:
    assert [row[0] for row in ROWS] == [f"R{number}" for number in EXPECTED]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_tests_of_a_requirement_exist(row: list[str]) -> None:
    named = _NAMED.findall(row[2])
    assert named or row[2].startswith("Not a test")
    for file, name in named:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in text or f'"{name}"' in text, f"{file} has no test '{name}'"


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] in NAMED_AFTER], ids=lambda row: row[0])
def test_a_test_is_named_after_the_requirement(row: list[str]) -> None:
    names = [name for _, name in _NAMED.findall(row[2])]
    assert any(re.search(rf"(_{row[0]}_|\({row[0]}\))", name, re.IGNORECASE) for name in names), names
