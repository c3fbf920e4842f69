"""Taking SQL text apart: a semicolon counts only where PostgreSQL takes it for the end."""

import pytest

from dawsos.store.embedded.sql_text import statements_in


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("", []),
        (" ;; \n ; ", []),
        ("select 1", ["select 1"]),
        ("select 1; select 2;", ["select 1", "select 2"]),
        ("select ';', 'it''s; fine'; select 2", ["select ';', 'it''s; fine'", "select 2"]),
        ("select 'c:\\'; select 2", ["select 'c:\\'", "select 2"]),
        ("select E'a\\';b'; select 2", ["select E'a\\';b'", "select 2"]),
        ("select table_e'a'; x", ["select table_e'a'", "x"]),
        ('select "a;""b" from t; x', ['select "a;""b" from t', "x"]),
        ("do $$ begin; end $$; x", ["do $$ begin; end $$", "x"]),
        ("do $f$ a; $$ ; $g$ $f$; x", ["do $f$ a; $$ ; $g$ $f$", "x"]),
        ("select a$1$b; x", ["select a$1$b", "x"]),
        ("select $1; x", ["select $1", "x"]),
        ("-- one; two\nselect 1 -- three;\n; x", ["select 1", "x"]),
        ("/* a; /* b; */ c; */ select 1; x", ["select 1", "x"]),
        ("/* never closed; select 1", []),
        ("create rule r as on insert to t do (select 1; select 2); x", ["create rule r as on insert to t do (select 1; select 2)", "x"]),
        ("select 1); select 2", ["select 1)", "select 2"]),
        ("select 'never closed; x", ["select 'never closed", "x"]),
    ],
)
def test_statements_end_where_postgresql_ends_them(text, statements):
    assert list(statements_in(text)) == statements
