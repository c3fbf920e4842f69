"""The embedded server when all goes well: made, reached, stopped, configured."""

import socket
import stat
from pathlib import Path

import psycopg
import pytest

from dawsos.kernel.errors import Conflict, NotFound, Unavailable
from dawsos.store.embedded import FAST_TEST_SETTINGS
from tests.integration.embedded.servers import another_process, ask, postmasters_in, said_by

pytestmark = pytest.mark.timeout(60)


def test_a_new_directory_becomes_a_running_server_and_stop_ends_it(server_in, directory, binaries):
    server = server_in(directory)
    assert server.status().running is False
    assert server.stop() is False
    endpoint = server.start()
    assert ask(endpoint, "select 41 + 1") == 42
    status = server.status()
    assert (status.running, status.ready, status.data_version) == (True, True, str(binaries.major))
    assert status.version == binaries.version
    assert [status.pid] == postmasters_in(directory)
    assert status.size_bytes > 20_000_000
    assert status.since is not None
    assert str(ask(endpoint, "select pg_postmaster_start_time()"))[:18] == str(status.since)[:18]
    assert server.stop() is True
    assert postmasters_in(directory) == []
    assert server.status().running is False
    with pytest.raises(Unavailable, match="No database server is running"):
        server.endpoint()


def test_starting_twice_finds_the_same_server(server_in, made):
    first, second = server_in(made), server_in(made)
    assert first.start() == second.start() == first.endpoint()
    assert first.status().pid == second.status().pid


def test_data_survive_a_restart(server_in, made):
    server = server_in(made)
    endpoint = server.start()
    ask(endpoint, "create table kept (n integer)")
    ask(endpoint, "insert into kept values (7)")
    server.stop()
    assert ask(server.start(), "select n from kept") == 7


def test_nobody_connects_without_the_password(server_in, made):
    endpoint = server_in(made).start()
    right = endpoint.parameters()
    for wrong in ({**right, "password": ""}, {**right, "password": "postgres"}):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(**wrong, passfile="/nonexistent")
    assert ask(endpoint, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules") == "scram-sha-256"
    assert str(ask(endpoint, "select rolpassword from pg_authid where rolname = 'postgres'")).startswith("SCRAM-SHA-256$")
    assert len(right["password"]) >= 43


def test_every_directory_is_private_and_parents_keep_their_modes(server_in, place):
    open_parent, closed_parent = place / "open", place / "open" / "closed"
    open_parent.mkdir()
    open_parent.chmod(0o755)
    closed_parent.mkdir()
    closed_parent.chmod(0o700)
    before = {path: path.stat() for path in (place, open_parent, closed_parent)}
    server_in(closed_parent / "db").start()
    for path in [closed_parent / "db", *(closed_parent / "db").rglob("*")]:
        found = path.lstat()
        if path.is_dir():
            assert stat.S_IMODE(found.st_mode) == 0o700, path
        elif not stat.S_ISSOCK(found.st_mode):
            assert stat.S_IMODE(found.st_mode) == 0o600, path
    after = {path: path.stat() for path in before}
    assert {path: (found.st_mode, found.st_uid) for path, found in after.items()} == {
        path: (found.st_mode, found.st_uid) for path, found in before.items()
    }


def test_a_directory_left_open_is_tightened(server_in, directory):
    directory.mkdir()
    directory.chmod(0o755)
    server_in(directory).start()
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_directory_of_other_files_is_refused_and_left_as_it_is(server_in, directory):
    directory.mkdir()
    directory.chmod(0o755)
    (directory / "letter.txt").write_text("mine")
    with pytest.raises(Conflict, match=r"letter\.txt"):
        server_in(directory).start()
    assert [path.name for path in directory.iterdir()] == ["letter.txt"]
    assert stat.S_IMODE(directory.stat().st_mode) == 0o755


@pytest.mark.parametrize("name", ['größe & 価格 100%25 "it\'s quoted" $HOME', "-D"])
def test_any_name_will_do_for_the_directory(server_in, place, name):
    endpoint = server_in(place / name / "db").start()
    assert ask(endpoint, "select 1") == 1
    assert Path(endpoint.host) == place / name / "db" / "server" / "run"


@pytest.mark.parametrize("name", ["long-" * 30, "Smith, Jones"])
def test_a_path_no_client_can_name_gets_a_short_private_socket_directory(server_in, place, name):
    directory = place / name / "db"
    server = server_in(directory)
    endpoint = server.start()
    assert ask(endpoint, "select 1") == 1
    short = Path(endpoint.host)
    assert not short.is_relative_to(place)
    assert stat.S_IMODE(short.stat().st_mode) == 0o700
    assert short.stat().st_uid == (directory / "server").stat().st_uid
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**{**endpoint.parameters(), "password": ""}, passfile="/nonexistent")
    server.stop()
    assert server.start().host == str(short)
    server.stop()
    short.rmdir()
    again = Path(server.start().host)
    assert ask(server.endpoint(), "select 1") == 1
    server.stop()
    again.rmdir()


