"""The embedded server when things go badly: crashes, several starters, stale files, strangers' processes, other versions."""

import fcntl
import os
import shutil
import signal
import subprocess
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest

from dawsos.kernel.errors import Conflict, NotFound, Unavailable
from dawsos.store.embedded import FAST_TEST_SETTINGS, Patience, find_binaries
from dawsos.store.embedded.process import is_alive
from tests.integration.embedded.servers import another_process, ask, pid_of, postmasters_in, said_by, until

pytestmark = pytest.mark.timeout(60)


def test_six_processes_starting_one_new_directory_end_with_one_server(server_in, directory):
    starters = [another_process("print(server.start().dsn(), server.status().pid)", directory) for _ in range(6)]
    answers = {said_by(starter) for starter in starters}
    assert len(answers) == 1
    assert [pid_of(server_in(directory))] == postmasters_in(directory)


def test_killing_the_application_leaves_the_server_running(server_in, made):
    application = another_process("server.start(); print('up', flush=True); time.sleep(60)", made)
    assert application.stdout.readline() == "up\n"
    running = pid_of(server_in(made))
    application.kill()
    application.communicate()
    server = server_in(made)
    assert ask(server.start(), "select 1") == 1
    assert pid_of(server) == running
    assert server.stop() is True


def test_an_application_killed_while_the_database_is_made_leaves_nothing_half_made(server_in, directory, binaries, public_place):
    slow = public_place / "initdb"
    slow.write_text(f'#!/bin/sh\n"{binaries.directory}/initdb" "$@" && sleep 2\n')
    slow.chmod(0o755)
    (public_place / "postgres").symlink_to(binaries.directory / "postgres")
    application = another_process("server.start()", directory, bindir=public_place)
    unfinished, data = directory / "server" / "data.init", directory / "server" / "data"
    until((unfinished / "global" / "pg_control").exists)
    application.kill()
    application.communicate()
    assert not data.exists()
    assert ask(server_in(directory).start(), "select 1") == 1
    assert not [process for process in psutil.process_iter(["cmdline"]) if str(slow) in (process.info["cmdline"] or [])]
    assert not unfinished.exists()


def test_a_server_that_was_killed_is_started_again_with_its_data(server_in, made):
    server = server_in(made, extra_settings={})
    ask(server.start(), "create table kept as select 5 as n")
    killed = pid_of(server)
    os.kill(killed, signal.SIGKILL)
    until(lambda: not is_alive(killed))
    assert server.status().running is False
    assert ask(server.start(), "select n from kept") == 5
    assert pid_of(server) != killed


def test_a_dead_server_nobody_reaps_counts_as_dead(server_in, made):
    # PR_SET_CHILD_SUBREAPER makes the process the parent of all orphans below it, like an init that never waits for them.
    keeper = another_process("ctypes.CDLL(None).prctl(36, 1, 0, 0, 0); server.start(); print('up', flush=True); time.sleep(60)", made)
    try:
        assert keeper.stdout.readline() == "up\n"
        server = server_in(made)
        dead = pid_of(server)
        assert psutil.Process(dead).ppid() == keeper.pid
        os.kill(dead, signal.SIGKILL)
        until(lambda: psutil.Process(dead).status() == psutil.STATUS_ZOMBIE)
        assert server.status().running is False
        assert ask(server.start(), "select 1") == 1
        assert psutil.Process(dead).status() == psutil.STATUS_ZOMBIE
        assert pid_of(server) != dead
    finally:
        keeper.kill()
        keeper.communicate()


@pytest.mark.parametrize("name", ["sleep", "postgres"])
def test_a_stale_process_number_that_is_somebody_elses_by_now_is_left_alone(server_in, made, public_place, name):
    server = server_in(made)
    owner = (made / "server").stat().st_uid
    program = shutil.copy("/bin/sleep", public_place / name)
    stranger = subprocess.Popen([program, "60"], cwd="/", user=owner if os.geteuid() == 0 else None)
    try:
        stale = f"{stranger.pid}\n{made}/server/data\n1790000000\n5432\n../run\n\n  1 1\nready   \n"
        (made / "server" / "data" / "postmaster.pid").write_text(stale)
        (made / "server" / "run" / ".s.PGSQL.5432.lock").write_text(stale)
        assert server.status().running is False
        assert server.stop() is False
        assert ask(server.start(), "select 1") == 1
        assert pid_of(server) != stranger.pid
        server.stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_busy_child_of_a_killed_server_is_told_to_go_before_a_new_server_starts(server_in, made):
    server = server_in(made, patience=Patience(grace=0.2))
    endpoint = server.start()
    with closing(psycopg.connect(endpoint.dsn(), autocommit=True)) as connection:
        child = connection.info.backend_pid
        connection.pgconn.send_query(b"do $$ begin loop end loop; end $$")
        connection.pgconn.flush()
        until(lambda: psutil.Process(child).cpu_times().user > 0.05)
        killed = pid_of(server)
        os.kill(killed, signal.SIGKILL)
        until(lambda: not is_alive(killed))
        assert is_alive(child)
        assert ask(server.start(), "select 1") == 1
        assert not is_alive(child)


