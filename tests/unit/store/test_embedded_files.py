"""The embedded server's files: settings, passwords, private directories, socket paths, the process file."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dawsos.kernel.errors import Invalid, NotFound
from dawsos.store.embedded.configuration import ACCESS, server_settings
from dawsos.store.embedded.credentials import Passwords
from dawsos.store.embedded.endpoint import Endpoint
from dawsos.store.embedded.layout import Layout, fresh_private_file, make_private_directory, prepare, size_of, write_private
from dawsos.store.embedded.process import find_postmaster, is_our_server, signal_server, take
from dawsos.store.embedded.socket_directory import LONGEST, fits
from dawsos.store.embedded.waiting import Patience


def names_in(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def settings(**extra: str) -> dict[str, str]:
    text = server_settings("../run", None, extra)
    return dict(line.split(" = ", 1) for line in text.splitlines())


def test_settings_are_quoted_and_the_callers_win():
    written = settings(jit="on", application_name="it's \\ odd")
    assert written["jit"] == "'on'"
    assert written["application_name"] == "'it''s \\\\ odd'"
    assert written["listen_addresses"] == "''"
    assert written["unix_socket_directories"] == "'\"../run\"'"


def test_a_port_opens_this_machines_own_address_only():
    text = server_settings("../run", 54999, {})
    assert "listen_addresses = '127.0.0.1'\n" in text
    assert "port = '54999'\n" in text


@pytest.mark.parametrize("extra", [{"two words": "1"}, {"fsync": "off\nlisten_addresses = '*'"}, {"": "1"}, {"a.b.c": "1"}])
def test_a_setting_that_would_break_out_of_its_line_is_refused(extra):
    with pytest.raises(Invalid):
        server_settings("../run", None, extra)


def test_access_always_asks_for_a_password_and_only_on_this_machine():
    rules = [line.split() for line in ACCESS.splitlines()]
    assert {rule[-1] for rule in rules} == {"scram-sha-256"}
    assert {rule[3] for rule in rules if rule[0] == "host"} == {"127.0.0.1/32", "::1/128"}


def test_a_password_is_made_once_even_by_many_at_once(tmp_path):
    passwords = Passwords(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: passwords.ensure("dawsos_app"), range(32)))
    assert len(made) == 1
    assert len(made.pop()) == 43
    assert names_in(tmp_path) == ["dawsos_app"]
    assert stat.S_IMODE((tmp_path / "dawsos_app").stat().st_mode) == 0o600


def test_passwords_of_two_roles_differ(tmp_path):
    passwords = Passwords(tmp_path)
    assert passwords.ensure("one") != passwords.ensure("two")


@pytest.mark.parametrize("role", ["../postgres", "", "Role", "a b", ".hidden", "x" * 64])
def test_a_role_that_is_no_role_name_is_refused(tmp_path, role):
    with pytest.raises(Invalid):
        Passwords(tmp_path).ensure(role)


def test_a_missing_password_is_not_found(tmp_path):
    with pytest.raises(NotFound, match="'dawsos_app'"):
        Passwords(tmp_path).read("dawsos_app")


def test_a_connection_string_keeps_every_character_of_a_directory(tmp_path):
    passwords = Passwords(tmp_path)
    password = passwords.ensure("postgres")
    endpoint = Endpoint("/tmp/it's a\\ %41", 5433, passwords)
    assert (
        endpoint.dsn(database="d b")
        == f"host='/tmp/it\\'s a\\\\ %41' port=5433 user=postgres dbname='d b' sslmode=disable password={password}"
    )
    assert str(endpoint) == "/tmp/it's a\\ %41/.s.PGSQL.5433"
    assert str(Endpoint("127.0.0.1", 5433, passwords)) == "127.0.0.1:5433"
    assert password not in repr(endpoint)


def test_private_files_are_replaced_whole(tmp_path):
    write_private(tmp_path, "note", "first")
    (tmp_path / "note").chmod(0o644)
    write_private(tmp_path, "note", "second")
    write_private(tmp_path, "note", "third", replace=False)
    assert (tmp_path / "note").read_text() == "second"
    assert stat.S_IMODE((tmp_path / "note").stat().st_mode) == 0o600
    assert names_in(tmp_path) == ["note"]


def test_nothing_is_written_through_a_link(tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("keep")
    (tmp_path / "link").symlink_to(precious)
    with pytest.raises(OSError):
        write_private(tmp_path / "link", "file", "lost")
    (tmp_path / "file").symlink_to(precious / "file")
    write_private(tmp_path, "file", "new")
    with pytest.raises(OSError):
        fresh_private_file(tmp_path / "link")
    assert (precious / "file").read_text() == "keep"


def test_directories_are_tightened_and_never_widened(tmp_path):
    for mode, expected in ((0o777, 0o700), (0o755, 0o700), (0o700, 0o700), (0o500, 0o500)):
        directory = tmp_path / oct(mode)
        directory.mkdir()
        directory.chmod(mode)
        make_private_directory(directory)
        assert stat.S_IMODE(directory.stat().st_mode) == expected


def test_preparing_twice_changes_nothing(tmp_path):
    layout = Layout(tmp_path / "a" / "b")
    prepare(layout)
    prepare(layout)
    assert names_in(layout.directory) == ["passwords"]


def test_the_size_is_the_sum_of_the_files(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "one").write_bytes(b"x" * 100)
    (tmp_path / "inner" / "two").write_bytes(b"x" * 23)
    assert size_of(tmp_path) == 123


def test_a_socket_path_is_counted_in_bytes_and_may_not_look_like_a_list():
    name = len("/.s.PGSQL.5432")
    assert fits(Path("/" + "x" * (LONGEST - name - 1)), 5432)
    assert not fits(Path("/" + "x" * (LONGEST - name)), 5432)
    assert not fits(Path("/" + "x" * (LONGEST - name - 1)), 54321)
    assert not fits(Path("/" + "é" * ((LONGEST - name) // 2 + 1)), 5432)
    assert not fits(Path("/tmp/a,b"), 5432)


@pytest.mark.parametrize(
    "content",
    ["", "17", "not a number\n" * 8, "-5\n/x\n1\n5432\n../run\n\n1 1\nready\n", f"{10**11}\n/x\n1\n5432\n../run\n\n1 1\nready\n"],
)
def test_a_process_file_that_makes_no_sense_names_nobody(tmp_path, content):
    layout = Layout(tmp_path)
    layout.data.mkdir(parents=True)
    (layout.data / "postmaster.pid").write_text(content)
    assert find_postmaster(layout) is None


def test_a_process_that_is_not_our_server_is_neither_believed_nor_signalled(tmp_path):
    layout = Layout(tmp_path)
    layout.data.mkdir(parents=True)
    (layout.data / "postmaster.pid").write_text(f"{os.getpid()}\n{layout.data}\n1\n5432\n../run\n\n1 1\nready\n")
    assert find_postmaster(layout) is None
    assert not is_our_server(os.getpid(), layout)
    assert signal_server(os.getpid(), 15, layout) is False


def test_a_lock_is_held_by_one_and_free_when_let_go(tmp_path):
    held = take(tmp_path / "lock")
    assert held is not None
    assert take(tmp_path / "lock") is None
    os.close(held)
    again = take(tmp_path / "lock")
    assert again is not None
    os.close(again)


def test_patience_ends_at_its_limit_and_speaks_once_a_second():
    told, slept, now = [], [], [0.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    patience = Patience(limit=3.0, interval=0.25, progress=lambda *what: told.append(what), sleep=sleep, monotonic=lambda: now[0])
    wait = patience.begin()
    while wait.again("it rains"):
        pass
    assert now[0] == 3.0
    assert set(slept) == {0.25}
    assert told == [(1.0, "it rains"), (2.0, "it rains")]
