"""Replacing a whole database by a new one in a single step, so that nobody ever sees half of it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg import errors, sql

from dawsos.kernel.errors import Conflict, Invalid, NotFound
from dawsos.store.errors import translate

_ATTEMPTS: Final = 5
_LOCK: Final = 0x6461_7773_7761
_RIGHTS: Final = {"CREATE": sql.SQL("create"), "CONNECT": sql.SQL("connect"), "TEMPORARY": sql.SQL("temporary")}
Connection = psycopg.Connection[tuple[Any, ...]]


@contextmanager
def replacement(admin: str, database: str) -> Iterator[str]:
    """The name of a new, empty database of the same kind as ``database``, which takes its place if the block succeeds.

    Owner, rights and settings are those of ``database``, which is dropped. If the block fails, the new one is dropped and nothing else has
    changed. Raises NotFound without ``database``, Conflict while another replacement is under way or when others keep connecting.
    """
    try:
        with psycopg.connect(admin, autocommit=True, connect_timeout=5) as connection:
            _begin(connection, database)
            arriving = _create_like(connection, database)
            try:
                yield arriving
                _copy_properties(connection, database, arriving)
                _take_its_place(connection, database, arriving)
            except BaseException:
                with suppress(psycopg.Error):
                    _drop(connection, arriving)
                raise
    except psycopg.Error as error:
        raise translate(error, f"Replacing the database {database}") from error


def _begin(connection: Connection, database: str) -> None:
    if connection.info.dbname == database:
        raise Invalid(
            f"The database {database} cannot be replaced over a connection to itself.", remedy="Connect to the database postgres."
        )
    if not _one(connection, "select pg_try_advisory_lock(%s)", _LOCK):
        raise Conflict("Another database is just being replaced on this server.", remedy="Wait until that is done.")
    # What a replacement that was killed left behind; nobody else works on these while we hold the lock.
    names = connection.execute("select datname from pg_database where datname ~ %s", [_leftover_pattern(database)]).fetchall()
    for (name,) in names:
        _drop(connection, name)


def _stem(database: str) -> str:
    return database[:40]


def _leftover_pattern(database: str) -> str:
    escaped = "".join(f"\\{letter}" if not letter.isalnum() else letter for letter in _stem(database))
    return f"^{escaped}_(arriving|departing)_[0-9a-f]{{8}}$"


def _create_like(connection: Connection, database: str) -> str:
    """A new database with the encoding and the locale of ``database``."""
    row = connection.execute(
        "select pg_encoding_to_char(encoding), datcollate, datctype, to_jsonb(d) ->> 'datlocprovider',"
        " coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') from pg_database d where datname = %s",
        [database],
    ).fetchone()
    if row is None:
        raise NotFound(f"There is no database {database}.", remedy="Set the database up first, with: dawsos db migrate")
    encoding, collate, ctype, provider, locale = row
    kind = {
        "b": sql.SQL("locale_provider builtin builtin_locale {}").format(sql.Literal(locale)),
        "i": sql.SQL("locale_provider icu icu_locale {}").format(sql.Literal(locale)),
    }.get(provider, sql.SQL(""))
    arriving = f"{_stem(database)}_arriving_{secrets.token_hex(4)}"
    connection.execute(
        sql.SQL("create database {} template template0 encoding {} lc_collate {} lc_ctype {} {}").format(
            sql.Identifier(arriving), sql.Literal(encoding), sql.Literal(collate), sql.Literal(ctype), kind
        )
    )
    return arriving


def _copy_properties(connection: Connection, present: str, arriving: str) -> None:
    """Owner, connection limit, rights and settings: what belongs to a database and is not inside it."""
    owner, limit = connection.execute(
        "select pg_get_userbyid(datdba), datconnlimit from pg_database where datname = %s", [present]
    ).fetchall()[0]
    name = sql.Identifier(arriving)
    connection.execute(sql.SQL("alter database {} owner to {}").format(name, sql.Identifier(owner)))
    connection.execute(sql.SQL("alter database {} connection limit {}").format(name, sql.Literal(limit)))
    _copy_rights(connection, present, arriving, owner)
    _copy_settings(connection, present, arriving)


def _copy_rights(connection: Connection, present: str, arriving: str, owner: str) -> None:
    name = sql.Identifier(arriving)
    connection.execute(sql.SQL("revoke all on database {} from public, {}").format(name, sql.Identifier(owner)))
    rights = connection.execute(
        "select a.grantee <> 0, case when a.grantee <> 0 then pg_get_userbyid(a.grantee) else '' end, a.privilege_type, a.is_grantable"
        " from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a where d.datname = %s",
        [present],
    ).fetchall()
    for is_role, grantee, right, grantable in rights:
        connection.execute(
            sql.SQL("grant {} on database {} to {} {}").format(
                _RIGHTS[right],
                name,
                sql.Identifier(grantee) if is_role else sql.SQL("public"),
                sql.SQL("with grant option" if grantable else ""),
            )
        )


def _copy_settings(connection: Connection, present: str, arriving: str) -> None:
    settings = connection.execute(
        "select case when s.setrole <> 0 then pg_get_userbyid(s.setrole) end, split_part(pair, '=', 1), substr(pair, strpos(pair, '=') + 1)"
        " from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) pair where d.datname = %s",
        [present],
    ).fetchall()
    for role, setting, value in settings:
        whose = sql.SQL("role {} in database {}").format(sql.Identifier(role), sql.Identifier(arriving)) if role else None
        target = whose or sql.SQL("database {}").format(sql.Identifier(arriving))
        # A list such as search_path must not be quoted as one word; taken from the session it stays what it is.
        with connection.transaction():
            connection.execute("select set_config(%s, %s, true)", [setting, value])
            connection.execute(sql.SQL("alter {} set {} from current").format(target, _setting_name(setting)))


def _setting_name(setting: str) -> sql.Composed:
    return sql.SQL(".").join(sql.Identifier(part) for part in setting.split("."))


def _take_its_place(connection: Connection, present: str, arriving: str) -> None:
    """Two renames in one transaction. The rename bars newcomers and waits for those who were told to go."""
    departing = f"{_stem(present)}_departing_{secrets.token_hex(4)}"
    rename = sql.SQL("alter database {} rename to {}")
    for _ in range(_ATTEMPTS):
        try:
            with connection.transaction():
                connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname in (%s, %s) and pid <> pg_backend_pid()",
                    [present, arriving],
                )
                connection.execute(rename.format(sql.Identifier(present), sql.Identifier(departing)))
                connection.execute(rename.format(sql.Identifier(arriving), sql.Identifier(present)))
        except errors.ObjectInUse:
            continue
        with suppress(psycopg.Error):
            _drop(connection, departing)
        return
    raise Conflict(f"Others keep connecting to the database {present}.", remedy="Stop what uses it, then try again.")


def _drop(connection: Connection, database: str) -> None:
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))


def _one(connection: Connection, query: str, *arguments: object) -> object:
    row = connection.execute(query, arguments).fetchone()
    return row[0] if row else None