def test_a_locale_the_machine_lacks_does_not_matter(directory, server_in):
    told = said_by(another_process("print(server.start().host)", directory, environment={"LC_ALL": "tlh_QO.UTF-8", "LANG": "xx"}))
    assert told == str(directory / "server" / "run")
    endpoint = server_in(directory).endpoint()
    assert ask(endpoint, "select upper('é')") == "É"
    assert ask(endpoint, "select string_agg(x, '' order by x) from unnest(array['b', 'A', 'a', 'B', 'é']) x") == "ABabé"
    assert (
        ask(endpoint, "select datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()") == "b C.UTF-8"
    )
    assert ask(endpoint, "show server_encoding") == "UTF8"
    assert ask(endpoint, "show timezone") == "UTC"
    assert ask(endpoint, "show data_checksums") == "on"


def test_there_is_no_tcp_unless_asked_for(server_in, made):
    endpoint = server_in(made).start()
    assert ask(endpoint, "show listen_addresses") == ""


def test_with_a_port_it_listens_on_this_machine_alone(server_in, made):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    endpoint = server_in(made, port=port).start()
    assert ask(endpoint, "show listen_addresses") == "127.0.0.1"
    by_tcp = {**endpoint.parameters(), "host": "127.0.0.1"}
    with psycopg.connect(**by_tcp) as connection:
        assert connection.info.port == port
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**{**by_tcp, "password": ""}, passfile="/nonexistent")


def test_a_port_changed_inside_the_database_is_followed(server_in, made):
    server = server_in(made)
    ask(server.start(), "alter system set port = 54321")
    server.stop()
    endpoint = server.start()
    assert endpoint.port == 54321
    assert ask(endpoint, "select 1") == 1


def test_a_socket_moved_inside_the_database_is_followed(server_in, made):
    server = server_in(made)
    ask(server.start(), "alter system set unix_socket_directories = '../log'")
    server.stop()
    assert server.start().host == str(made / "server" / "log")


def test_settings_reach_the_server(server_in, made):
    odd = {**FAST_TEST_SETTINGS, "application_name": "it's a \\ test", "dawsos.note": "yes"}
    endpoint = server_in(made, extra_settings=odd).start()
    assert ask(endpoint, "show dawsos.note") == "yes"
    assert ask(endpoint, "show fsync") == "off"
    assert ask(endpoint, "select setting from pg_file_settings where name = 'application_name'") == "it's a \\ test"


def test_a_role_gets_one_random_password_however_often_it_is_asked_for(server_in, made):
    server = server_in(made)
    endpoint = server.start()
    with pytest.raises(NotFound, match="dawsos_app"):
        endpoint.dsn("dawsos_app")
    password = server.passwords.ensure("dawsos_app")
    assert server.passwords.ensure("dawsos_app") == password
    with psycopg.connect(endpoint.dsn()) as connection:
        verifier = connection.pgconn.encrypt_password(password.encode(), b"dawsos_app", b"scram-sha-256").decode()
        connection.execute(psycopg.sql.SQL("create role dawsos_app login password {}").format(verifier))
    assert ask(endpoint, "select current_user", role="dawsos_app") == "dawsos_app"
