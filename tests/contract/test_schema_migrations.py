"""What is read in db/schema and what runs from db/migrations are one and the same schema."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from alembic.script import ScriptDirectory

from dawsos.store.assets import asset_root
from dawsos.store.migration_files import files, migrations_folder
from dawsos.store.migrations import head
from dawsos.store.queue import apply_queue
from dawsos.store.roles import bootstrap_cluster
from dawsos.store.timescale import apply_hypertables, is_usable
from tests.support.catalogue import QUERIES, catalogue
from tests.support.postgres import DatabaseClone, PostgresServer

Catalogue = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def from_schema_files(postgres_server: PostgresServer, template_database: str) -> Iterator[Catalogue]:
    """The catalogue of a database made from the schema files alone."""
    name = f"test_{uuid4().hex}"
    bootstrap_cluster(postgres_server.admin_dsn, postgres_server.password_of, name)
    with psycopg.connect(postgres_server.dsn(name)) as connection:
        connection.execute("set role dawsos_owner")
        for path in sorted((asset_root() / "db" / "schema").glob("*.sql")):
            connection.execute(path.read_bytes())
        if is_usable(connection):
            apply_hypertables(connection)
        apply_queue(connection)
        yield catalogue(connection)
    postgres_server.drop_database(name)


@pytest.fixture(scope="module")
def from_migrations(shared_clone: DatabaseClone) -> Catalogue:
    """The catalogue of a migrated database."""
    with psycopg.connect(shared_clone.admin_dsn) as connection:
        return catalogue(connection)


@pytest.mark.parametrize("part", QUERIES)
def test_schema_files_and_migrations_agree(part: str, from_schema_files: Catalogue, from_migrations: Catalogue):
    assert from_schema_files[part]
    missing = [row for row in from_schema_files[part] if row not in from_migrations[part]]
    surplus = [row for row in from_migrations[part] if row not in from_schema_files[part]]
    assert (missing, surplus) == ([], [])


def test_r20_migrations_form_one_chain_and_each_has_its_revision():
    names = [file.name for file in files()]
    versions = asset_root() / "db" / "migrations" / "versions"
    assert sorted(path.stem for path in versions.glob("*.py")) == sorted(name.removesuffix(".sql") for name in names)
    chain = [revision.revision for revision in ScriptDirectory(str(migrations_folder())).walk_revisions()]
    assert chain[0] == head()
    assert sorted(chain) == sorted(name[:4] for name in names)
