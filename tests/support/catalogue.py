"""A database's catalogue as comparable text: everything that makes two schemas the same or different."""

from typing import Final

import psycopg

_SCHEMAS: Final = "('public'::regnamespace, 'app'::regnamespace)"

QUERIES: Final = {
    "schemas": "select nspname, pg_get_userbyid(nspowner), nspacl::text, obj_description(oid, 'pg_namespace') from pg_namespace"
    f" where oid in {_SCHEMAS}",
    "relations": "select oid::regclass::text, relkind, pg_get_userbyid(relowner), relrowsecurity, relforcerowsecurity, reloptions::text,"
    f" relacl::text, obj_description(oid, 'pg_class') from pg_class where relnamespace in {_SCHEMAS} and relkind in ('r', 'p', 'v', 'S')",
    "columns": "select a.attrelid::regclass::text, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,"
    " a.attstorage, a.attacl::text, pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum)"
    " from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum"
    f" where c.relnamespace in {_SCHEMAS} and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped",
    "constraints": "select conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable, convalidated from pg_constraint"
    f" where connamespace in {_SCHEMAS}",
    "indexes": f"select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index join pg_class c on c.oid = indexrelid"
    f" where c.relnamespace in {_SCHEMAS}",
    "policies": "select schemaname, tablename, policyname, permissive, roles::text, cmd, qual, with_check from pg_policies",
    "views": f"select oid::regclass::text, pg_get_viewdef(oid) from pg_class where relkind = 'v' and relnamespace in {_SCHEMAS}",
    "functions": "select oid::regprocedure::text, pg_get_functiondef(oid), pg_get_userbyid(proowner), proacl::text, obj_description(oid, 'pg_proc')"
    f" from pg_proc where pronamespace in {_SCHEMAS} and prokind = 'f'",
    "triggers": "select tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = tgrelid"
    f" where not tgisinternal and c.relnamespace in {_SCHEMAS}",
    "default privileges": "select pg_get_userbyid(defaclrole), defaclnamespace::regnamespace::text, defaclobjtype, defaclacl::text from pg_default_acl",
}


def catalogue(connection: psycopg.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Each part of the catalogue, in a fixed order."""
    connection.execute("set search_path = pg_catalog")
    return {part: sorted(connection.execute(query).fetchall(), key=repr) for part, query in QUERIES.items()}  # type: ignore[call-overload]
