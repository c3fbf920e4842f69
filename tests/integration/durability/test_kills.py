"""kill -9 of the program and of PostgreSQL while it imports or builds packs: afterwards all of it is there, or none."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dawsos.store.embedded import EmbeddedServer
from tests.integration.durability import imports, packs
from tests.support.killing import Reach, Worker, kill_server, moments, seconds_of, wait_until_forgotten

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

ROWS = 4_000

#: Kills what is at work after some seconds, and returns once whoever looks sees the result.
Kill = Callable[[Worker, float], None]


def _program_killer(reach: Reach) -> Kill:
    def kill(worker: Worker, seconds: float) -> None:
        time.sleep(seconds)
        worker.kill()
        wait_until_forgotten(reach)

    return kill


def _server_killer(server: EmbeddedServer) -> Kill:
    def kill(worker: Worker, seconds: float) -> None:
        time.sleep(seconds)
        kill_server(server)
        worker.end_without_server()
        server.start()

    return kill


async def _kill_imports(desk: imports.Desk, kill: Kill, seed: int) -> None:
    model = await imports.begun_portfolio(desk, "model")
    before = await imports.look(desk, model)
    seconds = seconds_of(Worker("import", desk.reach, desk.user_id, model, desk.files[1]))
    after = await imports.look(desk, model)
    assert (before.transactions, after.transactions) == (21, 21 + ROWS)
    assert after.ledger_hash == after.snapshot_hash != before.ledger_hash
    for number, moment in enumerate(moments(seed, seconds)):
        portfolio_id = await imports.begun_portfolio(desk, f"killed {number}")
        worker = Worker("import", desk.reach, desk.user_id, portfolio_id, desk.files[1])
        kill(worker, moment)
        seen = await imports.look(desk, portfolio_id)
        assert seen in {before, after}, f"killed after {moment:.3f} s"
        report = await imports.complete(desk, portfolio_id)
        assert (report.booked, report.duplicates) == ((ROWS, 0) if seen == before else (0, ROWS))
        assert await imports.look(desk, portfolio_id) == after


async def _kill_pack_builds(reach: Reach, kill: Kill, seed: int) -> None:
    await packs.set_up(reach)
    await packs.add_policy(reach, "MODEL")
    seconds = seconds_of(Worker("packs", reach, "MODEL", packs.FIRST, packs.LAST))
    whole = await packs.look(reach, "MODEL")
    assert [*whole.first_batch, *whole.second_batch] == packs.DAYS
    assert whole.prices == len(packs.DAYS) * 12
    assert whole.rates == len(packs.DAYS) * 5
    for number, moment in enumerate(moments(seed, seconds)):
        policy = f"KILLED_{number}"
        await packs.add_policy(reach, policy)
        worker = Worker("packs", reach, policy, packs.FIRST, packs.LAST)
        kill(worker, moment)
        seen = await packs.look(reach, policy)
        assert seen.first_batch in {(), whole.first_batch}, f"killed after {moment:.3f} s"
        assert seen.second_batch in {(), whole.second_batch if seen.first_batch else ()}, f"killed after {moment:.3f} s"
        days = len(seen.first_batch) + len(seen.second_batch)
        assert (seen.prices, seen.rates) == (days * 12, days * 5)
        await packs.complete(reach, policy)
        assert await packs.look(reach, policy, already={*seen.first_batch, *seen.second_batch}) == whole


async def test_an_import_whose_program_is_killed_is_there_as_a_whole_or_not_at_all(reach: Reach, tmp_path: Path) -> None:
    desk = await imports.set_up(reach, tmp_path, ROWS)
    await _kill_imports(desk, _program_killer(reach), seed=1)


async def test_an_import_whose_server_is_killed_is_there_as_a_whole_or_not_at_all(
    mortal_server: EmbeddedServer, mortal_reach: Reach, tmp_path: Path
) -> None:
    desk = await imports.set_up(mortal_reach, tmp_path, ROWS)
    await _kill_imports(desk, _server_killer(mortal_server), seed=2)


async def test_a_pack_build_whose_program_is_killed_leaves_whole_batches_of_whole_packs(reach: Reach) -> None:
    await _kill_pack_builds(reach, _program_killer(reach), seed=3)


async def test_a_pack_build_whose_server_is_killed_leaves_whole_batches_of_whole_packs(
    mortal_server: EmbeddedServer, mortal_reach: Reach
) -> None:
    await _kill_pack_builds(mortal_reach, _server_killer(mortal_server), seed=4)
