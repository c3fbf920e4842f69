"""``dawsos demo``: killed and repeated, it ends complete, without duplicates, and shows passwords once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from tests.integration.cli.conftest import Home, close, new_home

COUNTS = {
    "public.users": 4,
    "public.portfolios": 2,
    # 254 and 192 of the files; of the correction the wrong entry, its reversal and the right one.
    "public.transactions": 254 + 192 + 3,
    "app.import_batches": 2,
    "app.pricing_policies": 2,
}


@pytest.fixture
def fresh() -> Iterator[Home]:
    """An empty home with a server that is fast because it may lose data."""
    made = new_home()
    made.server.start()
    yield made
    close(made)


def killed_while(home: Home, stage: str) -> None:
    """Run the demo in a process of its own, and kill it as soon as it has said that ``stage`` is done."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DAWSOS_", "DATABASE_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "dawsos.cli", "demo", "--no-serve"],
        env={**environment, "DAWSOS_HOME": str(home.directory), "NO_COLOR": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process.stderr:
        said = next(line for line in process.stderr if stage in line)
        os.kill(process.pid, signal.SIGKILL)
    assert stage in said
    assert process.wait() == -signal.SIGKILL


def counts(home: Home) -> dict[str, int]:
    with psycopg.connect(home.server.endpoint().dsn(database="dawsos")) as connection:
        return {table: connection.execute(f"select count(*) from {table}").fetchone()[0] for table in COUNTS}  # type: ignore[index]


@pytest.mark.slow
def test_a_killed_demo_is_completed_by_the_next_run_and_left_alone_by_the_one_after(fresh: Home) -> None:
    killed_while(fresh, "Income: transactions")
    second = fresh.ok("demo", "--no-serve")
    assert "These users were there already: household@demo.invalid" in second.out
    assert "dawsos user password EMAIL" in second.out and "Password" not in second.out
    assert counts(fresh) == COUNTS
    packs = {policy: fresh.ok("pack", "list", "--policy", policy, "--limit", 10000, "--json").json for policy in ("ECB_CLOSE", "RAW_CLOSE")}
    for found in packs.values():
        assert {one["status"] for one in found} == {"COMPLETE"} and {one["edition"] for one in found} == {1}
        assert len({one["date"] for one in found}) == len(found)
    assert [found[0]["id"] for found in packs.values()] == ["PP_2022-12-28", "PP_2013-03-01_RAW_CLOSE"]
    overview = fresh.ok("run", "portfolio_overview", "--portfolio", "Household", "--json").json
    assert overview["data"]["valued_positions"]["nav"] == "897308.36"
    before = {portfolio: fresh.ledger(portfolio) for portfolio in ("Household", "Income")}
    fresh.ok("demo", "--no-serve")
    assert counts(fresh) == COUNTS
    assert before == {portfolio: fresh.ledger(portfolio) for portfolio in ("Household", "Income")}
