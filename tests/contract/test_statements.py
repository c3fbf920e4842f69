"""Every named SQL statement, prepared on the real schema as the application's role, returns exactly what its record says."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from dawsos.store.statements import Statement, load, subjects
from tests.contract.documented_schema import DOCUMENTED_HYPERTABLES
from tests.support.postgres import DatabaseClone
from tests.support.statements import allowed_types, bound_statements, described_columns, expected_columns, is_optional

BOUND = sorted(bound_statements(), key=lambda pair: pair[1].text.label)


@pytest.fixture
def connection(shared_clone: DatabaseClone) -> Iterator[psycopg.Connection]:
    with psycopg.connect(shared_clone.app_dsn) as opened:
        opened.execute("set search_path = app, public")
        yield opened
        opened.rollback()


@pytest.mark.parametrize("subject", subjects())
def test_every_statement_of_a_file_is_bound_once_in_the_module_of_that_name(subject: str):
    bound = [statement.text.name for module, statement in BOUND if module == subject]
    assert sorted(bound) == sorted(load(subject).texts)


@pytest.mark.parametrize("statement", [pytest.param(statement, id=statement.text.label) for _, statement in BOUND])
def test_a_statement_returns_the_names_and_types_of_its_record(statement: Statement, connection: psycopg.Connection):
    described = described_columns(connection, statement.text)
    expected = expected_columns(statement)
    if statement.text.cardinality in {"none", "bulk"}:
        assert [type_name for _, type_name, _ in described] in ([], ["void"])
        return
    if statement.text.cardinality == "binary":
        assert described
        return
    if None in expected:
        expected = {described[0][0]: expected[None]}
    assert sorted(name for name, _, _ in described) == sorted(expected)
    wrong = {name: (found, expected[name]) for name, found, _ in described if found not in allowed_types(expected[name])}
    assert wrong == {}
    must_allow_null = [name for name, _, nullable in described if nullable and not is_optional(expected[name])]
    assert must_allow_null == [], "columns that may be null in fields that may not"


@pytest.mark.parametrize("subject", subjects())
def test_hypertables_are_named_without_a_schema(subject: str):
    """With TimescaleDB the application reaches them through views of the same name, which its search path finds first."""
    names = "|".join(DOCUMENTED_HYPERTABLES)
    found = {text.label: re.findall(rf"public\.(?:{names})\b", text.sql) for text in load(subject).texts.values()}
    assert {label: tables for label, tables in found.items() if tables} == {}
