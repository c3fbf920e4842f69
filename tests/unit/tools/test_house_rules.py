"""Each house rule, seen to fail on a planted violation and to pass without it."""

from pathlib import Path

import pytest

from tools.house_rules import check

CLEAN = '"""What this module is for."""\n'


def findings(root: Path) -> list[str]:
    return [finding.rule for finding in check(root)]


def plant(root: Path, path: str, text: str) -> Path:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return root


def test_a_clean_module_breaks_no_rule(tmp_path: Path) -> None:
    assert findings(plant(tmp_path, "src/dawsos/services/ledger/booking.py", CLEAN)) == []


UNFINISHED = "TO" + "DO"
PLANTED = [
    ("has_a_one_line_purpose", "services/x.py", "x = 1\n"),
    ("is_no_bag", "services/utils.py", CLEAN),
    ("is_no_bag", "services/helpers/x.py", CLEAN),
    ("is_no_bag", "services/price_manager.py", CLEAN),
    ("is_finished", "services/x.py", CLEAN + f"# {UNFINISHED}: later\n"),
    ("keeps_sql_in_sql_files", "services/x.py", CLEAN + 'STATEMENT = "select id from portfolios"\n'),
    ("builds_no_sql_from_strings", "store/x.py", CLEAN + 'def find(name):\n    return f"select id from portfolios where name = {name}"\n'),
    ("takes_the_ambient_as_an_argument", "services/x.py", CLEAN + "from datetime import datetime\nNOW = datetime.now()\n"),
    ("takes_the_ambient_as_an_argument", "store/x.py", CLEAN + "import uuid\nID = uuid.uuid4()\n"),
    ("is_pure_where_it_must_be", "compute/x.py", CLEAN + "import os\n"),
    ("is_pure_where_it_must_be", "kernel/x.py", CLEAN + "from pathlib import Path\n"),
    ("is_pure_where_it_must_be", "compute/x.py", CLEAN + "import random\n"),
    ("uses_one_vocabulary", "services/x.py", CLEAN + "def value(qty):\n    return qty\n"),
    ("uses_one_vocabulary", "agents/a/x.py", CLEAN + "class Row:\n    pnl: float\n"),
    ("listens_on_no_public_address", "api/x.py", CLEAN + 'HOST = "0.0.0.0"\n'),
    ("holds_no_secret", "services/x.py", CLEAN + 'connect(password="open sesame")\n'),
]


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED, ids=[f"{rule}-{index}" for index, (rule, _, _) in enumerate(PLANTED)])
def test_r21_a_planted_violation_is_found(tmp_path: Path, rule: str, path: str, text: str) -> None:
    assert findings(plant(tmp_path, f"src/dawsos/{path}", text)) == [rule]


def test_sql_may_stand_in_the_store_and_the_clock_may_be_read_at_the_edge(tmp_path: Path) -> None:
    plant(tmp_path, "src/dawsos/store/roles.py", CLEAN + 'CHECK = "select rolname from pg_roles"\n')
    plant(tmp_path, "src/dawsos/bootstrap.py", CLEAN + "from datetime import datetime\nNOW = datetime.now()\n")
    assert findings(tmp_path) == []


KERNEL = (
    CLEAN
    + """
@njit_for_kernels(cache=True)
def inner(x): return x
@njit_for_python(cache=True)
def outer(x): return inner(x)
"""
)


def test_python_calls_kernels_by_their_entrance_only(tmp_path: Path) -> None:
    plant(tmp_path, "src/dawsos/compute/risk/sum_kernel.py", KERNEL)
    caller = "from dawsos.compute.risk.sum_kernel import {0}\ndef rows(x): return {0}(x)\n"
    plant(tmp_path, "src/dawsos/compute/risk/rows.py", CLEAN + caller.format("outer"))
    assert findings(tmp_path) == []
    plant(tmp_path, "src/dawsos/compute/risk/rows.py", CLEAN + caller.format("inner"))
    plant(tmp_path, "tests/unit/test_rows.py", caller.format("inner"))
    assert findings(tmp_path) == ["calls_kernels_by_their_entrance"] * 2


def test_a_lock_file_with_an_address_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "web/package-lock.json", '{"resolved": "https' + '://registry.example/x.tgz"}')
    plant(tmp_path, "requirements.lock", "--index-url somewhere\n")
    assert findings(tmp_path) == ["locks_hold_no_addresses"] * 2


def test_a_path_of_one_machine_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "docs/x.md", "Look in /home/" + "somebody/project/file.txt for it.\n")
    assert findings(tmp_path) == ["names_no_machine"]