def test_data_in_use_where_we_cannot_see_is_refused(server_in, made):
    server = server_in(made, patience=Patience(grace=0.1, departure=0.3))
    with (made / "alive").open("r+") as elsewhere:
        fcntl.flock(elsewhere, fcntl.LOCK_EX)
        with pytest.raises(Conflict, match="in use by a server this process cannot see"):
            server.start()
    assert ask(server.start(), "select 1") == 1


def test_a_lock_held_for_ever_ends_in_an_error_that_says_so(server_in, made):
    server = server_in(made)
    server.start()
    with (made / "lock").open("r+") as elsewhere:
        fcntl.flock(elsewhere, fcntl.LOCK_EX)
        with pytest.raises(Unavailable, match="Another process has been starting or stopping"):
            server_in(made, patience=Patience(limit=0.2)).start()


def test_data_of_another_major_version_are_refused_with_a_way_out(server_in, made):
    server = server_in(made)
    (made / "server" / "data" / "PG_VERSION").write_text("16\n")
    with pytest.raises(Conflict, match="written by PostgreSQL 16") as refused:
        server.start()
    assert refused.value.code == "database_version_mismatch"
    assert "take a dump" in refused.value.remedy
    assert server.status().data_version == "16"
    assert postmasters_in(made) == []


def test_an_older_installation_serves_its_own_data_and_the_newer_refuses_it(server_in, directory, binaries):
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not installed or find_binaries(installed[0]).major == binaries.major:
        pytest.skip("no other version of PostgreSQL is installed on this machine")
    older = find_binaries(installed[0])
    server = server_in(directory, binaries=older)
    endpoint = server.start()
    assert str(ask(endpoint, "show server_version")).startswith(older.version)
    assert ask(endpoint, "select upper('é')") == "É"
    assert ask(endpoint, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules") == "scram-sha-256"
    server.stop()
    with pytest.raises(Conflict, match=f"written by PostgreSQL {older.major}"):
        server_in(directory).start()


def test_a_server_that_does_not_come_up_says_why(server_in, made):
    broken = server_in(made, extra_settings={**FAST_TEST_SETTINGS, "shared_buffers": "plenty"})
    with pytest.raises(Unavailable, match='invalid value for parameter "shared_buffers": "plenty"'):
        broken.start()
    assert ask(server_in(made).start(), "select 1") == 1


def test_running_out_of_patience_leaves_the_server_to_finish(server_in, made):
    with pytest.raises(Unavailable, match="not ready after") as hasty:
        server_in(made, patience=Patience(limit=0.0)).start()
    assert hasty.value.retry_after == 30
    until(lambda: server_in(made).status().ready)


def test_a_server_that_has_not_said_yet_who_it_is_can_be_stopped(server_in, made):
    with pytest.raises(Unavailable, match="not ready after"):
        server_in(made, patience=Patience(limit=0.0)).start()
    assert server_in(made).stop() is True
    assert postmasters_in(made) == []
    assert server_in(made).stop() is False


def test_progress_is_told_while_waiting(server_in, made):
    told: list[tuple[float, str]] = []
    moments = iter(range(1000))
    patience = Patience(limit=500, progress=lambda *what: told.append(what), sleep=lambda _: None, monotonic=lambda: float(next(moments)))
    server_in(made, patience=patience).start()
    assert {reason for _, reason in told} <= {"the server is starting", "the server is recovering"}
    assert [seconds for seconds, _ in told] == sorted(seconds for seconds, _ in told)
    assert told


def test_a_lost_password_is_reported_and_not_replaced_by_a_useless_one(server_in, made):
    server = server_in(made)
    kept = (made / "passwords" / "postgres").read_text()
    (made / "passwords" / "postgres").unlink()
    with pytest.raises(NotFound, match="no password for the database role 'postgres'"):
        server.start()
    (made / "passwords" / "postgres").write_text("another\n")
    with pytest.raises(Conflict, match="does not accept the password"):
        server.start()
    (made / "passwords" / "postgres").write_text(kept)
    assert ask(server.start(), "select 1") == 1


def test_a_data_directory_that_is_not_a_database_is_never_removed(server_in, directory):
    data = directory / "server" / "data"
    data.mkdir(parents=True)
    (data / "thesis.txt").write_text("ten years")
    with pytest.raises(Conflict, match="holds files but no PostgreSQL database"):
        server_in(directory).start()
    assert (data / "thesis.txt").read_text() == "ten years"


def test_a_place_that_cannot_be_written_is_an_error_that_names_it(server_in):
    with pytest.raises(Unavailable, match="/proc/db cannot be used"):
        server_in(Path("/proc/db")).start()
